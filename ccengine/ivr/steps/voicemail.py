"""``voicemail``: the caller leaves a message for a queue or an agent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ccengine.ivr.answers import Answer, Recorded
from ccengine.ivr.model import (
    Branch,
    Key,
    Leave,
    Memory,
    RecordingName,
    Scene,
    SiteName,
    Stay,
    Step,
    StepName,
    StepText,
    Texts,
    UnexpectedAnswerError,
)
from ccengine.ivr.said import said
from ccengine.ivr.waits import RecordWait

Mailbox = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,31}|[0-9]{2,8})$")]
"""A queue of the site file by its name, or an agent by its extension."""
LongestMessage = Annotated[float, Field(ge=5, le=600)]
"""Seconds; then the message is over."""
Silence = Annotated[float, Field(ge=2, le=30)]
"""So many seconds without a word end a message."""


class VoicemailStep(Step):
    """A hang-up while the caller speaks ends the message and loses nothing of it."""

    type: Literal["voicemail"]
    say: Texts
    recording: RecordingName | Literal[""] = ""
    mailbox: Mailbox
    longest: LongestMessage = 180.0
    silence: Silence = 5.0
    keys: tuple[Key, ...] = ("#",)
    """Each of them ends the message."""
    left: StepName
    nothing: StepName
    """Nothing was said."""

    def ways(self) -> tuple[Branch, ...]:
        return (
            Branch(to=self.left, at=("left",), waits=True),
            Branch(to=self.nothing, at=("nothing",), waits=True),
        )

    def texts(self) -> tuple[StepText, ...]:
        return (StepText(texts=self.say, at=("say",), recording=self.recording),)

    def site_names(self) -> tuple[SiteName, ...]:
        kind: Literal["agent", "queue"] = "agent" if self.mailbox.isdigit() else "queue"
        return (SiteName(kind=kind, name=self.mailbox, at=("mailbox",)),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> RecordWait:
        return RecordWait(
            kind="voicemail",
            mailbox=self.mailbox,
            longest_s=self.longest,
            silence_s=self.silence,
            keys="".join(self.keys),
            prompts=said(self.say, scene, self.recording),
        )

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, Recorded):
            raise UnexpectedAnswerError(self.type, answer)
        if answer.reference:
            return Leave(result="left", to=self.left)
        return Leave(result="nothing", to=self.nothing)
