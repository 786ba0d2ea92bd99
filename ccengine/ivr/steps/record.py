"""``record``: the caller says something that the flow keeps: a name, a complaint, an address."""

from __future__ import annotations

from typing import Literal

from ccengine.ivr import announce
from ccengine.ivr.answers import Answer, Played, Recorded
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
    UnexpectedAnswerError,
)
from ccengine.ivr.said import said
from ccengine.ivr.steps.voicemail import LongestMessage, Silence
from ccengine.ivr.waits import PlayWait, RecordWait

LISTEN, AGAIN, ACCEPT = "1", "2", "3"
ANSWER_S = 5.0
"""After the question; then silence accepts."""
MOST_ASKED = 5
"""What the caller says or hears after so many questions stands."""


class RecordStep(Step):
    """``into`` gets the reference of the recording: its path below the folder of messages."""

    type: Literal["record"]
    say: Texts
    recording: RecordingName | Literal[""] = ""
    into: Name
    longest: LongestMessage = 60.0
    silence: Silence = 4.0
    keys: tuple[Key, ...] = ("#",)
    """Each of them ends it."""
    confirm: bool = False
    """The caller may listen to it (1), say it again (2), or accept it (3, or silence)."""
    recorded: StepName
    nothing: StepName
    """Nothing was said."""

    def ways(self) -> tuple[Branch, ...]:
        return (
            Branch(to=self.recorded, at=("recorded",), waits=True),
            Branch(to=self.nothing, at=("nothing",), waits=True),
        )

    def texts(self) -> tuple[StepText, ...]:
        return (StepText(texts=self.say, at=("say",), recording=self.recording),)

    def learns(self) -> tuple[NameUse, ...]:
        return (NameUse(name=self.into, at=("into",)),)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> RecordWait | PlayWait:
        if "recorded" in memory:
            message = str(memory["recorded"]) if memory["listens"] else ""
            if memory["asked"] == MOST_ASKED:
                return PlayWait(prompts=(), message=message)
            return PlayWait(
                prompts=(announce.confirm_recorded(scene.language),),
                keys=ALL_KEYS,
                timeout_s=ANSWER_S,
                fresh=True,
                message=message,
            )
        return RecordWait(
            kind="message",
            longest_s=self.longest,
            silence_s=self.silence,
            keys="".join(self.keys),
            prompts=said(self.say, scene, self.recording),
        )

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        match answer:
            case Recorded() if "recorded" not in memory:
                return self._recorded(memory, answer.reference)
            case Played() if "recorded" in memory:
                return self._told(memory, answer.key)
            case _:
                raise UnexpectedAnswerError(self.type, answer)

    def _recorded(self, memory: Memory, reference: str) -> Stay | Leave:
        if not reference:
            return Leave(result="nothing", to=self.nothing)
        asked = memory.get("asked", 0)
        if not self.confirm or asked == MOST_ASKED:
            return self._accepted(reference)
        return Stay(memory={"recorded": reference, "asked": asked, "listens": 0})

    def _told(self, memory: Memory, key: str) -> Stay | Leave:
        """What the caller wants done with its recording; another key is as asking once more."""
        if memory["asked"] == MOST_ASKED or key in ("", ACCEPT):
            return self._accepted(str(memory["recorded"]))
        asked = int(memory["asked"]) + 1
        if key == AGAIN:
            return Stay(memory={"asked": asked})
        return Stay(memory={**memory, "asked": asked, "listens": int(key == LISTEN)})

    def _accepted(self, reference: str) -> Leave:
        return Leave(result="recorded", to=self.recorded, learnt={self.into: reference})
