"""``knowledge``: read the spoken answer of the article that best fits a question."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ccengine.ivr.answers import Answer, KnowledgeFound, Played
from ccengine.ivr.model import (
    Branch,
    Leave,
    Memory,
    Scene,
    Stay,
    Step,
    StepName,
    StepText,
    Texts,
    UnexpectedAnswerError,
    prompt_of,
)
from ccengine.ivr.waits import KnowledgeWait, PlayWait, Prompt

SKIP_KEY = "#"
"""Cuts an answer that the caller has heard enough of."""


class KnowledgeStep(Step):
    type: Literal["knowledge"]
    question: Texts
    deadline: Annotated[float, Field(ge=0.1, le=10)] = 2.0
    """Seconds the search may take; later it counts as nothing found."""
    found: StepName
    """After the answer was read."""
    nothing: StepName

    def ways(self) -> tuple[Branch, ...]:
        return (
            Branch(to=self.found, at=("found",), waits=True),
            Branch(to=self.nothing, at=("nothing",), waits=False),
        )

    def texts(self) -> tuple[StepText, ...]:
        return (StepText(texts=self.question, at=("question",), heard=False),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> KnowledgeWait | PlayWait:
        if "spoken" in memory:
            # In the article's language as it was asked for, without a recording's name.
            answer = Prompt(text=str(memory["spoken"]), language=str(memory["language"]))
            return PlayWait(prompts=(answer,), keys=SKIP_KEY)
        asked = prompt_of(self.question, scene.language, "")
        return KnowledgeWait(question=asked.text, language=asked.language, deadline_s=self.deadline)

    def kept(self, memory: Memory) -> Memory:
        """Not the answer, which may be long: a restored run asks again and reads it anew."""
        return {}

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        match answer:
            case KnowledgeFound() if "spoken" not in memory:
                if answer.article_id is None or not answer.spoken:
                    return Leave(result="nothing", to=self.nothing)
                language = prompt_of(self.question, scene.language, "").language
                return Stay(memory={"spoken": answer.spoken, "language": language})
            case Played() if "spoken" in memory:
                return Leave(result="found", to=self.found)
            case _:
                raise UnexpectedAnswerError(self.type, answer)
