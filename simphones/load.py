"""Many calls by one SIPp process at a set rate, all alike: for load, not for stories.

Every call is a real one with sound both ways, but nobody listens and nothing is pressed: SIPp's
own keys come from a raw socket, for which it would have to be root.
"""

from __future__ import annotations

import asyncio
import csv
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from simphones import audio, scenario
from simphones.ports import free_port
from simphones.processes import DIES_WITH_US, end

_PATIENCE_AFTER = 60.0
"""Seconds after the last call should be over before SIPp is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """``calls`` calls to ``dnis``, ``rate`` new ones a second, at most ``at_once`` at a time."""

    dnis: str
    calls: int
    rate: float
    at_once: int
    talk: float
    """Seconds from the answer until the caller hangs up; the other side may do so earlier."""
    ani: str = "13900000000"
    hz: int = 440


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """SIPp's own account. ``failed`` calls were refused, went unanswered or broke."""

    made: int
    succeeded: int
    failed: int
    most_at_once: int
    seconds: float
    retransmissions: int


class LoadFailed(Exception):
    """SIPp did not come to an end, or said nothing that could be counted."""


async def put(
    load: Load,
    *,
    target: tuple[str, int],
    host: str = "127.0.0.1",
    progress: Callable[[LoadResult], None] = lambda _so_far: None,
) -> LoadResult:
    """Makes the calls; ``progress`` is told about once a second.

    Raises ``LoadFailed``. When cancelled, the calls are cut off with SIPp.
    """
    with tempfile.TemporaryDirectory(prefix="load-") as place:
        folder = Path(place)
        counts = folder / "counts.csv"
        _write(folder, load)
        process = await asyncio.create_subprocess_exec(
            *(*DIES_WITH_US, "sipp", f"{target[0]}:{target[1]}"),
            *("-sf", "calls.xml", "-m", str(load.calls), "-l", str(load.at_once)),
            *("-r", str(max(1, round(load.rate * 10))), "-rp", "10000"),
            *("-i", host, "-p", str(free_port(host=host)), "-cp", "0"),
            *("-mi", host, "-mp", str(free_port(host=host))),
            *("-nostdin", "-trace_stat", "-stf", str(counts), "-fd", "1"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
        )
        watching = asyncio.create_task(_watch(counts, progress))
        try:
            async with asyncio.timeout(_longest(load)):
                await process.wait()
        except TimeoutError:
            raise LoadFailed(f"SIPp was not done after {_longest(load):.0f} s") from None
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await end(process, patience=0.5)
        result = _read(counts)
        if result is None:
            raise LoadFailed(f"SIPp ended with {process.returncode} and counted nothing")
        return result


def _longest(load: Load) -> float:
    by_rate = load.calls / load.rate
    by_number = load.calls / load.at_once * load.talk
    return max(by_rate, by_number) + load.talk + _PATIENCE_AFTER


def _write(folder: Path, load: Load) -> None:
    # SIPp sends the file's bytes as they are, so it holds mu-law and no header.
    sound = folder / "hum.ulaw"
    sound.write_bytes(audio.mu_law_encode(audio.tone(load.hz, 1.0)) * 10)
    caller = scenario.Caller(dnis=load.dnis, ani=load.ani)
    media = f'<exec rtp_stream="{sound},-1,0"/>'
    script = scenario.scripted(caller, media_port=scenario.STREAM_PORT, media=media, talk=load.talk)
    (folder / "calls.xml").write_text(script, encoding="utf-8")


async def _watch(counts: Path, progress: Callable[[LoadResult], None]) -> None:
    while True:
        await asyncio.sleep(1.0)
        so_far = await asyncio.to_thread(_read, counts)
        if so_far is not None:
            progress(so_far)


def _read(counts: Path) -> LoadResult | None:
    """None: nothing whole is written yet."""
    if not counts.exists():
        return None
    with counts.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    whole = [row for row in rows if row.get("Retransmissions(C)")]
    if not whole:
        return None
    last = whole[-1]
    return LoadResult(
        made=int(last["TotalCallCreated"]),
        succeeded=int(last["SuccessfulCall(C)"]),
        failed=int(last["FailedCall(C)"]),
        most_at_once=_most(int(row["CurrentCall"]) for row in whole),
        seconds=_seconds(last["ElapsedTime(C)"]),
        retransmissions=int(last["Retransmissions(C)"]),
    )


def _most(numbers: Iterable[int]) -> int:
    return max(numbers, default=0)


def _seconds(elapsed: str) -> float:
    """SIPp's ``00:01:02:345678`` (or ``00:01:02``)."""
    hours, minutes, seconds, *rest = elapsed.split(":")
    return int(hours) * 3_600 + int(minutes) * 60 + int(seconds) + float(f"0.{(rest or ['0'])[0]}")
