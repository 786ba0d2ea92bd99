"""What exists in Asterisk now. The snapshot is the truth; events are hints between two of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ccengine.acd.inputs import PhoneState
from ccengine.asterisk.ami import AmiLink
from ccengine.asterisk.events import PHONE_STATES, agent_of, marked
from ccengine.ids import AgentId, CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSeen:
    """One channel. ``call_id`` is known by the mark that our dialplan put on it."""

    channel: str
    uniqueid: str
    linked_to: str
    call_id: CallId | None
    agent_id: AgentId | None
    bridged: bool
    up: bool = True
    """Answered; until then it rings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    phones: Mapping[AgentId, PhoneState]
    channels: tuple[ChannelSeen, ...]


async def take(link: AmiLink) -> Snapshot:
    """Ask Asterisk. Raises what ``AmiLink.query`` raises."""
    devices = await link.query("DeviceStateList")
    phones: dict[AgentId, PhoneState] = {}
    for device in devices:
        technology, _, name = str(device.device).partition("/")
        state = PHONE_STATES.get(str(device.state))
        if technology == "PJSIP" and re.fullmatch(r"[0-9]{2,8}", name) and state is not None:
            phones[AgentId(name)] = state
    channels = await link.query("CoreShowChannels")
    return Snapshot(
        phones=phones,
        channels=tuple(
            ChannelSeen(
                channel=str(seen.channel),
                uniqueid=str(seen.uniqueid),
                linked_to=str(seen.linkedid),
                call_id=marked(str(seen.chanvariable)),
                agent_id=agent_of(str(seen.channel)),
                bridged=bool(seen.bridgeid),
                up=str(seen.channelstatedesc) == "Up",
            )
            for seen in channels
        ),
    )
