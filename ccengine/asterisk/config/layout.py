"""Where one Asterisk has its program, its configuration and what it writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ccengine.asterisk.program import AsteriskProgram
from ccengine.settings import Settings

_SOURCES = Path(__file__).resolve().parents[3]
"""The project's folder, which holds the templates."""


_ACCOUNTS = Path("log", "cdr-custom", "calls.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskLayout:
    """All paths are absolute. ``base`` is ``settings.asterisk_dir``."""

    program: AsteriskProgram
    base: Path
    prompts: Path
    recordings: Path
    voicemail: Path
    messages: Path
    music: Path
    conf_templates: Path = _SOURCES / "asterisk_conf"
    dialplan_templates: Path = _SOURCES / "dialplan"
    verbose: int = 0
    """Above 0 the dialplan's steps go to the log too (tests; never in service: digits)."""

    @classmethod
    def of(
        cls, settings: Settings, program: AsteriskProgram, *, verbose: int = 0
    ) -> AsteriskLayout:
        home = settings.home.resolve()
        return cls(
            program=program,
            base=settings.asterisk_dir.resolve(),
            prompts=settings.prompts.resolve(),
            recordings=settings.recordings.resolve(),
            voicemail=home / "voicemail",
            messages=settings.messages.resolve(),
            music=home / "music",
            verbose=verbose,
        )

    @property
    def etc(self) -> Path:
        return self.base / "etc"

    @property
    def config_file(self) -> Path:
        return self.etc / "asterisk.conf"

    @property
    def var(self) -> Path:
        return self.base / "var"

    @property
    def run(self) -> Path:
        return self.base / "run"

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def spool(self) -> Path:
        return self.base / "spool"

    @property
    def tune(self) -> Path:
        """The folder of the hold tune that the engine made."""
        return self.base / "tune"

    @property
    def call_records(self) -> Path:
        """Asterisk's own account of calls (CSV, columns as in ``cdr_custom.conf``)."""
        return self.base / _ACCOUNTS

    @staticmethod
    def accounts_of(settings: Settings) -> Path:
        """The same file, for an engine whose Asterisk runs beside it."""
        return settings.asterisk_dir / _ACCOUNTS

    @property
    def folders(self) -> tuple[Path, ...]:
        """What must exist before Asterisk starts."""
        return (
            self.etc,
            self.var,
            self.var / "keys",
            self.run,
            self.log,
            self.call_records.parent,
            self.spool,
            self.tune,
            self.prompts,
            self.recordings,
            self.voicemail,
            self.messages,
        )
