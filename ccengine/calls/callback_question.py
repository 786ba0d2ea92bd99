"""The caller in the queue wants to be called back: at which number, and when?

It keeps its place while it answers; an offer, or anything else the ACD decides meanwhile, cuts
the question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ccengine.asterisk.agi import AgiChannel
from ccengine.calls.callback_number import callable_number
from ccengine.calls.live import LiveCall
from ccengine.calls.voice import LEASE_S, Voice
from ccengine.ivr import announce
from ccengine.ivr.announce_times import callback_choice, callback_when
from ccengine.ivr.model import ALL_KEYS
from ccengine.ivr.speaking.digits import digits
from ccengine.ivr.waits import Prompt
from ccengine.site.model import Trunk

TRIES = 3
MOST_QUESTIONS = 6
"""Also for callers who key in one good number after the other."""
FIRST_KEY_S = 8.0
NEXT_KEY_S = 3.0
"""A pause this long ends a number; 1 alone confirms, 1 and more is a mobile number."""
MOST_DIGITS = 20
CONFIRM = "1"
OTHER_TIME = "2"


class CallbackQuestion:
    """Asked once for each time the callback key is pressed."""

    def __init__(
        self,
        call: LiveCall,
        channel: AgiChannel,
        voice: Voice,
        trunk: Trunk | None,
        *,
        in_line: bool = True,
    ) -> None:
        """``in_line``: who arranges nothing waits on; else its flow says what comes next."""
        self._call = call
        self._channel = channel
        self._voice = voice
        self._trunk = trunk
        self._in_line = in_line

    async def number(self) -> str:
        """The number that the caller confirmed; empty: none was, or something else comes first.

        Raises CallerGoneError.
        """
        language = self._call.language
        number = "" if self._call.ani_malformed else self._callable(self._call.ani)
        failures, wrong = 0, False
        for _ in range(MOST_QUESTIONS):
            keyed = await self._keyed(self._question(number, wrong=wrong))
            if self._call.mailbox.decided:
                return ""
            if number and keyed == CONFIRM:
                return number
            given = self._callable(keyed)
            wrong = bool(keyed) and not given
            number = given or number
            failures += not given
            if failures == TRIES:
                break
        if self._in_line:
            await self._voice.say((announce.callback_kept_waiting(language),))
        return ""

    async def time(self, on_offer: Mapping[str, tuple[str, float]]) -> tuple[str, float] | None:
        """The time that the caller chose, of those by key; None: when it is its turn.

        So it is too for who presses nothing that means anything, three times. Raises
        CallerGoneError.
        """
        if not on_offer:
            return None
        language = self._call.language
        if await self._key("12", (callback_when(language),)) != OTHER_TIME:
            return None
        said = tuple(callback_choice(time, key, language) for key, (time, _) in on_offer.items())
        return on_offer.get(await self._key("".join(on_offer), said))

    async def _key(self, keys: str, question: tuple[Prompt, ...]) -> str:
        """One of these, or empty: none in three tries, or something else comes first."""
        mailbox = self._call.mailbox
        for _ in range(TRIES):
            mailbox.listen(keys)
            await self._voice.say(question)
            if mailbox.urgent or await self._pressed_soon():
                return "" if mailbox.decided else mailbox.take_key(keys)
        return ""

    async def _pressed_soon(self) -> bool:
        await self._channel.lease(FIRST_KEY_S + LEASE_S)
        return await self._call.mailbox.urgent_arrival(FIRST_KEY_S)

    def _callable(self, number: str) -> str:
        return callable_number(number, self._trunk) if self._trunk is not None else ""

    def _question(self, number: str, *, wrong: bool) -> tuple[Prompt, ...]:
        language = self._call.language
        said = (announce.callback_bad_number(language),) if wrong else ()
        if not number:
            return (*said, announce.callback_ask_number(language))
        return (
            *said,
            announce.callback_number_is(language),
            *digits(number, language),
            announce.callback_confirm(language),
        )

    async def _keyed(self, question: tuple[Prompt, ...]) -> str:
        """Ask; the digits keyed in, up to the pound key or a pause. A star begins them anew."""
        mailbox = self._call.mailbox
        mailbox.listen(ALL_KEYS)
        await self._voice.say(question)
        digits = ""
        until = asyncio.get_running_loop().time() + FIRST_KEY_S
        while len(digits) < MOST_DIGITS and not mailbox.decided:
            key = mailbox.take_key(ALL_KEYS)
            if not key:
                left_s = until - asyncio.get_running_loop().time()
                await self._channel.lease(max(0.0, left_s) + LEASE_S)
                if not await mailbox.urgent_arrival(left_s):
                    break
                continue
            if key == "#":
                break
            digits = "" if key == "*" else digits + key
            until = asyncio.get_running_loop().time() + NEXT_KEY_S
        return digits
