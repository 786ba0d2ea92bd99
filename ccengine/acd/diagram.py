"""The page ``docs/acd-states.md``, drawn from the tables that the ACD itself obeys.

Written by ``python -m ccengine.acd.diagram > docs/acd-states.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from ccengine.acd.state import CallState, LegState, QueueState
from ccengine.acd.table import (
    AGENT_INNER,
    AGENT_TABLE,
    CALL_INNER,
    CALL_TABLE,
    CALLBACK_STATES,
    CALLER_STATES,
    LEG_INNER,
    LEG_TABLE,
    Cells,
    Drop,
    Move,
)
from ccengine.acd.table_of_callbacks import CALLBACK_TABLE, QUEUE_TABLE
from ccengine.journal.facts import AgentState

E = TypeVar("E", bound=StrEnum)
S = TypeVar("S", bound=StrEnum)

HEAD = """# States of the ACD

Drawn from `ccengine/acd/table.py` by `python -m ccengine.acd.diagram`; a test proves that this
page and the table agree. Events in *italics* are not said from outside: they follow from another
input. A timer that was cancelled is named and dropped by its id. What each rule does is in
[acd.md](acd.md).
"""


def document() -> str:
    """The whole page."""
    return "\n".join(
        (
            HEAD,
            "## A call\n",
            _picture(CALL_TABLE, CALLER_STATES, CallState.GONE),
            _cells(CALL_TABLE, CALLER_STATES, CALL_INNER),
            "## A callback\n",
            _picture(CALLBACK_TABLE, CALLBACK_STATES, CallState.SLEEPING),
            _cells(CALLBACK_TABLE, CALLBACK_STATES, CALL_INNER),
            "## A queue\n",
            _picture(QUEUE_TABLE, tuple(QueueState), QueueState.OPEN),
            _cells(QUEUE_TABLE, tuple(QueueState), ()),
            "## One agent's leg of an offer\n",
            _picture(LEG_TABLE, tuple(LegState), LegState.RINGING),
            _cells(LEG_TABLE, tuple(LegState), LEG_INNER),
            "## An agent\n",
            _picture(AGENT_TABLE, tuple(AgentState), AgentState.LOGGED_OUT),
            _cells(AGENT_TABLE, tuple(AgentState), AGENT_INNER),
        )
    )


def _picture(table: Mapping[E, Cells[S]], states: Sequence[S], start: S) -> str:
    arrows: dict[tuple[S, S], list[str]] = {}
    for event, cells in table.items():
        for state in states:
            cell = cells[state]
            for to in cell.to if isinstance(cell, Move) else ():
                if to is not state:
                    arrows.setdefault((state, to), []).append(event.value)
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {start.value}"]
    for (state, to), events in sorted(arrows.items()):
        lines.append(f"    {state.value} --> {to.value}: {', '.join(events)}")
    return "\n".join((*lines, "```", ""))


def _cells(table: Mapping[E, Cells[S]], states: Sequence[S], inner: Sequence[E]) -> str:
    lines = [
        "| event | " + " | ".join(state.value for state in states) + " |",
        "|---" * (len(states) + 1) + "|",
    ]
    for event, cells in table.items():
        name = f"*{event.value}*" if event in inner else event.value
        lines.append(f"| {name} | " + " | ".join(_cell(cells[s], s) for s in states) + " |")
    return "\n".join((*lines, ""))


def _cell(cell: Move[S] | Drop, state: S) -> str:
    if isinstance(cell, Move):
        return "stays" if cell.to == (state,) else "**" + "**, **".join(cell.to) + "**"
    return f"ignored: {cell.why}"


if __name__ == "__main__":
    sys.stdout.write(document())
