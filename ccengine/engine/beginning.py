"""What an engine starts with: the flows that should be in force, or the newest that can be."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ccengine.clock import EngineClock
from ccengine.db.errors import DatabaseError
from ccengine.db.session import Database
from ccengine.engine.flows import Loaded
from ccengine.engine.publishing import Publishing
from ccengine.flows.model import Refusal
from ccengine.flows.store import Publications
from ccengine.settings import Settings
from ccengine.yamlsource.model import BadFileError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What an engine starts with; ``refusal``: it would rather have started with something else."""

    loaded: Loaded
    refusal: Refusal | None = None


async def begin(settings: Settings) -> Beginning:
    """The flows to start with: those that should be in force, or the newest that can be.

    A broken folder, or a publication that no longer fits the site file, does not keep the number
    from being answered as long as one of the latest publications is good.

    Raises:
        BadFileError: the site file is wrong, or the flows are and no publication helps.
        NothingPublishedError, OSError, TooLargeError, DatabaseError, SQLAlchemyError.
    """
    clock = EngineClock()
    database = Database(settings.database)
    publishing = Publishing(settings, Publications(database.sessions, clock))
    try:
        try:
            if not publishing.from_folder:
                await database.check_shape()
            return Beginning(loaded=await publishing.load())
        except BadFileError as error:
            good = await _instead(settings, database, publishing)
            if good is None:
                raise
            log.error("flows.refused_at_start", problems=str(error), instead=good.publication)
            said = f"started with publication {good.publication} instead"
            refusal = Refusal(at=clock.now(), said=said, problems=error.problems)
            return Beginning(loaded=good, refusal=refusal)
    finally:
        await database.dispose()


async def _instead(settings: Settings, database: Database, publishing: Publishing) -> Loaded | None:
    """None: the mistakes stand, whatever was published: the site file has some, or no database."""
    try:
        await database.check_shape()
        return await publishing.newest_good()
    except (DatabaseError, SQLAlchemyError, OSError) as error:
        log.warning("flows.no_publication_to_start_with", why=str(error))
        return None
