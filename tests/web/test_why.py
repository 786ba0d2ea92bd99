"""Why a call went where it went, asked for from a page: the journal is replayed aside."""

import asyncio
import os
import sys

import pytest

from ccengine.acd.core import Acd
from ccengine.acd.inputs import Join, Leave, PhoneChanged, PhoneState, Ready, SignIn
from ccengine.acd.rules import AcdRules, QueueRules, Strategy
from ccengine.calls.record import CallRecord
from ccengine.ids import CallId, QueueId
from ccengine.journal.facts import AbandonReason
from ccengine.replay import asked
from ccengine.replay.asked import WhyBusyError, WhyFailedError, WhyProcess, WhyUnknownError
from ccengine.replay.writer import AcdJournal
from tests.web.conftest import LI, NOON, WANG

CALL = CallId("call-1")


@pytest.fixture
async def folder(tmp_path):
    """The journal of a call that Wang was offered."""
    queue = QueueRules(queue=QueueId("sales"), strategy=Strategy.LEAST_RECENT, agents=(WANG, LI))
    rules = AcdRules(queues={queue.queue: queue}, version="v1")
    acd = Acd(rules, boot="b")
    folder = tmp_path / "acd-journal"
    journal = AcdJournal(acd, rules, folder=folder, boot="b", now=lambda: NOON)
    journal.start()
    for said in (
        PhoneChanged(agent_id=WANG, phone=PhoneState.IDLE),
        SignIn(agent_id=WANG),
        Ready(agent_id=WANG),
        Join(call_id=CALL, queue=queue.queue, queued_at=NOON),
        Leave(call_id=CALL, reason=AbandonReason.HUNG_UP),
    ):
        journal.keep(NOON, said, acd.handle(said, NOON))
    await journal.stop()
    return folder


@pytest.fixture
def with_record(centre):
    centre.calls.records = [CallRecord(call_id=CALL, arrived_at=NOON, agent_id=WANG)]
    return centre


async def logged_in(centre, username):
    browser = await centre.browser()
    await browser.log_in(username)
    return browser


async def test_a_page_is_told_why(with_record, folder):
    browser = await logged_in(with_record, "boss")
    answer = await browser.get("/api/calls/call-1/why")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    body = await answer.json()
    (offer,) = body["offers"]
    assert (offer["chosen"], offer["rules"]) == ([WANG], "v1")
    reasons = {agent["agent_id"]: agent["because"]["zh-CN"] for agent in offer["agents"]}
    assert reasons[LI] == "未登录"
    assert [fact["result"] for fact in offer["ended"]] == ["withdrawn"]


async def test_a_call_that_the_journal_does_not_know_is_said_clearly(with_record):
    browser = await logged_in(with_record, "boss")
    answer = await browser.get("/api/calls/call-1/why")
    assert answer.status == 404
    assert (await answer.json())["error"]["id"] == "why.unknown"


async def test_agents_are_not_told_of_their_colleagues_and_other_callers(with_record, folder):
    browser = await logged_in(with_record, "wangfang")  # who talked with this caller
    answer = await browser.get("/api/calls/call-1/why")
    assert answer.status == 403


async def test_a_damaged_journal_is_said_and_not_guessed(with_record, folder):
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes().replace(b'"Join",{', b'"Join",['))
    browser = await logged_in(with_record, "boss")
    answer = await browser.get("/api/calls/call-1/why")
    assert answer.status == 503
    assert (await answer.json())["error"]["id"] == "why.failed"


async def test_a_call_of_another_time_is_not_looked_for(folder):
    with pytest.raises(WhyUnknownError):
        await WhyProcess(folder).ask(CALL, NOON - 500, NOON - 100)


async def test_a_call_id_is_never_taken_for_an_option(folder):
    with pytest.raises(WhyUnknownError):
        await WhyProcess(folder).ask(CallId("--help"), NOON, None)


async def test_who_asks_beyond_the_bound_is_told_to_come_again(folder, monkeypatch):
    process = WhyProcess(folder)
    go_on = asyncio.Event()

    async def held(*_):
        await go_on.wait()
        return b"{}"

    monkeypatch.setattr(process, "_run", held)
    asking = [
        asyncio.create_task(process.ask(CALL, NOON, None))
        for _ in range(asked.AT_ONCE + asked.WAITING)
    ]
    await asyncio.sleep(0)
    with pytest.raises(WhyBusyError):
        await process.ask(CALL, NOON, None)
    go_on.set()
    assert await asyncio.gather(*asking) == [b"{}"] * len(asking)
    assert await process.ask(CALL, NOON, None) == b"{}"


@pytest.mark.parametrize(
    "program", ["import time; time.sleep(600)", "while True: print('x' * 100_000)"]
)
async def test_a_replay_without_end_or_bound_is_ended(folder, monkeypatch, tmp_path, program):
    stand_in = tmp_path / "stand-in"
    pid = tmp_path / "pid"
    note = f"import os; open({str(pid)!r}, 'w').write(str(os.getpid()))"
    stand_in.write_text(f"#!{sys.executable}\n{note}\n{program}\n")
    stand_in.chmod(0o700)
    monkeypatch.setattr(asked.sys, "executable", str(stand_in))
    with pytest.raises(WhyFailedError):
        await WhyProcess(folder, deadline_s=3.0).ask(CALL, NOON, None)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
