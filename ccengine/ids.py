"""The names by which one thing is told from another, as types a checker can hold apart.

None of them is an Asterisk channel name: those start again at 00000000 when Asterisk restarts.
"""

from __future__ import annotations

from typing import NewType

CallId = NewType("CallId", str)
"""A call from its INVITE to its end; a UUID made by the dialplan and carried on every leg."""

OfferId = NewType("OfferId", str)
"""One attempt to ring one agent (or, with ring all, several) for one call."""

AgentId = NewType("AgentId", str)
"""An agent, as the site file names it; also the extension of its phone."""

QueueId = NewType("QueueId", str)
"""A queue, as the site file names it."""

FlowId = NewType("FlowId", str)
"""A flow: the name of its file in ``ivr_flows/`` without ``.yaml``."""

CustomerId = NewType("CustomerId", int)
ArticleId = NewType("ArticleId", str)

TimerId = NewType("TimerId", str)
"""A timer that the ACD asked for; a stale one is named and dropped."""
