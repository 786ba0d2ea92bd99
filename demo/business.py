"""The business systems of the demo: a small bank, a few parcels, and a router of calls, over HTTP.

They are what the flows of the bank and the parcel service ask (``systems`` in the site file).
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

PORT = 8090
"""As in the site file."""
TOKEN_FILE = "bank_token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """``bill`` None: there is none yet; a paid one owes 0."""

    pin: str
    name: str
    balance: float
    bill: float | None


ACCOUNTS: Mapping[str, Account] = {
    "62220001": Account(pin="123456", name="王小明", balance=12_305.6, bill=860.5),
    "62220002": Account(pin="654321", name="Emma Clark", balance=305.0, bill=0.0),
    "62220003": Account(pin="112233", name="李丽", balance=88.88, bill=None),
}

PARCELS: Mapping[str, tuple[str, str, int]] = {
    "2000000001": ("on_the_way", "杭州", 1),
    "2000000002": ("delivered", "苏州", -1),
    "2000000003": ("missed", "上海", 0),
    "2000000004": ("held", "上海", 0),
}
"""Number -> status, city, and the day, counted from today."""

_SLOTS = {"morning": "09:00", "afternoon": "14:00"}
_FULL = "morning"
"""Everybody wants the morning: nobody gets it."""


class Business:
    """Answers on loopback from ``async with`` on. Raises ``OSError`` when the port is taken."""

    def __init__(self, folder: Path, port: int = PORT) -> None:
        """``folder``: the engine's secrets, where the bank's token is kept."""
        self._token = _token(folder / TOKEN_FILE)
        self._port = port
        application = web.Application(client_max_size=16 * 1024)
        application.add_routes(
            [
                web.post("/bank/identify", self._identify),
                web.get("/bank/accounts/{number}/balance", self._balance),
                web.get("/bank/accounts/{number}/bill", self._bill),
                web.get("/parcels/{number}", _parcel),
                web.post("/parcels/{number}/redelivery", _redelivery),
                web.post("/crm/route", _route),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def _identify(self, request: web.Request) -> web.Response:
        self._entered(request)
        asked = await _body(request)
        account = ACCOUNTS.get(str(asked.get("account")))
        given = str(asked.get("pin"))
        if account is None or not hmac.compare_digest(account.pin.encode(), given.encode()):
            raise web.HTTPNotFound  # which of the two was wrong is nobody's business
        return web.json_response({"name": account.name})

    async def _balance(self, request: web.Request) -> web.Response:
        return web.json_response({"balance": self._account(request).balance})

    async def _bill(self, request: web.Request) -> web.Response:
        account = self._account(request)
        if account.bill is None:
            raise web.HTTPNotFound
        return web.json_response(
            {"issued": _day(-12), "amount": account.bill, "due": _day(8)},
        )

    def _account(self, request: web.Request) -> Account:
        self._entered(request)
        account = ACCOUNTS.get(request.match_info["number"])
        if account is None:
            raise web.HTTPNotFound
        return account

    def _entered(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            raise web.HTTPUnauthorized


async def _parcel(request: web.Request) -> web.Response:
    found = PARCELS.get(request.match_info["number"])
    if found is None:
        raise web.HTTPNotFound
    status, city, days = found
    return web.json_response({"status": status, "city": city, "day": _day(days)})


async def _redelivery(request: web.Request) -> web.Response:
    slot = str((await _body(request)).get("slot"))
    if request.match_info["number"] not in PARCELS or slot not in _SLOTS or slot == _FULL:
        raise web.HTTPNotFound
    return web.json_response({"day": _day(1), "from": _SLOTS[slot]})


async def _route(request: web.Request) -> web.Response:
    """Known customers to sales with a head start, all others to support."""
    customer = (await _body(request)).get("customer")
    known = isinstance(customer, dict) and customer.get("known") is True
    if known:
        return web.json_response({"action": "queue", "queue": "sales", "head_start": 60})
    return web.json_response({"action": "queue", "queue": "support"})


async def _body(request: web.Request) -> dict[str, object]:
    """Raises ``HTTPBadRequest``."""
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise web.HTTPBadRequest from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest
    return body


def _day(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


def _token(file: Path) -> str:
    """Made once, readable by its owner alone; kept, since the engine reads it too."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(secrets.token_urlsafe(24))
    return file.read_text("utf-8").strip()
