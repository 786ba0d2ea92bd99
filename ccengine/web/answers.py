"""What a handler says: JSON, or an error with a stable id. What it was told, read with bounds."""

from __future__ import annotations

from typing import TypeVar

from aiohttp import web
from pydantic import TypeAdapter

from ccengine import wire
from ccengine.wire import UnreadableError

_Read = TypeVar("_Read")


class Refused(Exception):
    """The request cannot be served. ``error_id`` is stable; the message is for people."""

    def __init__(
        self, status: int, error_id: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        self.status = status
        self.error_id = error_id
        self.message = message
        self.headers = headers
        super().__init__(error_id)

    def answer(self) -> web.Response:
        return json_answer(
            {"error": {"id": self.error_id, "message": self.message}},
            status=self.status,
            headers=self.headers,
        )


def json_answer(
    value: object, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    return web.Response(
        text=wire.dumps(value),
        status=status,
        content_type="application/json",
        headers=headers,
    )


async def body(request: web.Request, adapter: TypeAdapter[_Read]) -> _Read:
    """The request's JSON body. Raises Refused.

    Only ``application/json`` is read: a form of another site cannot send that without asking.
    """
    if request.content_type != "application/json":
        raise Refused(415, "request.not_json", "Send JSON, as application/json.")
    try:
        return wire.read(adapter, await request.read())
    except UnreadableError as wrong:
        raise Refused(400, "request.invalid", str(wrong)) from None


def query(request: web.Request, adapter: TypeAdapter[_Read]) -> _Read:
    """The request's query, each name once. Raises Refused."""
    names = [name for name, _ in request.query.items()]
    if len(names) != len(set(names)):
        raise Refused(400, "request.invalid", "A name is given twice.")
    try:
        return wire.read_words(adapter, dict(request.query))
    except UnreadableError as wrong:
        raise Refused(400, "request.invalid", str(wrong)) from None
