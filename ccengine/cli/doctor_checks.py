"""The single checks of ``ccengine doctor``. Each looks at one thing and says what it found."""

from __future__ import annotations

import os
import resource
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from ccengine.asterisk.ami_login import AmiLoginFailed, try_login
from ccengine.asterisk.conf_values import UnsafeValue
from ccengine.asterisk.config import AsteriskLayout, render
from ccengine.asterisk.config.readback import UnreadableConfig, differences
from ccengine.asterisk.listening import listener
from ccengine.asterisk.program import AsteriskMissing, find_asterisk
from ccengine.asterisk.secrets import Secrets
from ccengine.cli.findings import Finding, bad, good, note
from ccengine.db.errors import DatabaseError
from ccengine.db.session import Database
from ccengine.db.url import sqlite_file
from ccengine.engine.flows import Loaded, load
from ccengine.ivr.announce import system_prompts
from ccengine.settings import Settings
from ccengine.yamlsource.model import BadFileError

_LEAST_FREE_GB = 1
_SCARCE_FREE_GB = 5
_PORTS_A_CALL = 4
"""RTP and RTCP, for the caller and for the agent."""
_LEAST_FILES = 4_096


def site_files(settings: Settings) -> Iterator[Finding | Loaded]:
    """The site file and the flows; the last item is what was loaded, if it could be."""
    try:
        loaded = load(settings.site, settings.flows)
    except BadFileError as error:
        count = len(error.problems)
        yield bad("site", f"{count} mistakes in site file and flows", "run `ccengine check`")
        return
    except OSError as error:
        yield bad("site", str(error), "set CCENGINE_SITE to your site file")
        return
    site = loaded.site
    yield good("site", f"{settings.site}: {len(site.queues)} queues, {len(site.agents)} agents")
    if not site.trunks:
        yield note("trunks", "none: no call can come in", "add one under `trunks:`")
    if not site.fallback.agents:
        yield note(
            "fallback",
            "no phones: without the engine callers can only leave a message",
            "name agents under `fallback: agents:`",
        )
    yield loaded


def asterisk_program(settings: Settings) -> Iterator[Finding]:
    try:
        program = find_asterisk(settings.asterisk_root)
    except AsteriskMissing as error:
        yield bad("asterisk", str(error), "run scripts/asterisk-root")
        return
    kind = "private root" if program.private else "installed"
    yield good("asterisk", f"{program.version} ({kind})")
    if (program.sounds / "beep.wav").exists() or any(program.sounds.glob("beep.*")):
        yield good("sounds", f"English sounds in {program.sounds}")
    else:
        yield bad(
            "sounds",
            f"no English sounds in {program.sounds}: the fallback would be silent",
            "install asterisk-core-sounds-en-wav, or run scripts/asterisk-root",
        )


def speech(settings: Settings) -> Iterator[Finding]:
    programs = (shlex.split(settings.tts_command)[0], "sox")
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        yield bad(
            "speech",
            f"{' and '.join(missing)} not installed: new prompts cannot be made",
            f"install {' and '.join(missing)}, or set CCENGINE_TTS_COMMAND",
        )
    else:
        yield good("speech", f"{programs[0]} makes the prompts, sox their rates")


def secrets(settings: Settings, loaded: Loaded | None) -> Iterator[Finding]:
    folder = settings.secrets
    if not folder.exists():
        yield note("secrets", f"{folder} is not there yet; the engine makes it at first start")
        return
    open_to_others = sorted(
        str(path) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077
    )
    if open_to_others:
        yield bad(
            "secrets",
            f"others on this machine can read {', '.join(open_to_others[:3])}",
            f"chmod -R go-rwx {folder}, and delete what may have been read: it is made anew",
        )
        return
    extensions = loaded.site.agents if loaded else {}
    missing = [name for name in ("ami", "agi") if not (folder / name).exists()]
    missing += [f"sip/{e}" for e in extensions if not (folder / "sip" / e).exists()]
    if missing:
        yield note("secrets", f"{', '.join(missing[:5])}: made at the next start")
    else:
        yield good("secrets", f"{folder} is closed to others")


def asterisk_files(settings: Settings, loaded: Loaded | None) -> Iterator[Finding]:
    """Whether the configuration on disk is that of this site."""
    if loaded is None:
        return
    try:
        layout = AsteriskLayout.of(settings, find_asterisk(settings.asterisk_root))
        if not layout.config_file.exists():
            yield note("configuration", "Asterisk's files are not written yet")
            return
        found = differences(loaded.site, settings, layout)
        if not found and settings.secrets.exists():
            found = _older(loaded, settings, layout)
    except AsteriskMissing:
        return
    except (UnreadableConfig, UnsafeValue, OSError) as error:
        yield bad("configuration", str(error), "start with `ccengine run --asterisk`")
        return
    if found:
        yield bad(
            "configuration",
            f"Asterisk's files are not those of this site: {'; '.join(found[:5])}",
            "restart with `ccengine run --asterisk`",
        )
    else:
        yield good("configuration", f"{layout.etc} is that of this site")


