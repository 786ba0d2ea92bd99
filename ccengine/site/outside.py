"""The outside of a contact centre in its site file: systems that are asked by HTTP, and queries.

A flow names them and gives values; where they are and how they are entered stands here alone.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from ccengine.site.part import Part
from ccengine.site.sql import proven_select

SecretFile = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""Name of a file in the folder ``secrets`` of the engine's home."""
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")]
Address = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/\-]*)?$"),
]
"""Host, port and the beginning of the path; no user, no query."""
Deadline = Annotated[float, Field(ge=0.1, le=10)]

OWN_DATABASE = "ccengine"


class System(Part):
    """A business system that answers in JSON."""

    url: Address
    token_file: SecretFile | None = None
    """Holds the token that it asks for; null: it asks for none."""
    header: HeaderName = "Authorization"
    """In which the token goes; in ``Authorization`` as a bearer token, elsewhere as it is."""
    ca_file: SecretFile | None = None
    """Certificates (PEM) that are believed for it instead of the usual ones."""
    deadline: Deadline = 2.0
    """No caller waits longer for it, whatever the flow says."""
    at_once: Annotated[int, Field(ge=1, le=1_000)] = 50
    """Requests that may be under way; who comes next waits, within the deadline."""


def _database(text: str) -> str:
    if text == OWN_DATABASE:
        return text
    shape = "write ccengine, postgresql://user@host/name or sqlite:////path/file.db"
    try:
        url = urlsplit(text)
    except ValueError:
        raise ValueError(f"this is no database's URL; {shape}") from None
    if url.password is not None:
        raise ValueError(
            "a password stands in the site file; "
            "write it in a file of the secrets folder, and name that as `password_file`"
        )
    is_file = url.scheme == "sqlite" and not url.netloc and len(url.path) > 1
    is_server = url.scheme in ("postgres", "postgresql") and bool(url.hostname)
    if not (is_file or (is_server and len(url.path) > 1)) or url.query or url.fragment:
        raise ValueError(f"this is no URL of SQLite or PostgreSQL; {shape}")
    return text


class Query(Part):
    """One SELECT, read-only, that flows may ask for by name."""

    database: Annotated[str, AfterValidator(_database)]
    """``ccengine`` for its own, or the URL of another, without a password."""
    password_file: SecretFile | None = None
    sql: Annotated[str, AfterValidator(proven_select)]
    """With ``:named`` parameters, that flows give values to."""
    deadline: Deadline = 2.0
    one_row: bool = True
    """The answer is the first row; else ``rows`` (the first 50) and their ``count``."""
