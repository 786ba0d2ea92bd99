"""Whom an offer rings is Dial's whole argument, of one shape; nothing else passes to Dial."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ccengine.acd.commands import Offer
from ccengine.asterisk import gate
from ccengine.asterisk.gate import ForbiddenError
from ccengine.calls.offer import dial_argument
from ccengine.calls.whisper import Whisper
from ccengine.ids import AgentId, CallId, OfferId, QueueId
from tests.kit.agi_words import arguments

SIGNS = st.text(alphabet="0123456789+*#,&@/()^${}[]\"'\\;:. \r\n\0abcPJSIPtrunk-", max_size=40)
WHISPER = Whisper(zh="/var/cc/prompts/a.1-b", en="/var/cc/prompts/c_2", seconds=1.0)
WRITTEN = "PJSIP/{agent},15,b(cc-offer^headers^1({offer}))U(cc-connect^{offer})m({music})ig"
GOOD = {"agent": "1001", "offer": "19a-7", "music": "default"}
SHAPES = {
    "agent": r"[0-9]{2,8}(&PJSIP/[0-9]{2,8})*",
    "offer": r"[A-Za-z0-9-]{1,64}",
    "music": r"[a-z][a-z0-9_]{0,31}",
}


@given(
    agents=st.lists(st.from_regex(r"[0-9]{2,8}", fullmatch=True), min_size=1, max_size=30),
    boot=st.integers(0, 2**48),
    number=st.integers(1, 10**9),
    ring_s=st.floats(3, 120),
    music=st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True),
    whisper=st.sampled_from([None, WHISPER]),
)
def test_every_offer_of_the_engine_passes_as_it_is(
    agents: list[str],
    boot: int,
    number: int,
    ring_s: float,
    music: str,
    whisper: Whisper | None,
) -> None:
    offer = Offer(
        offer_id=OfferId(f"{boot:x}-{number}"),
        call_id=CallId("c"),
        queue=QueueId("sales"),
        agents=tuple(AgentId(agent) for agent in agents),
        ring_timeout_s=ring_s,
        decided_at=0.0,
    )
    argument = dial_argument(offer, music, whisper)
    assert arguments(gate.execute("Dial", argument)) == ["EXEC", "Dial", argument]


@given(place=st.sampled_from(sorted(SHAPES)), text=SIGNS)
@example("agent", "1001@trunk-carrier")
@example("agent", "1001&PJSIP/13800000001@trunk-carrier")
@example("agent", "1001&Local/s@from-trunk")
@example("offer", "1)T")
@example("offer", "1))tT(")
@example("music", "default)tT")
@example("music", "default)F(from-trunk,s,1")
def test_nothing_stands_in_a_place_but_what_belongs_there(place: str, text: str) -> None:
    argument = WRITTEN.format(**GOOD | {place: text})
    if re.fullmatch(SHAPES[place], text, re.ASCII):
        assert arguments(gate.execute("Dial", argument))[2] == argument
        return
    with pytest.raises(ForbiddenError):
        gate.execute("Dial", argument)


@given(text=SIGNS | st.text(max_size=80))
@example("PJSIP/13800000001@trunk-carrier,25,igrU(cc-transferred)L(60000)")
@example("PJSIP/1001,15,g")
@example("Local/s@from-trunk,15,ig")
@example("")
def test_nothing_else_is_dialled(text: str) -> None:
    with pytest.raises(ForbiddenError):
        gate.execute("Dial", text)


@pytest.mark.parametrize("option", ["t", "T", "k", "K", "h", "H", "w", "x", "e", "F(a,b,1)", ",x"])
def test_no_option_gives_a_caller_keys_or_leads_elsewhere(option: str) -> None:
    argument = WRITTEN.format(**GOOD)
    for widened in (argument + option, argument.replace("ig", f"i{option}g")):
        with pytest.raises(ForbiddenError):
            gate.execute("Dial", widened)
