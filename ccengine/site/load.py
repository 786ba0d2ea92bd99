"""The site file, read and proven whole: either a Site that can go live, or all its problems."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import ValidationError

from ccengine.site.check import cross_problems
from ccengine.site.check_hours import unknown_years
from ccengine.site.check_starvation import check_starvation
from ccengine.site.check_systems import tokens_in_the_clear
from ccengine.site.model import Site
from ccengine.yamlsource.explain import problems_from
from ccengine.yamlsource.model import BadFileError, Document, Problem
from ccengine.yamlsource.read import load

_PATTERNS = {
    r"^[a-z][a-z0-9_]{0,31}$": "a name of small letters, digits and _, beginning with a letter",
    r"^[0-9]{2,8}$": "2 to 8 digits",
    r"^\+?[0-9]{2,20}$": "2 to 20 digits, without spaces",
    r"^[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?$": "a host or address, with its port if need be",
    r"^[0-9*#]$": "one key of a telephone: a digit, * or #",
    r"^[0-9]{1,20}$": "the first digits of numbers, as they are dialled",
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$": "the name of a file in the secrets folder",
    r"^[A-Za-z][A-Za-z0-9-]{0,63}$": "a header's name, such as X-Api-Key",
    r"^https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/\-]*)?$": (
        "http:// or https://, a host, and the beginning of the path; no user, no ?"
    ),
}
_PAIRS = {"measure": "limit", "action": "target"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """A site file in which nothing is wrong."""

    site: Site
    version: str
    """Which file this is: a digest of what it says."""
    warnings: tuple[Problem, ...] = ()
    """What is to be said aloud each time the file is read."""


def read_site_file(path: Path, flows: Collection[str] | None) -> SiteFile:
    """The site of this file. ``flows``: the names of the flows that exist; None: not known
    here, what numbers lead to is taken on trust.

    Raises BadFileError with every problem that can be seen at once, in the file's order.
    """
    return prove(load(path), flows, datetime.now(UTC).date())


def load_site(path: Path, flows: Collection[str]) -> Site:
    """Only the site of this file. Raises BadFileError as ``read_site_file`` does."""
    return read_site_file(path, flows).site


def site_of(document: Document, flows: Collection[str]) -> Site:
    """Only the site of a file that is already parsed. Raises BadFileError."""
    return prove(document, flows).site


def prove(document: Document, flows: Collection[str] | None, today: date | None = None) -> SiteFile:
    """A parsed file, checked; with a date also for what is not known yet. Raises BadFileError."""
    problems: list[Problem] = []
    site: Site | None = None
    try:
        site = Site.model_validate(document.value)
    except ValidationError as error:
        problems = problems_from(error, document, model=Site, patterns=_PATTERNS, pairs=_PAIRS)
    problems += cross_problems(document, flows)
    if problems or site is None:
        raise BadFileError(tuple(sorted(problems, key=lambda problem: problem.at)))
    verdict = check_starvation(document, site)
    if verdict.problems:
        raise BadFileError(verdict.problems)
    warnings = (*verdict.warnings, *tokens_in_the_clear(document, site))
    if today is not None:
        warnings += tuple(unknown_years(document, site, today))
    return SiteFile(site=site, version=document.version, warnings=warnings)
