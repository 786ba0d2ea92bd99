"""What can be wrong with the database, in sentences that say what to do."""

from __future__ import annotations


class DatabaseError(Exception):
    """Something about the database that a person has to put right."""

    def __init__(self, what: str, cure: str) -> None:
        self.what = what
        self.cure = cure
        super().__init__(f"{what} {cure}")


class DatabaseUnreachableError(DatabaseError):
    """It does not answer in time, refuses us, or cannot be written to."""


class DatabaseUrlError(DatabaseError):
    """CCENGINE_DATABASE_URL is not a URL of a database that ccengine knows."""


class MigrationsMissingError(DatabaseError):
    """The folder with the migrations is not where this installation should have it."""


class MigrationFailedError(DatabaseError):
    """The database answers but could not be brought to the newest shape; it is as before."""


class MigrationsNeededError(DatabaseError):
    """The tables have another shape than this version of ccengine works with."""
