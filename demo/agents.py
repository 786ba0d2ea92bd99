"""Simulated agents: each has a phone and a page, and works as people do."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Any

from demo.logins import Login
from demo.page import AgentPage
from simphones.phones import Phone, Ring

AGENT_HUM = 1000
"""What callers hear of an agent, Hz."""

_MISSED, _REJECTED, _BREAK = 0.05, 0.04, 0.12
_DISPOSITIONS = (
    ("solved", "已解答，客户满意。"),
    ("solved", "Answered, nothing left open."),
    ("follow_up", "需要后台核实，明天回电。"),
    ("follow_up", "Asked the back office, will call back."),
    ("sale", "办理了新套餐。"),
    ("complaint", "对等待时间不满，已安抚。"),
    ("wrong_number", ""),
)


class Agent:
    """Answers after a few seconds, talks, writes a disposition, is ready again; now and then
    rejects, is away from the desk, or takes a break."""

    def __init__(
        self, login: Login, phone: Phone, url: str, dice: random.Random, say: Callable[[str], None]
    ) -> None:
        self.login = login
        self.state = "logged_out"
        self.calls = 0
        self._phone = phone
        self._dice = dice
        self._say = say
        self._page = AgentPage(url, login, self._hear)
        self._ready_soon: asyncio.Task[None] | None = None
        self._tasks = asyncio.TaskGroup()

    async def work(self) -> None:
        """Until cancelled."""
        async with self._tasks:
            self._tasks.create_task(self._page_work(), name=f"page {self.login.username}")
            self._tasks.create_task(self._phone_work(), name=f"phone {self.login.username}")

    async def _page_work(self) -> None:
        await self._page.run()
        self.state = "taken over"
        self._say(f"{self.login.name}'s page is yours now; the phone still answers by itself")

    async def _phone_work(self) -> None:
        while True:
            ring = await self._phone.rings(within=86_400)
            await self._take(ring)

    async def _take(self, _ring: Ring) -> None:
        mood = self._dice.random()
        if mood < _MISSED:
            # Away from the desk: it rings until Asterisk gives up.
            with contextlib.suppress(TimeoutError):
                await self._phone.ended(within=120)
            return
        try:
            await asyncio.wait_for(
                self._phone.ended(within=60), timeout=self._dice.uniform(1.0, 4.0)
            )
        except TimeoutError:
            pass  # it still rings
        else:
            return
        if mood < _MISSED + _REJECTED:
            await self._phone.reject()
        else:
            await self._talk()
        with contextlib.suppress(TimeoutError):
            await self._phone.ended(within=60)

    async def _talk(self) -> None:
        await self._phone.answer()
        try:
            await self._phone.talking(within=10)
        except (TimeoutError, ConnectionError):
            return  # the caller was quicker
        self.calls += 1
        over = self._phone.calls_over
        until = asyncio.get_running_loop().time() + self._dice.uniform(8.0, 25.0)
        while self._phone.is_busy and self._phone.calls_over == over:
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                await self._phone.hang_up()
                return
            await asyncio.sleep(min(left, 0.2))

    async def _hear(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "pop":
                await self._page.say("pop_shown", offer_id=message["offer_id"])
            case "call_ended":
                self._tasks.create_task(self._wrap_up(message["call_id"]))
            case "state":
                self.state = message["state"]
                if self.state == "not_ready":
                    self._ready_after(self._dice.uniform(1.0, 6.0), "")

    async def _wrap_up(self, call_id: str) -> None:
        await asyncio.sleep(self._dice.uniform(2.0, 7.0))
        disposition, note = self._dice.choice(_DISPOSITIONS)
        await self._page.say("disposition", call_id=call_id, disposition=disposition, note=note)
        await asyncio.sleep(self._dice.uniform(0.5, 2.0))
        if self._dice.random() < _BREAK:
            self._ready_after(self._dice.uniform(15.0, 40.0), "break")
        else:
            await self._page.say("ready")

    def _ready_after(self, seconds: float, reason: str) -> None:
        """One plan at a time: a break that was begun is not cut short by its own news."""
        if self._ready_soon is not None and not self._ready_soon.done():
            return
        self._ready_soon = self._tasks.create_task(self._come_back(seconds, reason))

    async def _come_back(self, seconds: float, reason: str) -> None:
        if reason:
            await self._page.say("not_ready", reason=reason)
        await asyncio.sleep(seconds)
        await self._page.say("ready")
