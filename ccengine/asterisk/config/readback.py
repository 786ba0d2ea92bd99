"""Reads Asterisk's configuration files back, with pyst2's reader, to see what is really there.

pyst2 does not know sections that use a template (``[1001](agent)``) nor an escaped semicolon, and
leaves the file open; that is cured here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from asterisk.config import Config, ParseError

from ccengine.asterisk.config.layout import AsteriskLayout
from ccengine.settings import Settings
from ccengine.site.model import Site

_TEMPLATE = re.compile(r"^(\s*\[[^\]]+\])\([^)]*\)")
_ESCAPED = "\\;"
_STAND_IN = "\x1a"


class UnreadableConfig(Exception):
    """A configuration file that Asterisk would not read either."""

    def __init__(self, path: Path, why: object) -> None:
        self.path = path
        super().__init__(f"{path}: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    name: str
    items: tuple[tuple[str, str], ...]

    def first(self, name: str) -> str:
        """The first value of this name, or an empty string."""
        return next((value for key, value in self.items if key == name), "")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.items if key == name)


class _File(Config):  # type: ignore[misc]
    """pyst2's reader, given lines that it understands."""

    def load(self) -> None:
        text = Path(self.filename).read_text("utf-8")
        self.raw_lines = [
            _TEMPLATE.sub(r"\1", line.replace(_ESCAPED, _STAND_IN)) for line in text.splitlines()
        ]


def read_back(path: Path) -> tuple[Section, ...]:
    """The file's sections in their order; a name may come again (``1001`` as endpoint and AOR).

    Raises ``UnreadableConfig``, ``OSError``.
    """
    try:
        categories = _File(str(path)).categories
    except (ParseError, UnicodeDecodeError) as error:
        raise UnreadableConfig(path, error) from error
    return tuple(
        Section(
            name=category.name,
            items=tuple(
                (item.name, item.value.strip().replace(_STAND_IN, ";")) for item in category.items
            ),
        )
        for category in categories
    )


def differences(site: Site, settings: Settings, layout: AsteriskLayout) -> list[str]:
    """In which points the files on disk are not those of this site and these settings.

    Each is half a sentence in plain words; empty when they fit. Raises as ``read_back`` does.
    """
    found: list[str] = []
    pjsip = read_back(layout.etc / "pjsip.conf")
    phones = {section.first("auth") for section in pjsip} - {""}
    for extension in sorted(set(site.agents) - phones):
        found.append(f"agent {extension} has no phone in pjsip.conf")
    for extension in sorted(phones - set(site.agents)):
        found.append(f"pjsip.conf has a phone {extension} that is no agent's")
    bind = next((s.first("bind") for s in pjsip if s.name == "transport-udp"), "")
    if not bind.endswith(f":{settings.sip_port}"):
        found.append(f"pjsip.conf listens on {bind or 'nothing'}, not on port {settings.sip_port}")
    matches = {match for section in pjsip for match in section.all("match")}
    if not matches and site.trunks:
        found.append("no trunk is in pjsip.conf")
    manager = read_back(layout.etc / "manager.conf")
    port = next((s.first("port") for s in manager if s.name == "general"), "")
    if port != str(settings.ami_port):
        found.append(f"manager.conf has AMI on port {port}, not on {settings.ami_port}")
    dialplan = (layout.etc / "extensions.conf").read_text("utf-8")
    if f":{settings.agi_port}/call/" not in dialplan:
        found.append(f"the dialplan does not look for the engine on port {settings.agi_port}")
    return found
