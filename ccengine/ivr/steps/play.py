"""``play``: say something, then go on. No key interrupts."""

from __future__ import annotations

from typing import Literal

from ccengine.ivr.answers import Answer, Played
from ccengine.ivr.model import (
    Branch,
    Leave,
    Memory,
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
from ccengine.ivr.waits import PlayWait


class PlayStep(Step):
    type: Literal["play"]
    say: Texts
    recording: RecordingName | Literal[""] = ""
    next: StepName

    def ways(self) -> tuple[Branch, ...]:
        return (Branch(to=self.next, at=("next",), waits=True),)

    def texts(self) -> tuple[StepText, ...]:
        return (StepText(texts=self.say, at=("say",), recording=self.recording),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> PlayWait:
        return PlayWait(prompts=said(self.say, scene, self.recording))

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, Played):
            raise UnexpectedAnswerError(self.type, answer)
        return Leave(result="played", to=self.next)
