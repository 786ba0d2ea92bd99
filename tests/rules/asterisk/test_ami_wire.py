"""AMI's bytes: cut anywhere, forged, endless. What is believed of them and what is not."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panoramisk.message import Message

from ccengine.asterisk import gate
from ccengine.asterisk.ami_wire import (
    MAX_MESSAGE_BYTES,
    CuredProtocol,
    OutcomeUnknownError,
    parse_message,
)
from tests.kit.ami_server import message

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
STREAM = (
    message(("Event", "DialBegin"), ("DestCallerIDName", "王芳 🐼"), ("Uniqueid", "1.1"))
    + message(("Event", "Hangup"), ("CallerIDName", "naïve – ﷽"), ("Uniqueid", "1.2"))
    + message(("Event", "Hold"), ("Channel", "PJSIP/1001-00000001"))
)
HEARD = [("DialBegin", "王芳 🐼"), ("Hangup", "naïve – ﷽"), ("Hold", "")]


class Wire(asyncio.Transport):
    """The other end: what was written, and whether the line was dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.dropped = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def abort(self) -> None:
        self.dropped = True


class Line:
    """A protocol whose far end is the test."""

    def __init__(self) -> None:
        self.events: list[Message] = []
        self.lost = 0
        self.wire = Wire()
        self.protocol = CuredProtocol(self.events.append, self._lost)
        self.protocol.connection_made(self.wire)

    def _lost(self, _error: Exception | None) -> None:
        self.lost += 1

    def hears(self, raw: bytes, cuts: list[int] | None = None) -> None:
        """These bytes, in packets that end at the cuts."""
        edges = [0, *(cuts or []), len(raw)]
        for start, end in itertools.pairwise(edges):
            if end > start:
                self.protocol.data_received(raw[start:end])

    def heard(self) -> list[tuple[str, str]]:
        return [(e.event, e.destcalleridname or e.calleridname) for e in self.events]


async def test_the_same_is_heard_byte_by_byte() -> None:
    line = Line()
    line.hears(BANNER + STREAM, list(range(1, len(BANNER + STREAM))))
    assert line.heard() == HEARD
    assert line.protocol.banner.result() == "Asterisk Call Manager/11.0.0"
    assert line.protocol.dropped_events == 0


async def test_the_same_is_heard_however_packets_are_cut() -> None:
    """The cuts go through characters of several bytes and through line ends."""
    dice = random.Random(7)
    raw = BANNER + STREAM
    for _ in range(300):
        line = Line()
        line.hears(raw, sorted(dice.sample(range(1, len(raw)), dice.randrange(1, 12))))
        assert line.heard() == HEARD


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=400), cuts=st.lists(st.integers(1, 400), max_size=6))
def test_no_bytes_break_the_reader(raw: bytes, cuts: list[int]) -> None:
    """Whatever comes, the next good event is heard; and cuts make no difference."""

    async def hear(where: list[int]) -> list[tuple[str, str]]:
        line = Line()
        line.hears(BANNER + raw, where)
        line.hears(b"\r\n\r\n" + STREAM)
        assert not line.wire.dropped
        return line.heard()

    whole = asyncio.run(hear([]))
    assert whole[-3:] == HEARD
    assert asyncio.run(hear(sorted({cut for cut in cuts if cut < len(raw)}))) == whole


@pytest.mark.parametrize(
    ("block", "believed"),
    [
        (b"Event: Hangup\r\nUniqueid: 1.1", True),
        (b"Event: Hangup\r\nEvent: Shutdown", False),
        (b"Event: Hangup\r\nUniqueid: 1.1\r\nUniqueid: 2.2", False),
        (b"Event: Hangup\r\nUniqueid: 1.1\r\nuniqueID : 2.2", False),
        (b"Event: X\r\nChanVariable: CC_REF=a\r\nChanVariable: B=c", False),
        (b"CallerIDNum: 1\r\nUniqueid: 1.1", False),
        (b"no colon at all", False),
        (b": no name\r\nEvent: Hangup", True),
        (b"", False),
        (b"\xff\xfe\x00", False),
    ],
)
def test_an_event_that_says_a_thing_twice_is_not_believed(block: bytes, believed: bool) -> None:
    assert (parse_message(block) is not None) is believed


def test_of_a_repeated_header_in_an_answer_the_first_value_counts() -> None:
    said = parse_message(b"Response: Success\r\nMessage: first\r\nMessage: forged")
    assert said is not None
    assert (said.message, said.success) == ("first", True)


def test_a_second_mark_of_a_call_makes_an_event_unbelievable() -> None:
    """Asterisk tells one channel variable; one before it stands in a caller's number."""
    marks = b"Event: X\r\nChanVariable: CC_REF=forged\r\nChanVariable: CC_REF=mine"
    assert parse_message(marks) is None


