"""``language``: each language is offered in its own words; a key chooses, silence keeps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ccengine.ivr.answers import Answer, Played
from ccengine.ivr.model import (
    Branch,
    Key,
    Leave,
    Memory,
    RecordingName,
    Scene,
    SiteName,
    Stay,
    Step,
    StepName,
    StepPart,
    StepText,
    Text,
    Texts,
    Timeout,
    UnexpectedAnswerError,
)
from ccengine.ivr.said import said
from ccengine.ivr.waits import PlayWait, Prompt
from ccengine.site.model import Language


class LanguageChoice(StepPart):
    """``"9": {language: en, say: "For English, press nine."}``"""

    language: Language
    say: Text
    recording: RecordingName | Literal[""] = ""


class LanguageStep(Step):
    type: Literal["language"]
    say: Texts | None = None
    """Heard first, in the language the call is in; a key cuts it too."""
    recording: RecordingName | Literal[""] = ""
    keys: Annotated[dict[Key, LanguageChoice], Field(min_length=1)]
    timeout: Timeout = 3.0
    next: StepName

    def ways(self) -> tuple[Branch, ...]:
        return (Branch(to=self.next, at=("next",), waits=True),)

    def texts(self) -> tuple[StepText, ...]:
        offers = tuple(
            StepText(
                texts={choice.language: choice.say},
                at=("keys", key, "say"),
                recording=choice.recording,
                every_language=False,
            )
            for key, choice in self.keys.items()
        )
        if not self.say:
            return offers
        return (StepText(texts=self.say, at=("say",), recording=self.recording), *offers)

    def site_names(self) -> tuple[SiteName, ...]:
        return tuple(
            SiteName(kind="language", name=choice.language, at=("keys", key, "language"))
            for key, choice in self.keys.items()
        )

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> PlayWait:
        first = said(self.say, scene, self.recording)
        offers = tuple(
            Prompt(text=choice.say, language=choice.language, name=choice.recording)
            for choice in self.keys.values()
        )
        return PlayWait(prompts=first + offers, keys="".join(self.keys), timeout_s=self.timeout)

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if not isinstance(answer, Played):
            raise UnexpectedAnswerError(self.type, answer)
        choice = self.keys.get(answer.key)
        if choice is None:
            return Leave(result="kept", to=self.next)
        return Leave(result=choice.language, to=self.next, language=choice.language)
