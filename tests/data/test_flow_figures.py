"""The example of ``ccengine.flows.figures``, told as calls, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ccengine.clock import moment
from ccengine.db.session import Database
from ccengine.flows.figures import FlowFigures, flow_figures
from ccengine.ids import CallId, FlowId
from ccengine.journal.entry import entry
from ccengine.journal.facts import CallFact, FlowEnded, FlowEntered, FlowStepped
from ccengine.journal.flow_sums import FlowSums
from ccengine.journal.store import append
from tests.data.stories import START, queued

MAIN = FlowId("main")
DAY = timedelta(days=1)


def began(call: str, at: float = START, version: str = "v1") -> CallFact:
    return FlowEntered(at=at, call_id=CallId(call), flow=MAIN, version=version, language="zh-CN")


def stepped(
    call: str, step: str, result: str, took_s: float, *, silent: int = 0, wrong: int = 0
) -> CallFact:
    return FlowStepped(
        at=START + took_s,
        call_id=CallId(call),
        flow=MAIN,
        step=step,
        step_type="menu" if step == "menu" else "play",
        result=result,
        no_input=silent,
        invalid=wrong,
        version="v1",
        took_s=took_s,
    )


def over(call: str, step: str, result: str, took_s: float, after: float = 0.0) -> CallFact:
    return FlowEnded(
        at=START + after + took_s,
        call_id=CallId(call),
        flow=MAIN,
        step=step,
        result=result,
        version="v1",
        took_s=took_s,
    )


def ten_calls() -> list[CallFact]:
    told = [began(f"call-{number}") for number in range(10)]  # call-0 listens still
    told.append(over("call-1", "menu", "hung_up", 9.0))
    for call in ("call-2", "call-3"):
        told.append(stepped(call, "menu", "no_input", 21.0, silent=3))
        told += [queued(call, START + 21), over(call, "sales", "finished", 60.0, 21.0)]
    told.append(stepped("call-4", "menu", "1", 4.0, wrong=1))
    told += [stepped(f"call-{number}", "menu", "1", 4.0) for number in (5, 6, 7, 8)]
    told.append(over("call-9", "menu", "failed", 4.0))
    for call in ("call-4", "call-5", "call-6"):
        told += [stepped(call, "answer", "played", 12.3), over(call, "bye", "finished", 0.0, 17.0)]
    told += [over(call, "answer", "hung_up", 5.0, 4.0) for call in ("call-7", "call-8")]
    return told


async def write(database: Database, facts: list[CallFact]) -> None:
    entries = [entry(f"fact-{number}", 0.0, fact) for number, fact in enumerate(facts)]
    async with database.engine.begin() as connection:
        await connection.run_sync(append, entries)


async def figures(database: Database, since: float = START, **more: str) -> FlowFigures | None:
    sums = FlowSums(database.sessions)
    start = moment(since)
    steps, calls = await sums.steps(start, start + DAY), await sums.calls(start, start + DAY)
    return flow_figures(steps, calls, more.get("version")).get(MAIN)


async def test_the_example_of_the_docstrings(database: Database) -> None:
    await write(database, ten_calls())
    found = await figures(database)
    assert found is not None
    assert (found.calls, found.over, found.human) == (10, 9, 2)
    assert (found.finished, found.hung_up) == (3, 3)
    assert found.containment == pytest.approx(6 / 9)
    menu = found.steps["menu"]
    assert (menu.visits, menu.left, menu.failed) == (9, 1, 1)
    assert (menu.no_input, menu.invalid) == (2, 1)
    assert menu.results == {"1": 5, "no_input": 2}
    assert menu.median_s == 4.0
    assert menu.drop_off == menu.invalid_rate == pytest.approx(1 / 9)
    assert menu.no_input_rate == pytest.approx(2 / 9)
    shares = menu.share(["1"]) + menu.share(["no_input"])
    assert shares + menu.drop_off + menu.failed / menu.visits == pytest.approx(1)
    answer = found.steps["answer"]
    assert (answer.visits, answer.left, answer.median_s) == (5, 2, 12.5)


async def test_versions_and_days_stand_apart(database: Database) -> None:
    other = began("call-x", START + 5, "v2")
    await write(database, [*ten_calls(), other])
    first = await figures(database, version="v1")
    second = await figures(database, version="v2")
    assert first is not None
    assert second is not None
    assert (first.calls, second.calls, second.over) == (10, 1, 0)
    assert second.containment is None
    assert await figures(database, START + 86_400) is None


async def test_facts_of_old_count_without_a_version(database: Database) -> None:
    await write(database, ten_calls())
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE journal SET body = "
            + (
                "json_remove(body, '$.version', '$.took_s')"
                if database.is_sqlite
                else "body - 'version' - 'took_s'"
            )
            + " WHERE kind = 'flow.stepped'"
        )
    found = await figures(database)
    assert found is not None
    assert found.steps["menu"].results == {"1": 5, "no_input": 2}


async def test_each_day_has_its_own_calls(database: Database) -> None:
    midnight = moment(START)
    bounds = [midnight - DAY, midnight, midnight + DAY, midnight + 2 * DAY]
    later = START + DAY.total_seconds() + 60
    await write(database, [*ten_calls(), began("call-late", later)])
    days = [flow_figures((), day) for day in await FlowSums(database.sessions).calls_by_day(bounds)]
    assert days[0] == {}
    assert (days[1][MAIN].calls, days[1][MAIN].over, days[2][MAIN].calls) == (10, 9, 1)
    assert days[1][MAIN].drop_off == pytest.approx(3 / 9)
    assert days[2][MAIN].drop_off is None
