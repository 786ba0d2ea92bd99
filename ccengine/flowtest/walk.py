"""A person walks through a flow as its caller: one line typed, what happens then."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from ccengine.clock import moment
from ccengine.flowtest.arrival import Arrival, written_time
from ccengine.flowtest.caller import NotAsWrittenError
from ccengine.flowtest.choices import choices
from ccengine.flowtest.heard import Line
from ccengine.flowtest.outside import kind_of
from ccengine.flowtest.recorder import Recorder, Written, as_yaml
from ccengine.ivr.model import Flow
from ccengine.ivr.waits import KnowledgeWait, PlayWait
from ccengine.site.model import Site
from ccengine.yamlsource.near import near

HELP = """\
1, 12#                 press keys, one quickly after the other
Enter                  listen on
/timeout               press nothing until the flow no longer waits
/say TEXT              say something
/hangup                hang up
/queue WORD            what the queue does; also: key 9, branch NAME
/transfer WORD  /conference WORD  /callback WORD  /record SECONDS|nothing
/answer JSON|WORD      what the system that is asked answers
/at 2026-10-01T10:00   the clock (an earlier time: the call begins anew)
/open NAME  /closed NAME  /holiday NAME   hours, whatever the clock says; begins anew
/ani NUMBER  /vip LEVEL  /language zh-CN|en   another caller; the call begins anew
/state                 where the call is and what the flow knows
/back                  take the last thing back
/case                  the call so far as a case
/help  /quit
"""
_KEYS = re.compile(r"[0-9*#]{1,64}")
_COMMANDS = (
    "timeout", "say", "hangup", "queue", "transfer", "conference", "callback", "record", "answer",
    "at", "open", "closed", "holiday", "ani", "vip", "language", "state", "back", "case", "help",
    "quit",
)  # fmt: skip


class Walk:
    """``take`` one line after the other; ``news`` is what there is to show since the last time."""

    def __init__(
        self, flow: Flow, arrival: Arrival, site: Site | None, answers: dict[str, object]
    ) -> None:
        self._flow, self._site, self._answers = flow, site, answers
        self._arrival = arrival
        self.left = False
        """The person wants no more."""
        self._shown = 0
        """So many lines of the dialogue."""
        self._begin()

    @property
    def over(self) -> bool:
        """The call, or the walk."""
        return self._recorder.call.over or self.left

    def news(self) -> list[str]:
        """New lines of the dialogue, and what can be done now."""
        caller = self._recorder.caller
        caller.runs_on()
        lines = [str(line) for line in caller.lines[self._shown :] if not _own(line)]
        self._shown = len(caller.lines)
        call = self._recorder.call
        if call.error is not None:
            lines.append(f"   ! {call.run.step} broke: {call.error}")
        if call.over:
            return lines
        if ahead := caller.typed_ahead:
            lines.append(f"   ({'1 key is' if ahead == 1 else f'{ahead} keys are'} kept)")
        return [*lines, f"   ({call.run.step})  {choices(call)}"]

    async def take(self, line: str) -> list[str]:
        """What is to be shown beside ``news``."""
        line = line.strip()
        try:
            if not line:
                return self._listen_on()
            if _KEYS.fullmatch(line):
                await self._recorder.do({"press": line})
                return []
            if not line.startswith("/"):
                return ["? keys are 0 to 9, * and #; all else begins with /: see /help"]
            word, _, rest = line[1:].partition(" ")
            return await self._command(word, rest.strip())
        except NotAsWrittenError as error:
            return [f"? {error.instead}"]
        except (ValidationError, ValueError) as error:
            return [f"? {_first_words(error)}"]

    async def case(self) -> str:
        """The call as a case; one that still goes on is hung up."""
        way = [f"{step} {result}" for step, result in self._recorder.call.way]
        name = " → ".join(way[-6:]) or "hung up at once"
        return as_yaml([await self._recorder.case(name[:200])])

    def _begin(self, arrival: Arrival | None = None) -> None:
        self._arrival = arrival or self._arrival
        self._recorder = Recorder(self._flow, self._arrival, self._site, self._answers)
        self._shown = 0

    def _listen_on(self) -> list[str]:
        wait = self._recorder.call.wait
        if isinstance(wait, PlayWait) and not wait.timeout_s:
            self._recorder.listen_on()
            return []
        return ["? the flow waits for you: a key, or /timeout"]

    async def _command(self, word: str, rest: str) -> list[str]:
        match word:
            case "timeout":
                await self._recorder.do({"silence": True})
            case "hangup":
                await self._recorder.do({"hang_up": True})
            case "say":
                await self._recorder.do({"says": rest})
            case "queue" | "transfer" | "conference" | "callback" | "record" | "answer":
                return await self._outside(word, rest)
            case "at":
                await self._clock(written_time(rest))
            case "ani":
                self._begin(replace(self._arrival, ani=rest))
            case "vip":
                self._begin(replace(self._arrival, vip=rest))
            case "language":
                self._begin(replace(self._arrival, language=rest))
            case "open" | "closed" | "holiday":
                self._begin(replace(self._arrival, hours={**self._arrival.hours, rest: word}))
            case "back":
                return await self._back()
            case "case":
                return await self._case_so_far()
            case "state":
                return self._state()
            case "help":
                return HELP.splitlines()
            case "quit":
                self.left = True
            case _:
                hint = near(word, _COMMANDS) or "see /help"
                return [f"? there is no /{word}: {hint}"]
        return []

    async def _outside(self, word: str, rest: str) -> list[str]:
        wait = self._recorder.call.wait
        kind = kind_of(wait)
        if kind is None or word not in (kind, "answer"):
            return [f"? {self._recorder.caller.where()}; {choices(self._recorder.call)}"]
        await self._recorder.do({kind: _value(kind, rest, plain=isinstance(wait, KnowledgeWait))})
        return []

    async def _clock(self, at: datetime) -> None:
        call = self._recorder.call
        if call.calendar.clock(at) >= call.now and self._recorder.inputs:
            await self._recorder.do({"at": at.isoformat()})
        else:
            self._begin(replace(self._arrival, at=at))

    async def _back(self) -> list[str]:
        inputs = self._recorder.inputs[:-1]
        if not self._recorder.inputs:
            return ["? the call has only begun"]
        await self._again(inputs)
        self._shown = 0
        return ["   (back)"]

    async def _again(self, inputs: list[Written]) -> None:
        self._begin()
        for step in inputs:
            await self._recorder.do(step)

    async def _case_so_far(self) -> list[str]:
        inputs, shown = list(self._recorder.inputs), self._shown  # without the hang-up at its end
        written = await self.case()
        await self._again(inputs)
        self._shown = shown
        return written.splitlines()

    def _state(self) -> list[str]:
        call = self._recorder.call
        saved = call.run.save()["frames"]
        frames = saved if isinstance(saved, list) else []
        place = " > ".join(f"{frame['flow']}.{frame['step']}" for frame in frames)
        now = moment(call.now).astimezone(call.calendar.zone)
        lines = [f"   {place}  {call.run.language}  {now:%a %Y-%m-%d %H:%M:%S}"]
        lines += [f"   {name} = {value!r}" for name, value in call.run.data.items()]
        secrets = frames[-1]["secrets"] if frames else []
        return lines + [f"   {name} = •••• (secret)" for name in secrets]


def _own(line: Line) -> bool:
    """The person has just typed it."""
    return line.who == "caller"


def _value(kind: str, written: str, *, plain: bool) -> object:
    """``key 9`` and ``branch night`` as a case has them; JSON where it is some."""
    word, _, rest = written.partition(" ")
    if kind == "queue" and rest:
        return {word: rest.strip()}
    if kind == "record" and word.replace(".", "", 1).isdecimal():
        return {"seconds": float(word)}
    if not plain and written[:1] in ("{", "["):
        return json.loads(written)
    return written


def _first_words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return str(first["msg"])
    return str(error)
