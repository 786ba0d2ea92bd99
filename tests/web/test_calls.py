"""Calls on the pages: whose they are, what they hold, their recordings."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ccengine.calls.record import CallRecord
from ccengine.ids import CallId, CustomerId, FlowId, QueueId
from ccengine.journal.codec import UnknownFact
from ccengine.journal.facts import CallQueued, CallTransferred, FlowStepped, Outcome
from tests.web.conftest import LI, NOON, WANG


@pytest.fixture
def with_calls(centre):
    """One call of Wang's, recorded, from a known customer; one of Li's; one nobody answered."""
    centre.calls.records = [
        CallRecord(
            call_id=CallId("call-1"),
            arrived_at=NOON,
            ani="13800000001",
            dnis="4001",
            customer_id=CustomerId(7),
            vip_level="gold",
            flow="main",
            last_step="menu",
            queue=QueueId("sales"),
            queued_at=NOON + 10,
            waited_s=12.5,
            agent_id=WANG,
            answered_at=NOON + 22.5,
            pop_latency_ms=41.5,
            talk_s=60.0,
            wrap_up_s=5.0,
            ended_at=NOON + 82.5,
            outcome=Outcome.ANSWERED,
            disposition="sale",
            note="好",
            recording_path="2023/call-1.wav",
        ),
        CallRecord(call_id=CallId("call-2"), arrived_at=NOON, agent_id=LI),
        CallRecord(call_id=CallId("call-3"), arrived_at=NOON, outcome=Outcome.ABANDONED),
    ]
    centre.calls.facts["call-1"] = [
        CallQueued(
            at=NOON + 10,
            call_id=CallId("call-1"),
            queue=QueueId("sales"),
            head_start_s=0.0,
            queued_at=NOON + 10,
            position=1,
        ),
        FlowStepped(
            at=NOON + 9,
            call_id=CallId("call-1"),
            flow=FlowId("main"),
            step="menu",
            step_type="menu",
            result="1",
        ),
        UnknownFact(at=NOON, stored_kind="call.teleported", body={"call_id": "call-1"}),
    ]
    recordings = centre.parts.recordings
    (recordings / "2023").mkdir(parents=True)
    (recordings / "2023" / "call-1.wav").write_bytes(b"RIFF....WAVEfmt ")
    return centre


async def logged_in(centre, username):
    browser = await centre.browser()
    await browser.log_in(username)
    return browser


async def test_an_overseer_sees_all_calls_with_names(with_calls):
    browser = await logged_in(with_calls, "boss")
    calls = (await (await browser.get("/api/calls")).json())["calls"]
    assert [call["call_id"] for call in calls] == ["call-1", "call-2", "call-3"]
    assert calls[0] == {
        "call_id": "call-1",
        "ani": "13800000001",
        "dnis": "4001",
        "customer_id": 7,
        "customer_name": "赵敏",
        "vip_level": "gold",
        "flow": "main",
        "queue": "sales",
        "agent_id": "1001",
        "agent_name": "王芳",
        "arrived_at": "2023-11-14T22:13:20.000Z",
        "queued_at": "2023-11-14T22:13:30.000Z",
        "answered_at": "2023-11-14T22:13:42.500Z",
        "ended_at": "2023-11-14T22:14:42.500Z",
        "outcome": "answered",
        "waited_s": 12.5,
        "talk_s": 60.0,
        "hold_s": 0.0,
        "wrap_up_s": 5.0,
        "disposition": "sale",
        "note": "好",
        "recording": True,
        "pop_latency_ms": 41.5,
        "last_step": "menu",
    }
    assert calls[2]["outcome"] == "abandoned"
    assert calls[2]["recording"] is False


async def test_an_agent_sees_its_own_calls_only(with_calls):
    browser = await logged_in(with_calls, "wangfang")
    calls = (await (await browser.get("/api/calls")).json())["calls"]
    assert [call["call_id"] for call in calls] == ["call-1"]


async def test_what_is_not_yours_looks_like_what_does_not_exist(with_calls):
    browser = await logged_in(with_calls, "wangfang")
    assert (await browser.get("/api/calls/call-1")).status == 200
    answers = [
        await browser.get(f"/api/calls/{call_id}")
        for call_id in ("call-2", "call-3", "nothing", "x" * 500)
    ]
    bodies = {await answer.text() for answer in answers}
    assert [answer.status for answer in answers] == [404] * 4
    assert len(bodies) == 1
    assert '"call.unknown"' in bodies.pop()


async def test_a_call_comes_with_its_facts(with_calls):
    browser = await logged_in(with_calls, "boss")
    story = await (await browser.get("/api/calls/call-1")).json()
    assert story["call"]["call_id"] == "call-1"
    queued, stepped, unknown = story["facts"]
    assert queued == {
        "kind": "call.queued",
        "at": "2023-11-14T22:13:30.000Z",
        "call_id": "call-1",
        "queue": "sales",
        "head_start_s": 0.0,
        "queued_at": "2023-11-14T22:13:30.000Z",
        "position": 1,
        "requires": [],
        "callback": False,
        "moved_from": None,
    }
    assert stepped["result"] == "1"
    assert unknown["kind"] == "call.teleported"


async def test_a_story_names_its_steps_as_people_do(with_calls):
    call = CallId("call-1")
    with_calls.calls.facts["call-1"] = [
        FlowStepped(
            at=NOON, call_id=call, flow=FlowId("main"), step=step, step_type="menu", result="1"
        )
        for step in ("main_menu", "gone_since")
    ]
    browser = await logged_in(with_calls, "wangfang")
    story = await (await browser.get("/api/calls/call-1")).json()
    main = story["flows"]["main"]
    assert main["title"] == {"zh-CN": "总机", "en": "Main number"}
    assert list(main["steps"]) == ["main_menu"]
    assert set(main["steps"]["main_menu"]) == {"zh-CN", "en"}


async def test_agents_do_not_see_whom_a_flow_rang_outside(with_calls):
    call = CallId("call-1")
    with_calls.calls.facts["call-1"] = [
        CallTransferred(at=NOON, call_id=call, to=to, result="busy", rang_s=9.0, talk_s=0.0)
        for to in ("13912345678", "1002")
    ]
    seen = {}
    for who in ("wangfang", "boss"):
        browser = await logged_in(with_calls, who)
        story = await (await browser.get("/api/calls/call-1")).json()
        seen[who] = [fact["to"] for fact in story["facts"]]
    assert seen == {"wangfang": ["139****5678", "1002"], "boss": ["13912345678", "1002"]}


async def test_a_record_is_never_behind_the_facts_beside_it(with_calls, monkeypatch):
    calls = with_calls.calls
    read = calls.of_call

    async def ends_meanwhile(call_id):
        """The call's end is written, record and fact at once, as its facts are read."""
        calls.records[1] = CallRecord(
            call_id=call_id, arrived_at=NOON, agent_id=LI, ended_at=NOON + 9
        )
        return await read(call_id)

    monkeypatch.setattr(calls, "of_call", ends_meanwhile)
    browser = await logged_in(with_calls, "boss")
    story = await (await browser.get("/api/calls/call-2")).json()
    assert story["call"]["ended_at"] == "2023-11-14T22:13:29.000Z"


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "limit=5&limit=6", "limit="])
async def test_a_limit_that_is_none_is_refused(with_calls, query):
    browser = await logged_in(with_calls, "boss")
    answer = await browser.get(f"/api/calls?{query}")
    assert answer.status == 400
    assert (await answer.json())["error"]["id"] == "request.invalid"


