"""A caller without a phone: keys, silence and the outside, on virtual time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ccengine.calls.keys import Keys
from ccengine.flowtest.call import Call
from ccengine.flowtest.caller import Ending, NotAsWrittenError, matches
from ccengine.flowtest.case import CaseStep
from ccengine.flowtest.heard import Line, spoken
from ccengine.flowtest.outside import kind_of, question_of, took_s
from ccengine.flowtest.spoken_time import SpokenTime, estimated, together
from ccengine.flowtest.systems import Systems, outside_answer, shown
from ccengine.ivr.answers import (
    Answer,
    Collected,
    HungUp,
    Listened,
    Played,
    QueueLeft,
    QueueResult,
    Recorded,
    WrittenDown,
)
from ccengine.ivr.model import ALL_KEYS
from ccengine.ivr.waits import (
    CollectWait,
    EndWait,
    KnowledgeWait,
    ListenWait,
    LookupWait,
    PlayWait,
    Prompt,
    QueueWait,
    RecordWait,
    RouteWait,
    SurveyWait,
)

_PRESS_S = 1.0
"""From the question to the key of somebody who knows the answer."""
_DIGITS = frozenset("0123456789")


class SimulatedCaller:
    """``answers``: what outside systems say by themselves, by source."""

    def __init__(
        self,
        call: Call,
        answers: Mapping[str, object] | None = None,
        spoken_time: SpokenTime = estimated,
    ) -> None:
        self.call = call
        self.lines: list[Line] = []
        self.said: list[Prompt] = []
        """All that the flow has said, piece by piece; a key may have cut it."""
        self._systems = Systems(answers or {})
        self._spoken_time = spoken_time
        self._keys = Keys()
        self._digits = ""
        self._heard_to = 0
        self._arrive()

    # -- what a caller does

    async def hears(self, wanted: str) -> None:
        await self._find(wanted, "flow", "hears")

    async def asks(self, wanted: str) -> None:
        await self._find(wanted, "outside", "asks")

    async def presses(self, keys: str) -> None:
        self.runs_on()
        if self.call.over:
            raise NotAsWrittenError(f"somebody who takes the keys {keys}", self.where())
        shown = "•" * len(keys) if getattr(self.call.wait, "secret", False) else keys
        self._note("caller", f"presses {shown}")
        for key in keys:
            self._press(key)

    async def is_silent(self) -> None:
        while self._passes():
            pass
        wait = self.call.wait
        match wait:
            case PlayWait():
                self._note("caller", "is silent")
                self._answer(Played(), self._said_s() + wait.timeout_s)
            case CollectWait():
                self._note("caller", "presses nothing more" if self._digits else "is silent")
                timeout_s = wait.next_timeout_s if self._digits else wait.first_timeout_s
                self._answer(
                    Collected(digits=self._digits, by="timeout"), self._said_s() + timeout_s
                )
            case ListenWait():
                self._note("caller", "is silent")
                self._answer(Listened(), self._said_s() + wait.timeout_s)
            case RecordWait():
                self._note("caller", "is silent")
                self._answer(Recorded(reference=""), wait.silence_s)
            case _:
                raise NotAsWrittenError("somebody who waits for the caller", self.where())

    async def says(self, text: str) -> None:
        while self._passes():
            pass
        match self.call.wait:
            case ListenWait():
                self._note("caller", f"says {text}")
                self._answer(Listened(text=text, spoke=True), 3.0)
            case RecordWait():
                self._note("caller", f"says {text}")
                self._answer(Recorded(reference="recording", seconds=3.0), 3.0)
            case _:
                raise NotAsWrittenError("somebody who listens", self.where())

    async def hangs_up(self) -> None:
        if self.call.over:
            raise NotAsWrittenError("a call that still goes on", self.where())
        self._note("caller", "hangs up")
        self._answer(HungUp(), _PRESS_S)

    async def waits_until(self, at: datetime) -> None:
        then = self.call.calendar.clock(at)
        if then < self.call.now:
            raise NotAsWrittenError(f"a moment after {at:%Y-%m-%d %H:%M}", "the clock is past it")
        self.call.now = then
        self._note("caller", f"waits until {at:%Y-%m-%d %H:%M}")

    async def outside(self, step: CaseStep) -> None:
        while kind_of(self.call.wait) != step.does and self._passes():
            pass
        if kind_of(self.call.wait) != step.does:
            raise NotAsWrittenError(f"a call that waits for a {step.does}", self.where())
        given = getattr(step, step.does)
        self._outside_says(given, outside_answer(self.call.wait, given))

    async def ending(self) -> Ending:
        while self._passes():
            pass
        end = self.call.end
        if end is None:
            raise NotAsWrittenError("the end of the call", self.where())
        while self._passes():
            pass
        return Ending(result=end.result, step=end.step, way=self.call.way, data=self.call.run.data)

    def runs_on(self) -> None:
        """Through all that nobody can or need do anything about."""
        while not self._takes_keys() and self._passes():
            pass

    def listens_on(self) -> None:
        """To the end of what is said."""
        self._passes()

    def where(self) -> str:
        """Where the call stands, in words."""
        wait, step = self.call.wait, self.call.run.step
        match wait:
            case EndWait():
                return f"the call is over ({wait.result} at {step})"
            case PlayWait() if wait.keys:
                return f"the flow waits for a key at {step}"
            case PlayWait():
                return f"the flow speaks at {step}, and no key interrupts"
            case CollectWait():
                return f"the flow waits for digits at {step}"
            case ListenWait():
                return f"the flow listens at {step}"
            case _:
                return f"at {step} the call {question_of(wait) or 'goes on'}"

    # -- what follows of it

    async def _find(self, wanted: str, who: str, verb: str) -> None:
        while True:
            for place in range(self._heard_to, len(self.lines)):
                line = self.lines[place]
                if line.who == who and matches(wanted, line.text):
                    self._heard_to = place
                    return
            if not self._passes():
                raise NotAsWrittenError(f"{verb} {wanted}", self._last(who))

    def _last(self, who: str) -> str:
        said = [line.text for line in self.lines[self._heard_to :] if line.who == who]
        return f"{' / '.join(said)}; then {self.where()}" if said else self.where()

    def _takes_keys(self) -> bool:
        wait = self.call.wait
        if isinstance(wait, PlayWait | RecordWait | QueueWait):
            return bool(wait.keys)
        return isinstance(wait, CollectWait | ListenWait)

    def _passes(self) -> bool:
        """Let the wait go by that needs nobody; False: somebody has to do something."""
        wait = self.call.wait
        match wait:
            case PlayWait(timeout_s=0):
                self._answer(Played(), self._said_s())
            case SurveyWait():
                self._answer(WrittenDown(), 0.0)
            case LookupWait() | RouteWait() | KnowledgeWait():
                given = self._systems.next_answer(wait)
                if given is None:
                    return False
                self._outside_says(given, outside_answer(wait, given))
            case _:
                return False
        return True

    def _press(self, key: str) -> None:
        wait = self.call.wait
        if isinstance(wait, QueueWait):
            if key in wait.keys:
                answer = QueueLeft(result=QueueResult.KEY, key=key)
                self._answer(answer, took_s(wait, answer))
            return
        if isinstance(wait, RecordWait):
            if key in wait.keys:
                self._answer(Recorded(reference="recording", seconds=3.0), 3.0)
            return
        self._keys.result(key, self.call.now, event_comes=False)
        self._use_keys()

    def _use_keys(self) -> bool:
        """What was keyed in answers the wait; False: it does not, or not yet."""
        wait = self.call.wait
        match wait:
            case PlayWait():
                key = self._keys.take(wait.keys)
                if key:
                    self._answer(Played(key=key), _PRESS_S)
                return bool(key)
            case ListenWait():
                key = self._keys.take(wait.keys)
                if key:
                    self._answer(Listened(key=key), _PRESS_S)
                return bool(key)
            case CollectWait():
                return self._collect(wait)
            case _:
                return False

    def _collect(self, wait: CollectWait) -> bool:
        while key := self._keys.take(ALL_KEYS):
            if key == wait.terminator:
                self._answer(Collected(digits=self._digits, by="terminator"), _PRESS_S)
                return True
            if key in _DIGITS or (key == "*" and wait.star):
                self._digits += key
            if len(self._digits) == wait.most:
                if wait.terminator:
                    self._keys.ended(wait.terminator, self.call.now)
                self._answer(Collected(digits=self._digits, by="length"), _PRESS_S)
                return True
        return False

    def _answer(self, answer: Answer, took_s: float) -> None:
        self.call.answer(answer, took_s)
        self._arrive()

    @property
    def typed_ahead(self) -> int:
        """So many keys wait for a step that takes them."""
        return len(self._keys)

    def _arrive(self) -> None:
        """At the next wait: what was typed ahead answers it before a word is said."""
        wait = self.call.wait
        self._digits = ""
        if getattr(wait, "fresh", False) or isinstance(wait, QueueWait):
            self._keys.forget()
        if self._use_keys():
            return
        if isinstance(wait, PlayWait) and wait.message:
            self._note("outside", "plays what the caller has recorded")
        prompts = getattr(wait, "prompts", ())
        self.said += prompts
        self.lines += spoken(prompts, self.call.elapsed_s)
        if question := question_of(wait):
            self._note("outside", question)
        if isinstance(wait, EndWait):
            self._note("outside", f"ends: {wait.result}")

    def _said_s(self) -> float:
        return together(getattr(self.call.wait, "prompts", ()), self._spoken_time)

    def _note(self, who: str, text: str) -> None:
        kind = "caller" if who == "caller" else "outside"
        self.lines.append(Line(who=kind, text=text, at_s=self.call.elapsed_s))  # type: ignore[arg-type]

    def _outside_says(self, given: object, answer: Answer) -> None:
        self._note("outside", f"→ {shown(given)}")
        self._answer(answer, took_s(self.call.wait, answer))
