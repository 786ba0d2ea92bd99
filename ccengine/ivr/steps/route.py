"""``route``: a business system says what becomes of the call; ``default`` when it does not."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ccengine.ivr.answers import Answer, Played, Routed
from ccengine.ivr.frames import json_bytes
from ccengine.ivr.model import (
    Branch,
    Leave,
    Memory,
    Name,
    NameUse,
    RecordingName,
    Scene,
    SiteName,
    Stay,
    Step,
    StepName,
    StepText,
    Texts,
    UnexpectedAnswerError,
)
from ccengine.ivr.questions import plain_path
from ccengine.ivr.said import said
from ccengine.ivr.steps.lookup import Into, picked, room_for
from ccengine.ivr.templates import Template
from ccengine.ivr.waits import PlayWait, Prompt, RouteWait, Value
from ccengine.site.model import Word
from ccengine.site.outside import Deadline

GIVEN = ("route.queue", "route.agent", "route.head_start", "route.skills")
"""Names that it gives beside those of ``into``; for an ``enqueue`` that follows."""
_TOLD = (
    "caller.number",
    "caller.verified",
    "call.id",
    "call.number",
    "call.vip_level",
    "call.language",
    "customer.id",
    "customer.known",
)
"""What the system is told of every call."""


def _fixed_path(template: Template) -> Template:
    if template.names:
        raise ValueError("no values in this path; the system is told by `send` what is known")
    return plain_path(template)


class RouteStep(Step):
    """A way for each action that the system may name; one without a way is as no answer."""

    type: Literal["route"]
    system: Word
    path: Annotated[Template, AfterValidator(_fixed_path)] = Template.parse("/")
    send: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    """Names of the flow's own that the system is told too."""
    say: Texts | None = None
    """Heard before it is asked."""
    recording: RecordingName | Literal[""] = ""
    music: Word | Literal[""] = "default"
    deadline: Deadline | None = None
    """Null: that of the system, which holds in any case."""
    into: Into = Field(default_factory=dict)
    """Names for what the system says in its ``values``."""
    queue: StepName | None = None
    agent: StepName | None = None
    play: StepName | None = None
    """After its words were heard."""
    hangup: StepName | None = None
    """Without it: the call ends."""
    to_flows: Annotated[dict[Word, StepName], Field(max_length=50)] = Field(
        alias="flows", default_factory=dict
    )
    """Flows that the system may name, and the step that goes there."""
    default: StepName
    """Slow, down, or with an answer that cannot be used."""

    def ways(self) -> tuple[Branch, ...]:
        spoken = self.say is not None
        ways = [
            Branch(to=to, at=(name,), waits=spoken)
            for name, to in (("queue", self.queue), ("agent", self.agent))
            if to is not None
        ]
        if self.play is not None:
            ways.append(Branch(to=self.play, at=("play",), waits=True))
        if self.hangup is not None:
            ways.append(Branch(to=self.hangup, at=("hangup",), waits=spoken))
        ways += [
            Branch(to=to, at=("flows", name), waits=spoken) for name, to in self.to_flows.items()
        ]
        return (*ways, Branch(to=self.default, at=("default",), waits=spoken))

    def texts(self) -> tuple[StepText, ...]:
        if self.say is None:
            return ()
        return (StepText(texts=self.say, at=("say",), recording=self.recording),)

    def site_names(self) -> tuple[SiteName, ...]:
        return (SiteName(kind="system", name=self.system, at=("system",)),)

    def reads(self) -> tuple[NameUse, ...]:
        return tuple(NameUse(name=name, at=("send", i)) for i, name in enumerate(self.send))

    def learns(self) -> tuple[NameUse, ...]:
        given = tuple(NameUse(name=name, at=("type",)) for name in GIVEN)
        return given + tuple(NameUse(name=name, at=("into", name)) for name in self.into)

    def enter(self, scene: Scene) -> Stay | Leave:
        return Stay(memory={"saying": 1} if self.say is not None else {})

    def wait(self, scene: Scene, memory: Memory) -> RouteWait | PlayWait:
        if "saying" in memory:
            return PlayWait(prompts=said(self.say, scene, self.recording))
        if "spoken" in memory:
            words = Prompt(text=str(memory["spoken"]), language=scene.language, live=True)
            return PlayWait(prompts=(words,))
        told = {name: scene.data.get(name, "") for name in _TOLD}
        told |= {f"data.{name}": scene.data.get(name, "") for name in self.send}
        return RouteWait(
            system=self.system,
            path=self.path.text,
            values=told,
            wants=tuple(dict.fromkeys(self.into.values())),
            deadline_s=self.deadline,
            music=self.music,
        )

    def answered(self, scene: Scene, memory: Memory, answer: Answer) -> Stay | Leave:
        match answer:
            case Played() if "saying" in memory:
                return Stay(memory={})
            case Played() if "spoken" in memory:
                return self._left(str(memory["action"]), str(memory["target"]))
            case Routed() if not memory:
                return self._routed(scene, answer)
            case _:
                raise UnexpectedAnswerError(self.type, answer)

    def _routed(self, scene: Scene, answer: Routed) -> Stay | Leave:
        learnt = self._learnt(answer)
        if not self._has_a_way(answer) or json_bytes(learnt) > room_for(learnt, scene):
            # No name of an earlier answer stays behind.
            return Leave(result="default", to=self.default, learnt=self._learnt(_NO_ANSWER))
        if answer.say:
            memory = {"spoken": answer.say, "action": answer.action, "target": answer.target}
            return Stay(memory=memory, learnt=learnt)
        left = self._left(answer.action, answer.target)
        return Leave(result=left.result, to=left.to, learnt=learnt)

    def _has_a_way(self, answer: Routed) -> bool:
        match answer.action:
            case "":
                return False
            case "flow":
                return answer.target in self.to_flows
            case "play":
                return self.play is not None and bool(answer.say)
            case "hangup":
                return True
            case "queue":
                return self.queue is not None
            case "agent":
                return self.agent is not None

    def _left(self, action: str, target: str) -> Leave:
        ways = {
            "queue": self.queue,
            "agent": self.agent,
            "play": self.play,
            "hangup": self.hangup,
            "flow": self.to_flows.get(target),
        }
        return Leave(result=action, to=ways[action])

    def _learnt(self, answer: Routed) -> dict[str, Value]:
        skills = ",".join(f"{skill}:{level}" for skill, level in answer.skills.items())
        return {
            "route.queue": answer.target if answer.action == "queue" else "",
            "route.agent": answer.target if answer.action == "agent" else "",
            "route.head_start": answer.head_start_s,
            "route.skills": skills,
            **picked(answer.values, self.into),
        }


_NO_ANSWER = Routed(action="")
