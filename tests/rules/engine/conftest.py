"""The small centre of the calls' tests, seen from the engine."""

from __future__ import annotations

from tests.rules.calls.conftest import flow_of, open_centre, quiet_logs

__all__ = ["flow_of", "open_centre", "quiet_logs"]
