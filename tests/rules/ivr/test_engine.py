"""What holds for any flow: save and restore, budgets, and decent ends when we are at fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ccengine.ids import FlowId
from ccengine.ivr.answers import Answer, HungUp, KnowledgeFound, Played, QueueLeft, QueueResult
from ccengine.ivr.engine import (
    MAX_PATH,
    MAX_STEPS,
    MAX_STEPS_BETWEEN_WAITS,
    FlowBudgetError,
    FlowOverError,
    FlowRun,
)
from ccengine.ivr.model import Flow, Stay, UnexpectedAnswerError
from ccengine.ivr.saved import FlowChangedError, SavedRunError
from ccengine.ivr.steps.goto import GotoStep
from ccengine.ivr.steps.hangup import HangupStep
from ccengine.ivr.waits import EndWait, KnowledgeWait
from ccengine.journal.facts import FlowEnded

Dial = Any

LONG_CALL: tuple[Answer, ...] = (
    Played(key="9"),
    Played(),
    Played(key="7"),
    Played(key="3"),
    KnowledgeFound(article_id="a-1", spoken="Restart the modem."),  # type: ignore[arg-type]
    Played(),
    Played(key="0"),
    QueueLeft(result=QueueResult.TIMED_OUT),
    Played(),
    Played(),
)
"""Through every kind of wait, in English, to the flow's own end."""


def stored(run: FlowRun) -> dict[str, object]:
    """As it comes back from a database."""
    loaded: dict[str, object] = json.loads(json.dumps(run.save()))
    return loaded


def test_a_run_restored_at_any_wait_goes_on_as_if_nothing_had_happened(
    dial: Dial, main: Flow
) -> None:
    for saved_at in range(len(LONG_CALL) + 1):
        call, twin = dial(main), dial(main)
        for answer in LONG_CALL[:saved_at]:
            call.answers(answer)
            twin.answers(answer)
        call.run = FlowRun.restore(main, stored(call.run), call.is_open)
        if isinstance(call.run.wait, KnowledgeWait):
            # An answer being read is not saved: it is looked up again and read from its beginning.
            found = [one for one in LONG_CALL[:saved_at] if isinstance(one, KnowledgeFound)]
            for answer in found[-1:]:
                call.answers(answer)
                call.now -= 1.0
        assert call.run.wait == twin.wait
        for answer in LONG_CALL[saved_at:]:
            call.answers(answer)
            twin.answers(answer)
        assert call.facts == twin.facts
        assert call.run.path == twin.run.path
        call.ends("finished", step="goodbye")


def test_a_restored_run_is_at_the_same_step_and_language(dial: Dial, main: Flow) -> None:
    call = dial(main)
    call.presses("9")
    call.presses("7")
    run = FlowRun.restore(main, stored(call.run), call.is_open)
    assert (run.step, run.language, run.path) == ("main_menu", "en", call.run.path)
    assert run.flow is main


def test_a_changed_flow_is_not_taken_up(dial: Dial, main: Flow) -> None:
    call = dial(main)
    changed = Flow(id=main.id, version="other", start=main.start, steps=main.steps)
    with pytest.raises(FlowChangedError, match=main.version):
        FlowRun.restore(changed, stored(call.run), call.is_open)


@pytest.mark.parametrize(
    "damage",
    [
        {"frames": []},
        {"frames": [{"flow": "main", "step": "gone", "data": {}}]},
        {"phase": "asleep"},
        {"format": 1},
        {"more": 1},
        {"path": "x"},
    ],
)
def test_a_damaged_saved_run_is_refused_by_name(
    dial: Dial, main: Flow, damage: dict[str, object]
) -> None:
    call = dial(main)
    with pytest.raises(SavedRunError):
        FlowRun.restore(main, {**stored(call.run), **damage}, call.is_open)


def spinning() -> Flow:
    """What no file can contain: the check refuses it."""
    steps = {
        "a": GotoStep(type="goto", step="b"),
        "b": GotoStep(type="goto", step="a"),
    }
    return Flow(id=FlowId("spin"), version="1", start="a", steps=steps)


def test_a_flow_that_spins_ends_with_an_apology(dial: Dial) -> None:
    call = dial(spinning())
    call.hears("系统出现故障")
    assert [type(error) for error in call.errors] == [FlowBudgetError]
    assert str(MAX_STEPS_BETWEEN_WAITS) in str(call.errors[0])
    assert len(call.way) == MAX_STEPS_BETWEEN_WAITS
    call.listens()
    call.ends("failed", step="a")


