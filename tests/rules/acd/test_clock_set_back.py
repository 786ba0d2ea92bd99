"""A restart after the machine's clock was set back: the journal's moments lie in the future."""

from __future__ import annotations

from ccengine.acd.core import Acd
from ccengine.acd.inputs import AdoptAgent
from ccengine.acd.rules import AcdRules, QueueRules, Strategy
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import AgentState

WANG, SALES = AgentId("1001"), QueueId("sales")


def test_a_wrap_up_taken_up_again_is_no_longer_than_it_was_meant_to_be() -> None:
    rules = QueueRules(queue=SALES, strategy=Strategy.LINEAR, agents=(WANG,), wrap_up_s=20.0)
    acd = Acd(AcdRules(queues={SALES: rules}), boot="second")
    an_hour_ago = 1_000.0

    acd.handle(
        AdoptAgent(
            agent_id=WANG,
            signed_in=True,
            ready=True,
            reason="",
            wrap_up_since=4_600.0,
            wrap_up_until=4_620.0,
            wrap_up_call=CallId("call-1"),
            wrap_up_queue=SALES,
            calls_answered={},
            last_call_ended_at={},
        ),
        an_hour_ago,
    )

    agent = acd.agent(WANG)
    assert agent.state is AgentState.WRAP_UP
    assert agent.wrap_up_until == an_hour_ago + 20.0
