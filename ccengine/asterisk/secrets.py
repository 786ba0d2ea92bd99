"""Passwords between engine, Asterisk and phones: made at first start, kept in ``home/secrets``.

One file each, readable by the engine's user alone: ``ami``, ``agi`` and ``sip/<extension>``.
They are never in the repository, in a log or on a command line.
"""

from __future__ import annotations

import os
import secrets as entropy
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ccengine.asterisk import conf_values as values


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    ami: str = field(repr=False)
    """Password of the AMI account ``ccengine``."""
    agi: str = field(repr=False)
    """Token in the FastAGI URL: tells our Asterisk from whoever else reaches the port."""
    sip: dict[str, str] = field(repr=False)
    """Password of each agent's phone, by extension."""

    @classmethod
    def load(cls, folder: Path, extensions: Iterable[str]) -> Secrets:
        """Reads the secrets, and makes those that are missing.

        Raises ``OSError``, and ``UnsafeValue`` when a file was edited into something that cannot
        stand in Asterisk's files.
        """
        return cls(
            ami=_secret(folder / "ami"),
            agi=_secret(folder / "agi"),
            sip={
                extension: _secret(folder / "sip" / values.extension("agent", extension))
                for extension in extensions
            },
        )


def _secret(path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return values.secret(str(path), path.read_text("ascii").strip())
    except FileNotFoundError:
        pass
    made = entropy.token_urlsafe(24)
    # Whole or not at all, and never over one that another process made in the meantime.
    part = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        return values.secret(str(path), path.read_text("ascii").strip())
    finally:
        part.unlink()
    return made
