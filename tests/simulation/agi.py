"""The caller's channel as a session sees it: the same words as ``AgiChannel``, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ccengine.asterisk.agi import CallerGoneError
from ccengine.asterisk.agi_wire import AgiEnvironment
from ccengine.asterisk.names import Variable
from tests.simulation.callers import Caller

if TYPE_CHECKING:
    from tests.simulation.asterisk import Asterisk


class SimChannel:
    """What comes by AGI comes in order and once, or the connection is closed."""

    def __init__(self, asterisk: Asterisk, caller: Caller) -> None:
        self._asterisk = asterisk
        self._caller = caller
        self.gone = False
        self._on_gone: list[Callable[[], None]] = []
        self._reply: asyncio.Future[int] | None = None
        self._unsaid: dict[str, str] = {}
        self.number = 0
        """Of the command that runs."""
        trust = {"trunk": "line", "bad": "0", "dnis": caller.dnis}
        marks = {**trust, "arrived": str(int(caller.arrived_wall))}
        marks["phase"] = caller.variables.get("CC_PHASE", "")
        self.environment = AgiEnvironment(
            path=("call", "", caller.call_id),
            marks=marks,
            channel=caller.channel,
            uniqueid=caller.uniqueid,
            ani=caller.ani,
        )

    def when_gone(self, callback: Callable[[], None]) -> None:
        if self.gone:
            callback()
        else:
            self._on_gone.append(callback)

    def lose(self) -> None:
        """The connection closes; said on the engine's own loop."""
        if self.gone:
            return
        self.gone = True
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(CallerGoneError())
        callbacks, self._on_gone = self._on_gone, []
        for callback in callbacks:
            callback()

    def replied(self, result: int, number: int) -> None:
        """The answer to the command of this number; a later one is not taken for it."""
        if number == self.number and self._reply is not None and not self._reply.done():
            self._reply.set_result(result)

    async def _long(self, begin: Callable[[], None], deadline_s: float) -> int:
        if self.gone:
            raise CallerGoneError
        if self._reply is not None:
            raise RuntimeError("one AGI command at a time")
        self._say()
        self._reply = asyncio.get_running_loop().create_future()
        self.number += 1
        begin()
        try:
            async with asyncio.timeout(deadline_s):
                return await self._reply
        except TimeoutError:
            self.close()
            raise CallerGoneError from None
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            self._reply = None

    def _say(self) -> None:
        """Variables travel with the next command; with the engine, those unsaid are lost."""
        if self._unsaid:
            self._caller.variables.update(self._unsaid)
            if self._unsaid.get(Variable.DONE.value):
                self._caller.account_end = "done"
            self._unsaid.clear()

    async def settle(self) -> None:
        await self._short()

    async def _short(self) -> None:
        if self.gone:
            raise CallerGoneError
        if self._reply is not None:
            raise RuntimeError("one AGI command at a time")
        if self._asterisk.slow_command():
            await self._long(lambda: self._asterisk.reply_later(self, 0.002), 5.0)
        self._say()

    async def set(self, variable: Variable, value: str) -> None:
        if self.gone:
            raise CallerGoneError
        self._unsaid[variable.value] = value

    async def get(self, variable: Variable) -> str:
        await self._short()
        return self._caller.variables.get(variable.value, "")

    async def lease(self, seconds: float) -> None:
        await self._short()
        self._asterisk.lease(self._caller, seconds)

    async def music(self, music_class: str) -> None:
        await self._short()

    async def play(self, path: str, keys: str, longest_s: float) -> str:
        await self._long(lambda: self._asterisk.reply_later(self, longest_s), longest_s + 5.0)
        return ""

    async def play_all(self, paths: Sequence[str], *, any_key: bool, longest_s: float) -> str:
        return await self.play("&".join(paths), "", longest_s)

    async def ask(self, path: str, keys: str, longest_s: float, timeout_s: float) -> str:
        return await self.play(path, keys, longest_s + timeout_s)

    async def wait_for_key(self, seconds: float) -> str:
        await self._long(lambda: self._asterisk.reply_later(self, seconds), seconds)
        return ""

    async def execute(self, application: str, argument: str, deadline_s: float) -> int:
        if application != "Dial":
            await self._short()
            return 0
        return await self._long(lambda: self._asterisk.dial(self._caller, argument), deadline_s)

    async def hang_up(self) -> None:
        await self._short()
        self._asterisk.hung_up_by_engine(self._caller)

    def close(self) -> None:
        if not self.gone:
            self.lose()
            self._asterisk.connection_closed(self._caller)
