"""``knowledge``: read the spoken answer of the article that best fits a question.

"Did that help?" may follow: the article's own figures then tell whether it does.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccengine.ids import ArticleId
from ccengine.ivr import announce
from ccengine.ivr.answers import Answer, KnowledgeFound, Played
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
    prompt_of,
)
from ccengine.ivr.said import said
from ccengine.ivr.templates import Template
from ccengine.ivr.waits import KnowledgeWait, PlayWait, Prompt

SKIP_KEY = "#"
"""Cuts an answer that the caller has heard enough of."""
YES, NO = "1", "2"


class Helped(StepPart):
    """Asked after the answer: 1 is yes, 2 is no; other keys and silence ask once more."""

    say: Texts | None = None
    """Must name the keys 1 and 2. Without it: the engine's own words."""
    recording: RecordingName | Literal[""] = ""
    timeout: Timeout = 5.0
    retries: Annotated[int, Field(ge=0, le=5)] = 1
    helped: StepName
    not_helped: StepName
    no_input: StepName | None = None
    """Nothing was said of it. Without it: as ``not_helped``."""


class KnowledgeStep(Step):
    type: Literal["knowledge"]
    question: Texts
    deadline: Annotated[float, Field(ge=0.1, le=10)] = 2.0
    """Seconds the search may take; later it counts as nothing found."""
    found: StepName | None = None
    """After the answer was read."""
    helped: Helped | None = None
    """Asks whether it did, in place of ``found``."""
    nothing: StepName

    @model_validator(mode="after")
    def _one_way_on(self) -> Self:
        if (self.found is None) == (self.helped is None):
            raise ValueError("`found` or `helped`, one of the two; `helped` asks the caller")
        return self

    def ways(self) -> tuple[Branch, ...]:
        ways = [Branch(to=self.nothing, at=("nothing",), waits=False)]
        if self.found is not None:
            ways.append(Branch(to=self.found, at=("found",), waits=True))
        if self.helped is not None:
            asked = self.helped
            ways.append(Branch(to=asked.helped, at=("helped", "helped"), waits=True))
            ways.append(Branch(to=asked.not_helped, at=("helped", "not_helped"), waits=True))
            if asked.no_input is not None:
                ways.append(Branch(to=asked.no_input, at=("helped", "no_input"), waits=True))
        return tuple(ways)

    def texts(self) -> tuple[StepText, ...]:
        texts = [StepText(texts=self.question, at=("question",), heard=False)]
        if self.helped is not None and self.helped.say is not None:
            asked = self.helped
            texts.append(
                StepText(texts=self.helped.say, at=("helped", "say"), recording=asked.recording)
            )
        return tuple(texts)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> KnowledgeWait | PlayWait:
        if "asked" in memory and self.helped is not None:
            prompts = said(self.helped.say, scene, self.helped.recording)
            return PlayWait(
                prompts=prompts or (announce.helped(scene.language),),
                keys=ALL_KEYS,
                timeout_s=self.helped.timeout,
                fresh=bool(memory["asked"]),
            )
        if "spoken" in memory:
            # In the article's language as it was asked for, without a recording's name.
            answer = Prompt(text=str(memory["spoken"]), language=str(memory["language"]))
            return PlayWait(prompts=(answer,), keys=SKIP_KEY)
        asked = prompt_of(self.question, scene.language, "")
        question = Template.parse(asked.text).filled(scene.data)
        return KnowledgeWait(question=question, language=asked.language, deadline_s=self.deadline)

    def reading(self, memory: Memory) -> ArticleId | None:
        return ArticleId(str(memory["article"])) if "spoken" in memory else None

    def kept(self, memory: Memory) -> Memory:
        """Not the answer, which may be long: a restored run asks again and reads it anew."""
        return {}

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        match answer:
            case KnowledgeFound() if "spoken" not in memory:
                if answer.article_id is None or not answer.spoken:
                    return Leave(result="nothing", to=self.nothing)
                language = prompt_of(self.question, scene.language, "").language
                found = {"spoken": answer.spoken, "article": answer.article_id}
                return Stay(memory={**found, "language": language})
            case Played() if "asked" in memory and self.helped is not None:
                return self._told(self.helped, memory, answer.key)
            case Played() if "spoken" in memory:
                if self.helped is not None:
                    return Stay(memory={**memory, "asked": 0, "silences": 0, "wrong": 0})
                return self._read(memory, "found", self.found)
            case _:
                raise UnexpectedAnswerError(self.type, answer)

    def _told(self, asked: Helped, memory: Memory, key: str) -> Stay | Leave:
        if key == YES:
            return self._read(memory, "helped", asked.helped, helped=True)
        if key == NO:
            return self._read(memory, "not_helped", asked.not_helped, helped=False)
        silences, wrong = int(memory["silences"]) + (not key), int(memory["wrong"]) + bool(key)
        memory = {**memory, "silences": silences, "wrong": wrong, "asked": silences + wrong}
        if silences + wrong <= asked.retries:
            return Stay(memory=memory)
        return self._read(memory, "no_input", asked.no_input or asked.not_helped)

    def _read(
        self, memory: Memory, result: str, to: str | None, *, helped: bool | None = None
    ) -> Leave:
        return Leave(
            result=result,
            to=to,
            article_id=ArticleId(str(memory["article"])),
            helped=helped,
            no_input=int(memory.get("silences", 0)),
            invalid=int(memory.get("wrong", 0)),
        )
