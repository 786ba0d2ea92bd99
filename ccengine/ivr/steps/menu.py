"""``menu``: the caller chooses by key; silence and wrong keys repeat it, then go their own way."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ccengine.ivr.answers import Answer, Played
from ccengine.ivr.model import (
    ALL_KEYS,
    Branch,
    Key,
    Leave,
    Memory,
    RecordingName,
    Scene,
    Stay,
    Step,
    StepName,
    StepText,
    Texts,
    Timeout,
    UnexpectedAnswerError,
)
from ccengine.ivr.said import said
from ccengine.ivr.steps.mishap import Mishap, MishapField, mishap_texts, told
from ccengine.ivr.waits import PlayWait


class MenuStep(Step):
    """A wrong key reaches the step too, so that the caller learns of it at once."""

    type: Literal["menu"]
    say: Texts
    recording: RecordingName | Literal[""] = ""
    keys: Annotated[dict[Key, StepName], Field(min_length=1)]
    no_input: MishapField
    invalid: MishapField
    retries: Annotated[int, Field(ge=0, le=5)] = 2
    """How often the menu is repeated, for silence and wrong keys together."""
    timeout: Timeout = 5.0
    barge_in: bool = True
    """A key cuts the prompt; else keys count only after it."""
    fresh: bool = False
    """What was typed ahead does not count here."""

    def ways(self) -> tuple[Branch, ...]:
        chosen = tuple(
            Branch(to=step, at=("keys", key), waits=True) for key, step in self.keys.items()
        )
        return (
            *chosen,
            Branch(to=self.no_input.next, at=("no_input", "next"), waits=True),
            Branch(to=self.invalid.next, at=("invalid", "next"), waits=True),
        )

    def texts(self) -> tuple[StepText, ...]:
        question = StepText(texts=self.say, at=("say",), recording=self.recording)
        return (question, *mishap_texts(no_input=self.no_input, invalid=self.invalid))

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={"silences": 0, "wrong": 0, "after": ""})

    def wait(self, scene: Scene, memory: Memory) -> PlayWait:
        if "listening" in memory:
            return PlayWait(prompts=(), keys=ALL_KEYS, timeout_s=self.timeout, fresh=True)
        after = str(memory["after"])
        prompts = told(self._mishap(after) if after else None, scene)
        prompts += said(self.say, scene, self.recording)
        # Who typed ahead and went wrong is not where it thought it was.
        fresh = self.fresh or bool(after)
        if not self.barge_in:
            return PlayWait(prompts=prompts, fresh=fresh)
        return PlayWait(prompts=prompts, keys=ALL_KEYS, timeout_s=self.timeout, fresh=fresh)

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, Played):
            raise UnexpectedAnswerError(self.type, answer)
        if not self.barge_in and "listening" not in memory:
            return Stay(memory={**memory, "listening": 1})
        silences, wrong = int(memory["silences"]), int(memory["wrong"])
        if answer.key in self.keys:
            to = self.keys[answer.key]
            return Leave(result=answer.key, to=to, no_input=silences, invalid=wrong)
        happened = "invalid" if answer.key else "no_input"
        silences, wrong = silences + (not answer.key), wrong + bool(answer.key)
        if silences + wrong <= self.retries:
            return Stay(memory={"silences": silences, "wrong": wrong, "after": happened})
        to = self._mishap(happened).next
        return Leave(result=happened, to=to, no_input=silences, invalid=wrong, forgets_keys=True)

    def _mishap(self, happened: str) -> Mishap:
        return self.invalid if happened == "invalid" else self.no_input
