"""``collect``: the caller keys in a number; it is checked, and read back if so wished."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ccengine.ivr import announce
from ccengine.ivr.answers import Answer, Collected, Played
from ccengine.ivr.model import (
    ALL_KEYS,
    Branch,
    Key,
    Leave,
    Memory,
    Name,
    NameUse,
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
from ccengine.ivr.steps.digits import DigitsCheck, HowManyField
from ccengine.ivr.steps.mishap import Mishap, MishapField, mishap_texts, told
from ccengine.ivr.waits import CollectWait, PlayWait

YES, AGAIN = "1", "2"


class CollectStep(Step):
    """Silence, too few digits and what the check refuses count together against ``retries``."""

    type: Literal["collect"]
    say: Texts
    recording: RecordingName | Literal[""] = ""
    into: Name
    digits: HowManyField
    terminator: Key | Literal[""] = "#"
    """Ends the number before it is full; empty: only a pause does."""
    check: DigitsCheck | None = None
    timeout: Timeout = 5.0
    """Seconds from the end of the prompt to the first digit."""
    pause: Timeout = 3.0
    """Seconds between two digits; then the number is taken for complete."""
    secret: bool = False
    """A PIN: written nowhere; only a lookup may send it."""
    confirm: bool = False
    """Read it back; 1 confirms, 2 asks for it again."""
    fresh: bool = False
    """What was typed ahead does not count here."""
    retries: Annotated[int, Field(ge=0, le=5)] = 2
    no_input: MishapField
    invalid: MishapField
    next: StepName

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.secret and self.confirm:
            raise ValueError("a secret is not read out; leave `confirm` out")
        if self.terminator.isdecimal():
            raise ValueError("a digit cannot end a number; use `#`, `*` or an empty text")
        if self._star and self.terminator == "*":
            raise ValueError("the star is an X here; end the number with `#`")
        return self

    @property
    def _star(self) -> bool:
        return self.check is not None and self.check.id_card

    def ways(self) -> tuple[Branch, ...]:
        return (
            Branch(to=self.next, at=("next",), waits=True),
            Branch(to=self.no_input.next, at=("no_input", "next"), waits=True),
            Branch(to=self.invalid.next, at=("invalid", "next"), waits=True),
        )

    def texts(self) -> tuple[StepText, ...]:
        question = StepText(texts=self.say, at=("say",), recording=self.recording)
        return (question, *mishap_texts(no_input=self.no_input, invalid=self.invalid))

    def learns(self) -> tuple[NameUse, ...]:
        return (NameUse(name=self.into, at=("into",), secret=self.secret),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={"silences": 0, "wrong": 0, "after": ""})

    def wait(self, scene: Scene, memory: Memory) -> CollectWait | PlayWait:
        after = told(self._mishaps.get(str(memory["after"])), scene)
        if "keyed" in memory:
            asked = announce.keyed_in(str(memory["keyed"]), scene.language)
            return PlayWait(
                prompts=(*after, *asked),
                keys=ALL_KEYS,
                timeout_s=self.timeout,
                fresh=bool(memory["after"]),
            )
        return CollectWait(
            prompts=(*after, *said(self.say, scene, self.recording)),
            most=self.digits.most,
            terminator=self.terminator,
            star=self._star,
            first_timeout_s=self.timeout,
            next_timeout_s=self.pause,
            secret=self.secret,
            fresh=self.fresh or bool(memory["silences"] or memory["wrong"]),
        )

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        match answer:
            case Collected() if "keyed" not in memory:
                return self._collected(scene, memory, answer)
            case Played() if "keyed" in memory:
                return self._confirmed(memory, answer.key)
            case _:
                raise UnexpectedAnswerError(self.type, answer)

    def _collected(self, scene: Scene, memory: Memory, answer: Collected) -> Stay | Leave:
        digits = answer.digits.replace("*", "X")
        if not digits:
            return self._failed(memory, "no_input")
        if len(digits) < self.digits.least or not self._holds(digits, scene):
            return self._failed(memory, "invalid")
        if self.confirm:
            return Stay(memory={**memory, "after": "", "keyed": digits})
        return self._done(memory, digits)

    def _confirmed(self, memory: Memory, key: str) -> Stay | Leave:
        if key == YES:
            return self._done(memory, str(memory["keyed"]))
        if key != AGAIN:
            return self._failed(memory, "invalid" if key else "no_input")
        # It keyed something in that it did not mean: as good as wrong, but it need not be told.
        anew = {name: value for name, value in memory.items() if name != "keyed"}
        asked = self._failed(anew, "invalid")
        return Stay(memory={**asked.memory, "after": ""}) if isinstance(asked, Stay) else asked

    def _holds(self, digits: str, scene: Scene) -> bool:
        return self.check is None or self.check.holds(digits, scene.now, scene.context.time_zone)

    def _done(self, memory: Memory, digits: str) -> Leave:
        return Leave(
            result="collected",
            to=self.next,
            learnt={} if self.secret else {self.into: digits},
            secrets={self.into: digits} if self.secret else {},
            no_input=int(memory["silences"]),
            invalid=int(memory["wrong"]),
        )

    def _failed(self, memory: Memory, how: Literal["no_input", "invalid"]) -> Stay | Leave:
        silences = int(memory["silences"]) + (how == "no_input")
        wrong = int(memory["wrong"]) + (how == "invalid")
        if silences + wrong <= self.retries:
            return Stay(memory={**memory, "silences": silences, "wrong": wrong, "after": how})
        to = self._mishaps[how].next
        return Leave(result=how, to=to, no_input=silences, invalid=wrong, forgets_keys=True)

    @property
    def _mishaps(self) -> dict[str, Mishap]:
        return {"no_input": self.no_input, "invalid": self.invalid}
