"""``enqueue``: wait in a queue for an agent; one way on for each way out of the queue."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self, assert_never

from pydantic import Field, StringConstraints, model_validator

from ccengine.acd.rules import personal_queue
from ccengine.ids import AgentId, QueueId
from ccengine.ivr import announce
from ccengine.ivr.announce_times import callback_arranged_at
from ccengine.ivr.answers import Answer, Played, QueueLeft, QueueResult
from ccengine.ivr.model import (
    Branch,
    Key,
    Leave,
    Memory,
    NameUse,
    Scene,
    SiteName,
    Stay,
    Step,
    StepName,
    StepText,
    Texts,
    UnexpectedAnswerError,
    prompt_of,
)
from ccengine.ivr.templates import Template
from ccengine.ivr.waits import PlayWait, QueueWait
from ccengine.site.model import SkillLevel, Word

LAST = "last"
_QUEUE = re.compile(r"[a-z][a-z0-9_]{0,47}")
MOST_QUESTION = 300
"""Characters of what the caller wants, on the agent's card."""
ROUTED = "{route.agent}"
Target = Annotated[str, StringConstraints(pattern=r"^(last|[0-9]{2,8}|\{route\.agent\})$")]


class EnqueueStep(Step):
    """``queue`` or ``agent``; without ``served`` the flow ends with the talk."""

    type: Literal["enqueue"]
    queue: Template | None = None
    """A name under ``queues:`` of the site file, or a text whose places make one of ``queues``."""
    queues: Annotated[tuple[StepName, ...], Field(max_length=50)] = ()
    """With places in ``queue``: all that it may come to. What comes to none of them waits in the
    first, so that no caller is lost over a word."""
    agent: Target | None = None
    """The personal queue of this agent, of who last talked with this customer, or of whom a
    ``route`` before it was told."""
    skills: dict[Word, SkillLevel] = Field(default_factory=dict)
    """Asked for beside what the queue asks for."""
    head_start: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    """Seconds: placed as if it had come so much earlier, beside the VIP level's."""
    max_wait: Annotated[float, Field(ge=1, le=86_400)] | None = None
    """Seconds; the queue's own where that is shorter."""
    question: Texts | None = None
    """What the caller wants, in words: the agent reads it, and gets the articles that fit."""
    served: StepName | None = None
    timed_out: StepName
    no_agents: StepName
    full: StepName
    closed: StepName | None = None
    """Without it: as ``no_agents``."""
    keys: dict[Key, StepName] = Field(default_factory=dict)
    """Keys that lead out of the queue."""
    branches: dict[Word, StepName] = Field(default_factory=dict)
    """Ways that the overflow rules of the queue name."""
    voicemail: StepName | None = None
    """Without it: the caller leaves a message and the call ends."""
    callback: StepName | None = None
    """Once the callback is arranged. Without it: a good-bye, and the call ends."""

    @model_validator(mode="after")
    def _one_goal(self) -> Self:
        if (self.queue is None) == (self.agent is None):
            raise ValueError("a queue or an agent, one of the two; write `queue: …` or `agent: …`")
        places = self.queue is not None and bool(self.queue.slots)
        if places and not self.queues:
            raise ValueError("which queues it may come to is missing; add `queues: […]`")
        if self.queues and not places:
            raise ValueError("`queue` has no places; remove `queues`")
        if self.queue is not None and not places and not _QUEUE.fullmatch(self.queue.text):
            raise ValueError("this cannot name a queue; write small letters, digits and _")
        return self

    @property
    def is_routed(self) -> bool:
        """It waits where a ``route`` sent it: with the head start and skills that came with it."""
        names = self.queue.names if self.queue is not None else ()
        return self.agent == ROUTED or "route.queue" in names

    def possible_queues(self) -> tuple[str, ...]:
        """All queues of the site file in which a caller of this step may stand first."""
        if self.queues or self.queue is None:
            return self.queues
        return (self.queue.text,)

    def ways(self) -> tuple[Branch, ...]:
        # A queue that is full, closed, or without agents lets the call go at once, and so may an
        # overflow rule.
        ways = [
            Branch(to=self.timed_out, at=("timed_out",), waits=True),
            Branch(to=self.no_agents, at=("no_agents",), waits=False),
            Branch(to=self.full, at=("full",), waits=False),
        ]
        for name, to, waits in (
            ("served", self.served, True),
            ("closed", self.closed, False),
            ("voicemail", self.voicemail, False),
            ("callback", self.callback, True),
        ):
            if to is not None:
                ways.append(Branch(to=to, at=(name,), waits=waits))
        ways += [Branch(to=to, at=("keys", key), waits=True) for key, to in self.keys.items()]
        ways += [
            Branch(to=to, at=("branches", name), waits=False) for name, to in self.branches.items()
        ]
        return tuple(ways)

    def site_names(self) -> tuple[SiteName, ...]:
        names = [SiteName(kind="skill", name=skill, at=("skills", skill)) for skill in self.skills]
        if self.queue is not None and not self.queues:
            names.append(SiteName(kind="queue", name=self.queue.text, at=("queue",)))
        names += [
            SiteName(kind="queue", name=queue, at=("queues", place))
            for place, queue in enumerate(self.queues)
        ]
        if self.agent is not None and self.agent != LAST:
            names.append(SiteName(kind="agent", name=self.agent, at=("agent",)))
        return tuple(names)

    def reads(self) -> tuple[NameUse, ...]:
        names = self.queue.names if self.queue is not None else ()
        uses = tuple(NameUse(name=name, at=("queue",)) for name in names)
        return uses + ((NameUse(name="route.agent", at=("agent",)),) if self.is_routed else ())

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={})

    def wait(self, scene: Scene, memory: Memory) -> QueueWait | PlayWait:
        if "parting" in memory:
            time = memory["parting"]
            if isinstance(time, str) and time:
                return PlayWait(prompts=(callback_arranged_at(time, scene.language),))
            return PlayWait(prompts=(announce.callback_arranged(scene.language),))
        return QueueWait(
            queue=self._queue(scene),
            language=scene.language,
            skills={**self.skills, **_routed_skills(scene)} if self.is_routed else self.skills,
            keys="".join(self.keys),
            last_agent=self.agent == LAST,
            head_start_s=self.head_start + (_routed_head_start(scene) if self.is_routed else 0.0),
            max_wait_s=self.max_wait,
            question=self._asked(scene),
        )

    def _asked(self, scene: Scene) -> str:
        if self.question is None:
            return ""
        asked = prompt_of(self.question, scene.language, "")
        return Template.parse(asked.text).filled(scene.data)[:MOST_QUESTION]

    def texts(self) -> tuple[StepText, ...]:
        if self.question is None:
            return ()
        return (StepText(texts=self.question, at=("question",), heard=False),)

    def _queue(self, scene: Scene) -> QueueId:
        if self.queue is not None:
            named = self.queue.filled(scene.data)
            return QueueId(named if named in self.possible_queues() else self.queues[0])
        if self.agent == ROUTED:
            agent = str(scene.data.get("route.agent", ""))
            return personal_queue(AgentId(agent)) if agent else QueueId("")
        if self.agent is None or self.agent == LAST:
            return QueueId("")
        return personal_queue(AgentId(self.agent))

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        if "parting" in memory:
            if not isinstance(answer, Played):
                raise UnexpectedAnswerError(self.type, answer)
            return Leave(result=QueueResult.CALLBACK.value, to=None)
        if not isinstance(answer, QueueLeft):
            raise UnexpectedAnswerError(self.type, answer)
        return self._left(answer)

    def _left(self, left: QueueLeft) -> Stay | Leave:
        match left.result:
            case QueueResult.SERVED:
                way: str | None = self.served
            case QueueResult.TIMED_OUT:
                way = self.timed_out
            case QueueResult.NO_AGENTS:
                way = self.no_agents
            case QueueResult.FULL:
                way = self.full
            case QueueResult.CLOSED:
                way = self.closed or self.no_agents
            case QueueResult.KEY:
                return Leave(result=f"key_{left.key}", to=self.keys.get(left.key, self.timed_out))
            case QueueResult.BRANCH:
                # A branch that a newer site file names goes the way of who waited too long.
                return Leave(result=left.branch, to=self.branches.get(left.branch, self.timed_out))
            case QueueResult.VOICEMAIL:
                return Leave(result=left.result.value, to=self.voicemail, end="voicemail")
            case QueueResult.CALLBACK:
                if self.callback is None:
                    return Stay(memory={"parting": left.time})
                way = self.callback
            case _:
                assert_never(left.result)
        return Leave(result=left.result.value, to=way)


def _routed_head_start(scene: Scene) -> float:
    seconds = scene.data.get("route.head_start", 0.0)
    return float(seconds) if isinstance(seconds, (int, float)) else 0.0


def _routed_skills(scene: Scene) -> dict[str, int]:
    """``english:2,billing:1``, as a ``route`` learnt it."""
    written = str(scene.data.get("route.skills", ""))
    pairs = (pair.partition(":") for pair in written.split(",") if pair)
    return {skill: int(level) for skill, _, level in pairs if level.isdecimal()}
