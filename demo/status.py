"""What the demo says while it lives: sentences, and one line that is kept up to date."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from ccengine.asterisk.program import AsteriskProgram
from ccengine.ids import AgentId
from ccengine.settings import Settings
from demo.agents import Agent
from demo.crowd import Crowd
from demo.logins import Login

REFRESH = 1.0
_SELDOM = 15.0
"""Where no terminal is, one line so often."""


class Voice:
    """Standard output, with one live line at its end where that is a terminal."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._began = time.monotonic()
        self._shown = ""
        self._said_at = 0.0

    def say(self, text: str) -> None:
        """A sentence that stays."""
        if self._live and self._shown:
            print("\r\x1b[K", end="")
        print(f"[{time.monotonic() - self._began:6.1f} s] {text}", flush=True)
        self._draw()

    def show(self, text: str) -> None:
        """The live line; where no terminal is, now and then a sentence."""
        self._shown = text
        if self._live:
            self._draw()
        elif time.monotonic() - self._said_at >= _SELDOM:
            self._said_at = time.monotonic()
            print(f"[{time.monotonic() - self._began:6.1f} s] {text}", flush=True)

    def done(self) -> None:
        if self._live and self._shown:
            print(flush=True)
        self._shown = ""

    def _draw(self) -> None:
        if self._live and self._shown:
            print(f"\r\x1b[K{self._shown}", end="", flush=True)


def line_of(crowd: Crowd | None, agents: Sequence[Agent]) -> str:
    count = {state: sum(agent.state == state for agent in agents) for state in _AGENT_STATES}
    states = ", ".join(f"{number} {_AGENT_STATES[state]}" for state, number in count.items())
    calls = "quiet floor"
    if crowd is not None:
        calls = (
            f"{crowd.on_the_line} on the line ({crowd.talking} talking), {crowd.done} over, "
            f"{crowd.talked} talked with an agent"
        )
        if crowd.failed:
            calls += f", {crowd.failed} FAILED"
    return f"callers: {calls} | agents: {states} | Ctrl-C stops"


_AGENT_STATES = {
    "ready": "ready",
    "offered": "ringing",
    "talking": "talking",
    "wrap_up": "wrapping up",
    "not_ready": "not ready",
}


def welcome(settings: Settings, logins: Sequence[Login], yours: AgentId, secret: str) -> str:
    """How to look in, log in, take a call and make one."""
    sip = f"127.0.0.1:{settings.sip_port}"
    width = max(len(login.username) for login in logins)
    lines = [
        "",
        f"  The contact centre is open: {settings.url}/",
        "",
        *(
            f"    {login.username:<{width}}  {login.password}  {_what(login, yours)}"
            for login in logins
        ),
        "",
        "  Take a call yourself:",
        f"    1. register a SIP phone on this machine: user {yours}, password {secret},",
        f"       server {sip}, UDP (any softphone; codec G.711)",
        f"    2. log in as the agent {yours} at {settings.url}/desk and press Ready",
        "  Call in yourself: from a phone on this machine that is not registered,",
        f"    sip:4001@{sip} (menu) or sip:4002@{sip} (straight to the queue)",
        "    4003 is a bank (account 62220001, PIN 123456), 4004 brings parcels (2000000001 to",
        "    2000000004), 4005 is a city's 12345",
        f"  The report: {settings.url}/report as {logins[0].username}",
        f"  The engine's log: {settings.home / 'engine.log'}",
        "",
    ]
    return "\n".join(lines)


def _what(login: Login, yours: AgentId) -> str:
    if login.agent_id is None:
        return f"{login.name}: report and all calls"
    whose = "left for you" if login.agent_id == yours else "simulated; log in to look on"
    return f"{login.name}, agent {login.agent_id}: {whose}"


def named(program: AsteriskProgram) -> str:
    where = "the project's private root" if program.private else "installed"
    return f"Asterisk {program.version} ({where})"
