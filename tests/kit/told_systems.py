"""Business systems that answer each caller what its case says they answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from aiohttp import web

from ccengine.flowtest.systems import Systems
from ccengine.ivr.waits import LookupWait
from tests.kit.ports import server_ports

LATE_S = 4.0
"""Later than any deadline of the flows."""


class ToldSystems:
    """``caller`` in the query or the JSON tells whose case it is; ``/<system>/…`` the system."""

    def __init__(self) -> None:
        [self.port] = server_ports(1)
        self._cases: dict[str, Systems] = {}
        application = web.Application()
        application.router.add_route("*", "/{system}/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)

    def url(self, system: str) -> str:
        return f"http://127.0.0.1:{self.port}/{system}"

    def tell(self, caller: str, answers: Mapping[str, object]) -> None:
        """What this caller's flow is answered from here on."""
        self._cases[caller] = Systems(answers)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        told = request.query if request.method == "GET" else await request.json()
        asked = LookupWait(kind="http", source=request.match_info["system"])
        says = self._cases[str(told["caller"])].next_answer(asked)
        match says:
            case "nothing":
                return web.Response(status=404)
            case "late":
                await asyncio.sleep(LATE_S)
                return web.Response(status=504)
            case str():
                return web.Response(status=502)
            case _:
                return web.json_response(says)
