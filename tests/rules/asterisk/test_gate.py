"""The gate: whatever somebody tries to say to Asterisk through us, it stays one line of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ccengine.asterisk import gate
from ccengine.asterisk.gate import ForbiddenError
from ccengine.asterisk.names import LEASE, Variable
from tests.kit.agi_words import arguments

ANY_TEXT = st.text(max_size=60)
BREAKS = st.builds(
    lambda head, broken, tail: head + broken + tail,
    ANY_TEXT,
    st.sampled_from(["\r", "\n", "\0", "\r\n", "\r\n\r\n", "\ud800"]),
    ANY_TEXT,
)
CHANNEL = "PJSIP/1001-0000002a"


def test_the_tests_own_reader_knows_asterisks_rules() -> None:
    assert arguments(r'SET VARIABLE A "b \"c\" \\ d"') == ["SET", "VARIABLE", "A", r'b "c" \ d']
    assert arguments("a  b\tc") == ["a", "b", "c"]
    assert arguments('STREAM FILE "" "1"') == ["STREAM", "FILE", "", "1"]


@given(broken=BREAKS)
def test_no_line_break_passes_anywhere(broken: str) -> None:
    attempts: tuple[Callable[[], object], ...] = (
        lambda: gate.clean(broken),
        lambda: gate.quoted(broken),
        lambda: gate.set_variable(Variable.LANG, broken),
        lambda: gate.set_variable(broken, "x"),
        lambda: gate.get_variable(broken),
        lambda: gate.execute("Dial", broken),
        lambda: gate.execute(broken, "x"),
        lambda: gate.stream_file(broken, ""),
        lambda: gate.stream_file("a", broken),
        lambda: gate.action("Hangup", {"Channel": broken}),
        lambda: gate.action("Hangup", {"Channel": CHANNEL, "Cause": broken}),
        lambda: gate.action("Hangup", {broken: "x"}),
        lambda: gate.action(broken, {}),
        lambda: gate.action("Login", {"Username": "a", "Secret": broken}),
    )
    for attempt in attempts:
        with pytest.raises(ForbiddenError):
            attempt()


@given(value=st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=200))
@example(value='"')
@example(value="\\")
@example(value='\\" SET VARIABLE X "')
@example(value="a\tb  c")
@example(value="王芳，您好。\u2028\x85\x0b")
def test_a_quoted_text_reaches_asterisk_as_it_is(value: str) -> None:
    assert arguments(gate.set_variable(Variable.QUEUE, value)) == [
        "SET",
        "VARIABLE",
        "CC_QUEUE",
        value,
    ]
    assert arguments(gate.execute("MixMonitor", value)) == ["EXEC", "MixMonitor", value]
    assert arguments(gate.stream_file(value, "12#")) == ["STREAM", "FILE", value, "12#"]


@pytest.mark.parametrize("value", ["x" * 8_192, "龙" * 2_731, '"' * 4_096, "x" * 8_185])
def test_no_line_is_longer_than_asterisk_reads_at_once(value: str) -> None:
    """Asterisk reads 8 KiB; the rest would be taken for the next command."""
    attempts: tuple[Callable[[], str], ...] = (
        lambda: gate.set_variable(Variable.FLOW_STATE, value),
        lambda: gate.execute("MixMonitor", value),
        lambda: gate.stream_file(value, ""),
    )
    for attempt in attempts:
        with pytest.raises(ForbiddenError):
            attempt()


def test_the_longest_saved_run_passes() -> None:
    assert gate.set_variable(Variable.FLOW_STATE, "x" * 8_000)


@pytest.mark.parametrize(
    "name",
    [
        "FILE(/etc/passwd)",
        "SHELL(id)",
        "GLOBAL(CC_X)",
        "DB(a/b)",
        "CALLERID(num)",
        "CC_LANG)",
        "CC_lang",
        "___CC_X",
        "CC_",
        "",
        "TIMEOUT(absolute)x",
        "TIMEOUT(digit)",
        "PJSIP_HEADER(add,X)",
        "CC_X ",
        "CC_X\u2028",
    ],
)
def test_variables_with_effects_are_not_ours_to_set(name: str) -> None:
    with pytest.raises(ForbiddenError):
        gate.set_variable(name, "x")


@pytest.mark.parametrize("name", ["FILE(/etc/passwd)", "A}${SHELL(id)", "a", "", "CC_X "])
def test_only_plain_variables_are_read(name: str) -> None:
    with pytest.raises(ForbiddenError):
        gate.get_variable(name)


def test_plain_values_go_in_one_command_and_others_alone() -> None:
    """MSet would cut at a comma and strip quotes; what has them goes as a text of its own."""
    values = {
        "CC_LANG": "zh-CN",
        "CC_QUEUE": 'a,b="c"',
        "CC_FLOW_STATE": "eyJmIjoxfQ==",
        "TIMEOUT(absolute)": "6.0",
    }
    assert [arguments(line) for line in gate.set_variables(values)] == [
        ["SET", "VARIABLE", "CC_QUEUE", 'a,b="c"'],
        ["EXEC", "MSet", "CC_LANG=zh-CN,CC_FLOW_STATE=eyJmIjoxfQ==,TIMEOUT(absolute)=6.0"],
    ]
    assert gate.set_variables({}) == []
    assert gate.set_variables({"CC_LANG": "en"}) == ['SET VARIABLE CC_LANG "en"']
    many = {f"CC_{letter}": "1" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    assert sum(line.count("=1") for line in gate.set_variables(many)) == len(many)
    with pytest.raises(ForbiddenError):
        gate.set_variables({"CC_LANG": "en", "PATH": "x"})


@given(value=st.text(max_size=20))
def test_no_value_makes_another_variable(value: str) -> None:
    try:
        lines = gate.set_variables({"CC_LANG": value, "CC_PHASE": "flow"})
    except ForbiddenError:
        return
    for words in map(arguments, lines):
        if words[1] == "MSet":
            assert words[2].count(",") == 1
            assert words[2].split(",")[0] == f"CC_LANG={value}"


def test_all_variables_of_ours_pass() -> None:
    for variable in Variable:
        only_read = (Variable.DIALED_PEER, Variable.HANGUP_CAUSE, Variable.ROOM_RESULT)
        if variable not in only_read:
            assert gate.set_variable(variable, "x") == f'SET VARIABLE {variable.value} "x"'
        if not variable.startswith("__"):
            assert gate.get_variable(variable) == f"GET FULL VARIABLE ${{{variable.value}}}"
    assert gate.set_variable(LEASE, "6.0") == 'SET VARIABLE TIMEOUT(absolute) "6.0"'


@pytest.mark.parametrize(
    "application", ["System", "Originate", "Set", "AGI", "dial", "Dial ", "Dial,x", "", "Goto"]
)
def test_applications_are_listed(application: str) -> None:
    with pytest.raises(ForbiddenError):
        gate.execute(application, "x")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Originate", {}),
        ("Command", {"Command": "core stop now"}),
        ("hangup", {"Channel": CHANNEL}),
        ("Ping", {"ActionID": "mine"}),
        ("Hangup", {"Channel": CHANNEL, "Variable": "A=b"}),
        ("Hangup", {"Channel": "/^PJSIP/"}),
        ("Hangup", {"Channel": "PJSIP/1001"}),
        ("Hangup", {"Channel": "Local/1@from-trunk-0000002a;1"}),
        ("Hangup", {"Channel": "PJSIP/1001-0000002A"}),
        ("Hangup", {"Channel": f" {CHANNEL}"}),
        ("Hangup", {"Channel": "PJSIP/１００１-0000002a"}),
        ("ControlPlayback", {"Channel": "all", "Control": "stop"}),
    ],
)
def test_actions_are_listed_with_their_fields(name: str, fields: dict[str, str]) -> None:
    with pytest.raises(ForbiddenError):
        gate.action(name, fields)


@pytest.mark.parametrize("keys", ["A", "1 2", '1"', "１", "0123456789*#1", "-"])
def test_only_keys_of_a_phone_cut_a_sound(keys: str) -> None:
    with pytest.raises(ForbiddenError):
        gate.stream_file("a", keys)


CALL = "5b6e1c1e-7d5a-4c88-9a9a-3f1f4f5f6a7b"
CALL_OUT = {
    "Channel": "PJSIP/13800000001@trunk-carrier",
    "ChannelId": f"cc-out-{CALL}-17",
    "Context": "cc-callback",
    "Exten": "s",
    "Priority": "1",
    "Timeout": "30000",
    "CallerID": "4001",
    "Variable": (f"CC_REF={CALL}", "CC_DNIS=+4001"),
    "Async": "true",
}


def test_a_customer_is_called_back_over_a_trunk_of_the_site_into_the_one_context() -> None:
    assert gate.action("Originate", CALL_OUT) == {"Action": "Originate", **CALL_OUT}
    agent_first = CALL_OUT | {"Channel": "Local/s@cc-callback-customer/n"}
    assert gate.action("Originate", agent_first)["Channel"] == agent_first["Channel"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Channel", "PJSIP/1001"),
        ("Channel", "PJSIP/13800000001@trunk-carrier&PJSIP/0019005550100@trunk-carrier"),
        ("Channel", "Local/s@from-agents/n"),
        ("Channel", "PJSIP/sip:13800000001@evil.example@trunk-carrier"),
        ("Context", "from-trunk"),
        ("Exten", "4001"),
        ("Priority", "n"),
        ("Timeout", "1"),
        ("CallerID", "Bank <95588>"),
        ("Variable", ("FILE(/etc/passwd)=x",)),
        ("Variable", ("CC_ANI=1,CC_DONE=1",)),
        ("Variable", ("CC_ANI=${SHELL(id)}",)),
        ("Variable", ("PJSIP_HEADER(add,X)=1",)),
        ("Application", "System"),
        ("Data", "id"),
        ("EarlyMedia", "true"),
    ],
)
def test_nothing_else_can_be_originated(field: str, value: str | tuple[str, ...]) -> None:
    with pytest.raises(ForbiddenError):
        gate.action("Originate", CALL_OUT | {field: value})


def test_only_the_waiting_half_of_a_callback_is_sent_on_and_only_to_its_dial() -> None:
    half = "Local/s@cc-callback-customer-0000001f;2"
    to_dial = {"Channel": half, "Context": "cc-callback-dial", "Exten": "s", "Priority": "1"}
    assert gate.action("Redirect", to_dial)["Channel"] == half
    for field, value in {
        "Channel": "Local/s@cc-callback-customer",
        "Context": "from-trunk",
        "Exten": "h",
    }.items():
        with pytest.raises(ForbiddenError):
            gate.action("Redirect", to_dial | {field: value})
