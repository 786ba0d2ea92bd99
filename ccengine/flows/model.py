"""A publication: the whole folder of flows as it was at a moment, and who brought it there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ccengine.ids import FlowId
from ccengine.yamlsource.model import Problem

MOST_FILES = 200
MOST_TEXT = 512 * 1024
"""Characters of one file."""
MOST_NOTE = 500

Texts = Mapping[FlowId, str]
"""Each flow's file, as it was written."""


class Source(StrEnum):
    FOLDER = "folder"
    """The folder was changed, and the engine took it up."""
    PUBLISHED = "published"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFile:
    flow: FlowId
    digest: str
    """SHA-256 of the file's text."""
    version: str
    """``Flow.version``, as calls carry it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """``number`` counts from 1, without gaps."""

    number: int
    at: datetime
    author: str
    note: str
    source: Source
    equals: int | None
    """Of a rollback: the publication that it brings back."""
    site_version: str
    """The site file with which it was checked."""
    digest: str
    """Of all files together."""
    files: tuple[PublishedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What was not put in force, and why; kept until the next good load."""

    at: float
    """The engine's clock."""
    said: str
    """One sentence; what is wrong in the files stands in ``problems``."""
    problems: tuple[Problem, ...] = ()
    number: int | None = None
    """The publication that was refused, if it was one."""


class NoSuchPublicationError(LookupError):
    """There is no publication of this number, or none before the newest."""

    def __init__(self, number: int | None) -> None:
        self.number = number
        super().__init__(
            "there is no earlier publication to go back to"
            if number is None
            else f"there is no publication {number}; `ccengine flow versions` lists them"
        )


class TooLargeError(ValueError):
    """More than a publication may hold."""


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest(texts: Texts) -> str:
    """The same for the same files, whatever their order."""
    said = json.dumps(sorted((flow, text_digest(text)) for flow, text in texts.items()))
    return hashlib.sha256(said.encode()).hexdigest()


def bounded(texts: Texts) -> Texts:
    """Raises TooLargeError."""
    if len(texts) > MOST_FILES:
        raise TooLargeError(f"a publication holds at most {MOST_FILES} flows, not {len(texts)}")
    for flow, text in texts.items():
        if len(text) > MOST_TEXT:
            raise TooLargeError(f"{flow}.yaml is longer than {MOST_TEXT} characters")
    return texts
