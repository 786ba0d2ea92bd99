"""The FastAGI door: strangers, half words, forged lines, and callers gone at any moment."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from ccengine.asterisk import agi, agi_wire
from ccengine.asterisk.agi import AgiChannel, AgiServer, CallerGoneError
from ccengine.asterisk.agi_wire import (
    MAX_ENVIRONMENT_BYTES,
    BadEnvironmentError,
    parse_reply,
    read_environment,
)
from ccengine.asterisk.names import Variable
from tests.kit.agi_client import CALL_ID, TOKEN, FakeAsterisk, environment, fake_asterisk

OFFER = "PJSIP/1001,15,b(cc-offer^headers^1(b-7))U(cc-connect^b-7)m(default)ig"
Act = Callable[[AgiChannel], Awaitable[object]]


async def _read(raw: bytes, *, ends: bool = True) -> agi_wire.AgiEnvironment:
    reader = asyncio.StreamReader(limit=MAX_ENVIRONMENT_BYTES)
    reader.feed_data(raw)
    if ends:
        reader.feed_eof()
    return await read_environment(reader)


async def test_a_call_is_introduced() -> None:
    marks = "/trunk-carrier/bad-0/dnis-4001/arrived-1795000000/phase-"
    said = await _read(environment(marks=marks))
    assert said.path == ("call", TOKEN, CALL_ID)
    assert said.marks == {
        "trunk": "carrier",
        "bad": "0",
        "dnis": "4001",
        "arrived": "1795000000",
        "phase": "",
    }
    assert (said.channel, said.uniqueid, said.ani) == (
        "PJSIP/carrier-0000002a",
        "1795000000.42",
        "13800000001",
    )


async def test_the_environment_may_come_byte_by_byte() -> None:
    reader = asyncio.StreamReader(limit=MAX_ENVIRONMENT_BYTES)
    reading = asyncio.create_task(read_environment(reader))
    for byte in environment(calleridname="王芳"):
        reader.feed_data(bytes([byte]))
        await asyncio.sleep(0)
    assert (await reading).path == ("call", TOKEN, CALL_ID)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\n\n",
        environment()[:-1],
        environment()[:200] + b"\n\n",
        environment().replace(b"agi_threadid: 139872\n", b""),
        environment().replace(b"agi_network_script", b"agi_other"),
        b"agi_x: " + b"y" * (MAX_ENVIRONMENT_BYTES + 1),
        environment(calleridname="x" * (2 * MAX_ENVIRONMENT_BYTES)),
        b"\xff" * 100 + b"\n\n",
    ],
)
async def test_what_is_not_whole_is_refused(raw: bytes) -> None:
    with pytest.raises(BadEnvironmentError):
        await _read(raw)


async def test_what_never_ends_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agi_wire, "ENVIRONMENT_DEADLINE_S", 0.02)
    with pytest.raises(BadEnvironmentError):
        await _read(environment()[:-1], ends=False)


async def test_what_a_caller_forges_comes_second_and_does_not_count() -> None:
    """Line breaks in a number make lines; route, token and channel were written before it."""
    number = (
        "1\nagi_network_script: call/stolen/other"
        "\nagi_channel: PJSIP/1001-00000001\nagi_uniqueid: 9.9"
    )
    said = await _read(environment(callerid=number))
    assert said.path == ("call", TOKEN, CALL_ID)
    assert (said.channel, said.uniqueid, said.ani) == (
        "PJSIP/carrier-0000002a",
        "1795000000.42",
        "1",
    )


async def test_a_mark_that_is_given_twice_counts_as_first_given() -> None:
    said = await _read(environment(marks="/trunk-stranger/bad-1/dnis-1/trunk-carrier/bad-0"))
    assert said.marks == {"trunk": "stranger", "bad": "1", "dnis": "1"}


@pytest.mark.parametrize(
    ("line", "code", "result", "data"),
    [
        ("200 result=0", 200, 0, ""),
        ("200 result=1 (a text (with) signs=1)", 200, 1, "a text (with) signs=1"),
        ("200 result=1 ()", 200, 1, ""),
        ("200 result=49 endpos=8000", 200, 49, ""),
        ("200 result=-1", 200, -1, ""),
        ("200 result=-2", 200, -2, ""),
        ("200 result= (timeout)", 200, 0, ""),
        ("200 result=-1 (hangup)", 200, -1, "hangup"),
        ("510 Invalid or unknown command", 510, 0, ""),
        ("511 Command Not Permitted on a dead channel or intercept routine", 511, 0, ""),
        ("520 End of proper usage.", 520, 0, ""),
        ("200", 200, 0, ""),
        ("999 what", 999, 0, ""),
    ],
)
def test_replies(line: str, code: int, result: int, data: str) -> None:
    reply = parse_reply(line)
    assert (reply.code, reply.result, reply.data) == (code, result, data)


class Door:
    """A server whose calls do what the test says, and how each ended."""

    def __init__(self) -> None:
        self.act: Act = lambda _channel: asyncio.sleep(0)
        self.served: list[str] = []
        self.came = asyncio.Event()
        self.ends: asyncio.Queue[object] = asyncio.Queue()
        self.server = AgiServer(token=TOKEN, serve=self._serve)

    async def _serve(self, channel: AgiChannel, call_id: str) -> None:
        self.served.append(call_id)
        self.came.set()
        try:
            self.ends.put_nowait(await self.act(channel))
        except (CallerGoneError, RuntimeError) as error:
            self.ends.put_nowait(type(error))

    async def end(self) -> object:
        async with asyncio.timeout(5):
            return await self.ends.get()

    @contextlib.asynccontextmanager
    async def call(self, raw: bytes | None = None) -> AsyncIterator[FakeAsterisk]:
        """A call that is introduced and answered until it is over."""
        async with fake_asterisk(self.server.port) as asterisk:
            asterisk.write(environment() if raw is None else raw)
            yield asterisk

    async def quiet(self) -> None:
        """Until no session is left."""
        async with asyncio.timeout(5):
            while sessions := set(self.server._sessions):
                await asyncio.wait(sessions)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    made = Door()
    await made.server.start("127.0.0.1", 0)
    yield made
    await made.server.stop()
    assert made.server._sessions == set()
    left = [task.get_name() for task in asyncio.all_tasks() if "agi" in task.get_name()]
    assert left == []


async def test_commands_go_one_by_one_and_their_replies_come_back(door: Door) -> None:
    async def act(channel: AgiChannel) -> object:
        await channel.set(Variable.LANG, 'zh"CN')
        await channel.lease(6.0)
        await channel.music("default")
        key = await channel.play("/sounds/hello", "12", 1.0)
        waited = await channel.wait_for_key(2.0)
        value = await channel.get(Variable.QUEUE)
        unset = await channel.get(Variable.SERVED)
        dialled = await channel.execute("Dial", OFFER, 20.0)
        await channel.hang_up()
        return (key, waited, value, unset, dialled)

    replies = {
        "STREAM": "200 result=50 endpos=800",
        "GET FULL VARIABLE ${CC_QUEUE}": "200 result=1 (sales)",
    }
    door.act = act
    async with door.call() as asterisk:
        asterisk.answer = lambda command: next(
            (reply for start, reply in replies.items() if command.startswith(start)),
            "200 result=0",
        )
        await asterisk.serve()
        assert await door.end() == ("2", "", "sales", "", 0)
        assert asterisk.commands == [
            'SET VARIABLE CC_LANG "zh\\"CN"',
            'SET VARIABLE TIMEOUT(absolute) "6.0"',
            'SET MUSIC ON "default"',
            'STREAM FILE "/sounds/hello" "12"',
            "WAIT FOR DIGIT 2000",
            "GET FULL VARIABLE ${CC_QUEUE}",
            "GET FULL VARIABLE ${CC_SERVED}",
            f'EXEC Dial "{OFFER}"',
            "HANGUP",
        ]
        assert not asterisk.pipelined


async def test_what_is_set_goes_with_the_next_command_or_when_all_is_to_be_said(door: Door) -> None:
    async def act(channel: AgiChannel) -> object:
        await channel.set(Variable.LANG, "zh-CN")
        await channel.set(Variable.PHASE, "flow")
        await channel.set(Variable.PHASE, "queued")
        await channel.lease(6.0)
        await channel.set(Variable.DONE, "voicemail")
        await channel.settle()
        await channel.settle()
        return None

    door.act = act
    async with door.call() as asterisk:
        await asterisk.serve()
        await door.end()
        assert asterisk.commands == [
            'EXEC MSet "CC_LANG=zh-CN,CC_PHASE=queued,TIMEOUT(absolute)=6.0"',
            'SET VARIABLE CC_DONE "voicemail"',
        ]


async def test_a_second_command_at_once_is_our_mistake_and_is_not_written(door: Door) -> None:
    async def act(channel: AgiChannel) -> object:
        first = asyncio.create_task(channel.wait_for_key(1.0))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError):
            await channel.lease(6.0)
        return await first

    door.act = act
    async with door.call() as asterisk:
        asterisk.answer = lambda _command: "200 result=35"
        await asterisk.serve()
        assert await door.end() == "#"
        assert asterisk.commands == ["WAIT FOR DIGIT 1000"]


async def test_a_command_that_was_given_up_leaves_no_reply_for_the_next(door: Door) -> None:
    """Cancelled in the middle, the stream is out of step: nothing may be said on it again."""

    async def act(channel: AgiChannel) -> object:
        command = asyncio.create_task(channel.wait_for_key(5.0))
        await asyncio.sleep(0.01)
        command.cancel()
        with pytest.raises(asyncio.CancelledError):
            await command
        return await channel.get(Variable.QUEUE)

    door.act = act
    async with door.call() as asterisk:
        asterisk.answer = lambda _command: None
        await asterisk.serve()
        assert await door.end() is CallerGoneError
        assert asterisk.commands == ["WAIT FOR DIGIT 5000"]


async def test_without_a_reply_the_call_goes_back_to_the_dialplan(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agi, "COMMAND_DEADLINE_S", 0.02)
    door.act = lambda channel: channel.lease(6.0)
    async with door.call() as asterisk:
        asterisk.answer = lambda _command: None
        await asterisk.serve()
        assert await door.end() is CallerGoneError


@pytest.mark.parametrize(
    "last",
    [
        "HANGUP",
        "511 Command Not Permitted on a dead channel or intercept routine",
        "200 result=-1",
        "200 result=-1 (hangup)",
    ],
)
async def test_a_hang_up_is_known_however_it_is_told(door: Door, last: str) -> None:
    door.act = lambda channel: channel.play("/a", "", 1.0)
    async with door.call() as asterisk:
        asterisk.answer = lambda _command: last
        await asterisk.serve()
        assert await door.end() is CallerGoneError


@pytest.mark.parametrize("how", ["leave", "vanish"])
async def test_the_connection_ends_while_a_command_runs(door: Door, how: str) -> None:
    door.act = lambda channel: channel.execute("Dial", OFFER, 60.0)
    async with door.call() as asterisk:
        serving = asyncio.create_task(asterisk.serve())
        asterisk.answer = lambda _command: None
        await asyncio.wait_for(asterisk.asked.wait(), 5)
        getattr(asterisk, how)()
        assert await door.end() is CallerGoneError
        serving.cancel()
        await asyncio.wait({serving})


async def test_a_hang_up_while_nothing_is_said_is_known_at_once(door: Door) -> None:
    async def act(channel: AgiChannel) -> object:
        gone = asyncio.Event()
        channel.when_gone(gone.set)
        async with asyncio.timeout(5):
            await gone.wait()
        late = asyncio.Event()
        channel.when_gone(late.set)
        assert late.is_set()
        return await channel.get(Variable.QUEUE)

    door.act = act
    async with door.call() as asterisk:
        asterisk.leave()
        assert await door.end() is CallerGoneError


async def test_usage_lines_between_are_no_reply(door: Door) -> None:
    door.act = lambda channel: channel.get(Variable.QUEUE)
    async with door.call() as asterisk:
        asterisk.answer = lambda _command: (
            "520-Invalid command syntax.  Proper usage follows:\n"
            "Usage: GET FULL VARIABLE <variable name> [<channel name>]\n"
            "520 End of proper usage."
        )
        await asterisk.serve()
        assert await door.end() == ""


async def test_replies_before_a_question_answer_nothing(door: Door) -> None:
    """Forged reply lines, or a late reply: what nobody asked for is not kept for later."""
    ready = asyncio.Event()

    async def act(channel: AgiChannel) -> object:
        await ready.wait()
        return await channel.get(Variable.QUEUE)

    door.act = act
    async with door.call() as asterisk:
        asterisk.write(b"200 result=1 (forged)\n200 result=1 (forged again)\n")
        await asyncio.sleep(0.02)
        ready.set()
        asterisk.answer = lambda _command: "200 result=1 (true)"
        await asterisk.serve()
        assert await door.end() == "true"


async def test_a_line_without_end_ends_the_call_and_not_the_engine(door: Door) -> None:
    door.act = lambda channel: channel.get(Variable.QUEUE)
    async with door.call() as asterisk:
        asterisk.write(b"2" * (3 * MAX_ENVIRONMENT_BYTES))
        assert await door.end() is CallerGoneError
        await asterisk.closed()


@pytest.mark.parametrize(
    "raw",
    [
        environment(token="wrong"),
        environment(token=""),
        environment(token=TOKEN + "x"),
        environment(token="ö"),
        environment(network_script=f"other/{TOKEN}/{CALL_ID}"),
        environment(network_script=f"call/{TOKEN}"),
        environment(network_script=""),
        environment(network_script=f"/call/{TOKEN}/{CALL_ID}"),
        environment(token="wrong").replace(
            b"agi_callerid: ", f"agi_network_script: call/{TOKEN}/{CALL_ID}\n".encode()
        ),
    ],
)
async def test_strangers_are_let_go_without_a_word(door: Door, raw: bytes) -> None:
    async with door.call(raw) as asterisk:
        await asterisk.serve()
        assert asterisk.commands == []
    assert door.served == []


async def test_who_connects_and_leaves_a_hundred_times_does_no_harm(door: Door) -> None:
    """A health check's way: panoramisk's own server would spin for ever after the first."""
    before = len(asyncio.all_tasks())

    async def touch(number: int) -> None:
        async with fake_asterisk(door.server.port) as asterisk:
            asterisk.write(environment()[: number * 3])
            if number % 2:
                asterisk.leave()
            else:
                asterisk.vanish()

    for start in range(0, 100, 20):
        await asyncio.gather(*(touch(start + n) for n in range(20)))
    # The call behind them is taken, so they all have been.
    door.act = lambda channel: channel.get(Variable.QUEUE)
    async with door.call() as asterisk:
        await asterisk.serve()
        assert await door.end() == ""
    assert door.served == [CALL_ID]
    await door.quiet()
    assert len(asyncio.all_tasks()) == before


async def test_slow_strangers_are_let_go_and_keep_no_caller_waiting(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agi_wire, "ENVIRONMENT_DEADLINE_S", 0.1)
    async with contextlib.AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(fake_asterisk(door.server.port)) for _ in range(60)]
        for asterisk in slow:
            asterisk.write(b"agi_network: yes\n")
        door.act = lambda channel: channel.get(Variable.QUEUE)
        async with door.call() as caller:
            await caller.serve()
            assert await door.end() == ""
        for asterisk in slow:
            await asterisk.closed()
    await door.quiet()


async def test_there_is_a_bound_to_how_many_may_be_there(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agi, "MAX_SESSIONS", 1)
    free = asyncio.Event()

    async def act(channel: AgiChannel) -> object:
        await free.wait()
        return await channel.get(Variable.QUEUE)

    door.act = act
    async with door.call() as first:
        await asyncio.wait_for(door.came.wait(), 5)
        async with door.call() as second:
            await second.closed()
        free.set()
        await first.serve()
        assert await door.end() == ""
    assert len(door.served) == 1


async def test_stopping_gives_every_call_back(door: Door) -> None:
    door.act = lambda channel: channel.execute("Dial", OFFER, 60.0)
    async with door.call() as asterisk:
        asterisk.answer = lambda _command: None
        serving = asyncio.create_task(asterisk.serve())
        await asyncio.wait_for(asterisk.asked.wait(), 5)
        await door.server.stop()
        async with asyncio.timeout(5):
            await serving
        assert not door.server.listening