async def test_a_forged_event_behind_a_blank_line_that_repeats_itself_is_dropped() -> None:
    """A caller's number with line breaks: what it cut off and what it made up are both dropped."""
    line = Line()
    line.hears(BANNER)
    number = "138\r\n\r\nEvent: Hangup\r\nUniqueid: 9.9\r\nChannel: PJSIP/1001-00000001"
    line.hears(
        message(
            ("Event", "DialBegin"),
            ("CallerIDNum", number),
            ("Uniqueid", "1.1"),
            ("DestChannel", "PJSIP/1002-00000002"),
        )
    )
    # The head is left with nothing that matters, the forged tail repeats Uniqueid.
    assert [(e.event, e.uniqueid) for e in line.events] == [("DialBegin", "")]
    assert line.protocol.dropped_events == 1


async def test_shutdown_is_an_event_like_others_only_the_socket_ends_the_link() -> None:
    line = Line()
    line.hears(BANNER + message(("Event", "Shutdown"), ("Shutdown", "Cleanly")) + STREAM)
    assert line.heard()[1:] == HEARD
    assert (line.lost, line.protocol.closed, line.wire.dropped) == (0, False, False)
    line.protocol.connection_lost(None)
    line.protocol.connection_lost(None)
    assert line.lost == 1


@pytest.mark.parametrize("before", [b"", BANNER, BANNER + STREAM])
async def test_a_message_without_end_is_bounded(before: bytes) -> None:
    line = Line()
    line.hears(before)
    fed = 0
    while not line.wire.dropped:
        line.hears(b"x" * 4_096)
        fed += 4_096
        assert fed <= MAX_MESSAGE_BYTES + 4_096
    assert len(line.protocol._buffer) == 0


async def test_a_large_burst_of_small_messages_is_no_message_without_end() -> None:
    line = Line()
    line.hears(BANNER + STREAM * 2_000)
    assert len(line.events) == 6_000
    assert not line.wire.dropped


async def test_answers_to_nobody_are_dropped() -> None:
    line = Line()
    line.hears(
        BANNER
        + message(("Response", "Success"), ("ActionID", "stranger"), ("Event", "Hangup"))
        + message(("Response", "Error"), ("Message", "without id"))
    )
    assert line.events == []


def _ask(line: Line, name: str, *, as_list: bool) -> tuple[str, asyncio.Future[object]]:
    action = line.protocol.submit(gate.action(name, {}), as_list=as_list)
    future: asyncio.Future[object] = action.future
    return action.id, future


async def test_a_list_is_whole_with_its_complete_event_and_not_before() -> None:
    line = Line()
    line.hears(BANNER)
    own, future = _ask(line, "CoreShowChannels", as_list=True)
    line.hears(message(("Response", "Success"), ("ActionID", own), ("EventList", "start")))
    line.hears(message(("Event", "CoreShowChannel"), ("ActionID", own), ("Channel", "a")))
    line.hears(message(("Event", "Hold"), ("Channel", "PJSIP/1001-00000001")))
    assert not future.done()
    line.hears(message(("Event", "CoreShowChannelsComplete"), ("ActionID", own)))
    answer = future.result()
    assert isinstance(answer, list)
    assert [m.event for m in answer] == ["", "CoreShowChannel", "CoreShowChannelsComplete"]
    assert [e.event for e in line.events] == ["Hold"]
    # said again, it is an answer to nobody
    line.hears(message(("Response", "Success"), ("ActionID", own)))
    assert line.protocol.responses == {}


@pytest.mark.parametrize("as_list", [True, False])
async def test_a_refusal_is_a_whole_answer(as_list: bool) -> None:
    line = Line()
    line.hears(BANNER)
    own, future = _ask(line, "CoreShowChannels", as_list=as_list)
    line.hears(message(("Response", "Error"), ("ActionID", own), ("Message", "Permission denied")))
    answer = future.result()
    assert isinstance(answer, Message)
    assert (answer.success, answer.message) == (False, "Permission denied")


async def test_a_lost_line_leaves_every_outcome_unknown() -> None:
    line = Line()
    line.hears(BANNER)
    _, lists = _ask(line, "CoreShowChannels", as_list=True)
    _, ping = _ask(line, "Ping", as_list=False)
    line.protocol.connection_lost(ConnectionResetError())
    for future in (lists, ping):
        with pytest.raises(OutcomeUnknownError):
            future.result()
    assert line.protocol.responses == {}


async def test_ids_of_actions_cannot_be_guessed() -> None:
    line = Line()
    own, _ = _ask(line, "Ping", as_list=False)
    head, random_part, *_ = own.split("/")
    assert (head, len(random_part)) == ("action", 36)
    line.protocol.connection_lost(None)
