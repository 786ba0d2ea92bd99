"""Quiet: these tests break hundreds of links and sessions."""

from __future__ import annotations

from tests.kit.quiet_logs import quiet_logs

__all__ = ["quiet_logs"]
