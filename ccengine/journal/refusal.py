"""Telling a database that says no to one fact from a database that cannot be spoken to."""

from __future__ import annotations

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

_SQLSTATE_CLASSES = ("22", "23")  # data exception, integrity constraint violation


def refuses(error: Exception) -> bool:
    """Whether it is the written value that is at fault: trying again would never help."""
    if isinstance(error, (IntegrityError, DataError)):
        return True
    if not isinstance(error, DBAPIError):
        return isinstance(error, StatementError)  # a value that never left Python
    sqlstate: str = getattr(error.orig, "sqlstate", None) or ""
    unfit = error.orig is not None and isinstance(error.orig.__cause__, ValueError)
    return unfit or sqlstate[:2] in _SQLSTATE_CLASSES
