"""A business system asked by HTTP, over a real connection: well, slow, wrong and down."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from ccengine.ivr.answers import LookedUp
from ccengine.ivr.waits import LookupWait
from ccengine.outside.breaker import FAILURES, PAUSE_S
from ccengine.outside.http import MOST_BYTES
from tests.outside.conftest import World

SOON = 0.4 + 0.35
"""The deadline, and what a busy machine adds."""


async def test_an_answer_is_found_and_only_what_is_wanted_is_kept(world: World) -> None:
    world.crm.says('{"points": 120, "no": 0, "last": [{"id": "a"}, {"id": "b"}], "vip": true}')
    answer = await world.asks(wants=("points", "last.1.id", "last.count", "vip", "gone.away"))
    assert answer == LookedUp(
        found=True,
        values={"points": 120, "last.1.id": "b", "last.count": 2, "vip": True},
    )
    assert world.crm.heard[0].startswith("GET /api/points/7 HTTP/1.1\r\n")


async def test_values_go_into_the_query_or_the_body_as_they_are(world: World) -> None:
    world.crm.says('{"points": 1}')
    await world.asks("/a%2Fb", values={"phone": "+86 1&x=2", "n": 3})
    assert world.crm.heard[0].startswith("GET /api/a%2Fb?phone=%2B86+1%26x%3D2&n=3 ")
    await world.asks("/new", method="POST", values={"amount": 3.5, "name": "王芳", "ok": True})
    body = world.crm.heard[1].partition("\r\n\r\n")[2]
    assert json.loads(body) == {"amount": 3.5, "name": "王芳", "ok": True}


async def test_the_token_of_the_file_is_sent_in_its_header(world: World) -> None:
    """Read at each question: a new token needs no reload."""
    world.crm.says("{}")
    (world.secrets / "crm_token").write_text("s3cret\n")
    world.has(token_file="crm_token")
    await world.asks()
    assert "Authorization: Bearer s3cret\r\n" in world.crm.heard[0]
    world.has(token_file="crm_token", header="X-Api-Key")
    (world.secrets / "crm_token").write_text("newer")
    await world.asks()
    assert "X-Api-Key: newer\r\n" in world.crm.heard[1]


async def test_without_its_token_it_is_not_asked(world: World) -> None:
    world.has(token_file="not_there")
    assert (await world.asks()).why == "refused"
    assert world.crm.heard == []


@pytest.mark.parametrize("body", ["null", "{}", "[]", '""', ""])
async def test_nothing_in_the_answer_is_nothing(world: World, body: str) -> None:
    world.crm.says(body)
    assert await world.asks() == LookedUp(found=False)


@pytest.mark.parametrize("status", ["404 Not Found", "204 No Content"])
async def test_these_statuses_are_nothing(world: World, status: str) -> None:
    world.crm.says("", status)
    assert await world.asks() == LookedUp(found=False)


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "400 Bad", "401 Who", "429 Slow down"])
async def test_other_statuses_are_a_refusal(world: World, status: str) -> None:
    world.crm.says('{"points": 1}', status)
    assert (await world.asks()).why == "refused"


async def test_no_redirect_is_followed(world: World) -> None:
    elsewhere = f"http://127.0.0.1:{world.crm.port}/elsewhere"
    world.crm.says_bytes(
        f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    assert (await world.asks()).why == "refused"
    assert len(world.crm.heard) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html>Sorry</html>", "text/html"),
        ('{"points": 1}', "text/plain"),
        ("{points: 1}", "application/json"),
        ('{"points": NaN}', "application/json"),
        ("[" * 20_000, "application/json"),
        ('{"points": ' + "9" * 5_000 + "}", "application/json"),
        (json.dumps({"points": "x" * MOST_BYTES}), "application/json"),
    ],
    ids=["html", "plain", "garbage", "nan", "deep", "long_number", "huge"],
)
async def test_what_is_no_json_of_a_fair_size_cannot_be_read(
    world: World, body: str, kind: str
) -> None:
    world.crm.says(body, kind=kind)
    assert (await world.asks()).why == "unreadable"


async def test_no_http_at_all_cannot_be_read(world: World) -> None:
    world.crm.says_bytes(b"220 mail.example.com ESMTP\r\n")
    assert (await world.asks()).why == "unreadable"


async def test_who_closes_in_the_middle_is_unreachable(world: World) -> None:
    world.crm.says_bytes(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"po'
    )
    assert (await world.asks()).why == "unreachable"


async def test_nobody_listens(world: World) -> None:
    world.has(url="http://127.0.0.1:1")
    assert (await world.asks()).why == "unreachable"


async def test_a_name_that_nobody_knows(world: World) -> None:
    world.has(url="http://crm.invalid")
    began = time.monotonic()
    assert (await world.asks()).why in ("unreachable", "late")
    assert time.monotonic() - began < SOON


async def test_who_never_answers_is_late_in_time(world: World) -> None:
    async def silent(head: str, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        await reader.read()

    world.crm.speak = silent
    began = time.monotonic()
    assert (await world.asks()).why == "late"
    assert 0.39 < time.monotonic() - began < SOON


async def test_who_drips_bytes_is_late_in_time(world: World) -> None:
    async def drip(head: str, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
        while True:
            out.write(b"1,")
            await out.drain()
            await asyncio.sleep(0.02)

    world.crm.speak = drip
    began = time.monotonic()
    assert (await world.asks()).why == "late"
    assert 0.39 < time.monotonic() - began < SOON


async def test_a_step_may_wait_less_than_the_system_allows_and_never_more(world: World) -> None:
    async def silent(head: str, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        await reader.read()

    world.crm.speak = silent
    began = time.monotonic()
    await world.asks(deadline_s=0.1)
    assert time.monotonic() - began < 0.39
    began = time.monotonic()
    await world.asks(deadline_s=10.0)
    assert time.monotonic() - began < SOON


async def test_one_more_than_may_be_under_way_waits_within_its_deadline(world: World) -> None:
    """And a queue before our own door is no fault of the system's."""
    world.has(at_once=2)
    go = asyncio.Event()
    crowd = [0, 0]

    async def slow(head: str, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        crowd[0] += 1
        crowd[1] = max(crowd)
        await go.wait()
        crowd[0] -= 1
        out.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        await out.drain()

    world.crm.speak = slow
    asking = [asyncio.create_task(world.asks()) for _ in range(2)]
    await world.crm.hears(2)
    assert (await world.asks(deadline_s=0.1)).why == "late"
    go.set()
    assert [(await one).why for one in asking] == ["", ""]
    assert crowd[1] == 2


async def test_a_system_that_is_down_is_skipped_and_then_tried_by_one(world: World) -> None:
    world.crm.says("", "500 Oops")
    for _ in range(FAILURES):
        assert (await world.asks()).why == "refused"
    assert (await world.asks()).why == "skipped"
    assert len(world.crm.heard) == FAILURES

    world.clock.move(PAUSE_S + 0.1)
    assert [(await world.asks()).why for _ in range(3)] == ["refused", "skipped", "skipped"]

    world.clock.move(PAUSE_S + 0.1)
    world.crm.says('{"points": 1}')
    assert [(await world.asks()).why for _ in range(3)] == ["", "", ""]


async def test_who_refuses_one_question_is_well(world: World) -> None:
    world.crm.says("", "400 Bad Request")
    for _ in range(FAILURES + 2):
        assert (await world.asks()).why == "refused"


async def test_the_same_question_is_asked_once_while_its_answer_is_young(world: World) -> None:
    world.crm.says('{"points": 1}')
    assert not (await world.asked(cache_s=30.0)).cached
    world.crm.says('{"points": 2}')
    again = await world.asked(cache_s=30.0)
    assert (again.cached, again.answer.values) == (True, {"points": 1})
    assert (await world.asks("/points/8", cache_s=30.0)).values == {"points": 2}
    assert (await world.asks(values={"a": 1}, cache_s=30.0)).values == {"points": 2}
    world.clock.move(31.0)
    assert (await world.asks(cache_s=30.0)).values == {"points": 2}


async def test_what_failed_is_not_kept(world: World) -> None:
    world.crm.says("", "500 Oops")
    await world.asks(cache_s=30.0)
    world.crm.says('{"points": 2}')
    assert (await world.asks(cache_s=30.0)).found


async def test_a_secret_is_in_no_cache_and_no_log(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.crm.says('{"points": 1}')
    wait = {"values": {"pin": "84213"}, "secret": True, "cache_s": 30.0}
    for status in ("200 OK", "200 OK", "500 Oops"):
        world.crm.says('{"points": 1}', status)
        await world.asks(**wait)
    assert len(world.crm.heard) == 3
    assert "84213" not in "".join(capsys.readouterr())


async def test_a_secret_that_was_lost_is_not_asked_for(world: World) -> None:
    assert (await world.asks(secret=True, secret_lost=True)).why == "secret_lost"
    assert world.crm.heard == []


async def test_a_site_file_that_no_longer_has_the_system(world: World) -> None:
    answer = await world.outside.look_up(LookupWait(kind="http", source="gone", path="/"))
    assert answer.answer.why == "refused"
