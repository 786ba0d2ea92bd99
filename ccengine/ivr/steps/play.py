"""``play``: say something, then go on. No key interrupts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

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
    StepPart,
    StepText,
    Texts,
    UnexpectedAnswerError,
)
from ccengine.ivr.said import said
from ccengine.ivr.waits import PlayWait, Prompt
from ccengine.yamlsource.model import KeyPath


class Spoken(StepPart):
    """A text, or a recording without words."""

    say: Texts | None = None
    recording: RecordingName | Literal[""] = ""
    """Wins over speech when it exists."""
    file: RecordingName | None = None
    """A recording without words, such as a jingle."""

    def text(self, at: KeyPath) -> StepText:
        if self.say is None:
            return StepText(texts={}, at=(*at, "file"), file=self.file or "", every_language=False)
        return StepText(texts=self.say, at=(*at, "say"), recording=self.recording)

    def heard(self, scene: Scene) -> tuple[Prompt, ...]:
        if self.file is not None:
            return (Prompt(text="", language=scene.language, name=self.file),)
        return said(self.say, scene, self.recording)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.say is None) == (self.file is None):
            raise ValueError("a text or a file, one of the two; write `say: …` or `file: …`")
        return self


class PlayStep(Step):
    """One thing to be heard, or several in a row."""

    type: Literal["play"]
    say: Texts | None = None
    recording: RecordingName | Literal[""] = ""
    file: RecordingName | None = None
    prompts: Annotated[tuple[Spoken, ...], Field(max_length=20)] = ()
    """Instead of the three above: each with its own, heard one after the other."""
    next: StepName

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if [self.say is not None, self.file is not None, bool(self.prompts)].count(True) != 1:
            cure = "write `say: …`, `file: …` or `prompts: [{say: …}, {file: …}]`"
            raise ValueError(f"a text, a file or a list of prompts, one of the three; {cure}")
        return self

    def ways(self) -> tuple[Branch, ...]:
        return (Branch(to=self.next, at=("next",), waits=True),)

    def texts(self) -> tuple[StepText, ...]:
        return tuple(part.text(at) for at, part in self._parts())

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> PlayWait:
        heard = [prompt for _, part in self._parts() for prompt in part.heard(scene)]
        return PlayWait(prompts=tuple(heard))

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, Played):
            raise UnexpectedAnswerError(self.type, answer)
        return Leave(result="played", to=self.next)

    def _parts(self) -> Iterator[tuple[KeyPath, Spoken]]:
        if not self.prompts:
            yield (), Spoken(say=self.say, recording=self.recording, file=self.file)
        for place, part in enumerate(self.prompts):
            yield ("prompts", place), part
