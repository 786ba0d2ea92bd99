"""``menu``: the caller chooses by key; silence and wrong keys repeat it, then go their own way."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from ccengine.ivr.answers import Answer, Listened, Played
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
from ccengine.ivr.spoken_choice import choice
from ccengine.ivr.steps.mishap import Mishap, MishapField, mishap_texts, told
from ccengine.ivr.waits import ListenWait, PlayWait
from ccengine.site.model import Language

LONGEST_UTTERANCE_S = 8.0
UNDERSTOOD_WITHIN_S = 3.0
NOT_UNDERSTOOD = "?"
"""In place of a key: something was said, and it is no choice."""
Spoken = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


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
    speech: dict[Key, dict[Language, tuple[Spoken, ...]]] = Field(default_factory=dict)
    """What may be said instead of a key, where the site has a recogniser; keys work beside it."""
    fresh: bool = False
    """What was typed ahead does not count here."""

    @model_validator(mode="after")
    def _says_what_can_be_pressed(self) -> Self:
        for key in self.speech:
            if key not in self.keys:
                raise ValueError(f"{key} may be said and leads nowhere; add it to `keys`")
        if self.speech and not self.barge_in:
            raise ValueError("what is said is heard after the prompt; leave `barge_in` out")
        return self

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

    def wait(self, scene: Scene, memory: Memory) -> PlayWait | ListenWait:
        if "listening" in memory:
            return PlayWait(prompts=(), keys=ALL_KEYS, timeout_s=self.timeout, fresh=True)
        after = str(memory["after"])
        prompts = told(self._mishap(after) if after else None, scene)
        prompts += said(self.say, scene, self.recording)
        # Who typed ahead and went wrong is not where it thought it was.
        fresh = self.fresh or bool(after)
        if not self.barge_in:
            return PlayWait(prompts=prompts, fresh=fresh)
        if self.speech:
            phrases = self._phrases(scene)
            return ListenWait(
                prompts=prompts,
                keys=ALL_KEYS,
                language=scene.language,
                timeout_s=self.timeout,
                longest_s=LONGEST_UTTERANCE_S,
                deadline_s=UNDERSTOOD_WITHIN_S,
                phrases=tuple(one for some in phrases.values() for one in some),
                fresh=fresh,
            )
        return PlayWait(prompts=prompts, keys=ALL_KEYS, timeout_s=self.timeout, fresh=fresh)

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if isinstance(answer, Listened):
            answer = Played(key=self._named(scene, answer))
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

    def _phrases(self, scene: Scene) -> dict[str, tuple[str, ...]]:
        return {
            key: next((some for name, some in by.items() if name == scene.language), ())
            for key, by in self.speech.items()
        }

    def _named(self, scene: Scene, heard: Listened) -> str:
        """The key, pressed or named; what means nothing counts as a wrong one."""
        if heard.key or not heard.spoke:
            return heard.key
        return choice(heard.text, self._phrases(scene)) or NOT_UNDERSTOOD

    def _mishap(self, happened: str) -> Mishap:
        return self.invalid if happened == "invalid" else self.no_input
