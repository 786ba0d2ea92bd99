"""``play``: say something, then go on. No key interrupts."""

from __future__ import annotations

from typing import Literal

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
    prompt_of,
)
from ccengine.ivr.waits import Answer, Played, PlayWait


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

    def wait(self, language: str, memory: Memory) -> PlayWait:
        return PlayWait(prompts=(prompt_of(self.say, language, self.recording),))

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, Played):
            raise UnexpectedAnswerError(self.type, answer)
        return Leave(result="played", to=self.next)