async def test_the_limit_holds(with_calls):
    browser = await logged_in(with_calls, "boss")
    assert len((await (await browser.get("/api/calls?limit=2")).json())["calls"]) == 2


async def test_an_overseer_hears_the_recording_from_any_point(with_calls):
    browser = await logged_in(with_calls, "boss")
    whole = await browser.get("/api/calls/call-1/recording")
    assert whole.status == 200
    assert whole.headers["Content-Type"] == "audio/wav"
    assert whole.headers["Cache-Control"] == "no-store"
    assert await whole.read() == b"RIFF....WAVEfmt "
    part = await browser.get("/api/calls/call-1/recording", Range="bytes=8-11")
    assert (part.status, await part.read()) == (206, b"WAVE")
    beyond = await browser.get("/api/calls/call-1/recording", Range="bytes=900-")
    assert beyond.status == 416


@pytest.mark.parametrize("path", ["", "2023/gone.wav", "../secret.wav", "/etc/hostname", "2023"])
async def test_no_file_but_a_recording_is_ever_handed_out(with_calls, path):
    (with_calls.folder / "secret.wav").write_bytes(b"secret")
    records = with_calls.calls.records
    records[1] = replace(records[1], recording_path=path)
    browser = await logged_in(with_calls, "boss")
    answer = await browser.get("/api/calls/call-2/recording")
    assert answer.status == 404
    assert (await answer.json())["error"]["id"] == "recording.unknown"
