"""Events as Asterisk 22 writes them, and as nobody but an attacker would."""

from __future__ import annotations

import pytest

from ccengine.acd.inputs import PhoneState
from ccengine.asterisk.ami_wire import parse_message
from ccengine.asterisk.events import (
    LEG_RESULTS,
    PHONE_STATES,
    CallOver,
    ChannelGone,
    Connected,
    CustomerCalled,
    FallbackBegan,
    HoldChanged,
    KeyHeard,
    LegBegan,
    LegOver,
    PhoneEvent,
    PhoneSeen,
    agent_of,
    call_id_of,
    decode,
    marked,
)
from ccengine.ids import AgentId, CallId, OfferId

CALL = CallId("32a5d37f-7329-4cfd-9daa-0699202e27d6")
CALLER = """Channel: PJSIP/trunk-carrier-00000000
ChannelState: 6
ChannelStateDesc: Up
CallerIDNum: 13900000000
CallerIDName: <unknown>
ConnectedLineNum: 1001
ConnectedLineName: <unknown>
Language: en
AccountCode: 32a5d37f-7329-4cfd-9daa-0699202e27d6
Context: cc-call
Exten: s
Priority: 23
Uniqueid: ccengine-1795357522.0
Linkedid: ccengine-1795357522.0
ChanVariable: CC_REF=32a5d37f-7329-4cfd-9daa-0699202e27d6
"""
AGENT = """Channel: PJSIP/1001-00000001
ChannelState: 6
ChannelStateDesc: Up
CallerIDNum: 1001
CallerIDName: <unknown>
Language: en
Context: from-agents
Exten:
Priority: 1
Uniqueid: ccengine-1795357522.1
Linkedid: ccengine-1795357522.0
ChanVariable: CC_REF=32a5d37f-7329-4cfd-9daa-0699202e27d6/o-7
"""
HEAD = """Privilege: call,all
Timestamp: 1795357522.446772
SystemName: ccengine
"""
DEST = "".join(f"Dest{line}\n" for line in AGENT.splitlines())


def said(name: str, *parts: str) -> PhoneEvent | None:
    text = f"Event: {name}\n{HEAD}{''.join(parts)}"
    message = parse_message(text.strip().replace("\n", "\r\n").encode())
    assert message is not None
    return decode(message)


def test_events_of_one_call_as_asterisk_tells_them() -> None:
    agent_id = AgentId("1001")
    caller = "ccengine-1795357522.0"
    leg = "PJSIP/1001-00000001"
    assert said("DialBegin", CALLER, DEST, "DialString: 1001\n") == LegBegan(
        caller_uniqueid=caller, agent_id=agent_id, channel=leg
    )
    assert said("DialEnd", CALLER, DEST, "DialStatus: ANSWER\n") == LegOver(
        caller_uniqueid=caller, agent_id=agent_id, channel=leg, status="ANSWER"
    )
    connected = f"UserEvent: CcConnected\nCallId: {CALL}\nOfferId: o-7\nAgent: 1001\n"
    assert said("UserEvent", AGENT, connected) == Connected(
        call_id=CALL, offer_id=OfferId("o-7"), agent_id=agent_id
    )
    for name, held in (("Hold", True), ("Unhold", False)):
        assert said(name, AGENT) == HoldChanged(agent_id=agent_id, linked_to=caller, held=held)
    assert said("Hangup", AGENT, "Cause: 16\n") == ChannelGone(
        channel=leg,
        uniqueid="ccengine-1795357522.1",
        linked_to=caller,
        call_id=CALL,
        agent_id=agent_id,
        cause=16,
    )
    assert said("Hangup", CALLER, "Cause: 16\n") == ChannelGone(
        channel="PJSIP/trunk-carrier-00000000",
        uniqueid=caller,
        linked_to=caller,
        call_id=CALL,
        agent_id=None,
        cause=16,
    )
    ended = f"UserEvent: CcEnded\nCallId: {CALL}\nServed: 1\nDone: 0\nEnd: \n"
    assert said("UserEvent", CALLER, ended) == CallOver(
        call_id=CALL, served=True, end="", uniqueid=caller
    )
    customer = f"UserEvent: CcCustomer\nCallId: {CALL}\nStatus: "
    assert said("UserEvent", AGENT, customer + "REACHED\n") == CustomerCalled(
        call_id=CALL, reached=True, status="REACHED"
    )
    assert said("UserEvent", AGENT, customer + "BUSY\n") == CustomerCalled(
        call_id=CALL, reached=False, status="BUSY"
    )
    fallback = f"UserEvent: CcFallback\nCallId: {CALL}\n"
    assert said("UserEvent", CALLER, fallback) == FallbackBegan(call_id=CALL)


