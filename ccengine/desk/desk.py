"""All agents' pages: who has one open, what it shows, and what becomes of an agent without one.

Opening the page signs an agent in who was logged out: not ready, until it says ready. Logging out
signs it out. A page that closes without that (crash, sleep, network) leaves the agent signed in,
for the phone still lives; but if no page is back within ``grace_s`` an agent who could be offered
calls is set not ready with the reason ``page_lost``, for nobody sees what is offered to it. Talking
or in wrap-up, it is so only from then on: the present call is left alone.

One page per agent is live. A second one takes over; the first is told ``taken_over`` and closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from ccengine.clock import Clock
from ccengine.desk import messages
from ccengine.desk.door import AgentView, Door
from ccengine.desk.messages import OfferEnd, Ping, PopShown
from ccengine.desk.page import Farewell, Page, SocketTimes
from ccengine.desk.pop import Pop
from ccengine.desk.pops import OnLatePop, SentPops
from ccengine.desk.requests import Request, carry_out
from ccengine.ids import AgentId, CallId, OfferId
from ccengine.journal.facts import AgentState
from ccengine.site.model import Site
from ccengine.wire import UnreadableError, read

log = structlog.get_logger(__name__)

PAGE_LOST = "page_lost"
_NEEDS_A_PAGE = {AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTimes(SocketTimes):
    """Seconds."""

    grace_s: float = 15.0


class Desk:
    """Called by the engine (plain calls never block) and by the sockets; one event loop."""

    def __init__(
        self,
        door: Door,
        clock: Clock,
        site: Callable[[], Site],
        *,
        on_late_pop: OnLatePop | None = None,
        times: DeskTimes | None = None,
    ) -> None:
        self.times = times or DeskTimes()
        self.clock = clock
        self._door = door
        self._site = site
        self._sent = SentPops(clock, on_late_pop)
        self._pages: dict[AgentId, Page] = {}
        self._cards: dict[AgentId, Pop] = {}
        self._graces: dict[AgentId, asyncio.TimerHandle] = {}
        self._lost: set[AgentId] = set()
        """Set not ready for want of a page, and not yet seen to be so."""

    # --- the engine's side ---

    async def show_pop(self, pop: Pop, deadline_s: float) -> dict[AgentId, float]:
        """Show the card to the offer's agents; wait until it is on their screens.

        Returns, after ``deadline_s`` seconds at most, the milliseconds from the decision to the
        screen for each agent whose page said so; at once and empty when no page is open. A page
        that says so later is told to ``on_late_pop``.
        """
        text = messages.pop(pop)
        awaited = set()
        for agent_id in pop.agents:
            self._cards[agent_id] = pop
            page = self._pages.get(agent_id)
            if page is not None and page.send(text):
                awaited.add(agent_id)
        self._sent.add(pop, awaited)
        return await self._sent.wait(pop.offer_id, deadline_s)

    def offer_ended(
        self, agent_id: AgentId, offer_id: OfferId, call_id: CallId, result: OfferEnd
    ) -> None:
        """This agent's leg of the offer is over: answered, or why not."""
        if result != "answered":
            self._sent.offer_ended(offer_id, agent_id)
            card = self._cards.get(agent_id)
            if card is not None and card.offer_id == offer_id:
                del self._cards[agent_id]
        self._tell(agent_id, messages.offer_ended(offer_id, call_id, result))

    def call_ended(self, agent_id: AgentId, call_id: CallId, talk_s: float) -> None:
        """The agent's conversation is over; the card stays on the screen for the wrap-up."""
        self._sent.call_ended(call_id)
        self._tell(agent_id, messages.call_ended(call_id, talk_s))

    def state_changed(self, view: AgentView) -> None:
        """Called for each change, and once for every agent after a start."""
        agent_id = view.agent_id
        if view.state not in _NEEDS_A_PAGE:
            self._lost.discard(agent_id)
        if view.state in (AgentState.READY, AgentState.NOT_READY, AgentState.LOGGED_OUT):
            self._cards.pop(agent_id, None)
        if agent_id in self._pages:
            self._tell(agent_id, messages.state(view))
        elif view.state is AgentState.READY or agent_id not in self._lost:
            self._await_page(view)

    def phone_changed(self, view: AgentView) -> None:
        """Its phone can be reached again, or no more; the agent's state stays what it is."""
        if view.agent_id in self._pages:
            self._tell(view.agent_id, messages.state(view))

    # --- the sockets' side ---

    def open(self, agent_id: AgentId, session_id: str) -> Page | Farewell:
        """A page has connected. A farewell: there is no such agent in the site file."""
        view = self._door.view(agent_id)
        if view is None:
            return Farewell.AGENT_UNKNOWN
        page = Page(agent_id, session_id)
        before = self._pages.get(agent_id)
        self._pages[agent_id] = page
        self._end_grace(agent_id)
        self._lost.discard(agent_id)
        if before is not None:
            log.info("desk.taken_over", agent_id=agent_id)
            before.send(messages.TAKEN_OVER)
            before.close(Farewell.TAKEN_OVER)
        if view.state is AgentState.LOGGED_OUT:
            self._door.sign_in(agent_id)
        page.send(messages.state(self._door.view(agent_id) or view))
        if card := self._cards.get(agent_id):
            page.send(messages.pop(card))
        return page

    def closed(self, page: Page) -> None:
        """The connection is gone, by whatever cause."""
        if self._pages.get(page.agent_id) is not page:
            return
        del self._pages[page.agent_id]
        self._sent.page_gone(page.agent_id)
        view = self._door.view(page.agent_id)
        if view is not None:
            self._await_page(view)

    def hear(self, page: Page, raw: str) -> None:
        """One message of the page. What cannot be done is answered with ``refused``."""
        if self._pages.get(page.agent_id) is not page:
            return  # taken over, or logged out: what is still in its pipe counts no more
        try:
            message = read(messages.PAGE_MESSAGE, raw)
        except UnreadableError as wrong:
            page.send(messages.refused("message.invalid", str(wrong), ""))
            return
        match message:
            case Ping():
                page.send(messages.PONG)
            case PopShown():
                if not self._sent.shown(OfferId(message.offer_id), page.agent_id):
                    log.debug("pop.stale", agent_id=page.agent_id, offer_id=message.offer_id)
            case _:
                self._ask(page, message)

    def log_out(self, agent_id: AgentId, session_id: str) -> None:
        """The agent logged out on purpose. A login whose page was taken over takes nobody along."""
        page = self._pages.get(agent_id)
        if page is not None and page.session_id != session_id:
            return
        if page is not None:
            del self._pages[agent_id]
            self._sent.page_gone(agent_id)
            page.close(Farewell.LOGGED_OUT)
        self._end_grace(agent_id)
        self._door.sign_out(agent_id)

    def close(self) -> None:
        """The server stops: pages are sent away, and no agent is blamed for it."""
        for handle in self._graces.values():
            handle.cancel()
        self._graces.clear()
        pages, self._pages = self._pages, {}
        for page in pages.values():
            page.close(Farewell.GOING_AWAY)

    @property
    def connected(self) -> frozenset[AgentId]:
        """The agents with a live page."""
        return frozenset(self._pages)

    # --- inside ---

    def _ask(self, page: Page, request: Request) -> None:
        page.mark_active()
        refusal = carry_out(request, page.agent_id, self._door, self._site())
        if refusal is not None:
            page.send(messages.refused(refusal.error_id, refusal.message, request.type))

    def _tell(self, agent_id: AgentId, message: str) -> None:
        page = self._pages.get(agent_id)
        if page is not None and not page.send(message) and page.cut.is_set():
            log.warning("page.too_slow", whose=agent_id)

    def _await_page(self, view: AgentView) -> None:
        if view.state not in _NEEDS_A_PAGE:
            self._end_grace(view.agent_id)
        elif view.agent_id not in self._graces:
            self._graces[view.agent_id] = asyncio.get_running_loop().call_later(
                self.times.grace_s, self._page_lost, view.agent_id
            )

    def _end_grace(self, agent_id: AgentId) -> None:
        if handle := self._graces.pop(agent_id, None):
            handle.cancel()

    def _page_lost(self, agent_id: AgentId) -> None:
        del self._graces[agent_id]
        view = self._door.view(agent_id)
        if view is not None and view.state in _NEEDS_A_PAGE:
            log.warning("desk.page_lost", agent_id=agent_id, state=view.state)
            self._lost.add(agent_id)
            self._door.not_ready(agent_id, PAGE_LOST)
