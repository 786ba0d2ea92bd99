"""A caller's mouth, fingers and ear: one RTP socket that hums a tone, presses keys and listens."""

from __future__ import annotations

import asyncio
import contextlib
from array import array
from collections import deque

from simphones import audio, rtp
from simphones.deadlines import deadline

_HEARD_AT_MOST = 600 * audio.RATE
"""Ten minutes of what was heard are kept."""


class Voice(asyncio.DatagramProtocol):
    """Speaks from its own loopback port as soon as it knows where to.

    Sound is sent without a break, as from a phone that is not muted: Asterisk waits for it when it
    answers, and a call without it would be served late.
    """

    def __init__(self, hz: float) -> None:
        self._frames = _loop_of(hz)
        self._stream = rtp.Sender()
        self._far: tuple[str, int] | None = None
        self._events_as = 101
        self._keys: deque[tuple[bytes, asyncio.Future[float] | None]] = deque()
        """Packets to be sent, and who wants to know when one was."""
        self._speaking: asyncio.Task[None] | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._heard: array[int] = array("h")
        self._more = asyncio.Event()
        self.packets_heard = 0
        self.came: list[tuple[float, bytes]] | None = None
        """When each packet came, by the event loop's clock, and its mu-law; kept from ``note``."""

    @classmethod
    async def open(cls, host: str, hz: float) -> Voice:
        """Binds a free port of ``host``."""
        voice = cls(hz)
        loop = asyncio.get_running_loop()
        opened = await loop.create_datagram_endpoint(lambda: voice, local_addr=(host, 0))
        voice._transport = opened[0]
        return voice

    @property
    def port(self) -> int:
        if self._transport is None:
            raise RuntimeError("this voice has no socket")
        port: int = self._transport.get_extra_info("sockname")[1]
        return port

    def speak_to(self, far: tuple[str, int], *, events_as: int) -> None:
        """Starts to speak, or goes on to another address; ``events_as``: payload type of keys."""
        self._far = far
        self._events_as = events_as
        if self._speaking is None:
            self._speaking = asyncio.create_task(self._speak(), name="voice")

    def note(self) -> None:
        """From now on keep what comes packet by packet, with its moment."""
        self.came = []

    async def press(self, keys: str, *, gap: float = 0.1, seconds: float = 0.1) -> float:
        """Presses each key for so long, one after the other; returns when the last was let go.

        The answer is when the first one went down, by the event loop's clock. Raises
        ``ConnectionError`` when there is nobody to hear it.
        """
        if self._speaking is None or self._speaking.done():
            raise ConnectionError(f"cannot press {keys}: the call has no media")
        loop = asyncio.get_running_loop()
        down: asyncio.Future[float] = loop.create_future()
        released: asyncio.Future[float] = loop.create_future()
        for at, key in enumerate(keys):
            press = self._stream.press(key, payload_type=self._events_as, seconds=seconds)
            packets = list(press)
            packets += (self._stream.voice(self._frames[0]) for _ in range(round(gap / 0.02)))
            self._keys.extend(
                (packet, down if at == place == 0 else None) for place, packet in enumerate(packets)
            )
        self._keys.append((self._stream.voice(self._frames[0]), released))
        await released
        return down.result()

    def heard(self, *, last: float | None = None) -> array[int]:
        """What was heard so far, or its last seconds."""
        return self._heard[-int(last * audio.RATE) :] if last is not None else self._heard[:]

    def hush(self) -> None:
        """Forgets what was heard: the next question is about what comes from now on."""
        self._heard = array("h")

    async def hears(self, hz: float, *, within: float) -> bool:
        """Waits until the tone is heard in the last half second; False: not in ``within`` s."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not audio.hears(self.heard(last=0.5), hz):
                    await self.listened(0.1, within=within)
                return True
        return False

    async def listened(self, seconds: float, *, within: float) -> None:
        """Waits until so many more seconds of sound, any sound, have come."""
        enough = self.packets_heard + round(seconds / rtp.FRAME_SECONDS)
        async with deadline(within, f"{seconds} s of sound did not come"):
            while self.packets_heard < enough:
                self._more.clear()
                await self._more.wait()

    async def close(self) -> None:
        if self._speaking is not None:
            self._speaking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._speaking
        for _packet, released in self._keys:
            if released is not None and not released.done():
                released.set_exception(ConnectionError("the call ended while a key was pressed"))
        self._keys.clear()
        if self._transport is not None:
            self._transport.close()

    async def _speak(self) -> None:
        clock = asyncio.get_running_loop()
        due = clock.time()
        turn = 0
        while True:
            released = None
            if self._keys:
                packet, released = self._keys.popleft()
            else:
                packet = self._stream.voice(self._frames[turn % len(self._frames)])
                turn += 1
            if self._transport is not None and self._far is not None:
                self._transport.sendto(packet, self._far)
            if released is not None and not released.done():
                released.set_result(clock.time())
            # Counted from the start, so that a late wake-up is caught up with and the tone stays.
            due = max(due + rtp.FRAME_SECONDS, clock.time() - 0.2)
            await asyncio.sleep(max(0.0, due - clock.time()))

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        packet = rtp.parse(data)
        if packet is None or packet.payload_type != rtp.PCMU:
            return
        self.packets_heard += 1
        if self.came is not None:
            self.came.append((asyncio.get_running_loop().time(), packet.payload))
        if len(self._heard) < _HEARD_AT_MOST:
            self._heard.extend(audio.mu_law_decode(packet.payload))
        self._more.set()

    def error_received(self, exc: Exception) -> None:
        """The far port is closed already, or not open yet: SIP will tell how the call goes."""


def _loop_of(hz: float) -> list[bytes]:
    """One second of the tone, so that whole Hz join without a click."""
    payload = audio.mu_law_encode(audio.tone(round(hz), 1.0))
    return [payload[at : at + rtp.FRAME] for at in range(0, len(payload), rtp.FRAME)]
