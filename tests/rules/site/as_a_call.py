"""A contact centre as its site file says, driven call by call: the file's text goes through the
real loader into the real ACD."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ccengine.acd.core import Acd
from ccengine.acd.inputs import AskCallback, CallbackTried, ExtendWrapUp, Join, QueueHours
from ccengine.acd.rules import personal_queue
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import CallbackResult
from ccengine.site.acd import acd_rules
from ccengine.site.vip import head_start_s, vip_level
from tests.rules.acd.floor_driver import Centre
from tests.rules.site.site_text import sales, site

T = TypeVar("T", bound=Callable[..., object])


def shows(*keys: str) -> Callable[[T], T]:
    """This test shows what these keys of the site file do: ``queue.wrap_up``. See
    test_every_rule_is_shown.py."""

    def mark(test: T) -> T:
        test.shows = keys  # type: ignore[attr-defined]
        return test

    return mark


class SiteCentre(Centre):
    """Agents and queues go by the names of the site file."""

    def __init__(self, text: str, seed: int = 0) -> None:
        super().__init__()
        self.site = site(text)
        self.acd = Acd(acd_rules(self.site, seed=seed), boot="b")

    def rings(self, call: str, by: str = "", to: str = "sales", last_agent: str = "") -> None:
        """A call comes in from this number, by a trusted trunk."""
        level = vip_level(self.site, by, verified=True)
        found = self.site.vip_levels.get(level)
        self.say(
            Join(
                call_id=CallId(call),
                queue=QueueId(to),
                queued_at=self.now,
                head_start_s=head_start_s(self.site, level),
                ageing=found.ageing if found else 1.0,
                prefers=AgentId(last_agent) if last_agent else None,
            )
        )

    def rings_for(self, call: str, agent: str) -> None:
        """Into the agent's own queue."""
        self.rings(call, to=personal_queue(AgentId(agent)))

    def opens(self, open_: bool, queue: str = "sales") -> None:
        self.say(QueueHours(queue=QueueId(queue), open=open_))

    def asks_for_callback(self, call: str, callback: str) -> None:
        self.say(
            AskCallback(call_id=CallId(call), callback_id=CallId(callback), number="13800000009")
        )

    def not_reached(self, callback: str) -> None:
        self.say(CallbackTried(callback_id=CallId(callback), result=CallbackResult.NO_ANSWER))

    def extends_wrap_up(self, agent: str) -> None:
        self.say(ExtendWrapUp(agent_id=AgentId(agent)))

    def everybody_talks(self, *agents: str, to: str = "sales") -> None:
        """Each of these agents has a call that does not end."""
        for agent in agents:
            self.at_work(agent)
            self.rings(f"with {agent}", to=to)
            self.answers(agent)


def centre(rules: str = "", more: str = "", head: str = "", seed: int = 0) -> SiteCentre:
    """A queue ``sales`` with these rules, linear, agents 1001 (english 5), 1002 (english 2) and
    1003 (billing 3), no wrap-up. ``more``: further lines; ``head``: lines at the top."""
    if "wrap_up:" not in rules:
        rules = rules.rstrip() + "\nwrap_up: 0"
    return SiteCentre(head + sales(rules, more), seed=seed)
