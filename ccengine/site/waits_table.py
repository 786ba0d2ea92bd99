"""The waits of a site's queues as `ccengine check` prints them."""

from __future__ import annotations

from ccengine.site.model import Site
from ccengine.site.waits import queue_waits


def waits_table(site: Site) -> list[str]:
    """Lines for the terminal; none when no queue declares its load."""
    found = queue_waits(site)
    if not found:
        return []
    levels = [level for level in site.vip_levels if any(level in w.expected_vip_s for w in found)]
    rows = [["queue", "agents' time", "expected wait", *levels, "worst wait"]]
    for waits in found:
        vip = [_seconds(waits.expected_vip_s.get(level), "") for level in levels]
        row = [waits.queue, f"{waits.used:.0%}", _seconds(waits.expected_s, "no end"), *vip]
        rows.append([*row, _seconds(waits.worst_s, "no end")])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in rows
    ]


def _seconds(seconds: float | None, unknown: str) -> str:
    return unknown if seconds is None else f"{seconds:.0f} s"
