"""``record``: the caller says something that the flow keeps: a name, a complaint, an address."""

from __future__ import annotations

from typing import Literal

from ccengine.ivr.answers import Answer, Recorded
from ccengine.ivr.model import (
    Branch,
    Key,
    Leave,
    Memory,
    Name,
    NameUse,
    RecordingName,
    Scene,
    Stay,
    Step,
    StepName,
    StepText,
    Texts,
    UnexpectedAnswerError,
)
from ccengine.ivr.said import said
from ccengine.ivr.steps.voicemail import LongestMessage, Silence
from ccengine.ivr.waits import RecordWait


class RecordStep(Step):
    """``into`` gets the reference of the recording: its path below the folder of messages."""

    type: Literal["record"]
    say: Texts
    recording: RecordingName | Literal[""] = ""
    into: Name
    longest: LongestMessage = 60.0
    silence: Silence = 4.0
    keys: tuple[Key, ...] = ("#",)
    """Each of them ends it."""
    recorded: StepName
    nothing: StepName
    """Nothing was said."""

    def ways(self) -> tuple[Branch, ...]:
        return (
            Branch(to=self.recorded, at=("recorded",), waits=True),
            Branch(to=self.nothing, at=("nothing",), waits=True),
        )

    def texts(self) -> tuple[StepText, ...]:
        return (StepText(texts=self.say, at=("say",), recording=self.recording),)

    def learns(self) -> tuple[NameUse, ...]:
        return (NameUse(name=self.into, at=("into",)),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> RecordWait:
        return RecordWait(
            kind="message",
            longest_s=self.longest,
            silence_s=self.silence,
            keys="".join(self.keys),
            prompts=said(self.say, scene, self.recording),
        )

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, Recorded):
            raise UnexpectedAnswerError(self.type, answer)
        if not answer.reference:
            return Leave(result="nothing", to=self.nothing)
        learnt = {self.into: answer.reference}
        return Leave(result="recorded", to=self.recorded, learnt=learnt)
