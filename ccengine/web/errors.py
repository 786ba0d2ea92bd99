"""Every failure becomes an answer with a stable id; nothing of our inside is told."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ccengine.accounts.model import BusyError
from ccengine.web.answers import Refused

log = structlog.get_logger(__name__)

_BY_STATUS = {
    400: ("request.invalid", "This request cannot be read."),
    404: ("path.unknown", "There is nothing here."),
    405: ("method.refused", "Not with this method."),
    413: ("request.too_large", "This request is too large."),
    416: ("range.refused", "There is no such part of the file."),
}


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost. CancelledError passes: the connection or the server is going."""
    try:
        return await handler(request)
    except Refused as refused:
        return refused.answer()
    except BusyError:
        return Refused(503, "server.busy", "Too much at once; try again.").answer()
    except (DBAPIError, PoolTimeoutError, ConnectionRefusedError):
        log.exception("web.database_unreachable", path=request.path)
        return Refused(503, "database.unreachable", "The database cannot be used.").answer()
    except web.HTTPException as told:
        if told.status < 400:
            raise
        error_id, message = _BY_STATUS.get(
            told.status, (f"http.{told.status}", "This cannot be served.")
        )
        headers = {"Allow": told.headers["Allow"]} if "Allow" in told.headers else None
        return Refused(told.status, error_id, message, headers).answer()
    except TimeoutError:
        log.exception("web.timed_out_inside", path=request.path)
        return Refused(503, "server.timed_out", "This took too long; try again.").answer()
    except ConnectionResetError:
        raise  # the other side is gone: there is nobody to tell
    except asyncio.CancelledError:
        raise
    except Exception:  # the last line of defence: our mistake closes this request alone
        log.exception("web.failed", method=request.method, path=request.path)
        return Refused(500, "server.failed", "That went wrong on our side.").answer()
