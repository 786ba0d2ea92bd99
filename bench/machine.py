"""The machine that a run was made on, and the processor time that it took."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CALM_LOAD = 1.5
"""Above this load average at the start other programs spoil the figures."""

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    at: str
    """UTC."""
    processor: str
    cores: int
    load_at_start: float
    python: str

    @classmethod
    def now(cls) -> Machine:
        return cls(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            processor=_processor(),
            cores=len(os.sched_getaffinity(0)),
            load_at_start=round(os.getloadavg()[0], 2),
            python=platform.python_version(),
        )

    @property
    def calm(self) -> bool:
        return self.load_at_start <= CALM_LOAD

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"calm": self.calm}


class Stopwatch:
    """Processor time of some processes, and of all others together, since it was made."""

    def __init__(self, **pids: int | None) -> None:
        self._pids = {name: pid for name, pid in pids.items() if pid is not None}
        self._began = time.monotonic()
        self._busy = _busy_s()
        self._used = self._read()

    def read(self) -> tuple[dict[str, float], float]:
        """Seconds by name, and the share of the machine (0..1) that others had."""
        used = {name: now - self._used[name] for name, now in self._read().items()}
        elapsed = time.monotonic() - self._began
        others = max(0.0, _busy_s() - self._busy - sum(used.values()))
        return used, others / (elapsed * (os.cpu_count() or 1))

    def _read(self) -> dict[str, float]:
        return {name: processor_s(pid) for name, pid in self._pids.items()} | {
            "load": time.process_time()
        }


def processor_s(pid: int) -> float:
    """User and system seconds of all threads of a process that lives."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _busy_s() -> float:
    user, nice, system, _idle, _iowait, irq, softirq, *_ = (
        int(value) for value in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / _TICKS


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