def _older(loaded: Loaded, settings: Settings, layout: AsteriskLayout) -> list[str]:
    """Files whose text is not what would be written now."""
    known = [e for e in loaded.site.agents if (settings.secrets / "sip" / e).exists()]
    if len(known) != len(loaded.site.agents) or not (settings.secrets / "agi").exists():
        return []
    wanted = render(
        loaded.site, settings, Secrets.load(settings.secrets, loaded.site.agents), layout
    )
    return [
        f"{name} is older than the site file or the settings"
        for name, text in wanted.items()
        if not (layout.etc / name).is_file() or (layout.etc / name).read_text("utf-8") != text
    ]


def disk(settings: Settings) -> Iterator[Finding]:
    home = _existing(settings.home)
    free = shutil.disk_usage(home).free / 1e9
    said = f"{free:.1f} GB free below {settings.home}"
    cure = "free some space, or set CCENGINE_HOME to a larger disk"
    if not os.access(home, os.W_OK):
        yield bad("disk", f"{home} cannot be written to", "give it to the engine's user")
    elif free < _LEAST_FREE_GB:
        yield bad("disk", f"{said}: recordings will be cut short", cure)
    elif free < _SCARCE_FREE_GB:
        yield note("disk", f"{said}, an hour of recorded talk takes 0.06 GB", cure)
    else:
        yield good("disk", said)


def limits(settings: Settings) -> Iterator[Finding]:
    calls = (settings.rtp_end - settings.rtp_start + 1) // _PORTS_A_CALL
    if calls < 1:
        yield bad(
            "sound ports",
            f"{settings.rtp_start} to {settings.rtp_end} holds no call",
            "set CCENGINE_RTP_START and CCENGINE_RTP_END",
        )
    else:
        yield good("sound ports", f"enough for {calls} talks at a time")
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files != resource.RLIM_INFINITY and files < _LEAST_FILES:
        yield note("open files", f"limit is {files}", f"raise it: ulimit -n {_LEAST_FILES}")


def prompts(settings: Settings, loaded: Loaded | None) -> Iterator[Finding]:
    """What the dialplan plays without the engine."""
    languages = loaded.site.languages if loaded else ("zh-CN",)
    missing = [
        f"{prompt.language}/{prompt.name}"
        for prompt in system_prompts()
        if prompt.language in languages
        and not any((settings.prompts / "system" / prompt.language).glob(f"{prompt.name}.*"))
    ]
    if missing:
        yield note(
            "prompts",
            f"not made yet: {', '.join(missing[:4])}; until then callers hear English",
            "the engine makes them when it starts",
        )
    else:
        yield good("prompts", "the fallback speaks the callers' languages")


def ports(settings: Settings) -> Iterator[Finding]:
    """Who listens where. Read from /proc, connecting to nothing."""
    yield _held("SIP", settings.sip_port, "udp", "asterisk", "CCENGINE_SIP_PORT")
    yield _held("SIP", settings.sip_port, "tcp", "asterisk", "CCENGINE_SIP_PORT")
    yield _held("AMI", settings.ami_port, "tcp", "asterisk", "CCENGINE_AMI_PORT")
    yield _held("FastAGI", settings.agi_port, "tcp", "ccengine", "CCENGINE_AGI_PORT")
    yield _held("pages", settings.http_port, "tcp", "ccengine", "CCENGINE_HTTP_PORT")
    if listener(settings.ami_port, "tcp") and not listener(settings.agi_port, "tcp"):
        yield bad(
            "engine",
            "Asterisk runs without it: callers get the fallback",
            "start it with `ccengine run`",
        )


def _held(what: str, port: int, kind: str, owner: str, setting: str) -> Finding:
    subject = f"{what} port {port}/{kind}"
    holder = listener(port, "udp" if kind == "udp" else "tcp")
    if holder is None:
        return note(subject, "free, nothing runs")
    if holder.pid == 0:
        return note(subject, "held by a process of another user")
    if holder.runs(owner):
        return good(subject, f"held by process {holder.pid}")
    return bad(
        subject,
        f"held by {holder.program} (process {holder.pid})",
        f"stop that, or set {setting} to another port",
    )


async def ami(settings: Settings) -> Finding | None:
    """Whether the engine's account can log in; nothing is said when Asterisk does not run."""
    file = settings.secrets / "ami"
    if listener(settings.ami_port, "tcp") is None or not file.exists():
        return None
    try:
        banner = await try_login(settings.ami_host, settings.ami_port, file.read_text().strip())
    except AmiLoginFailed as error:
        return bad(
            "AMI login",
            str(error),
            "is this Asterisk configured by this engine? start with `ccengine run --asterisk`",
        )
    return good("AMI login", banner)


async def database(settings: Settings) -> Finding:
    try:
        opened = Database(settings.database)
    except DatabaseError as error:
        return bad("database", error.what, error.cure)
    file = sqlite_file(opened.url)
    if file is not None and not file.exists():
        await opened.dispose()
        return note("database", f"{file} is not there yet", "run `ccengine db upgrade`")
    try:
        await opened.check_shape()
    except DatabaseError as error:
        return bad("database", error.what, error.cure)
    finally:
        await opened.dispose()
    return good("database", opened.shown)


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    absolute = path.resolve()
    return next((p for p in (absolute, *absolute.parents) if p.exists()), absolute)
