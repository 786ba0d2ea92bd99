"""Whom a flow rings and what it records is not for a caller, or a system outside, to widen."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ccengine.asterisk import gate_people
from ccengine.asterisk.gate import ForbiddenError
from ccengine.contacts.numbers import normalise_number
from ccengine.site.callback import allowed
from tests.kit.agi_words import arguments

CALL = "3306beaa-f47a-4eb9-94ca-1478c767b418"
MESSAGE = f"/var/cc/messages/2026-11-22/{CALL}.1.voicemail.support"
OUTSIDE = "PJSIP/{}@trunk-carrier,25,igrU(cc-transferred)L(60000)b(cc-transfer^outside^1(4001))"
SIGNS = st.text(alphabet="0123456789+*#,&@/()^${}[]\"'\\;:. \r\n\0abcPJSIPtrunk-", max_size=40)


def test_what_the_engine_says_passes() -> None:
    inside = "PJSIP/1001&PJSIP/1002,25,igm(default)U(cc-transferred)b(cc-offer^headers^1)"
    for argument in (inside, OUTSIDE.format("13800000001"), OUTSIDE.format("+442012345678")):
        assert arguments(gate_people.transfer(argument)) == ["EXEC", "Dial", argument]
    line = gate_people.record_file(MESSAGE, "#", 120, 5)
    assert arguments(line) == ["RECORD", "FILE", MESSAGE, "sln", "#", "120000", "BEEP", "s=5"]
    assert gate_people.conference("team_1", "member", 5, 60)[-1].endswith('"team_1,,,cc-keys"')


@given(text=SIGNS)
@example("13800000001&PJSIP/00123456789@trunk-carrier")
@example("13800000001@trunk-other,25,tT")
@example("13800000001\r\nEXEC System x")
@example("１３８００００００01")
def test_nothing_but_a_number_stands_in_a_numbers_place(text: str) -> None:
    try:
        line = gate_people.transfer(OUTSIDE.format(text))
    except ForbiddenError:
        return
    assert re.fullmatch(r"\+?[0-9]{7,20}", text, re.ASCII)
    assert line == f'EXEC Dial "{OUTSIDE.format(text)}"'


@given(text=SIGNS | st.text(max_size=30))
@example("0012025550123")
@example("139 0000 0000")
@example("(139)00000000,60,T")
@example("110")
def test_a_number_that_the_list_allows_passes_the_gate_as_it_is(text: str) -> None:
    number = normalise_number(text)
    if allowed(number, ("139", "021")):
        assert number.startswith(("139", "021"))
        assert gate_people.transfer(OUTSIDE.format(number))


@pytest.mark.parametrize("option", ["t", "T", "tT", "k", "K", "h", "H", "w", "x", "F(a,b,1)", "e"])
def test_no_option_gives_a_caller_keys_or_leads_elsewhere(option: str) -> None:
    argument = OUTSIDE.format("13800000001")
    for widened in (argument + option, argument.replace("igr", f"ig{option}r")):
        with pytest.raises(ForbiddenError):
            gate_people.transfer(widened)


@pytest.mark.parametrize(
    "argument",
    [
        "PJSIP/13800000001@trunk-carrier,25,igrU(cc-transferred)",
        "PJSIP/1001,25,grU(cc-transferred)b(cc-offer^headers^1)",
        "Local/1001@from-trunk,25,igrU(cc-transferred)b(cc-offer^headers^1)",
        "PJSIP/1001&PJSIP/13800000001@trunk-carrier,25,igrU(cc-transferred)b(cc-offer^headers^1)",
    ],
)
def test_no_talk_without_an_end_no_forwarding_no_other_way(argument: str) -> None:
    with pytest.raises(ForbiddenError):
        gate_people.transfer(argument)


@given(text=SIGNS | st.text(max_size=60))
@example("/etc/asterisk/extensions")
@example(MESSAGE.replace("messages", "..").replace("/cc", "/../.."))
@example(MESSAGE + ".conf\n")
def test_only_messages_of_calls_are_written(text: str) -> None:
    with pytest.raises(ForbiddenError):
        gate_people.record_file(text, "#", 60, 5)
    with pytest.raises(ForbiddenError):
        gate_people.record_file(MESSAGE, f"#{text or 'x'}x", 60, 5)


@given(text=SIGNS | st.text(max_size=40))
def test_a_room_is_a_plain_word(text: str) -> None:
    if re.fullmatch(r"[a-z0-9_]{1,32}", text, re.ASCII):
        assert gate_people.in_room(text)
        return
    for attempt in (gate_people.in_room, lambda room: gate_people.conference(room, "member", 2, 9)):
        with pytest.raises(ForbiddenError):
            attempt(text)


@given(text=SIGNS | st.text(max_size=60))
@example("/etc/passwd")
@example(MESSAGE.replace("messages", ".."))
@example(MESSAGE + "&/etc/passwd")
def test_a_caller_hears_only_messages_of_its_own_call(text: str) -> None:
    assert gate_people.message_of_call(MESSAGE, CALL) == MESSAGE
    for path, call_id in ((text, CALL), (MESSAGE, CALL[::-1])):
        with pytest.raises(ForbiddenError):
            gate_people.message_of_call(path, call_id)
