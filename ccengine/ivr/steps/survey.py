"""``survey``: what the caller thinks of the talk it had, by key; and why, in its own words."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccengine.ivr.answers import Answer, Played, Recorded, WrittenDown
from ccengine.ivr.model import (
    ALL_KEYS,
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
    Timeout,
    UnexpectedAnswerError,
)
from ccengine.ivr.said import said
from ccengine.ivr.steps.voicemail import LongestMessage, Silence
from ccengine.ivr.waits import PlayWait, RecordWait, SurveyWait
from ccengine.site.model import Word

SCORE, WRITE, REASON = "score", "write", "reason"
"""What the step waits for: the key, the journal, the caller's words."""


class Reason(StepPart):
    """Asked of who gives ``at_most`` or less."""

    say: Texts
    recording: RecordingName | Literal[""] = ""
    at_most: Annotated[int, Field(ge=1, le=4)]
    longest: LongestMessage = 60.0
    silence: Silence = 4.0


class SurveyStep(Step):
    """The score is written down before the reason is asked for: a hang-up there loses neither."""

    type: Literal["survey"]
    survey: Word
    """Under this name its answers are counted together."""
    say: Texts
    recording: RecordingName | Literal[""] = ""
    levels: Annotated[int, Field(ge=2, le=5)] = 5
    """Keys 1, the worst, to this one, the best."""
    reason: Reason | None = None
    retries: Annotated[int, Field(ge=0, le=5)] = 1
    """How often it is asked again, for silence and wrong keys together."""
    timeout: Timeout = 5.0
    answered_: StepName = Field(alias="answered")
    nothing: StepName
    """No score was given."""

    @model_validator(mode="after")
    def _a_reason_for_some(self) -> Self:
        if self.reason is not None and self.reason.at_most >= self.levels:
            raise ValueError(
                f"everybody would be asked for a reason; write an `at_most` below {self.levels}"
            )
        return self

    def ways(self) -> tuple[Branch, ...]:
        return (
            Branch(to=self.answered_, at=("answered",), waits=True),
            Branch(to=self.nothing, at=("nothing",), waits=True),
        )

    def texts(self) -> tuple[StepText, ...]:
        texts = [StepText(texts=self.say, at=("say",), recording=self.recording)]
        if self.reason is not None:
            at = ("reason", "say")
            texts.append(StepText(texts=self.reason.say, at=at, recording=self.reason.recording))
        return tuple(texts)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={"at": SCORE, "silences": 0, "wrong": 0})

    def wait(self, scene: Scene, memory: Memory) -> PlayWait | SurveyWait | RecordWait:
        if memory["at"] == SCORE:
            asked_before = bool(int(memory["silences"]) + int(memory["wrong"]))
            return PlayWait(
                prompts=said(self.say, scene, self.recording),
                keys=ALL_KEYS,
                timeout_s=self.timeout,
                # a key from the talk is no opinion of it; one after a wrong key is
                fresh=not asked_before,
            )
        if memory["at"] == WRITE or self.reason is None:
            return SurveyWait(survey=self.survey, score=int(memory["score"]), of=self.levels)
        return RecordWait(
            kind="reason",
            mailbox=self.survey,
            longest_s=self.reason.longest,
            silence_s=self.reason.silence,
            prompts=said(self.reason.say, scene, self.reason.recording),
        )

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        match answer, memory["at"]:
            case Played(key=key), "score":
                return self._scored(memory, key)
            case WrittenDown(), "write" if self._asks_why(memory):
                return Stay(memory={**memory, "at": REASON})
            case (WrittenDown(), "write") | (Recorded(), "reason"):
                silences, wrong = int(memory["silences"]), int(memory["wrong"])
                return Leave(result="answered", to=self.answered_, no_input=silences, invalid=wrong)
            case _:
                raise UnexpectedAnswerError(self.type, answer)

    def _scored(self, memory: Memory, key: str) -> Stay | Leave:
        if key.isdecimal() and 1 <= int(key) <= self.levels:
            return Stay(memory={**memory, "at": WRITE, "score": int(key)})
        silences, wrong = int(memory["silences"]) + (not key), int(memory["wrong"]) + bool(key)
        if silences + wrong <= self.retries:
            return Stay(memory={**memory, "silences": silences, "wrong": wrong})
        return Leave(result="nothing", to=self.nothing, no_input=silences, invalid=wrong)

    def _asks_why(self, memory: Memory) -> bool:
        return self.reason is not None and int(memory["score"]) <= self.reason.at_most
