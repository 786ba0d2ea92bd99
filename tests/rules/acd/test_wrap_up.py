"""The time after a talk: so many seconds, or until the agent is done, and longer if it asks."""

from __future__ import annotations

from ccengine.acd.inputs import ExtendWrapUp
from ccengine.acd.rules import QueueRules, WrapUpMode
from ccengine.ids import AgentId
from ccengine.journal.facts import AgentState, AgentWished, WrapUpEnded, WrapUpExtended
from tests.rules.acd.floor_driver import START, Centre, queue

ANN = AgentId("ann")


def longer(**more: object) -> QueueRules:
    return queue(wrap_up=20, wrap_up_extension_s=30.0, wrap_up_extensions=2, **more)


def until_done() -> QueueRules:
    return queue(wrap_up_mode=WrapUpMode.UNTIL_DONE)


def wraps_up(*queues: QueueRules) -> Centre:
    """Ann wraps up a call since just now."""
    centre = Centre(*queues)
    centre.at_work("ann")
    centre.talks("ann", "c1", seconds=60)
    assert centre.state("ann") is AgentState.WRAP_UP
    return centre


def extend(centre: Centre) -> None:
    centre.say(ExtendWrapUp(agent_id=ANN))


def test_a_fixed_wrap_up_ends_by_itself() -> None:
    centre = wraps_up(longer())
    assert centre.acd.agent(ANN).wrap_up_until == START + 80
    centre.pass_time(20)
    assert centre.one(WrapUpEnded).wrap_up_s == 20.0
    assert centre.state("ann") is AgentState.READY


def test_the_agent_takes_more_time_as_often_as_the_queue_allows() -> None:
    centre = wraps_up(longer())
    assert centre.acd.agent(ANN).extensions_left == 2
    extend(centre)
    told = centre.one(WrapUpExtended)
    assert (told.until, told.extended) == (START + 110, 1)
    extend(centre)
    status = centre.acd.agent(ANN)
    assert (status.wrap_up_until, status.extensions_left) == (START + 140, 0)
    extend(centre)
    assert centre.ignored() == (
        "extend_wrap_up: agent ann has made it longer 2 times, and may not again"
    )
    centre.pass_time(79)
    assert centre.state("ann") is AgentState.WRAP_UP
    centre.pass_time(1)
    assert centre.one(WrapUpEnded).wrap_up_s == 80.0


def test_the_next_wrap_up_can_be_made_longer_anew() -> None:
    centre = wraps_up(longer())
    extend(centre)
    centre.ready("ann")
    centre.talks("ann", "c2")
    assert centre.acd.agent(ANN).extensions_left == 2


def test_where_no_extension_is_given_it_is_said() -> None:
    centre = wraps_up(queue(wrap_up=20))
    assert centre.acd.agent(ANN).extensions_left == 0
    extend(centre)
    assert centre.ignored() == ("extend_wrap_up: agent ann cannot make a wrap-up of sales longer")


def test_a_wrap_up_until_done_lasts_until_the_agent_is_ready() -> None:
    centre = wraps_up(until_done())
    status = centre.acd.agent(ANN)
    assert (status.wrap_up_until, status.since) == (None, START + 60)
    assert centre.pass_time(5_000) == []
    centre.ready("ann")
    assert centre.one(WrapUpEnded).wrap_up_s == 5_000.0
    assert centre.state("ann") is AgentState.READY


def test_a_wrap_up_until_done_ends_with_a_break_too() -> None:
    centre = wraps_up(until_done())
    centre.not_ready("ann", "meal")
    assert centre.one(WrapUpEnded).wrap_up_s == 0.0
    assert centre.state("ann") is AgentState.NOT_READY


def test_a_fixed_wrap_up_goes_on_when_a_break_is_asked_for() -> None:
    centre = wraps_up(longer())
    centre.not_ready("ann", "meal")
    assert centre.state("ann") is AgentState.WRAP_UP
    assert centre.one(AgentWished).reason == "meal"


def test_a_wrap_up_until_done_has_no_need_to_be_longer() -> None:
    centre = wraps_up(until_done())
    extend(centre)
    assert centre.ignored() == (
        "extend_wrap_up: agent ann has all the time it needs: its wrap-up ends when it says so"
    )


def test_sign_out_ends_any_wrap_up() -> None:
    centre = wraps_up(until_done())
    centre.sign_out("ann")
    assert centre.state("ann") is AgentState.LOGGED_OUT
    assert centre.one(WrapUpEnded).wrap_up_s == 0.0


def test_an_agent_whose_queue_is_gone_cannot_make_its_wrap_up_longer() -> None:
    centre = wraps_up(longer())
    centre.new_rules(queue("support"))
    extend(centre)
    assert "is not there (any more)" in centre.ignored()
