"""A case lived through on a real phone, beside a simulated caller who goes the same way.

The simulated one knows what must be heard next; nothing is done on the phone before Asterisk has
begun to play all of it, and nothing else of the flow may be heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from ccengine.flowtest.caller import Ending, NotAsWrittenError
from ccengine.flowtest.case import CaseStep
from ccengine.flowtest.heard import Line
from ccengine.flowtest.outside import kind_of
from ccengine.flowtest.simulated import SimulatedCaller
from ccengine.ivr.speech import PromptMissingError, PromptStore
from ccengine.ivr.waits import Prompt, Wait
from simphones.callers import Call
from tests.kit.centre import Centre, Story
from tests.kit.sounds_played import SoundsPlayed

HEARD_WITHIN_S = 40.0
"""A long prompt, the time after it, and a busy machine."""

World = Callable[[Wait, CaseStep], Awaitable[None]]
"""Makes an agent, a phone or a system do what a step of the case says, at this wait."""


class PhoneCaller:
    """``known``: all that the flow can say; what else is heard (in a queue) is not the flow's."""

    def __init__(
        self,
        centre: Centre,
        call: Call,
        simulated: SimulatedCaller,
        *,
        known: Iterable[Prompt],
        world: World,
        channel: str,
    ) -> None:
        self._channel = channel
        self._played = SoundsPlayed(centre.asterisk.layout.log / "messages.log")
        self._centre = centre
        self._call = call
        self._simulated = simulated
        self._world = world
        settings = centre.settings
        self._store = PromptStore(settings.prompts, settings.tts_command)
        self._known = {sound for prompt in known if (sound := self._sound(prompt))}
        self._expected: list[tuple[str, bool]] = []
        """Sounds, and whether they must be heard: a key may come too soon for them."""
        self._seen = 0
        self._expect(all_must=True)

    @classmethod
    async def calls(
        cls,
        centre: Centre,
        simulated: SimulatedCaller,
        *,
        known: Iterable[Prompt],
        world: World,
        hz: float = 440.0,
    ) -> PhoneCaller:
        """Dials as the simulated caller did. ``hz``: what it hums when it is to speak; 0: not."""
        arrival = simulated.call.arrival
        call = await centre.callers.call(arrival.dnis, ani=arrival.ani, hz=hz)
        await call.answered(within=10)
        channels = await centre.asterisk.cli("core show channels concise")
        shown = [line.split("!") for line in channels.splitlines()]
        [channel] = [fields[0] for fields in shown if arrival.ani in fields]
        return cls(centre, call, simulated, known=known, world=world, channel=channel)

    @property
    def call(self) -> Call:
        return self._call

    @property
    def lines(self) -> Sequence[Line]:
        return self._simulated.lines

    async def hears(self, wanted: str) -> None:
        await self._simulated.hears(wanted)
        self._expect(all_must=True)
        await self._caught_up()

    async def asks(self, wanted: str) -> None:
        await self._simulated.asks(wanted)
        self._expect(all_must=True)
        await self._caught_up()

    async def presses(self, keys: str) -> None:
        self._simulated.runs_on()
        self._expect(all_must=True)
        await self._caught_up()
        await self._simulated.presses(keys)
        await self._call.press(keys)
        self._expect(all_must=False)

    async def is_silent(self) -> None:
        await self._caught_up()
        await self._simulated.is_silent()
        self._expect(all_must=True)
        await self._caught_up()

    async def says(self, text: str) -> None:
        raise NotAsWrittenError(f"somebody who says {text}", "a phone that only plays tones")

    async def hangs_up(self) -> None:
        await self._caught_up()
        await self._simulated.hangs_up()
        await self._call.hang_up()

    async def waits_until(self, at: datetime) -> None:
        raise NotAsWrittenError(f"the clock at {at}", "a real clock")

    async def outside(self, step: CaseStep) -> None:
        self._simulated.runs_on()
        self._expect(all_must=True)
        await self._caught_up()
        wait = self._simulated.call.wait
        await asyncio.gather(self._world(wait, step), self._simulated.outside(step))
        self._expect(all_must=True)

    async def ending(self) -> Ending:
        wanted = await self._simulated.ending()
        self._expect(all_must=True)
        await self._caught_up()
        ani = self._simulated.call.arrival.ani
        story = await self._centre.story(ani, lambda story: "flow.ended" in story.kinds())
        ending = _ending(story)
        if ending != Ending(result=wanted.result, step=wanted.step, way=list(wanted.way)):
            raise NotAsWrittenError(f"the simulated caller's end {wanted}", f"{ending}")
        return ending

    # -- what is heard

    def _sound(self, prompt: Prompt) -> str | None:
        """What speaks only now has no file that is known beforehand."""
        if prompt.live:
            return None
        try:
            return self._store.path(prompt)
        except PromptMissingError:
            return None

    def _expect(self, *, all_must: bool) -> None:
        """What the flow has said since the last time. Of keys pressed quickly only the prompts at
        which they have led are sure to be heard."""
        new = self._simulated.said[self._seen :]
        self._seen += len(new)
        sure = len(getattr(self._simulated.call.wait, "prompts", ()))
        for place, prompt in enumerate(new):
            sound = self._sound(prompt)
            if sound is not None:
                must = all_must or place >= len(new) - sure
                self._expected.append((sound, must))

    def _heard(self) -> list[str]:
        played = self._played.to(self._channel)
        plain = [sound if sound in self._known else sound.rpartition(".")[0] for sound in played]
        return [sound for sound in plain if sound in self._known]

    async def _caught_up(self) -> None:
        """Until all that must be heard by now has begun to play. Raises NotAsWrittenError."""
        try:
            async with asyncio.timeout(HEARD_WITHIN_S):
                while not self._all_heard():  # noqa: ASYNC110 - a file
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise NotAsWrittenError(f"{self._expected}", f"heard {self._heard()}") from None

    def _all_heard(self) -> bool:
        """Raises NotAsWrittenError when something else is heard.

        A key that does not count, such as the pound key after a full number, cuts a prompt, and the
        caller hears it anew.
        """
        expected = list(self._expected)
        before = ""
        for sound in self._heard():
            again, before = sound == before, sound
            if again and not (expected and expected[0][0] == sound):
                continue
            if not expected and kind_of(self._simulated.call.wait) is not None:
                break  # the outside has answered here sooner: compared when it has there
            while expected and expected[0][0] != sound and not expected[0][1]:
                del expected[0]
            if not expected or expected[0][0] != sound:
                due = expected[0][0] if expected else "silence"
                raise NotAsWrittenError(f"{due} on the phone", sound)
            del expected[0]
        return not any(must for _, must in expected)


def _ending(story: Story) -> Ending:
    ended = story.one("flow.ended")
    way = [(str(fact["step"]), str(fact["result"])) for fact in story.all("flow.stepped")]
    return Ending(result=str(ended["result"]), step=str(ended["step"]), way=way)
