"""The link to Asterisk's manager interface: up or down, never half.

The link connects, logs in, calls ``on_up`` (which takes the snapshot that is the truth), then
passes events on in order. A peer that is silent for ``LinkTimes.dead_after_s`` is given up. After
any loss it connects again, with a bounded pause, for as long as the engine runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from panoramisk.message import Message

from ccengine.asterisk import gate
from ccengine.asterisk.ami_wire import (
    ActionRefusedError,
    CuredProtocol,
    LinkDownError,
    OutcomeUnknownError,
)
from ccengine.asterisk.events import PhoneEvent, decode

log = structlog.get_logger(__name__)

BANNER = "Asterisk Call Manager/"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTimes:
    """All in seconds. A dead peer is known after ``dead_after_s`` and half a ``ping_every_s``."""

    connect_s: float = 3.0
    action_s: float = 3.0
    ping_every_s: float = 1.5
    dead_after_s: float = 4.0
    again_first_s: float = 0.2
    again_most_s: float = 2.0


class NotAsteriskError(ConnectionError):
    """What answered is no manager interface: it is not told the password."""


class LoginRefusedError(Exception):
    """Asterisk refused the AMI login; trying again is slow, since the secret is likely wrong."""


class AmiLink:
    """One AMI link for the life of the engine. ``run`` it as a task; cancel the task to end it."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        username: str,
        secret: str,
        on_event: Callable[[PhoneEvent], None],
        on_up: Callable[[], Awaitable[None]],
        on_down: Callable[[], None],
        times: LinkTimes = LinkTimes(),
    ) -> None:
        self._address = (host, port)
        self._username = username
        self._secret = secret
        self._on_event = on_event
        self._on_up = on_up
        self._on_down = on_down
        self._times = times
        self._protocol: CuredProtocol | None = None
        self.up = asyncio.Event()

    async def run(self) -> None:
        """Keep the link up until cancelled."""
        times = self._times
        pause = times.again_first_s
        while True:
            try:
                await self._one_life()
                pause = times.again_first_s
            except LoginRefusedError as error:
                log.error("ami.login_refused", why=str(error))
                pause = times.again_most_s
            except (OSError, TimeoutError, OutcomeUnknownError, ActionRefusedError) as error:
                log.warning("ami.down", why=str(error) or type(error).__name__, again_in_s=pause)
            except Exception:
                # A fault of ours in what follows a login; without the link all would be blind.
                log.exception("ami.broke", again_in_s=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, times.again_most_s)

    async def _one_life(self) -> None:
        loop = asyncio.get_running_loop()
        lost = asyncio.Event()
        async with asyncio.timeout(self._times.connect_s):
            _, protocol = await loop.create_connection(
                lambda: CuredProtocol(self._heard, lambda _exc: lost.set()), *self._address
            )
        self._protocol = protocol
        try:
            said = await asyncio.wait_for(asyncio.shield(protocol.banner), self._times.connect_s)
            if not said.startswith(BANNER):
                raise NotAsteriskError(f"no Asterisk there, but {said[:60]!r}")
            await self._login()
            log.info("ami.up", address=self._address)
            self.up.set()
            await self._on_up()
            await self._watch(protocol, lost)
        finally:
            was_up = self.up.is_set()
            self.up.clear()
            self._protocol = None
            protocol.close()
            if was_up:
                self._on_down()

    def _heard(self, message: Message) -> None:
        event = decode(message)
        if event is None:
            return
        try:
            self._on_event(event)
        except Exception:
            # A fault of ours with one event must not cost the link, and with it all others.
            log.exception("ami.event_broke", kind=type(event).__name__)

    async def _login(self) -> None:
        try:
            await self.send("Login", Username=self._username, Secret=self._secret, Events="on")
        except ActionRefusedError as error:
            raise LoginRefusedError(str(error)) from None

    async def _watch(self, protocol: CuredProtocol, lost: asyncio.Event) -> None:
        """Ping a quiet peer; return when the link is lost or the peer is dead."""
        loop, times = asyncio.get_running_loop(), self._times
        while not lost.is_set():
            quiet_s = loop.time() - protocol.last_heard
            if quiet_s > times.dead_after_s:
                log.warning("ami.silent", quiet_s=round(quiet_s, 1))
                return
            if quiet_s >= times.ping_every_s:
                protocol.submit(gate.action("Ping", {}), as_list=False)
            try:
                await asyncio.wait_for(lost.wait(), times.ping_every_s / 2)
            except TimeoutError:
                continue

    async def send(self, name: str, **fields: str | tuple[str, ...]) -> Message:
        """Carry out one action and return Asterisk's answer.

        Raises:
            LinkDownError: not sent.
            OutcomeUnknownError: sent, but the answer never came; it is not sent again.
            ActionRefusedError: Asterisk said no.
        """
        answer = await self._carry_out(name, fields, as_list=False)
        return answer[0]

    async def query(self, name: str) -> list[Message]:
        """Ask for a list; the items come without the frame round them. Raises as ``send``."""
        answer = await self._carry_out(name, {}, as_list=True)
        return [m for m in answer[1:] if not str(m.event).endswith("Complete")]

    async def _carry_out(
        self, name: str, fields: dict[str, str | tuple[str, ...]], *, as_list: bool
    ) -> list[Message]:
        protocol = self._protocol
        if protocol is None:
            raise LinkDownError(f"{name} was not sent: the AMI link is down")
        action = protocol.submit(gate.action(name, fields), as_list=as_list)
        try:
            async with asyncio.timeout(self._times.action_s):
                answer = await action.future
        except TimeoutError:
            raise OutcomeUnknownError(f"no answer to {name} in {self._times.action_s} s") from None
        finally:
            protocol.forget(action)
        messages: list[Message] = answer if isinstance(answer, list) else [answer]
        if not messages[0].success:
            raise ActionRefusedError(f"{name}: {messages[0].message}")
        return messages