def test_a_key_is_known_by_channel_and_call() -> None:
    pressed = said("DTMFEnd", CALLER, "Digit: #\nDurationMs: 120\nDirection: Received\n")
    assert pressed == KeyHeard(uniqueid="ccengine-1795357522.0", call_id=CALL, key="#")
    for digit in ("", "A", "12", "f"):
        assert said("DTMFEnd", CALLER, f"Digit: {digit}\n") is None
    strange = CALLER.replace("ChanVariable: CC_REF=", "ChanVariable: CC_X=")
    assert said("DTMFEnd", strange, "Digit: 1\n") is None


@pytest.mark.parametrize(("state", "phone"), PHONE_STATES.items())
def test_every_device_state_of_a_phone_is_known(state: str, phone: PhoneState) -> None:
    assert said("DeviceStateChange", f"Device: PJSIP/1001\nState: {state}\n") == PhoneSeen(
        agent_id=AgentId("1001"), phone=phone
    )


def test_a_phone_that_cannot_be_asked_is_never_idle() -> None:
    idle = {state for state, phone in PHONE_STATES.items() if phone is PhoneState.IDLE}
    assert idle == {"NOT_INUSE"}
    assert "ANSWER" not in LEG_RESULTS


@pytest.mark.parametrize(
    "device",
    [
        "PJSIP/trunk-carrier",
        "PJSIP/1",
        "PJSIP/123456789",
        "PJSIP/1001x",
        "PJSIP/１００１",
        "PJSIP/1001/x",
        "pjsip/1001",
        "SIP/1001",
        "Queue:fallback_avail",
        "Local/1001@x",
        "",
        "1001",
    ],
)
def test_devices_that_are_no_agents_phone_are_nothing(device: str) -> None:
    assert said("DeviceStateChange", f"Device: {device}\nState: NOT_INUSE\n") is None


def test_a_state_nobody_knows_changes_nothing() -> None:
    assert said("DeviceStateChange", "Device: PJSIP/1001\nState: DANCING\n") is None
    assert said("DeviceStateChange", "Device: PJSIP/1001\n") is None


@pytest.mark.parametrize(
    "channel",
    [
        "PJSIP/trunk-carrier-00000000",
        "PJSIP/1001-0000001",
        "PJSIP/1001-0000000G",
        "PJSIP/1001-00000001;1",
        "Surrogate/PJSIP/1001-00000001",
        "Local/1001@from-agents-00000001;2",
        " PJSIP/1001-00000001",
        "PJSIP/1001-00000001\n",
        "PJSIP/1001",
        "",
    ],
)
def test_channels_that_are_no_agents_leg(channel: str) -> None:
    assert agent_of(channel) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "32a5d37f73294cfd9daa0699202e27d6",
        "32A5D37F-7329-4CFD-9DAA-0699202E27D6",
        "32a5d37f-7329-4cfd-9daa-0699202e27d6 ",
        "32a5d37f-7329-4cfd-9daa-0699202e27d6\n",
        "../../../../etc/passwd",
        "32a5d37f-7329-4cfd-9daa-0699202e27d６",
    ],
)
def test_texts_that_are_no_call_id(text: str) -> None:
    assert call_id_of(text) is None
    assert marked(f"CC_REF={text}") is None
    assert said("UserEvent", AGENT, f"UserEvent: CcConnected\nCallId: {text.strip()}x\n") is None


def test_marks_are_read_only_from_our_own_variable() -> None:
    assert marked(f"CC_REF={CALL}/o-7") == marked(f"CC_REF={CALL}") == CALL
    for variable in (f"X={CALL}", f"cc_ref={CALL}", str(CALL), f"={CALL}", ""):
        assert marked(variable) is None


@pytest.mark.parametrize(
    "parts",
    [
        (CALLER, f"UserEvent: CcConnected\nCallId: {CALL}\nOfferId: o-7\n"),  # no agent's leg
        (AGENT, f"UserEvent: Other\nCallId: {CALL}\n"),
        (AGENT, "UserEvent: CcConnected\n"),
    ],
)
def test_user_events_that_are_not_ours_are_nothing(parts: tuple[str, ...]) -> None:
    assert said("UserEvent", *parts) is None


def test_dials_without_an_agent_or_a_caller_are_nothing() -> None:
    stranger = DEST.replace("PJSIP/1001-", "PJSIP/trunk-carrier-")
    assert said("DialBegin", CALLER, stranger) is None
    assert said("DialEnd", CALLER, stranger, "DialStatus: BUSY\n") is None
    assert said("DialBegin", DEST) is None
    assert said("DialEnd", DEST) is None


@pytest.mark.parametrize("name", ["Newchannel", "VarSet", "Shutdown", "BridgeEnter", "", "hangup"])
def test_other_events_are_forgotten(name: str) -> None:
    assert said(name or "X", CALLER) is None
