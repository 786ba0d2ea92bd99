"""How a command ends that could not do its work: one sentence, the cure, and the exit code."""

from __future__ import annotations

import sys

from sqlalchemy.exc import SQLAlchemyError

from ccengine.db.errors import DatabaseError

WRONG, COULD_NOT = 1, 2
"""What was asked for is wrong; it is right, but database, disk or machine refused."""


def wrong(error: Exception) -> int:
    """The error's own words say what is wrong and where."""
    print(f"error: {error}", file=sys.stderr)
    return WRONG


def could_not(error: DatabaseError | SQLAlchemyError | OSError) -> int:
    match error:
        case BrokenPipeError():
            raise error  # nobody reads what is printed: no matter of disk or machine
        case DatabaseError():
            said = f"{error.what}\n cure: {error.cure}"
        case SQLAlchemyError():
            why = str(getattr(error, "orig", None) or error).splitlines()[0]
            said = f"{why}\n cure: ccengine db upgrade, then again"
        case OSError():
            said = str(error)
    print(f"error: {said}", file=sys.stderr)
    return COULD_NOT
