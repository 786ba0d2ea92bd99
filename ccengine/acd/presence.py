"""What agents and their phones say of themselves."""

from __future__ import annotations

from ccengine.acd.floor import HELD, Floor
from ccengine.acd.inputs import PhoneState
from ccengine.acd.offers import take_out
from ccengine.acd.state import Agent
from ccengine.acd.wrapup import end_wrap_up
from ccengine.journal.facts import AgentState

SIGNED_IN = "signed_in"
"""The not-ready reason of an agent who has logged in and not yet said ready."""


def wish(floor: Floor, agent: Agent, state: AgentState, reason: str = "") -> None:
    """Takes effect at once, or as soon as no call holds the agent; the view shows the reason."""
    agent.wish, agent.wish_reason = state, reason
    if agent.state in HELD:
        agent.reason = reason
        floor.say_wish(agent)
    else:
        floor.rest(agent)


def sign_in(floor: Floor, agent: Agent) -> None:
    if agent.wish is not AgentState.LOGGED_OUT:
        floor.ignore("sign_in", f"agent {agent.agent_id} is signed in already")
        return
    agent.missed_in_a_row = 0
    wish(floor, agent, AgentState.NOT_READY, SIGNED_IN)


def sign_out(floor: Floor, agent: Agent) -> None:
    """At once, but a talk is finished first. A phone that rings stops and its call goes on."""
    agent.wish, agent.wish_reason = AgentState.LOGGED_OUT, ""
    match agent.state:
        case AgentState.TALKING:
            agent.reason = ""
            floor.say_wish(agent)
        case AgentState.OFFERED:
            take_out(floor, agent)
        case _:
            end_wrap_up(floor, agent)
            floor.rest(agent)


def ready(floor: Floor, agent: Agent) -> None:
    if agent.wish is AgentState.LOGGED_OUT:
        floor.ignore("ready", f"agent {agent.agent_id} has signed out")
        return
    agent.missed_in_a_row = 0
    if agent.state is AgentState.WRAP_UP:
        agent.wish, agent.wish_reason = AgentState.READY, ""
        end_wrap_up(floor, agent)
        floor.rest(agent)
    else:
        wish(floor, agent, AgentState.READY)


def not_ready(floor: Floor, agent: Agent, reason: str) -> None:
    if agent.wish is AgentState.LOGGED_OUT:
        floor.ignore("not_ready", f"agent {agent.agent_id} has signed out")
        return
    if agent.state is AgentState.NOT_READY and agent.reason == reason:
        floor.ignore("not_ready", f"agent {agent.agent_id} is not ready for that reason already")
        return
    if agent.state is AgentState.WRAP_UP and agent.wrap_up_until is None:
        # What comes next has been said, so the agent is done; its wrap-up ends by nothing else.
        agent.wish, agent.wish_reason = AgentState.NOT_READY, reason
        wrap_up_over(floor, agent)
        return
    wish(floor, agent, AgentState.NOT_READY, reason)


def phone_changed(floor: Floor, agent: Agent, phone: PhoneState) -> None:
    """A phone that comes back from being unreachable ends the pause: it has just registered."""
    if agent.phone is PhoneState.UNREACHABLE and phone is PhoneState.IDLE:
        floor.cancel_timer(agent.pause)
        agent.pause = None
    agent.phone = phone
    floor.refresh(agent)


def pause_over(floor: Floor, agent: Agent) -> None:
    agent.pause = None
    floor.refresh(agent)


def wrap_up_over(floor: Floor, agent: Agent) -> None:
    end_wrap_up(floor, agent)
    floor.rest(agent)
