"""What callers said and thought, on the pages: messages as sound, surveys as sums."""

from __future__ import annotations

from msgspec.structs import replace

from ccengine.calls.record import CallRecord
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.journal.facts import MessageLeft, SurveyAnswered
from tests.web.conftest import NOON


def left(path):
    return MessageLeft(
        at=NOON,
        call_id=CallId("call-1"),
        purpose="voicemail",
        mailbox="support",
        path=path,
        duration_s=2.0,
    )


async def logged_in(centre, username):
    browser = await centre.browser()
    await browser.log_in(username)
    return browser


async def test_an_overseer_hears_each_message_of_a_call(centre):
    centre.calls.records = [CallRecord(call_id=CallId("call-1"), arrived_at=NOON)]
    centre.calls.facts["call-1"] = [left("day/one.wav"), left("../secret.wav")]
    (centre.parts.messages / "day").mkdir(parents=True)
    (centre.parts.messages / "day" / "one.wav").write_bytes(b"RIFF....WAVEfmt ")
    (centre.parts.messages.parent / "secret.wav").write_bytes(b"RIFF")
    browser = await logged_in(centre, "boss")

    heard = await browser.get("/api/calls/call-1/messages/1")
    assert (heard.status, heard.headers["Content-Type"]) == (200, "audio/wav")
    for number in ("0", "2", "3", "-1", "x"):
        answer = await browser.get(f"/api/calls/call-1/messages/{number}")
        assert answer.status == 404
        assert (await answer.json())["error"]["id"] == "message.unknown"


async def test_answers_of_a_survey_are_summed(centre):
    for score in (5, 4):
        centre.reports.answers.append(
            SurveyAnswered(
                at=NOON,
                call_id=CallId("call-1"),
                survey="after_talk",
                score=score,
                of=5,
                queue=QueueId("sales"),
                agent_id=AgentId("1001"),
            )
        )
    browser = await logged_in(centre, "boss")
    answer = await browser.get(
        "/api/report/surveys?from=2023-01-01T00:00:00Z&to=2024-01-01T00:00:00Z"
    )
    assert await answer.json() == {
        "rows": [
            {
                "survey": "after_talk",
                "of": 5,
                "queue": "sales",
                "agent_id": "1001",
                "answers": 2,
                "mean": 4.5,
                "lowest": 0,
            }
        ],
        "totals": [
            {
                "survey": "after_talk",
                "of": 5,
                "queue": None,
                "agent_id": None,
                "answers": 2,
                "mean": 4.5,
                "lowest": 0,
            }
        ],
    }


async def test_messages_are_listed_the_newest_first_with_who_called(centre):
    for number, mailbox in ((1, "support"), (2, "sales"), (3, "support")):
        call_id = CallId(f"call-{number}")
        record = CallRecord(call_id=call_id, arrived_at=NOON, ani=f"1380000000{number}")
        centre.calls.records.append(record)
        message = replace(left(f"day/{number}.wav"), call_id=call_id, mailbox=mailbox)
        centre.calls.facts[call_id] = [replace(message, at=NOON + number)]
    browser = await logged_in(centre, "boss")

    async def listed(asked):
        answer = await browser.get(f"/api/messages?since=2000-01-01T00:00:00Z{asked}")
        assert answer.status == 200
        body = await answer.json()
        return [one["call_id"] for one in body["messages"]], body["next"]

    assert await listed("") == (["call-3", "call-2", "call-1"], None)
    assert await listed("&mailbox=support") == (["call-3", "call-1"], None)
    first, more = await listed("&limit=2")
    assert first == ["call-3", "call-2"]
    assert await listed(f"&limit=2&before={more}") == (["call-1"], None)
    whole = await (await browser.get("/api/messages?since=2000-01-01T00:00:00Z&limit=1")).json()
    (row,) = whole["messages"]
    assert (row["ani"], row["number"], row["mailbox"]) == ("13800000003", 1, "support")
    for wrong in ("since=yesterday", "limit=0", "limit=101", "before=x"):
        assert (await browser.get(f"/api/messages?{wrong}")).status == 400
