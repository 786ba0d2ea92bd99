"""Where a call stands when flows enter flows: the last frame is where it is now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ccengine.ids import FlowId
from ccengine.ivr.model import Flow
from ccengine.ivr.saved import SavedFrame, SavedRunError
from ccengine.ivr.waits import Value

MOST_FRAMES = 8
"""A flow in a flow in a flow; the check refuses those that could enter themselves."""


MOST_TEXT = 200
"""Characters of one value; more is cut off."""
MOST_BYTES = 3_000
"""Of all that the flows of one call have learnt, as JSON."""


class TooDeepError(Exception):
    """Flows entered flows without end: the check should have refused them."""

    def __init__(self, flow: str) -> None:
        super().__init__(f"flow {flow} is entered with {MOST_FRAMES} flows waiting for its return")


@dataclass(slots=True, kw_only=True)
class Frame:
    """One flow on the way: its step, and what it has learnt of the call."""

    flow: Flow
    step: str
    data: dict[str, Value] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    since: float = 0.0
    """When its step was entered, by the engine's clock."""


class Frames:
    def __init__(self, root: Flow) -> None:
        self._frames = [Frame(flow=root, step=root.start)]

    @property
    def top(self) -> Frame:
        return self._frames[-1]

    @property
    def depth(self) -> int:
        return len(self._frames)

    def fork(self) -> Frames:
        """The same, on a way of its own from here on."""
        other = Frames(self._frames[0].flow)
        other._frames = [
            replace(frame, data=dict(frame.data), secrets=dict(frame.secrets))
            for frame in self._frames
        ]
        return other

    def push(self, frame: Frame) -> None:
        """Raises TooDeepError."""
        if len(self._frames) >= MOST_FRAMES:
            raise TooDeepError(frame.flow.id)
        self._frames.append(frame)

    def replace(self, frame: Frame) -> None:
        self._frames[-1] = frame

    def pop(self) -> Frame:
        return self._frames.pop()

    @property
    def room(self) -> int:
        """Bytes, as JSON, that may still be learnt."""
        return MOST_BYTES - json_bytes(self.saved())

    def learn(self, learnt: Mapping[str, Value]) -> None:
        """What there is no room for is cut off, or left out where it cannot be cut."""
        data = self.top.data
        for name, value in learnt.items():
            data[name] = whole_text(value)[:MOST_TEXT] if isinstance(value, str) else value
        if not learnt or self.room >= 0:
            return
        for name in reversed(list(learnt)):
            over = -self.room
            if over <= 0:
                return
            value = data[name]
            data[name] = _cut(value, over) if isinstance(value, str) else ""
            if self.room < 0:
                del data[name]

    def saved(self) -> list[dict[str, object]]:
        """Of the secrets only which there were."""
        return [
            {
                "flow": frame.flow.id,
                "step": frame.step,
                "data": dict(frame.data),
                "secrets": sorted(frame.secrets),
                "since": frame.since,
            }
            for frame in self._frames
        ]

    @classmethod
    def restored(cls, root: Flow, kept: Sequence[SavedFrame]) -> Frames:
        """Raises SavedRunError for a flow or step that the root does not lead to."""
        known: Mapping[FlowId, Flow] = {**root.others, root.id: root}
        frames = cls(root)
        frames._frames = [_restored(frame, known) for frame in kept]
        if not frames._frames:
            raise SavedRunError("a run without a place in its flow")
        return frames


def json_bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def whole_text(text: str) -> str:
    """Half a character, as an outside system may send one, cannot be written down."""
    return text.encode("utf-8", "replace").decode()


def _cut(text: str, over: int) -> str:
    """The text, so many bytes shorter as JSON, or empty."""
    least = json_bytes(text) - over
    while text and json_bytes(text) > least:
        text = text[:-1]
    return text


def _restored(kept: SavedFrame, known: Mapping[FlowId, Flow]) -> Frame:
    flow = known.get(FlowId(kept.flow))
    if flow is None or kept.step not in flow.steps:
        raise SavedRunError(f"there is no step {kept.step} in a flow {kept.flow}")
    lost = dict.fromkeys(kept.secrets, "")
    return Frame(flow=flow, step=kept.step, data=dict(kept.data), secrets=lost, since=kept.since)
