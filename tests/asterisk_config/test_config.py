"""The files written for Asterisk: what they hold, who can read them, what is refused."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from ccengine.asterisk.conf_values import UnsafeValue
from ccengine.asterisk.config import AsteriskLayout, render, write
from ccengine.asterisk.config.readback import differences, read_back
from ccengine.asterisk.config.template import fill
from ccengine.asterisk.config.tune import write_tune
from ccengine.asterisk.program import AsteriskMissing, AsteriskProgram, find_asterisk
from ccengine.asterisk.secrets import Secrets
from ccengine.settings import Settings
from ccengine.site.model import Site
from simphones import audio
from tests.kit.asterisk import AsteriskSite, example_site, free_settings

PROGRAM = AsteriskProgram(
    command=("asterisk",),
    version="22.0",
    modules=Path("/usr/lib/asterisk/modules"),
    data=Path("/usr/share/asterisk"),
    sbin=Path("/usr/sbin"),
    private=False,
)


class Written:
    """A configuration on disk."""

    def __init__(self, home: Path, site: Site | None = None, **settings: object) -> None:
        self.site = site or example_site()
        self.settings: Settings = free_settings(home, **settings)
        self.secrets = Secrets.load(self.settings.secrets, self.site.agents)
        self.layout = AsteriskLayout.of(self.settings, PROGRAM)
        # The tune is made once and kept: there already, it need not be made for each test.
        self.layout.tune.mkdir(parents=True)
        (self.layout.tune / "hold.wav").touch()
        self.changed = write(self.site, self.settings, self.secrets, self.layout)


def test_files_and_secrets_are_for_the_engine_alone(tmp_path: Path) -> None:
    written = Written(tmp_path)
    files = [*written.layout.etc.iterdir(), *written.settings.secrets.rglob("*")]
    assert len(files) > 20
    for path in files:
        assert path.stat().st_mode & 0o077 == 0, path
    assert written.layout.etc.stat().st_mode & 0o077 == 0
    assert written.settings.secrets.stat().st_mode & 0o077 == 0


def test_a_second_writing_changes_nothing_and_secrets_stay(tmp_path: Path) -> None:
    first = Written(tmp_path)
    again = Secrets.load(first.settings.secrets, first.site.agents)
    assert again == first.secrets
    assert first.changed
    assert write(first.site, first.settings, again, first.layout) == ()


def test_secrets_are_all_different_and_never_shown(tmp_path: Path) -> None:
    secrets = Secrets.load(tmp_path / "secrets", ["1001", "1002"])
    all_of_them = {secrets.ami, secrets.agi, *secrets.sip.values()}
    assert len(all_of_them) == 4
    assert not any(secret in repr(secrets) for secret in all_of_them)


def test_an_edited_secret_that_would_break_out_is_refused(tmp_path: Path) -> None:
    Secrets.load(tmp_path / "secrets", [])
    (tmp_path / "secrets" / "ami").write_text("x\n[other]\nsecret = y")
    with pytest.raises(UnsafeValue) as refused:
        Secrets.load(tmp_path / "secrets", [])
    assert "secret = y" not in str(refused.value)


def test_what_was_written_is_read_back_as_that_site(tmp_path: Path) -> None:
    written = Written(tmp_path)
    assert differences(written.site, written.settings, written.layout) == []
    sections = read_back(written.layout.etc / "pjsip.conf")
    phones = [s for s in sections if s.name == "1001"]
    assert phones[0].first("auth") == "1001"
    assert phones[1].first("password") == written.secrets.sip["1001"]
    trunk = [s for s in sections if s.name == "trunk-carrier"]
    assert trunk[0].all("set_var") == ("CC_TRUNK=carrier", "CC_TRUSTED=1")
    assert trunk[1].all("match") == ("127.0.0.1/32",)


def test_another_site_or_port_is_seen_as_a_difference(tmp_path: Path) -> None:
    written = Written(tmp_path)
    fewer = example_site(agents={"1001": {"name": "A", "username": "a"}})
    found = differences(fewer, written.settings.model_copy(update={"ami_port": 1}), written.layout)
    assert "pjsip.conf has a phone 1005 that is no agent's" in found
    assert any("AMI" in point for point in found)


@pytest.mark.parametrize("name", ["a;b", "a,b", "a${X}", "a[b]", 'a"b', "a|b", "a&b", "a(b"])
def test_a_home_that_would_break_out_of_its_line_is_refused(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    site, settings = example_site(), free_settings(home)
    secrets = Secrets.load(tmp_path / "secrets", site.agents)
    layout = AsteriskLayout.of(settings, PROGRAM)
    with pytest.raises(UnsafeValue):
        write(site, settings, secrets, layout)
    assert not layout.base.exists()


def test_a_home_too_long_for_the_control_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeValue, match="at most"):
        Written(tmp_path / ("x" * 100))


def test_a_chinese_home_with_a_blank_is_fine() -> None:
    # Not in tmp_path, which is long enough to leave the control socket no room.
    with tempfile.TemporaryDirectory(prefix="呼叫 中心-") as home:
        written = Written(Path(home))
        assert "呼叫 中心" in (written.layout.etc / "asterisk.conf").read_text("utf-8")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("public_url", "http://x/\nattack"),
        ("public_url", "http://x>;purpose=icon"),
        ("sip_host", "127.0.0.1\nallow_anonymous=yes"),
        ("agi_host", "127.0.0.1/call/x,"),
        ("ami_host", "a b"),
    ],
)
def test_a_setting_that_would_break_out_is_refused(
    tmp_path: Path, setting: str, value: str
) -> None:
    with pytest.raises(UnsafeValue):
        Written(tmp_path, **{setting: value})


@pytest.mark.parametrize("source", ["carrier.example.com", "1.2.3.4, 0.0.0.0/0", "x\ny", ""])
def test_a_trunk_is_known_by_address_only(tmp_path: Path, source: str) -> None:
    with pytest.raises(UnsafeValue):
        Written(tmp_path, example_site(trunks={"carrier": {"match": [source]}}))


def test_a_fallback_agent_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeValue, match="4711"):
        Written(tmp_path, example_site(fallback={"agents": ["4711"]}))


@pytest.mark.parametrize(
    ("match", "order"),
    [
        (["203.0.113.7"], "ip,username"),
        (["203.0.113.0/24", "2001:db8::/32"], "ip,username"),
        (["203.0.113.7", "127.0.0.1"], "username,ip"),
        (["127.0.0.0/8"], "username,ip"),
        (["0.0.0.0/0"], "username,ip"),
        (["::1"], "username,ip"),
    ],
)
def test_phones_come_first_only_where_they_share_the_trunks_address(
    tmp_path: Path, match: list[str], order: str
) -> None:
    written = Written(tmp_path, example_site(trunks={"carrier": {"match": match}}))
    sections = read_back(written.layout.etc / "pjsip.conf")
    assert next(s for s in sections if s.name == "global").first("endpoint_identifier_order") == (
        order
    )


def test_the_tune_is_quiet_and_never_silent_for_long(tmp_path: Path) -> None:
    write_tune(tmp_path / "hold.wav")
    (sound,), rate = audio.read_wav(tmp_path / "hold.wav")
    assert (rate, len(sound) / rate) == (8_000, 32.0)
    assert -30 < audio.level_of(sound) < -12
    seconds = [sound[at : at + rate] for at in range(0, len(sound), rate)]
    assert min(audio.level_of(second) for second in seconds) > -45
    assert max(abs(sample) for sample in sound) < 20_000  # nothing is clipped


def test_recorded_music_wins_over_the_engines_tune(tmp_path: Path) -> None:
    (tmp_path / "music" / "default").mkdir(parents=True)
    (tmp_path / "music" / "default" / "ours.wav").write_bytes(b"RIFF")
    written = Written(tmp_path)
    (section,) = read_back(written.layout.etc / "musiconhold.conf")
    assert section.first("directory") == str(tmp_path / "music" / "default")


def test_no_mark_is_left_and_values_are_not_filled_again(tmp_path: Path) -> None:
    written = Written(tmp_path)
    files = render(written.site, written.settings, written.secrets, written.layout)
    assert not [name for name, text in files.items() if "${{" in text]
    assert fill("x", "a ${{one}}", {"one": "${{two}}", "two": "no"}) == "a ${{two}}"
    with pytest.raises(UnsafeValue):
        fill("x", "a ${{one}}", {"one": "b\nc"})


def test_the_ami_account_has_no_right_over_machine_or_configuration(tmp_path: Path) -> None:
    written = Written(tmp_path)
    account = next(
        s for s in read_back(written.layout.etc / "manager.conf") if s.name == "ccengine"
    )
    rights = set(re.split(r",\s*", f"{account.first('read')},{account.first('write')}"))
    assert rights <= {"call", "user", "dtmf", "reporting", "originate"}
    assert account.first("deny") == "0.0.0.0/0.0.0.0"
    assert account.first("permit") == "127.0.0.1/255.255.255.255"


def test_dangerous_modules_are_not_loaded(tmp_path: Path) -> None:
    written = Written(tmp_path)
    modules = (written.layout.etc / "modules.conf").read_text("utf-8")
    assert "autoload = no" in modules
    for name in ("func_env", "func_shell", "app_system", "res_ari", "pbx_spool", "func_curl"):
        assert f"load = {name}" not in modules


async def test_all_modules_run_and_nothing_complains_at_start(asterisk_site: AsteriskSite) -> None:
    text = (asterisk_site.layout.etc / "modules.conf").read_text("utf-8")
    wanted = set(re.findall(r"^load = (\S+)", text, re.MULTILINE))
    shown = await asterisk_site.cli("module show")
    running = set(re.findall(r"^(\S+\.so) .* Running ", shown, re.MULTILINE))
    assert wanted <= running, wanted - running
    start = asterisk_site.log_text().split("Asterisk Ready.")[0]
    assert not re.findall(r"^.*(?:ERROR|WARNING)\[.*$", start, re.MULTILINE)


def test_without_any_asterisk_the_cure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(AsteriskMissing, match="scripts/asterisk-root"):
        find_asterisk(tmp_path)
