"""No text of a caller stands where Asterisk parses it again: read from the finished dialplan.

What a caller decides: caller id, the dialled user part, SIP headers and connected line. It may
stand only inside a function that cleans or measures it (``FILTER``, ``LEN``), and in a plain
``Set`` of a variable that is then caller text as well.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ccengine.asterisk.config import AsteriskLayout, render
from ccengine.asterisk.config.sections import MOST_DIGITS
from ccengine.asterisk.program import AsteriskProgram
from ccengine.asterisk.secrets import Secrets
from tests.kit.asterisk import example_site, free_settings

TAINTED = ("CALLERID", "CALLERIDNAME", "EXTEN", "PJSIP_HEADER", "CONNECTEDLINE", "REDIRECTING")
PARSED_AGAIN = (
    "Dial",
    "Eval",
    "Exec",
    "ExecIf",
    "Gosub",
    "GosubIf",
    "Goto",
    "GotoIf",
    "MSet",
    "MixMonitor",
    "Playback",
    "Queue",
    "Record",
    "System",
    "TrySystem",
    "UserEvent",
    "AGI",
    "While",
)
_CALL = re.compile(r"(?:exten\s*=>\s*[^,]+,[^,]+,|same\s*=>\s*[^,]+,)\s*(\w+)\((.*)\)\s*$")
_SAFE_FUNCTION = re.compile(r"\$\{(?:FILTER|LEN)\([^${}]*\$\{[^{}]*\}\)\}")


def offences(dialplan: str) -> list[str]:
    """The lines that break the rule, with why."""
    tainted = {f"${{{name}" for name in TAINTED}
    found: list[str] = []
    lines = [line.strip() for line in dialplan.splitlines() if not line.lstrip().startswith(";")]
    # A variable that holds caller text passes it on; until no more are found.
    size = 0
    while size != len(tainted):
        size = len(tainted)
        for line in lines:
            call = _CALL.match(line)
            if call and call[1] == "Set":
                name, _, value = call[2].partition("=")
                if _holds(value, tainted) and re.fullmatch(r"\w+", name):
                    tainted.add(f"${{{name.lstrip('_')}")
    for line in lines:
        call = _CALL.match(line)
        if not call:
            continue
        application, argument = call[1], call[2]
        if application in PARSED_AGAIN and _holds(argument, tainted):
            found.append(f"caller text in {application}: {line}")
        if any(
            _holds(inside, tainted) for inside in re.findall(r"\$\[(.*?)\](?:\?|$|\))", argument)
        ):
            found.append(f"caller text in $[ ]: {line}")
        if "EVAL(" in argument:
            found.append(f"EVAL: {line}")
    return found


def _holds(text: str, tainted: set[str]) -> bool:
    bare = text
    while (shorter := _SAFE_FUNCTION.sub("", bare)) != bare:
        bare = shorter
    return any(re.search(re.escape(name) + r"(?![A-Za-z0-9_])", bare) for name in tainted)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("h")
    site, settings = example_site(), free_settings(home)
    program = AsteriskProgram(
        command=("asterisk",),
        version="22.0",
        modules=Path("/usr/lib/asterisk/modules"),
        data=Path("/usr/share/asterisk"),
        sbin=Path("/usr/sbin"),
        private=False,
    )
    layout = AsteriskLayout.of(settings, program)
    secrets = Secrets.load(home / "secrets", site.agents)
    return render(site, settings, secrets, layout)


def test_no_caller_text_is_parsed_again(files: dict[str, str]) -> None:
    assert offences(files["extensions.conf"]) == []


@pytest.mark.parametrize(
    "line",
    [
        'exten => s,1,GotoIf($["${CALLERID(num)}" = "1"]?vip)',
        "exten => s,1,Goto(cc-call,${EXTEN},1)",
        "same => n,Dial(PJSIP/${EXTEN},30)",
        "same => n,UserEvent(X,Ani: ${CALLERID(num)})",
        "same => n,MixMonitor(/r/${CALLERID(num)}.wav)",
        "same => n,ExecIf($[${LEN(x)} > 1]?Set(a=${PJSIP_HEADER(read,X-Vip)}))",
        "same => n,Set(CC_X=${CALLERID(name)})\nsame => n,UserEvent(X,Name: ${CC_X})",
        "same => n,Set(__CC_X=${CALLERID(name)})\nsame => n,Gosub(a,s,1(${CC_X}))",
        "same => n,Set(CC_X=${EVAL(${CC_Y})})",
        "same => n,MSet(CC_X=1,CC_Y=${CALLERID(name)})",
    ],
)
def test_the_linter_sees_each_known_mistake(line: str) -> None:
    assert offences(line)


def test_what_is_whispered_is_named_by_the_engine_alone(files: dict[str, str]) -> None:
    """No line of the dialplan hands a sound to cc-connect, and none sets its arguments."""
    dialplan = files["extensions.conf"]
    code = "\n".join(line for line in dialplan.splitlines() if not line.startswith(";"))
    assert not re.search(r"cc-connect[\^(,]", code.replace("[cc-connect]", ""))
    assert not re.search(r"Set\(_*ARG[0-9]", code)


def test_the_linter_reads_every_step(files: dict[str, str]) -> None:
    """A line that it cannot read would be a line that it does not check."""
    for line in files["extensions.conf"].splitlines():
        if re.match(r"\s*(exten|same)\s*=>", line):
            assert _CALL.match(line.strip()), line


def test_strangers_reach_only_numbers_of_fixed_length(files: dict[str, str]) -> None:
    """No wildcard: a pattern without an end would let line breaks into events."""
    dialplan = files["extensions.conf"]
    part = dialplan.split("[from-trunk]")[1].split("\n[")[0]
    patterns = re.findall(r"^exten => ([^,]+),", part, re.MULTILINE)
    assert set(patterns) == {
        f"_{plus}{'X' * n}" for plus in ("", "+") for n in range(1, MOST_DIGITS + 1)
    }
    for block in part.split("exten => ")[1:]:
        assert block.splitlines()[0].endswith(",1,Gosub(cc-clean,s,1)")
    assert not re.search(r"^exten => _[^,]*[.!]", dialplan, re.MULTILINE)


def test_secrets_stand_only_where_they_must(files: dict[str, str]) -> None:
    secret = re.search(r"^secret = (\S+)$", files["manager.conf"], re.MULTILINE)
    assert secret
    assert [name for name, text in files.items() if secret[1] in text] == ["manager.conf"]
