"""What a flow's lookups are answered with: the outside, the customers, who talked last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ccengine.calls.live import LiveCall
from ccengine.calls.store import past_calls
from ccengine.contacts.store import card_of, cards_of
from ccengine.db.hops import Hops
from ccengine.desk.pop import CustomerCard
from ccengine.ids import AgentId, CustomerId
from ccengine.ivr.answers import LookedUp, Routed
from ccengine.ivr.waits import LookupWait, RouteWait, Value
from ccengine.outside.picking import looked_up
from ccengine.outside.systems import Asked, Outside
from ccengine.site.model import Site

log = structlog.get_logger(__name__)

DEADLINE_S = 2.0
"""Of the engine's own tables."""
HISTORY_LOOKED_AT = 5


class Lookups:
    def __init__(self, *, outside: Outside, hops: Hops, site: Callable[[], Site]) -> None:
        self._outside = outside
        self._hops = hops
        self._site = site

    async def look_up(self, wait: LookupWait, call: LiveCall) -> Asked:
        """Never raises for what is outside, and takes no longer than its deadline."""
        if wait.kind in ("http", "sql"):
            return await self._outside.look_up(wait)
        try:
            async with asyncio.timeout(min(wait.deadline_s or DEADLINE_S, DEADLINE_S)):
                if wait.kind == "customer":
                    return Asked(answer=await self._customer(wait, call))
                return Asked(answer=await self._last_agent(wait, call))
        except TimeoutError:
            return Asked(answer=LookedUp(found=False, why="late"))
        except (SQLAlchemyError, OSError) as error:
            log.warning("lookup.failed", what=wait.kind, why=type(error).__name__)
            return Asked(answer=LookedUp(found=False, why="unreachable"))

    async def route(self, wait: RouteWait, call: LiveCall) -> Routed:
        """Never raises for what is outside, and takes no longer than its deadline."""
        return await self._outside.route(wait, call.language)

    async def _customer(self, wait: LookupWait, call: LiveCall) -> LookedUp:
        """Who is found is the call's customer from here on, if the call had none: the agent's card
        shows it."""
        card = await self._card(wait.values)
        if card is None:
            return LookedUp(found=False)
        call.customer = call.customer or card
        answer = {
            "id": card.customer_id,
            "name": card.name,
            "vip_level": card.vip_level,
            "tags": list(card.tags),
            "note": card.note,
        }
        return looked_up(answer, wait.wants)

    async def _card(self, values: Mapping[str, Value]) -> CustomerCard | None:
        if "id" in values:
            customer_id = _customer_id(values["id"])
            if customer_id is None:
                return None
            return await self._hops.read(lambda connection: card_of(connection, customer_id))
        number = str(values.get("number", ""))
        cards = await self._hops.read(lambda connection: cards_of(connection, number))
        return cards[0] if len(cards) == 1 else None

    async def _last_agent(self, wait: LookupWait, call: LiveCall) -> LookedUp:
        agent = call.last_agent
        if "id" in wait.values:
            customer_id = _customer_id(wait.values["id"])
            agent = None if customer_id is None else await self._talked_last(customer_id)
        if agent is None:
            return LookedUp(found=False)
        known = self._site().agents.get(agent)
        answer = {"agent": agent, "name": known.name if known else ""}
        return looked_up(answer, wait.wants)

    async def _talked_last(self, customer_id: CustomerId) -> AgentId | None:
        names = {AgentId(key): agent.name for key, agent in self._site().agents.items()}

        def look(connection: Connection) -> AgentId | None:
            past = past_calls(connection, customer_id, "", HISTORY_LOOKED_AT, agent_names=names)
            return next((call.agent_id for call in past if call.agent_id), None)

        return await self._hops.read(look)


def _customer_id(value: Value) -> CustomerId | None:
    """Customers are numbered; digits that a caller keyed in may be anything."""
    text = str(value)
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        return None
    return CustomerId(int(text))
