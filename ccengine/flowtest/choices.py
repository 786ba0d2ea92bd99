"""What can be done at the point at which a simulated call stands, in words."""

from __future__ import annotations

from ccengine.flowtest.call import Call
from ccengine.flowtest.outside import FAILURES
from ccengine.ivr.model import ALL_KEYS, Step
from ccengine.ivr.waits import (
    CallbackWait,
    CollectWait,
    ConferenceWait,
    KnowledgeWait,
    ListenWait,
    LookupWait,
    PlayWait,
    QueueWait,
    RecordWait,
    RouteWait,
    TransferWait,
)

_TRANSFER = "answered | no_answer | busy | unreachable | not_allowed"


def choices(call: Call) -> str:
    """One line; empty when the call is over."""
    step = call.run.flow_now.steps[call.run.step]
    match call.wait:
        case PlayWait() as wait if wait.keys and wait.timeout_s:
            return f"keys: {_keys(step, wait.keys)}; /timeout after {wait.timeout_s:g} s"
        case PlayWait() as wait if wait.keys:
            return f"key {' '.join(wait.keys)} skips; Enter listens to the end"
        case CollectWait() as wait:
            end = f", ended by {wait.terminator}" if wait.terminator else ""
            return f"up to {wait.most} digits{end}; /timeout"
        case ListenWait() as wait:
            return f"/say …; keys: {_keys(step, wait.keys)}; /timeout"
        case QueueWait() as wait:
            words = "served | timed_out | no_agents | full | closed | voicemail | callback"
            branches = "".join(f" | branch {name}" for name in getattr(step, "branches", {}))
            keys = f"; keys: {_keys(step, wait.keys)}" if wait.keys else ""
            return f"/queue {words}{branches}{keys}"
        case TransferWait():
            return f"/transfer {_TRANSFER}"
        case ConferenceWait():
            return "/conference left | full | closed | failed"
        case CallbackWait():
            return "/callback arranged | refused"
        case RecordWait() as wait:
            return f"/record SECONDS | nothing; key {' '.join(wait.keys)} ends it; /timeout"
        case KnowledgeWait():
            return "/answer TEXT | nothing | late"
        case LookupWait() as wait:
            wanted = ", ".join(f'"{name}": …' for name in wait.wants)
            return f"/answer {{{wanted}}} | nothing | {' | '.join(FAILURES)}"
        case RouteWait():
            example = '{"action": "queue", "target": "…"}'
            return f"/answer {example} | {' | '.join(FAILURES)}"
        case _:
            return ""


def _keys(step: Step, keys: str) -> str:
    """Each with the step that it leads to, as far as it leads somewhere."""
    led = {
        str(way.at[1]): way.to
        for way in step.ways()
        if way.at[0] == "keys" and len(way.at) > 1 and str(way.at[1]) in keys
    }
    told = [f"{key} → {to}" for key, to in led.items()]
    if keys == ALL_KEYS:
        return ", ".join(told) if told else "any"
    return ", ".join([*told, *(key for key in keys if key not in led)])
