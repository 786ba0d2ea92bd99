"""Callers, agents and their phones on a real Asterisk, and what must be true after any race."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from typing import Any

from simphones.light.callers import Call, Callers
from simphones.light.phones import RING_S, Phone, Phones, Ring
from tests.kit.agent_page import AgentPage
from tests.kit.centre import Centre, Story
from tests.on_asterisk.centre_of_queues import NUMBERS

_LOGINS_AT_ONCE = 4
TALK_S = 0.05
SOON = 5.0
"""Within seconds, where nothing shorter is promised."""


class Floor:
    """The agents at their phones and pages; callers come by ``call``."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.callers = Callers(centre.asterisk.sip)
        self.phones = Phones(centre.asterisk.sip)
        self.pages: dict[str, AgentPage] = {}
        self._calls: list[Call] = []

    def close(self) -> None:
        self.callers.wire.close()
        self.phones.wire.close()

    # ---- agents

    async def register(self, extensions: Iterable[str]) -> None:
        for extension in extensions:
            await self.phones.register(extension, self.centre.asterisk.secrets.sip[extension])

    async def sign_in(self, extensions: Sequence[str]) -> None:
        """At their pages and ready; those with a phone are seen to have it."""
        few = asyncio.Semaphore(_LOGINS_AT_ONCE)

        async def one(extension: str) -> None:
            async with few:
                page = await self.centre.page(self.centre.asterisk.site.agents[extension].username)
                self.pages[extension] = page
                if extension in self.phones.all:
                    await page.reachable()
                await page.ready()

        async with asyncio.TaskGroup() as group:
            for extension in extensions:
                group.create_task(one(extension))

    async def sign_out(self, extension: str) -> None:
        await self.centre.sign_out(self.pages.pop(extension))

    def phone(self, extension: str) -> Phone:
        return self.phones.all[extension]

    def behave(
        self,
        extensions: Iterable[str],
        *,
        answers_after: float | None = RING_S,
        talk_s: float | None = TALK_S,
        refuses_with: str = "",
    ) -> None:
        """From the next ring on. None: not by itself."""
        for extension in extensions:
            phone = self.phone(extension)
            phone.answers_after = answers_after
            phone.talk_s = lambda: talk_s
            phone.refuses_with = refuses_with

    # ---- calls

    def call(self, to: str, ani: str = "") -> Call:
        """``to``: a queue, or another key of ``NUMBERS``."""
        call = self.callers.call(NUMBERS[to], ani)
        self._calls.append(call)
        return call

    def rings(self, *calls: Call) -> list[Ring]:
        """At all phones, in the order in which they began; of these calls, or all."""
        numbers = {call.ani for call in calls}
        found = [ring for phone in self.phones.all.values() for ring in phone.rings]
        return sorted(
            (ring for ring in found if not calls or ring.ani in numbers), key=lambda ring: ring.at
        )

    async def rung(self, *calls: Call, times: int = 1, within: float = SOON) -> list[Ring]:
        """These calls have rung so often, together."""
        await self.phones.wire.watch.until(
            lambda: len(self.rings(*calls)) >= times,
            within=within,
            complaint=lambda: f"{times} rings wanted\n{self.tell(*calls)}",
        )
        return self.rings(*calls)

    async def connected(self, *rings: Ring) -> None:
        """They talk. Who hangs up in the moment between the answer and this has refused."""
        await self.phones.wire.watch.until(
            lambda: all(ring.talked for ring in rings), within=SOON, complaint=self.tell
        )
        for ring in rings:
            page = self.pages[ring.extension]
            await page.until(lambda _, page=page: page.state == "talking", within=SOON)

    async def over(self, *calls: Call, within: float = 15.0) -> None:
        """The callers are gone."""
        await self.callers.wire.watch.until(
            lambda: all(call.is_over for call in calls),
            within=within,
            complaint=lambda: self.tell(*calls),
        )

    async def served(self, to: str, ani: str = "") -> Ring:
        """One call from beginning to end, answered at the first ring."""
        call = self.call(to, ani)
        await self.over(call)
        rings = self.rings(call)
        assert [ring.talked for ring in rings] == [True], self.tell(call)
        return rings[0]

    async def story(self, call: Call) -> Story:
        """All of it."""
        return await self.centre.story(call.ani, lambda story: "call.ended" in story.kinds())

    # ---- afterwards

    def send_callers_home(self) -> None:
        """Whoever a test that failed has left behind."""
        for call in self._calls:
            call.hang_up()
        for phone in self.phones.all.values():
            phone.hang_up()
        self._calls.clear()

    async def calm(self, *calls: Call) -> dict[str, Story]:
        """After a race: no call, channel or ring is left, everybody is ready, each call's story
        has one end, and what it says of talks is what happened at the phones. By caller."""
        await self.over(*calls)
        assert await self.phones.idle(SOON), self.tell(*calls)
        assert self.phones.collisions == 0, self.tell(*calls)
        for page in self.pages.values():
            await self._settles(page, calls)
        await self._no_channel_is_left(calls)
        stories = {call.ani: await self.story(call) for call in calls}
        for call in calls:
            self._check(stories[call.ani], call)
        assert "call.broke" not in self.centre.log_text()
        return stories

    async def _settles(self, page: AgentPage, calls: Sequence[Call]) -> None:
        try:
            await page.until(lambda _: page.state == "ready", within=SOON)
        except AssertionError:
            said = [one.message for one in page.heard[-8:]]
            raise AssertionError(f"not ready again: {said}\n{self.tell(*calls)}") from None

    async def _no_channel_is_left(self, calls: Sequence[Call]) -> None:
        left = ""
        try:
            async with asyncio.timeout(SOON):
                while left := (  # noqa: ASYNC110 - a console
                    await self.centre.asterisk.cli("core show channels concise")
                ).strip():
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"channels are left:\n{left}\n{self.tell(*calls)}") from None
        # Asterisk's word that a phone is idle again follows the end of its channel.
        await self.centre.asterisk_shows(
            "pjsip show endpoints",
            lambda shown: not re.search(r"In use|Busy|Ringing|Ring\+", _without_idle(shown)),
            within=SOON,
        )

    def _check(self, story: Story, call: Call) -> None:
        said = self.tell(call, story=story)
        kinds = story.kinds()
        assert kinds.count("call.ended") == 1, said
        stays = len([fact for fact in story.all("call.queued") if not fact.get("moved_from")])
        answers = story.all("call.answered")
        assert len(answers) + kinds.count("call.abandoned") == stays, said
        assert kinds.count("talk.ended") == len(answers), said
        rings = {(ring.offer_id, ring.extension): ring for ring in self.rings(call)}
        for answer in answers:
            ring = rings.get((answer["offer_id"], answer["agent_id"]))
            assert ring is not None, said
            assert ring.talked, said
        for offer in story.all("offer.made"):
            legs = [fact for fact in story.all("offer.ended") if _same(fact, offer)]
            won = [fact["agent_id"] for fact in answers if _same(fact, offer)]
            ended = [fact["agent_id"] for fact in legs]
            # An answer that comes late is believed: its leg was told as ended before.
            assert sorted({*ended, *won}) == sorted(offer["agents"]), said
            assert len(ended) == len(set(ended)), said

    def tell(self, *calls: Call, story: Story | None = None) -> str:
        """The whole story of calls in words, for who must find out why."""
        lines = []
        for call in calls:
            lines.append(
                f"caller {call.ani}: dialled {call.invited_at:.3f}, answered"
                f" {_after(call.answered_at, call)}, ended {_after(call.ended_at, call)}"
            )
            for ring in self.rings(call):
                lines.append(
                    f"  rang {ring.extension} at {_after(ring.at, call)}, answered"
                    f" {_after(ring.answered_at, call)}, talked {ring.talked}, {ring.end} at"
                    f" {_after(ring.ended_at, call)} ({ring.offer_id})"
                )
        if story is not None:
            lines += [f"  {fact['kind']}: {_short(fact)}" for fact in story.facts]
        lines.append(f"collisions: {self.phones.collisions}")
        lines.append(f"states: { {name: page.state for name, page in self.pages.items()} }")
        return "\n".join(lines)


def _without_idle(endpoints: str) -> str:
    return endpoints.replace("Not in use", "")


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["offer_id"] == other["offer_id"])


def _after(at: float, call: Call) -> str:
    return f"+{at - call.invited_at:.3f}" if at else "never"


def _short(fact: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fact.items() if key not in ("kind", "call_id")}
