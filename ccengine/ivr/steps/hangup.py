"""``hangup``: the flow's own end, with a last word or without."""

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
    StepText,
    Texts,
    UnexpectedAnswerError,
)
from ccengine.ivr.said import said
from ccengine.ivr.waits import PlayWait


class HangupStep(Step):
    type: Literal["hangup"]
    say: Texts | None = None
    recording: RecordingName | Literal[""] = ""

    def ways(self) -> tuple[Branch, ...]:
        return ()

    def texts(self) -> tuple[StepText, ...]:
        if not self.say:
            return ()
        return (StepText(texts=self.say, at=("say",), recording=self.recording),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={}) if self.say else Leave(result="hung_up_by_flow", to=None)

    def wait(self, scene: Scene, memory: Memory) -> PlayWait:
        return PlayWait(prompts=said(self.say, scene, self.recording))

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, Played):
            raise UnexpectedAnswerError(self.type, answer)
        return Leave(result="hung_up_by_flow", to=None)
