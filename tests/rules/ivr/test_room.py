"""What a call may learn in all is bounded; more of it never ends the call."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ccengine.asterisk import gate
from ccengine.asterisk.names import Variable
from ccengine.ids import FlowId
from ccengine.ivr.answers import Collected, LookedUp, Routed
from ccengine.ivr.frames import MOST_BYTES, MOST_TEXT, Frames, json_bytes
from ccengine.ivr.model import Flow
from ccengine.ivr.steps.goto import GotoStep
from ccengine.ivr.waits import LookupWait

Dial = Any
Write = Callable[[str], Flow]

TEXT = "长" * 80
FULL = "".join(
    f"  full{i}: {{type: set, values: {{kept{i}: '\"{TEXT}\"'}}, next: {then}}}\n"
    for i, then in enumerate([*(f"full{i}" for i in range(1, 11)), "ask"])
)
ASK = """
  ask: {type: lookup, customer: {}, into: {said: name, note: note},
    found: found, nothing: end, failed: failed}
"""
ENDS = """
  found: {type: hangup}
  failed: {type: hangup}
  end: {type: hangup}
"""


def with_little_room(ask: str) -> str:
    """A call that has learnt nearly all that it may before it asks."""
    return "start: full0\nsteps:\n" + FULL + ask + ENDS


def test_a_lookup_with_more_than_there_is_room_for_has_failed(
    dial: Dial, write_flow: Write
) -> None:
    call = dial(write_flow(with_little_room(ASK)))
    assert isinstance(call.wait, LookupWait)
    assert 0 <= call.wait.room < json_bytes(TEXT)
    call.answers(LookedUp(found=True, values={"name": TEXT, "note": TEXT}))
    assert call.errors == []
    call.ends("finished", step="failed")
    assert (call.run.data["said"], call.run.data["kept0"]) == ("", TEXT)


def test_a_short_answer_is_kept(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(with_little_room(ASK)))
    call.answers(LookedUp(found=True, values={"name": "王芳"}))
    call.ends("finished", step="found")
    assert call.run.data["said"] == "王芳"


def test_what_the_names_hold_already_makes_room(dial: Dial, write_flow: Write) -> None:
    """A lookup that is asked again and again does not fill the call up."""
    ask = ASK.replace("found: found", "found: again").replace("{}", "{by: id, value: '1'}")
    again = "  again: {type: play, say: {zh-CN: 再来, en: Again}, next: ask}\n"
    call = dial(
        write_flow(
            "start: ask\nsteps:" + ask + again + ENDS.replace("  found: {type: hangup}\n", "")
        )
    )
    for _ in range(20):
        call.answers(LookedUp(found=True, values={"name": "长" * 200, "note": "长" * 200}))
        assert call.way[-1] == ("ask", "found")
        call.listens()


def test_a_business_system_that_says_too_much_is_as_one_that_says_nothing(
    dial: Dial, write_flow: Write
) -> None:
    ask = """
  ask: {type: route, system: crm, into: {said: a, note: b}, queue: found, hangup: end,
    default: failed}
"""
    call = dial(write_flow(with_little_room(ask)))
    call.answers(Routed(action="queue", target="sales", values={"a": TEXT, "b": TEXT}))
    assert call.errors == []
    call.ends("finished", step="failed")


def test_what_is_keyed_in_is_cut(dial: Dial, write_flow: Write) -> None:
    ask = """
  ask: {type: collect, say: {zh-CN: 号码, en: Number}, into: said, digits: {most: 32},
    no_input: end, invalid: failed, next: more}
  more: {type: set, values: {kept11: '"TEXT"'}, next: found}
""".replace("TEXT", TEXT)
    call = dial(write_flow(with_little_room(ask)))
    call.answers(Collected(digits="1" * 32, by="length"))
    assert call.errors == []
    call.ends("finished", step="found")
    assert TEXT.startswith(call.run.data.get("kept11", ""))
    assert call.run.data.get("kept11", "") != TEXT


def frames() -> Frames:
    flow = Flow(
        id=FlowId("f"), version="v", start="s", steps={"s": GotoStep(type="goto", step="s")}
    )
    return Frames(flow)


@given(
    st.lists(
        st.dictionaries(
            st.from_regex(r"[a-z]{1,8}", fullmatch=True),
            st.text(st.characters(), max_size=300) | st.integers() | st.just(10**400),
            max_size=8,
        ),
        max_size=20,
    )
)
def test_whatever_is_learnt_can_be_kept_and_written_down(
    learnt: list[dict[str, str | int]],
) -> None:
    known = frames()
    for some in learnt:
        known.learn(some)
        for name, value in known.top.data.items():
            assert not isinstance(value, str) or len(value) <= MOST_TEXT
            assert value == "" or name in {n for one in learnt for n in one}
    assert known.room == MOST_BYTES - json_bytes(known.saved()) >= 0


def test_a_full_call_in_chinese_fits_in_asterisks_line(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(with_little_room(ASK)))
    saved = json.dumps(call.run.save(), separators=(",", ":"), ensure_ascii=False).encode()
    assert gate.set_variable(Variable.FLOW_STATE, base64.b64encode(saved).decode())