def test_a_caller_cannot_go_round_for_ever(dial: Dial, main: Flow) -> None:
    call = dial(main)
    call.presses("9")
    round_ = (
        lambda: call.presses("3"),
        lambda: call.is_told("Restart the modem."),
        lambda: call.listens(),
        lambda: call.presses("*"),
    )
    answers = 0
    while not call.errors:
        round_[answers % 4]()
        answers += 1
        assert answers <= MAX_STEPS, "the run has no end"
    assert str(MAX_STEPS) in str(call.errors[0])
    assert len(call.way) > MAX_PATH
    assert len(call.run.path) == MAX_PATH, "what is saved does not grow without end"
    call.hears("something went wrong")
    call.listens()
    assert call.wait == EndWait(result="failed")


def test_the_budget_goes_on_after_a_restore(dial: Dial, main: Flow) -> None:
    call = dial(main)
    call.presses("9")
    saved = stored(call.run) | {"steps_taken": MAX_STEPS}
    call.run = FlowRun.restore(main, saved, call.is_open)
    call.presses("1")
    assert [type(error) for error in call.errors] == [FlowBudgetError]


def test_a_saved_run_is_small_whatever_the_flow(dial: Dial, main: Flow) -> None:
    """Base64 of it must pass an AGI line of 8 KiB."""
    name = "s" * 48
    call = dial(main)
    call.presses("9")
    call.presses("3")
    call.is_told("很长的答案。" * 1_000)
    assert len(json.dumps(call.run.save())) < 1_000
    long_names = Flow(
        id=FlowId("f" * 32),
        version="v" * 12,
        start=name,
        steps={name: GotoStep(type="goto", step=name)},
    )
    call = dial(long_names)
    assert len(call.run.path) == MAX_PATH
    assert len(json.dumps(call.run.save())) < 6_000


class BrokenStep(HangupStep):
    """A step with a mistake of ours in it."""

    def enter(self, scene: object) -> Any:
        raise ZeroDivisionError("ours")


class MuteStep(HangupStep):
    """A step that cannot say what it waits for."""

    def enter(self, scene: Any) -> Any:
        return Stay(memory={})

    def wait(self, language: str, memory: object) -> Any:
        raise ZeroDivisionError("ours")


@pytest.mark.parametrize("step", [BrokenStep, MuteStep])
def test_a_broken_step_apologises_and_ends_this_call_only(
    dial: Dial, step: Callable[..., HangupStep]
) -> None:
    flow = Flow(id=FlowId("f"), version="1", start="a", steps={"a": step(type="hangup")})
    call = dial(flow, language="en")
    call.hears("something went wrong")
    assert [type(error) for error in call.errors] == [ZeroDivisionError]
    call.listens()
    call.ends("failed", step="a")


def test_a_caller_who_leaves_during_the_apology_is_counted_once(dial: Dial) -> None:
    call = dial(spinning())
    call.hangs_up()
    call.ends("failed", step="a")


def test_a_failed_run_restored_in_its_apology_still_ends(dial: Dial) -> None:
    flow = spinning()
    call = dial(flow)
    call.run = FlowRun.restore(flow, stored(call.run), call.is_open)
    call.hears("系统出现故障")
    call.listens()
    call.ends("failed", step="a")


@pytest.mark.parametrize(
    "answer",
    [QueueLeft(result=QueueResult.SERVED), KnowledgeFound(article_id=None), "nonsense"],
)
def test_an_answer_nobody_asked_for_is_our_mistake(dial: Dial, main: Flow, answer: Any) -> None:
    call = dial(main)
    call.answers(answer)
    assert [type(error) for error in call.errors] == [UnexpectedAnswerError]
    call.hears("系统出现故障")


def test_a_run_is_started_once_and_not_answered_after_its_end(dial: Dial, main: Flow) -> None:
    call = dial(main)
    with pytest.raises(FlowOverError):
        call.run.start(0.0)
    call.hangs_up()
    with pytest.raises(FlowOverError):
        call.run.resume(HungUp(), 0.0)
    fresh = FlowRun(main, call.context)
    with pytest.raises(FlowOverError):
        fresh.resume(Played(), 0.0)
    with pytest.raises(FlowOverError):
        _ = fresh.wait


def test_hours_the_site_lost_end_the_call_decently(dial: Dial, main: Flow) -> None:
    call = dial(main)

    def no_hours(name: str, now: float) -> bool:
        raise KeyError(name)

    call.run = FlowRun.restore(main, stored(call.run), no_hours)
    call.listens()
    call.hears("系统出现故障")
    ended = [fact for fact in call.facts if isinstance(fact, FlowEnded)]
    assert [(fact.step, fact.result) for fact in ended] == [("opening_hours", "failed")]
