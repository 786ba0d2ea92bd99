"""SIPp scenarios for calls from the trunk, as XML.

A *led* call is led by its owner: it takes whatever comes from the other side at any moment, and
hangs up when it gets its cue. A *scripted* call runs by itself, for load.

The cue is a SIP request of a method nobody else uses, sent to SIPp's port with the call's own
Call-ID. SIPp hands it to the call like any other message, so it works while the call rings as well
as while it talks, and needs no signal, no pause that cannot be cut short and no second SIPp. SIPp
answers nothing to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CUE = "CUE"
STREAM_PORT = "[rtpstream_audio_port]"
"""Where SIPp speaks from by itself; each call has its own."""

_REFUSALS = (
    *range(300, 306), 400, 401, 402, 403, 404, 405, 406, 407, 408, 410, 413, 414, 415, 416, 420,
    421, 422, 423, 433, 480, 481, 482, 483, 484, 485, 486, 487, 488, 491, 493, 494, 500, 501, 502,
    503, 504, 505, 513, 580, 600, 603, 604, 606,
)  # fmt: skip
_ANSWER_LIMIT = 32_000  # ms, RFC 3261's timer F


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls what, as the INVITE says it."""

    dnis: str
    ani: str
    display: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for a text that SIP or SIPp would read as something else."""
        for text in (
            self.dnis,
            self.ani,
            self.display,
            *(part for pair in self.headers for part in pair),
        ):
            if any(char in "[]" or ord(char) < 32 for char in text):
                raise ValueError(f"{text!r} cannot stand in an INVITE")


def led(caller: Caller, *, media_port: int) -> str:
    """A led call; its owner speaks and listens at ``media_port``."""
    call = _Call(caller, str(media_port))
    return _scenario(
        *call.dial(while_ringing=(_take("request", CUE, "cancel"),)),
        *call.talk(),
        *call.bye(),
        *call.other_ends(),
        *call.cancel(),
    )


def scripted(caller: Caller, *, media_port: str, media: str, talk: float) -> str:
    """A call that talks for ``talk`` seconds and hangs up, unless the other side does so first.

    ``media`` is a SIPp action that plays the call's sound from ``media_port``.
    """
    call = _Call(caller, media_port)
    return _scenario(
        *call.dial(),
        f"<nop><action>{media}</action></nop>",
        *call.talk(hang_up_after=round(talk * 1000)),
        *call.bye(),
        *call.other_ends(),
    )


def cue(call_id: str, *, number: int) -> bytes:
    """The datagram that cues the call; an equal ``number`` would be taken for a repetition."""
    lines = (
        f"{CUE} sip:caller@127.0.0.1 SIP/2.0",
        f"Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-cue-{number}",
        "From: <sip:owner@127.0.0.1>;tag=owner",
        "To: <sip:caller@127.0.0.1>",
        f"Call-ID: {call_id}",
        f"CSeq: {number} {CUE}",
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class _Call:
    """The pieces of a scenario: lists of SIPp commands, each falling into the next."""

    def __init__(self, caller: Caller, media_port: str) -> None:
        self._caller = caller
        self._us = f"sip:{caller.ani}@[local_ip]:[local_port]"
        self._them = f"sip:{caller.dnis}@[remote_ip]:[remote_port]"
        self._sdp = (
            "v=0",
            "o=caller 1 1 IN IP[local_ip_type] [local_ip]",
            "s=-",
            "c=IN IP[media_ip_type] [media_ip]",
            "t=0 0",
            f"m=audio {media_port} RTP/AVP 0 101",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-15",
            "a=ptime:20",
            "a=sendrecv",
        )

    def dial(self, while_ringing: Sequence[str] = ()) -> list[str]:
        """INVITE until the 200; refusals go to ``refused``."""
        invite = (
            *self._request("INVITE", 1, f"To: <{self._them}>", "invite"),
            f"Contact: <{self._us}>",
            "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE",
            *(f"{name}: {value}" for name, value in self._caller.headers),
            "Content-Type: application/sdp",
        )
        return [
            _send(invite, self._sdp, repeat=True),
            *while_ringing,
            *(_take("response", code) for code in (100, 180, 181, 182, 183)),
            *(_take("response", code, "refused") for code in _REFUSALS),
            f'<recv response="200"><action>{_REMEMBER_FAR}</action></recv>',
            self._ack(),
        ]

    def talk(self, *, hang_up_after: int | None = None) -> list[str]:
        """Takes what the other side does until the cue comes, or so many ms have passed."""
        return [
            _label("talking"),
            _take("request", "BYE", "far_bye", limit=hang_up_after, at_limit="hang_up"),
            _take("request", "INVITE", "reinvited"),
            _take("request", "UPDATE", "asked"),
            _take("request", "OPTIONS", "asked"),
            _take("request", "ACK", "talking"),
            f'<recv request="{CUE}"/>',
        ]

    def bye(self) -> list[str]:
        return [
            _label("hang_up"),
            _send(self._request("BYE", 2, "To:[$far]", "bye"), repeat=True),
            _label("hanging_up"),
            _take("request", "BYE", "both_bye", limit=_ANSWER_LIMIT),
            _take("request", CUE),
            _take("response", 481, "over"),
            '<recv response="200" next="over"/>',
            _label("both_bye"),
            _send(_ANSWER, then="hanging_up"),
        ]

    def other_ends(self) -> list[str]:
        """What the other side may ask for; going on by ``next``, for in a nop nothing is taken."""
        answer = (*_ANSWER, f"Contact: <{self._us}>", "Content-Type: application/sdp")
        return [
            _label("far_bye"),
            _send(_ANSWER, then="over"),
            _label("reinvited"),
            _send(answer, self._sdp),
            _take("request", "BYE", "far_bye"),
            _take("request", CUE, "hang_up"),
            '<recv request="ACK" next="talking"/>',
            _label("asked"),
            _send(_ANSWER, then="talking"),
            _label("refused"),
            _send(self._request("ACK", 1, "[last_To:]", "invite"), then="over"),
        ]

    def cancel(self) -> list[str]:
        """CANCEL, and the 200 to the INVITE that may cross it, before or after CANCEL's own."""
        refused = [_take("response", code, "refused") for code in _REFUSALS if code != 481]
        ringing = [
            _take("response", 180, limit=_ANSWER_LIMIT),
            *(_take("response", code) for code in (181, 182, 183)),
        ]
        return [
            _label("cancel"),
            _send(self._request("CANCEL", 1, f"To: <{self._them}>", "invite"), repeat=True),
            *ringing,
            *refused,
            # 481: the call was answered, and Asterisk has forgotten the INVITE already.
            _take("response", 481),
            '<recv response="200" next="cancel_taken" test="of_cancel"><action>'
            f'{_REMEMBER_FAR}<ereg regexp="CANCEL" search_in="hdr" header="CSeq:"'
            ' assign_to="of_cancel"/></action></recv>',
            self._ack(then="hang_up"),
            _label("cancel_taken"),
            *ringing,
            *refused,
            f'<recv response="200"><action>{_REMEMBER_FAR}</action></recv>',
            self._ack(then="hang_up"),
        ]

    def _ack(self, then: str = "") -> str:
        return _send(self._request("ACK", 1, "To:[$far]", "ack"), then=then)

    def _request(self, method: str, cseq: int, to: str, branch: str) -> tuple[str, ...]:
        display = f'"{self._caller.display}" ' if self._caller.display else ""
        return (
            f"{method} {self._them} SIP/2.0",
            "Via: SIP/2.0/[transport] [local_ip]:[local_port]"
            f";branch=z9hG4bK-[pid]-[call_number]-{branch}",
            f"From: {display}<{self._us}>;tag=[pid]-[call_number]",
            to,
            "Call-ID: [call_id]",
            f"CSeq: {cseq} {method}",
            "Max-Forwards: 70",
        )


