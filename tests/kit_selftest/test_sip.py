"""The two traces, read as they are written: in any pieces."""

from __future__ import annotations

import pytest

from simphones.scenario import Caller
from simphones.sip import BaresipTrace, SipMessage, SippTrace

INVITE = (
    'INVITE sip:71@127.0.0.1 SIP/2.0\r\nFrom: "王女士" <sip:138@127.0.0.1>;tag=1\r\n'
    "CSeq: 1 INVITE\r\nX-Call-Id: abc\r\n\r\n"
    "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 0 96\r\na=rtpmap:96 telephone-event/8000\r\n"
).encode()
OK = b"SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n"


def sipp_says() -> bytes:
    line = b"----------------------------------------------- 2026-11-22 13:24:42.777405\n"
    return (
        line
        + b"UDP message sent (%d bytes):\n\n%s\n" % (len(INVITE), INVITE)
        + line
        + b"UDP message received [%d] bytes :\n\n%s\n" % (len(OK), OK)
    )


def baresip_says() -> bytes:
    def frame(source: bytes, target: bytes, text: bytes) -> bytes:
        return b"\x1b[36;1m#\nUDP %s -> %s\n%s\x1b[;m\n" % (source, target, text)

    us, them = b"127.0.0.1:40000", b"127.0.0.1:5060"
    return (
        frame(us, them, b"REGISTER sip:127.0.0.1 SIP/2.0\r\nCSeq: 1 REGISTER\r\n\r\n")
        + b"[0:00:01] audio=0/0 (bit/s)    "
        + frame(them, us, INVITE)
    )


def fed(trace: SippTrace | BaresipTrace, data: bytes, size: int) -> list[SipMessage]:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return [message for piece in pieces for message in trace.feed(piece)]


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_sipp_tells_what_went_out_and_came_in(size: int) -> None:
    invite, ok = fed(SippTrace(), sipp_says(), size)

    assert (invite.method, invite.direction, invite.code) == ("INVITE", "out", 0)
    assert "王女士" in invite.header("from")
    assert (ok.code, ok.direction, ok.answers) == (200, "in", "INVITE")


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_baresip_tells_headers_that_its_events_do_not(size: int) -> None:
    register, invite = fed(BaresipTrace(), baresip_says(), size)

    assert (register.method, register.direction) == ("REGISTER", "out")
    assert (invite.direction, invite.header("X-Call-Id")) == ("in", "abc")
    assert invite.media is not None
    assert (invite.media.host, invite.media.port, invite.media.events_as) == ("127.0.0.1", 4000, 96)


@pytest.mark.parametrize("text", ["a\r\nb", "[field0]", "a]]>"])
def test_a_caller_cannot_say_what_sipp_would_take_for_itself(text: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in an INVITE"):
        Caller(dnis="4001", ani="138", display=text)
