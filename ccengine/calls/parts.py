"""What a call's session needs of the rest of the engine, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import structlog

from ccengine.acd.expectation import Expected
from ccengine.acd.inputs import Input, PhoneState
from ccengine.clock import Clock
from ccengine.desk.pop import Pop
from ccengine.ids import AgentId, CallId, QueueId
from ccengine.ivr.answers import KnowledgeFound, Routed
from ccengine.ivr.model import Flow
from ccengine.ivr.speech import PromptMissingError
from ccengine.ivr.waits import LookupWait, Prompt, RouteWait
from ccengine.journal.facts import Fact
from ccengine.outside.systems import Asked
from ccengine.site.model import Site
from ccengine.site.transfers import Why

from .live import LiveCall

log = structlog.get_logger(__name__)


class Sounds(Protocol):
    """Prompts as sound files that Asterisk can play."""

    def path(self, prompt: Prompt) -> str: ...

    def duration(self, prompt: Prompt) -> float: ...


def sound_of(sounds: Sounds, prompt: Prompt) -> tuple[str, float] | None:
    """Path and seconds. A prompt that is missing is passed over: better short than dropped."""
    try:
        return sounds.path(prompt), sounds.duration(prompt)
    except PromptMissingError as error:
        log.error("prompt.missing", why=str(error))
        return None


class Floor(Protocol):
    """The engine as a call's session sees it."""

    @property
    def clock(self) -> Clock: ...

    @property
    def site(self) -> Site: ...

    @property
    def sounds(self) -> Sounds: ...

    @property
    def hears_keys(self) -> bool:
        """AMI is up: it tells each key, also those that AGI misses."""
        ...

    def flow_for(self, dnis: str) -> Flow:
        """The flow in force for this number; the default flow for a number nobody routed."""
        ...

    def flow_of_version(self, flow: str, version: str) -> Flow | None:
        """The flow a call began in, if it is still known."""
        ...

    def is_open(self, hours: str, now: float) -> bool:
        """Whether these hours of the site file are open at this reading of the clock."""
        ...

    def submit(self, item: Input) -> None:
        """Put an input in the ACD's one inbox; its commands come to the call's mailbox."""
        ...

    def record(self, *facts: Fact) -> None: ...

    def position(self, call_id: CallId) -> int | None: ...

    def stands_in_line(self, call_id: CallId) -> bool:
        """Whether the ACD has this call or callback: waiting, asleep, offered or talking."""
        ...

    def expected_wait(self, call_id: CallId) -> Expected | None:
        """None: it cannot be told with confidence."""
        ...

    async def know_caller(self, call: LiveCall) -> None:
        """Fill in customer and history; never raises, takes no longer than its deadline."""
        ...

    async def story(self, call: LiveCall) -> Sequence[Fact]:
        """What the journal has of this call; nothing when it does not answer in time."""
        ...

    async def queue_told(self, call: LiveCall) -> bool:
        """Whether the journal already says that this call entered its queue at that moment.

        If so, what it has been through there is noted on the call (``stay_before``).
        """
        ...

    async def prepare_pop(self, call: LiveCall) -> None:
        """Fill in suggested articles, from what is known of the call by now."""
        ...

    async def show_pop(self, pop: Pop) -> Mapping[AgentId, float]:
        """Milliseconds from decision to display, for each page that said so in time."""
        ...

    async def look_up(self, wait: LookupWait, call: LiveCall) -> Asked:
        """Never raises for what is outside, and takes no longer than its deadline."""
        ...

    async def route(self, wait: RouteWait, call: LiveCall) -> Routed:
        """Never raises for what is outside, and takes no longer than its deadline."""
        ...

    def is_holiday(self, hours: str, now: float) -> bool:
        """Whether a public holiday of these hours' calendar is on."""
        ...

    async def answer_question(
        self, question: str, language: str, deadline_s: float
    ) -> KnowledgeFound: ...

    async def speak(self, prompts: Sequence[Prompt]) -> None:
        """Have those spoken that are known only now. Never raises, takes no longer than its
        deadline; what is late is passed over."""
        ...

    async def hang_up(self, channel: str) -> None:
        """End one leg, by its whole name; a leg that is gone is no error."""
        ...

    async def stop_playing(self, channel: str) -> None:
        """Cut the sound that plays on this channel, if any."""
        ...

    @property
    def understands_speech(self) -> bool:
        """There is a recogniser."""
        ...

    async def understand(
        self, audio: Path, language: str, phrases: Sequence[str], deadline_s: float
    ) -> str:
        """What was said, as far as it was understood in time; empty else."""
        ...

    def takes_callbacks(self, queue: QueueId) -> bool:
        """Fewer callbacks of this queue are open than it may have."""
        ...

    def phone_known(self, agent_id: AgentId) -> PhoneState | None:
        """What the ACD was last told of this phone; None: nothing of this agent."""
        ...

    def phone_free(self, extension: str) -> bool | None:
        """Whether this agent's phone is idle and no offer of the ACD is for it; None: it is not
        there."""
        ...

    def may_transfer(self, call: LiveCall, number: str) -> Why:
        """Empty: this outside number may be called now, and counts as called from here on."""
        ...

    @property
    def messages(self) -> Path:
        """The folder of what callers speak in their flows."""
        ...

    def recording_file(self, call: LiveCall) -> str:
        """Where Asterisk is to record this call (absolute, ``.raw``)."""
        ...

    def session_over(self, call: LiveCall) -> None:
        """The session is through with the call: what is left is its last fact."""
        ...