_ANSWER = (
    "SIP/2.0 200 OK",
    "[last_Via:]",
    "[last_From:]",
    "[last_To:]",
    "[last_Call-ID:]",
    "[last_CSeq:]",
)
_REMEMBER_FAR = '<ereg regexp=".*" search_in="hdr" header="To:" assign_to="far"/>'


def _scenario(*commands: str) -> str:
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE scenario SYSTEM "sipp.dtd">',
        '<scenario name="caller">',
        *commands,
        _label("over"),
        "</scenario>",
    )
    return "\n".join(lines) + "\n"


def _label(name: str) -> str:
    return f'<label id="{name}"/>'


def _take(
    kind: str, what: int | str, then: str = "", *, limit: int | None = None, at_limit: str = ""
) -> str:
    """Takes this message if it comes; ``then`` is where to go on, else it waits on.

    Of messages that are waited for together SIPp heeds only the first one's ``limit`` (ms); then
    it goes on ``at_limit``, or gives the call up as failed.
    """
    go = f' next="{then}"' if then else ""
    wait = "" if limit is None else f' timeout="{limit}"'
    if at_limit:
        wait += f' ontimeout="{at_limit}"'
    return f'<recv {kind}="{what}" optional="true"{go}{wait}/>'


def _send(
    head: Sequence[str], body: Sequence[str] = (), *, repeat: bool = False, then: str = ""
) -> str:
    length = "[len]" if body else "0"
    text = "\n".join((*head, f"Content-Length: {length}", "", *body))
    again = ' retrans="500"' if repeat else ""
    go = f' next="{then}"' if then else ""
    return f"<send{again}{go}><![CDATA[\n{text}\n]]></send>"
