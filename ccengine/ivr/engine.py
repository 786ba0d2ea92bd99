"""The flow engine: one call on its way through its flow. Pure: no clock, no phone, no log.

``start`` and ``resume`` run to the next wait and say what happened on the way. A mistake of ours
in a step, or a flow that goes on and on, ends this one call with an apology; the error rides on
the turn for the session to log.
"""

from __future__ import annotations

import copy
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ccengine.ids import ArticleId, CallId
from ccengine.ivr.announce import apology
from ccengine.ivr.answers import Answer, HungUp
from ccengine.ivr.frames import Frame, Frames
from ccengine.ivr.model import (
    Enter,
    Flow,
    FlowContext,
    IsOpen,
    Leave,
    Memory,
    Scene,
    Stay,
    Step,
    no_holiday,
)
from ccengine.ivr.saved import FlowChangedError, Phase, read_saved
from ccengine.ivr.waits import CollectWait, EndWait, ListenWait, PlayWait, Value, Wait
from ccengine.journal.facts import ArticleRead, CallFact, FlowEnded, FlowEntered, FlowStepped

MAX_STEPS = 500
"""Steps entered and waits taken by one call in all its flows."""
MAX_STEPS_BETWEEN_WAITS = 50
MAX_PATH = 40
"""So many of the latest steps are shown on the pop and saved; the journal has them all."""


MOST_SAVED_BYTES = 6_000
"""In base64 they fit in an AGI line."""


class FlowBudgetError(Exception):
    """The flow went on longer than any call should: it is cut off rather than left to spin."""

    def __init__(self, *, flow: str, step: str, limit: int, where: str) -> None:
        super().__init__(f"flow {flow} took more than {limit} steps {where}, last {step}")


class FlowOverError(Exception):
    """The session went on with a run that had ended, or began one twice: a mistake of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What came of one ``start`` or ``resume``: the next wait, and the facts for the journal.

    ``error`` is set when a step broke: the wait is then the apology, and the error is to be logged.
    """

    wait: Wait
    facts: tuple[CallFact, ...]
    error: Exception | None = None


