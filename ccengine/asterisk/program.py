"""Finds the Asterisk to run: an installed one that is new enough, else the project's private root.

The private root is used without chroot: its own dynamic loader starts its own libraries, and
``asterisk.conf`` names its modules and sounds.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LEAST_VERSIONS = {20: 11, 21: 6, 22: 1}
"""The least minor of each major: from there on AMI picks events by their names."""
_VERSION = re.compile(r"Asterisk (?:certified[^0-9]*)?(\d+)\.(\d+)")
_LOADERS = ("ld-linux-*.so.*", "ld64.so.*")


class AsteriskMissing(Exception):
    """No Asterisk that is new enough: run ``scripts/asterisk-root`` or install one."""

    def __init__(self, looked: tuple[str, ...]) -> None:
        self.looked = looked
        super().__init__(
            f"no Asterisk {_WANTED} or later ({'; '.join(looked)}): "
            "run scripts/asterisk-root, or install the package asterisk"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskProgram:
    """``command`` starts it (arguments follow); the folders go into ``asterisk.conf``."""

    command: tuple[str, ...]
    version: str
    modules: Path
    data: Path
    sbin: Path
    private: bool

    @property
    def sounds(self) -> Path:
        """English prompts that came with Asterisk."""
        return self.data / "sounds" / "en"


def find_asterisk(root: Path) -> AsteriskProgram:
    """Raises ``AsteriskMissing``, which says where was looked. Blocks for some milliseconds."""
    looked: list[str] = []
    installed = shutil.which(
        "asterisk", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/asterisk/sbin"
    )
    if installed:
        found = _installed(Path(installed))
        if found:
            return found
        looked.append(f"{installed} is too old or not whole")
    private = _private(root.resolve())
    if private:
        return private
    looked.append(f"nothing usable in {root}")
    raise AsteriskMissing(tuple(looked))


def _installed(program: Path) -> AsteriskProgram | None:
    prefix = program.parent.parent
    modules = _first(
        "chan_pjsip.so",
        *sorted(Path("/usr/lib").glob("*/asterisk/modules")),
        prefix / "lib/asterisk/modules",
        prefix / "lib64/asterisk/modules",
        Path("/usr/lib/asterisk/modules"),
    )
    data = _first("sounds", prefix / "share/asterisk", Path("/var/lib/asterisk"))
    version = _version((str(program),))
    if not modules or not data or not version:
        return None
    return AsteriskProgram(
        command=(str(program),),
        version=version,
        modules=modules,
        data=data,
        sbin=program.parent,
        private=False,
    )


def _private(root: Path) -> AsteriskProgram | None:
    program = root / "usr/sbin/asterisk"
    loader = next((p for name in _LOADERS for p in sorted(root.glob(f"usr/lib/*/{name}"))), None)
    if not program.is_file() or loader is None:
        return None
    libraries = loader.parent
    command = (str(loader), "--library-path", str(libraries), str(program))
    version = _version(command)
    if not version:
        return None
    return AsteriskProgram(
        command=command,
        version=version,
        modules=libraries / "asterisk/modules",
        data=root / "usr/share/asterisk",
        sbin=program.parent,
        private=True,
    )


def _first(holds: str, *folders: Path) -> Path | None:
    return next((folder for folder in folders if (folder / holds).exists()), None)


_WANTED = ", ".join(f"{major}.{minor}" for major, minor in LEAST_VERSIONS.items())


def _new_enough(major: int, minor: int) -> bool:
    return major > max(LEAST_VERSIONS) or minor >= LEAST_VERSIONS.get(major, sys.maxsize)


def _version(command: tuple[str, ...]) -> str:
    """``22.10.1`` and so on; empty when it does not run or is too old."""
    try:
        said = subprocess.run(
            (*command, "-V"), capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    found = _VERSION.match(said)
    if not found or not _new_enough(int(found.group(1)), int(found.group(2))):
        return ""
    return said.removeprefix("Asterisk ").strip()
