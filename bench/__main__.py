"""All measurements: ``python -m bench`` (``make bench``). JSON to bench-results/, a table here."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import capacity, free_agents, menus, steady_rate, steps, table, waiting_callers
from bench.figures import in_ms
from bench.floor import Floor, System, open_floor
from bench.machine import Machine
from bench.menu_floor import Menus, open_menus

LONGEST_RUN_S = 285.0
_RESULTS = Path(__file__).resolve().parents[1] / "bench-results"
_PARTS = ("free", "waiting", "steady", "capacity", "core", "steps", "flow")
_USUAL = ("free", "waiting", "steady", "core", "flow")
_CORE_LIMIT = 180.0
_BUSY_S = 1.2
"""In the steady part a call keeps its agent about so long, with room for a bad moment."""

Say = Callable[[str], None]


def main() -> int:
    given = _options()
    began = time.monotonic()

    def say(text: str) -> None:
        print(f"bench: {time.monotonic() - began:5.1f} s  {text}", file=sys.stderr, flush=True)

    machine = Machine.now()
    settings = {
        name: getattr(given, name)
        for name in ("agents", "waiting", "rate", "seconds", "calls", "rounds", "most")
    }
    result: dict[str, Any] = {"machine": machine.as_json(), "settings": settings}
    try:
        asyncio.run(_bounded(given, result, say))
    except TimeoutError:
        if time.monotonic() - began < LONGEST_RUN_S:
            raise
        result["cut_short"] = True
    result["took_s"] = round(time.monotonic() - began, 1)
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / f"{machine.at.replace(':', '').replace('+0000', 'Z')}.json"
    file.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(table.of(result))
    print(f"\nwritten to {file}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--agents", type=int, default=10)
    parser.add_argument("--waiting", type=int, default=20, help="callers in line")
    parser.add_argument("--rate", type=float, default=20.0, help="calls a second, steady")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each timed part")
    parser.add_argument("--calls", type=int, default=60, help="with agents free, each system")
    parser.add_argument("--rounds", type=int, default=2, help="with callers waiting")
    parser.add_argument("--most", type=float, default=60.0, help="calls a second, capacity")
    parser.add_argument("--out", type=Path, default=_RESULTS, help="folder for the JSON")
    parser.add_argument("--only", choices=_PARTS, nargs="+", default=_USUAL)
    return parser.parse_args()


async def _bounded(given: argparse.Namespace, result: dict[str, Any], say: Say) -> None:
    async with asyncio.timeout(LONGEST_RUN_S):
        if set(given.only) - {"core", "steps", "flow"}:
            everybody = given.agents
            if "steady" in given.only:
                everybody = max(everybody, round(given.rate * _BUSY_S))
            if "capacity" in given.only:
                everybody = max(everybody, round(given.most * capacity.BUSY_S))
            say(f"starting Asterisk, engine and {everybody} agents")
            async with open_floor(agents=given.agents, everybody=everybody) as floor:
                await _on_floor(floor, given, result, say)
                say("stopping")
        if "steps" in given.only:
            say(f"step by step: {given.calls} calls of each way, one agent")
            result["steps"] = await _steps(given.calls)
        if "flow" in given.only:
            say(f"three menus: {given.rate:g} calls a second as a flow, and as plain dialplan")
            result["flow"] = await _menus(given.rate, given.seconds)
        if "core" in given.only:
            say("the ACD's rules alone, 5,000 agents")
            result["core"] = await _core()


async def _on_floor(
    floor: Floor, given: argparse.Namespace, result: dict[str, Any], say: Say
) -> None:
    if "free" in given.only:
        say(f"agents free: {given.calls} calls for each system, in turn")
        result["free_agents"] = await free_agents.measure(floor, calls=given.calls, within=80.0)
    if "waiting" in given.only:
        say(f"{given.waiting} callers wait for {given.agents} agents: {given.rounds} rounds each")
        result["waiting_callers"] = await waiting_callers.measure(
            floor, waiting=given.waiting, rounds=given.rounds, seconds=given.seconds * 0.7
        )
    for system in System if {"steady", "capacity"} & set(given.only) else ():
        if system is System.APP_QUEUE:
            await floor.send_engine_home()
        if "steady" in given.only:
            say(f"{given.rate:g} calls a second for {given.seconds:g} s: {system}")
            result.setdefault("steady_rate", {})[system.value] = await steady_rate.measure(
                floor, system, rate=given.rate, seconds=given.seconds
            )
        if "capacity" in given.only:
            say(f"more and more calls a second, up to {given.most:g}: {system}")
            result.setdefault("capacity", {})[system.value] = await capacity.measure(
                floor, system, most=given.most
            )
    result["asterisk"] = floor.centre.asterisk.layout.program.version
    result["load_generator_lag"] = in_ms([*floor.callers.wire.lag, *floor.phones.wire.lag])


async def _steps(calls: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="cb-") as folder:
        stamps = Path(folder) / "stamps"
        program = ("-m", "bench.stamped_engine", str(stamps))
        async with open_floor(agents=1, everybody=1, program=program) as floor:
            walks = await steps.walk(floor, calls=calls)
            await floor.send_engine_home()
        return steps.table(walks, stamps)


async def _menus(rate: float, seconds: float) -> dict[str, Any]:
    measured: dict[str, Any] = {}
    async with open_menus() as floor:
        for way in Menus:
            measured[way.value] = await menus.measure(floor, way, rate=rate, seconds=seconds * 0.6)
            if way is Menus.FLOW:
                await floor.centre.stop_engine()  # the dialplan pays for nothing that it wanted
    compared = menus.compared(measured[Menus.FLOW.value], measured[Menus.DIALPLAN.value])
    return {"measured": measured, "compared": compared}


async def _core() -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.acd_core", stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(_CORE_LIMIT):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise RuntimeError(f"bench.acd_core ended with {process.returncode}")
    core: dict[str, Any] = json.loads(said)
    return core


if __name__ == "__main__":
    sys.exit(main())