class FlowRun:
    """One call in one flow and those that it leads to, from its first step to ``EndWait``."""

    def __init__(self, flow: Flow, context: FlowContext) -> None:
        self._root = flow
        self._context = context
        self._frames = Frames(flow)
        self._language = context.language
        self._phase = Phase.NEW
        self._memory: Memory = {}
        self._end = ""
        self._steps_taken = 0
        self._steps_since_wait = 0
        self._path: deque[tuple[str, str]] = deque(maxlen=MAX_PATH)
        self._facts: list[CallFact] = []
        self._forget_keys = False
        """The next wait for keys begins anew. Not saved: with an engine its callers' keys go."""

    def fork(self) -> FlowRun:
        """The same call at the same place, on a way of its own from here on."""
        other = copy.copy(self)
        other._frames = self._frames.fork()
        other._memory = dict(self._memory)
        other._path = self._path.copy()
        other._facts = list(self._facts)
        return other

    @property
    def flow(self) -> Flow:
        """The flow that the call began in: its version is the call's."""
        return self._root

    @property
    def flow_now(self) -> Flow:
        """The flow that the call is in now."""
        return self._frames.top.flow

    @property
    def step(self) -> str:
        """The name of the step the call is at."""
        return self._frames.top.step

    @property
    def language(self) -> str:
        """The language the caller hears now."""
        return self._language

    @property
    def data(self) -> Mapping[str, Value]:
        """What the flow that the call is in has learnt; secrets are not among it."""
        return self._frames.top.data

    @property
    def memory(self) -> Memory:
        """What the step remembers between two of its own waits."""
        return self._memory

    @property
    def path(self) -> tuple[tuple[str, str], ...]:
        """The latest steps, as (step, result), for the screen pop."""
        return tuple(self._path)

    @property
    def wait(self) -> Wait:
        """What the session is to carry out now; after ``restore`` it is carried out again.

        Raises FlowOverError before ``start``.
        """
        if self._phase is Phase.NEW:
            raise FlowOverError("the run has not started")
        if self._phase is Phase.OVER:
            return EndWait(result=self._end)
        if self._phase is Phase.APOLOGISING:
            return PlayWait(prompts=(apology(self._language),))
        return self._at().wait(self._scene(0.0), self._memory)

    def start(self, now: float) -> Turn:
        """Enter the flow. Raises FlowOverError when it was entered before."""
        if self._phase is not Phase.NEW:
            raise FlowOverError("the run has already started")
        self._facts.append(
            FlowEntered(
                at=now,
                call_id=self._context.call_id,
                flow=self._root.id,
                version=self._root.version,
                language=self._language,
            )
        )
        return self._turn(lambda: self._enter(self._root.start, now), now)

    def resume(self, answer: Answer, now: float) -> Turn:
        """The wait was carried out. Raises FlowOverError when there is none."""
        if self._phase in (Phase.NEW, Phase.OVER):
            raise FlowOverError(f"no wait to answer: the run is {self._phase.value}")
        if self._phase is Phase.APOLOGISING:
            # Its end is already in the journal; whatever became of the apology, hang up.
            self._phase = Phase.OVER
            return self._drain(None)
        if isinstance(answer, HungUp):
            if (article_id := self._at().reading(self._memory)) is not None:
                self._facts.append(self._article_read(article_id, None, now))
            self._over("hung_up", now)
            return self._drain(None)
        return self._turn(lambda: self._answer(answer, now), now)

    def save(self) -> dict[str, object]:
        """The run as JSON values; to be stored whenever a turn has been carried to a wait.

        Small whatever the flow (below 6,000 bytes as JSON), so that it fits where a call's own
        state is kept: Asterisk cuts an AGI line at 8 KiB. Secrets are left out: who is taken up
        after a restart is asked for them again, or fails where they are needed.
        """
        path = [list(done) for done in self._path]
        saved: dict[str, object] = {
            "format": 2,
            "flow": self._root.id,
            "version": self._root.version,
            "phase": self._phase.value,
            "frames": self._frames.saved(),
            "memory": dict(self._at().kept(self._memory)),
            "language": self._language,
            "end": self._end,
            "steps_taken": self._steps_taken,
            "path": path,
            "call_id": self._context.call_id,
            "ani": self._context.ani,
            "ani_verified": self._context.ani_verified,
            "dnis": self._context.dnis,
            "vip_level": self._context.vip_level,
            "customer": dict(self._context.customer),
            "first_language": self._context.language,
        }
        while path and _bytes(saved) > MOST_SAVED_BYTES:
            del path[: len(path) // 4 + 1]
        return saved

    @classmethod
    def restore(
        cls,
        flow: Flow,
        saved: Mapping[str, object],
        is_open: IsOpen,
        is_holiday: IsOpen = no_holiday,
        time_zone: str = "UTC",
    ) -> FlowRun:
        """Take up a saved run at its wait.

        Raises FlowChangedError when the flow's file has changed since, SavedRunError when what
        was saved cannot be read.
        """
        kept = read_saved(dict(saved))
        if (kept.flow, kept.version) != (flow.id, flow.version):
            raise FlowChangedError(
                flow=f"{kept.flow} (for {flow.id})", saved=kept.version, now=flow.version
            )
        context = FlowContext(
            call_id=CallId(kept.call_id),
            ani=kept.ani,
            ani_verified=kept.ani_verified,
            dnis=kept.dnis,
            vip_level=kept.vip_level,
            customer=kept.customer,
            language=kept.first_language,
            is_open=is_open,
            is_holiday=is_holiday,
            time_zone=time_zone,
        )
        run = cls(flow, context)
        run._frames = Frames.restored(flow, kept.frames)
        run._language = kept.language
        run._phase = kept.phase
        run._memory = kept.memory
        run._end = kept.end
        run._steps_taken = kept.steps_taken
        run._path.extend(kept.path)
        return run

    def _at(self) -> Step:
        return self._frames.top.flow.steps[self._frames.top.step]

    def _scene(self, now: float) -> Scene:
        top, context = self._frames.top, self._context
        return Scene(
            context=context,
            language=self._language,
            now=now,
            data={**_known(context, self._language), **top.data},
            secrets=top.secrets,
            room=self._frames.room,
        )

    def _enter(self, step: str, now: float) -> None:
        """Step by step until one of them waits or the flow ends."""
        to: str | None = step
        while to is not None:
            self._frames.top.step, self._memory = to, {}
            self._frames.top.since = now
            self._spend()
            to = self._done(self._at().enter(self._scene(now)), now)

    def _answer(self, answer: Answer, now: float) -> None:
        self._steps_since_wait = 0
        outcome = self._at().answered(self._scene(now), self._memory, answer)
        if isinstance(outcome, Stay):
            self._spend()
        to = self._done(outcome, now)
        if to is not None:
            self._enter(to, now)

    def _done(self, outcome: Stay | Leave | Enter, now: float) -> str | None:
        """What a step has decided takes place; the step to go on at, or None: a wait or the end."""
        match outcome:
            case Stay():
                self._frames.learn(outcome.learnt)
                self._memory = outcome.memory
                self._phase = Phase.WAITING
                return None
            case Enter():
                return self._go_to_flow(outcome, now)
            case Leave():
                return self._leave(outcome, now)

    def _go_to_flow(self, entered: Enter, now: float) -> str:
        flow = self._frames.top.flow
        other = flow.others[entered.flow]
        if entered.comes_back:
            self._frames.push(Frame(flow=other, step=other.start))
        else:
            self._write_down(entered.result, now)
            self._frames.replace(Frame(flow=other, step=other.start))
        self._frames.learn(entered.data)
        return other.start

    def _leave(self, outcome: Leave, now: float) -> str | None:
        """Write down the finished step; the next one's name, or None at the flow's end."""
        self._write_down(outcome.result, now, outcome.no_input, outcome.invalid)
        if outcome.article_id is not None:
            self._facts.append(self._article_read(outcome.article_id, outcome.helped, now))
        self._forget_keys = self._forget_keys or outcome.forgets_keys
        self._frames.learn(outcome.learnt)
        self._frames.top.secrets.update(outcome.secrets)
        self._language = outcome.language or self._language
        if outcome.to is not None:
            return outcome.to
        if outcome.returns is not None and self._frames.depth > 1:
            gone = self._frames.pop()
            self._memory = {}
            came = self._at().came_back(self._scene(now), outcome.returns, gone.data)
            return self._done(came, now)
        self._over(outcome.end, now)
        return None

    def _write_down(self, result: str, now: float, no_input: int = 0, invalid: int = 0) -> None:
        top = self._frames.top
        self._path.append((top.step, result))
        self._facts.append(
            FlowStepped(
                at=now,
                call_id=self._context.call_id,
                flow=top.flow.id,
                step=top.step,
                step_type=self._at().type,
                result=result,
                no_input=no_input,
                invalid=invalid,
                version=top.flow.version,
                took_s=_seconds(top.since, now),
            )
        )

    def _article_read(self, article_id: ArticleId, helped: bool | None, now: float) -> ArticleRead:
        top = self._frames.top
        return ArticleRead(
            at=now,
            call_id=self._context.call_id,
            flow=top.flow.id,
            step=top.step,
            article_id=article_id,
            helped=helped,
        )

    def _spend(self) -> None:
        self._steps_taken += 1
        self._steps_since_wait += 1
        if self._steps_taken > MAX_STEPS:
            raise self._spent(MAX_STEPS, "in one call")
        if self._steps_since_wait > MAX_STEPS_BETWEEN_WAITS:
            raise self._spent(MAX_STEPS_BETWEEN_WAITS, "without waiting for the caller")

    def _spent(self, limit: int, where: str) -> FlowBudgetError:
        return FlowBudgetError(flow=self.flow_now.id, step=self.step, limit=limit, where=where)

    def _over(self, result: str, now: float, phase: Phase = Phase.OVER) -> None:
        self._phase, self._end = phase, result
        self._facts.append(
            FlowEnded(
                at=now,
                call_id=self._context.call_id,
                flow=self.flow_now.id,
                step=self.step,
                result=result,
                version=self.flow_now.version,
                took_s=_seconds(self._frames.top.since, now),
            )
        )

    def _turn(self, move: Callable[[], None], now: float) -> Turn:
        """Make a move; whatever breaks in a step breaks this call only."""
        try:
            move()
            return self._drain(None)
        except Exception as error:  # noqa: BLE001 - handed on with the turn, never swallowed
            self._over("failed", now, Phase.APOLOGISING)
            return self._drain(error)

    def _drain(self, error: Exception | None) -> Turn:
        wait = self.wait  # first: a step that cannot say its wait is broken too
        if self._forget_keys:
            wait = self._begun_anew(wait)
        facts, self._facts = tuple(self._facts), []
        return Turn(wait=wait, facts=facts, error=error)

    def _begun_anew(self, wait: Wait) -> Wait:
        match wait:
            case PlayWait() | CollectWait() | ListenWait():
                self._forget_keys = False
                return replace(wait, fresh=True)
            case _:
                return wait


def _seconds(since: float, now: float) -> float:
    """To a tenth: nothing finer is asked of it."""
    return round(now - since, 1)


def _bytes(saved: Mapping[str, object]) -> int:
    return len(json.dumps(saved, separators=(",", ":"), ensure_ascii=False).encode())


def _known(context: FlowContext, language: str) -> dict[str, Value]:
    return {
        "caller.number": context.ani,
        "caller.verified": context.ani_verified,
        "call.id": context.call_id,
        "call.number": context.dnis,
        "call.vip_level": context.vip_level,
        "call.language": language,
        **context.customer,
    }
