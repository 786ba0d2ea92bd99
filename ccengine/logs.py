"""Logs as records: a fixed sentence and keys, in colour for people or as JSON for machines."""

from __future__ import annotations

import logging
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

MASKED_KEYS = frozenset({"ani", "dnis", "digits", "name", "text", "note", "question"})
"""Keys whose values are about a person; shown by their last two characters alone."""


def mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """One place where what is about a person is taken out of every log line."""
    for key in MASKED_KEYS & event.keys():
        value = str(event[key])
        event[key] = f"…{value[-2:]}" if len(value) > 4 else "…"
    return event


def configure(log_format: str) -> None:
    """Set up logging for the whole process."""
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask,
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING)
