"""Voice and keys on the wire."""

from __future__ import annotations

import random

import pytest

from simphones import rtp


def stream() -> rtp.Sender:
    return rtp.Sender(random.Random(1))


def test_voice_goes_on_in_sequence_and_time() -> None:
    sender = stream()

    packets = [rtp.parse(sender.voice(bytes(160))) for _ in range(3)]

    first, second, third = (packet for packet in packets if packet is not None)
    assert (first.marker, second.marker, third.marker) == (True, False, False)
    assert third.sequence - first.sequence == 2
    assert third.timestamp - first.timestamp == 320
    assert second.payload == bytes(160)


def test_a_key_grows_and_its_end_is_said_three_times() -> None:
    sender = stream()

    packets = [rtp.parse(data) for data in sender.press("5", payload_type=101)]
    events = [rtp.parse_event(packet.payload) for packet in packets if packet is not None]

    assert [event.duration for event in events if event] == [160, 320, 480, 640, 800, 800, 800]
    assert [event.end for event in events if event] == [False] * 4 + [True] * 3
    assert {event.key for event in events if event} == {"5"}
    assert len({packet.timestamp for packet in packets if packet}) == 1
    assert [packet.marker for packet in packets if packet] == [True] + [False] * 6


@pytest.mark.parametrize("data", [b"", b"\x80" * 11, b"\x00" * 40, b"\x80\xc8" + bytes(40)])
def test_what_is_no_rtp_is_left_alone(data: bytes) -> None:
    assert rtp.parse(data) is None


def test_nobody_can_press_a_key_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        list(stream().press("x", payload_type=101))
