"""The queue report over HTTP: the real sums, from facts that the test gives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from ccengine.ids import AgentId, CallId, OfferId, QueueId
from ccengine.journal.facts import AbandonReason, CallAbandoned, CallAnswered, CallQueued
from ccengine.reports.queues import Period, queue_report
from ccengine.reports.store import targets
from tests.web.conftest import NOON

SALES = QueueId("sales")


def queued(call: str, at: float) -> CallQueued:
    return CallQueued(
        at=at, call_id=CallId(call), queue=SALES, head_start_s=0.0, queued_at=at, position=1
    )


@pytest.fixture
def with_facts(centre):
    """One call answered after 4 s, one abandoned after 3 s."""
    facts = [
        queued("call-1", NOON),
        CallAnswered(
            at=NOON + 4,
            call_id=CallId("call-1"),
            queue=SALES,
            offer_id=OfferId("offer-1"),
            agent_id=AgentId("1001"),
            waited_s=4.0,
        ),
        queued("call-2", NOON),
        CallAbandoned(
            at=NOON + 3,
            call_id=CallId("call-2"),
            queue=SALES,
            reason=AbandonReason.HUNG_UP,
            waited_s=3.0,
        ),
    ]
    period = Period(start=NOON - 60, end=NOON + 60)
    centre.reports.answer = queue_report(facts, targets(centre.site), period, NOON + 60)
    return centre


def queues_of_the_example():
    document = yaml.safe_load((Path(__file__).parents[2] / "site.example.yaml").read_text("utf-8"))
    return list(document["queues"])


async def boss_of(centre):
    browser = await centre.browser()
    await browser.log_in("boss")
    return browser


async def test_the_report_as_the_page_reads_it(with_facts):
    browser = await boss_of(with_facts)
    answer = await browser.get("/api/report/queues")
    assert answer.status == 200
    report = await answer.json()
    assert report["balanced"] is True
    assert [row["queue"] for row in report["rows"]] == queues_of_the_example()
    assert report["rows"][0] == {
        "queue": "sales",
        "title": {"zh-CN": "销售", "en": "Sales"},
        "offered": 2,
        "answered": 1,
        "abandoned": 1,
        "short_abandoned": 1,
        "released": 0,
        "overflowed": 0,
        "called_back": 0,
        "callbacks": 0,
        "callbacks_answered": 0,
        "callbacks_given_up": 0,
        "callbacks_open": 0,
        "waiting": 0,
        "service_level": 0.5,
        "service_level_s": 20.0,
        "asa_s": 4.0,
        "aht_s": None,
        "longest_wait_s": 4.0,
    }
    assert report["total"]["offered"] == 2
    assert report["formulas"]["service_level"] == "目标秒数内接起数 ÷ 进线数"
    english = await (await browser.get("/api/report/queues?language=en")).json()
    assert english["formulas"]["service_level"].startswith("answered within")


async def test_without_a_period_it_is_today_by_the_sites_clock(with_facts):
    browser = await boss_of(with_facts)
    assert (await browser.get("/api/report/queues")).status == 200
    [(since, until)] = with_facts.reports.asked
    # 22:13 UTC on the 14th is 6:13 on the 15th in Shanghai.
    assert since == datetime(2023, 11, 14, 16, 0, tzinfo=UTC)
    assert until == datetime.fromtimestamp(NOON, UTC)


async def test_the_period_asked_for_is_the_period_summed(with_facts):
    browser = await boss_of(with_facts)
    asked = "from=2023-11-01T00:00:00.000Z&to=2023-11-02T08:00%2B08:00"
    assert (await browser.get(f"/api/report/queues?{asked}")).status == 200
    assert with_facts.reports.asked == [
        (datetime(2023, 11, 1, tzinfo=UTC), datetime(2023, 11, 2, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "from=2023-11-02T00:00:00",
        "from=2023-11-02T00:00Z&to=2023-11-01T00:00Z",
        "from=2023-11-02T00:00Z&to=2023-11-02T00:00Z",
        "from=2020-01-01T00:00Z&to=2023-11-01T00:00Z",
        "language=fr",
    ],
)
async def test_a_period_that_is_none_is_refused(with_facts, query):
    browser = await boss_of(with_facts)
    answer = await browser.get(f"/api/report/queues?{query}")
    assert answer.status == 400
    assert (await answer.json())["error"]["id"] == "request.invalid"
    assert with_facts.reports.asked == []
