"""Where this engine lives and what it listens on: read from the environment, never from the site.

Every setting is ``CCENGINE_<NAME>``; secrets are not settings but files in ``home/secrets``.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class FlowsFrom(StrEnum):
    FOLDER = "folder"
    """The folder ``flows``, as it is; each change of it is taken up and recorded."""
    PUBLISHED = "published"
    """The newest publication in the database; the folder is not looked at."""


class Settings(BaseSettings):
    """One running engine. Addresses are loopback unless someone decides otherwise."""

    model_config = SettingsConfigDict(env_prefix="CCENGINE_", extra="ignore", frozen=True)

    home: Path = Path(".var")
    """State that must survive: database, recordings, prompts, spool, secrets."""
    site: Path = Path("site.yaml")
    flows: Path = Path("ivr_flows")
    flows_from: FlowsFrom = FlowsFrom.FOLDER
    database_url: str = ""
    """Empty: SQLite in ``home``. PostgreSQL: ``postgresql+asyncpg://user:password@host/name``."""
    database_password_file: str = ""
    """A file with the URL's password, for a URL without one: it then stands in no environment."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65_535)
    public_url: str = ""
    """How agents reach the pages; empty: http://http_host:http_port."""
    agi_host: str = "127.0.0.1"
    agi_port: int = Field(default=4573, ge=0, le=65_535)
    ami_host: str = "127.0.0.1"
    ami_port: int = Field(default=5038, ge=1, le=65_535)
    asterisk_root: Path = Path(".asterisk-root")
    """The private root that ``scripts/asterisk-root`` makes where no Asterisk is installed."""
    sip_host: str = "127.0.0.1"
    sip_port: int = Field(default=5060, ge=1, le=65_535)
    sip_qualify: int = Field(default=30, ge=0, le=3_600)
    """Seconds between the checks that a registered phone is still there; 0: never."""
    rtp_start: int = Field(default=18_000, ge=1_024, le=65_000)
    rtp_end: int = Field(default=18_999, ge=1_025, le=65_535)
    fallback_after: int = Field(default=7, ge=2, le=25)
    """Seconds Asterisk tries to reach the engine before its own fallback takes the call."""
    tts_command: str = "espeak-ng -v {voice} -s 160 -w {output} -f {text_file}"
    """Makes a WAV file from a text file; {voice} is ``cmn`` for zh-CN and ``en`` for en."""
    asr_command: str = ""
    """Prints what is said in a WAV file, for menus with `speech`: with {audio}, {language} and
    {phrases_file} (one expected phrase a line). Empty: keys only."""
    acd_journal: str = ""
    """Folder of the ACD's inputs, for ``ccengine why`` and ``replay``; empty: in ``home``."""
    acd_journal_days: float = Field(default=14.0, ge=0, le=3_650)
    """So long its files are kept; 0: none is written."""
    acd_journal_gb: float = Field(default=2.0, ge=0.1, le=10_000)
    """All its files together; the oldest go first."""
    log_format: str = "console"
    """``console`` or ``json``."""

    @property
    def database(self) -> str:
        """The URL SQLAlchemy is to use. Raises ``OSError``: no password file to be read."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.home.resolve() / 'ccengine.db'}"
        if not self.database_password_file:
            return self.database_url
        password = Path(self.database_password_file).read_text("utf-8").strip()
        user, at, place = self.database_url.partition("@")
        # A URL without a user stays as it is: the password must not become part of a name.
        return f"{user}:{quote(password, safe='')}@{place}" if at else self.database_url

    @property
    def url(self) -> str:
        return self.public_url or f"http://{self.http_host}:{self.http_port}"

    @property
    def recordings(self) -> Path:
        """Written by Asterisk, finished by the engine."""
        return self.home / "recordings"

    @property
    def messages(self) -> Path:
        """What callers speak in flows: written by Asterisk, finished by the engine."""
        return self.home / "messages"

    @property
    def prompts(self) -> Path:
        """Rendered prompts by content hash, and ``recorded/`` for those that win over speech."""
        return self.home / "prompts"

    @property
    def spool(self) -> Path:
        return self.home / "spool"

    @property
    def acd_journal_folder(self) -> Path:
        return Path(self.acd_journal) if self.acd_journal else self.home / "acd-journal"

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def asterisk_dir(self) -> Path:
        """The generated Asterisk configuration and its run-time folders."""
        return self.home / "asterisk"
