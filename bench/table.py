"""The result as a table for people."""

from __future__ import annotations

from typing import Any

from bench import aims
from bench.capacity import SERVED_SHARE

NOISY_SHARE = 0.25
"""When other programs had more of the machine than this, the row is marked."""

_ROW = "{:<42}{:>8}{:>9}{:>9}{:>9}  {}"


def of(result: dict[str, Any]) -> str:
    """All that was measured, with what is needed to judge it. Times in milliseconds."""
    lines = [*_head(result), ""]
    lines.append(_ROW.format("milliseconds", "n", "p50", "p95", "p99", ""))
    for name, one in result.get("free_agents", {}).items():
        note = _unless_zero("failed", one["failed"])
        if "pops_before_ring" in one:
            note += f" pop before ring: {one['pops_before_ring']}"
        lines.append(_row(f"agents free, INVITE to ring: {name}", one["from_invite"], note))
    for name, one in result.get("free_agents", {}).items():
        lines.append(_row(f"agents free, 200 to ring: {name}", one["from_answer"]))
    for name, one in result.get("waiting_callers", {}).items():
        note = _unless_zero("never rung", one["never"]) + _unless_zero("failed", one["failed"])
        note += _others(max(one["others"]))
        lines.append(_row(f"callers wait, BYE to next ring: {name}", one, note))
    for name, one in result.get("steady_rate", {}).items():
        lines.append(_row(f"steady, INVITE to ring: {name}", one["from_invite"]))
    if core := result.get("core"):
        every = core["all"]
        figures = (every["p50_us"] / 1_000, every["p99_us"] / 1_000)
        lines.append(
            _ROW.format(
                f"ACD rules alone, {core['agents']:,} agents",
                every["decisions"], f"{figures[0]:.3f}", "", f"{figures[1]:.3f}", "",
            )
        )  # fmt: skip
    if steady := result.get("steady_rate"):
        lines += ["", "steady rate                served   calls/s   cpu ms a call"]
        for name, one in steady.items():
            cpu = one["cpu_ms_per_call"]
            parts = ", ".join(f"{part} {ms:g}" for part, ms in cpu.items() if part != "all")
            lines.append(
                f"  {name:<22}{one['served']:>5}/{one['offered']:<5}{one['served_per_s']:>6.1f}"
                f"{cpu['all']:>10.1f}  ({parts}){_others(one['others'])}"
                f"{_unless_zero('busy phones met', one['busy_phones_met'])}"
            )
    if flow := result.get("flow"):
        lines += ["", *_menus(flow)]
    for way, rows in result.get("steps", {}).items():
        lines += ["", *_steps(way, rows)]
    if most := result.get("capacity"):
        lines += ["", f"calls/s with {SERVED_SHARE:.1%} served"]
        for name, one in most.items():
            more = " or more" if one["was_all"] else ""
            last = one["steps"][-1]
            lines.append(
                f"  {name:<22}{one['most_per_s']:>6g}{more}"
                f"  (last tried {last['rate']:g}: {last['share']:.1%} served)"
            )
    if reached := aims.of(result):
        lines += ["", "aims"]
        for aim in reached:
            sign = "at least" if aim.at_least else "at most"
            lines.append(
                f"  {'reached' if aim.reached else 'MISSED ':<9}{aim.measured:>8g}"
                f"  {sign} {aim.wanted:g}: {aim.name}"
            )
    return "\n".join(lines)


def _menus(flow: dict[str, Any]) -> list[str]:
    lines = ["three menus                served   calls/s   cpu ms a call   key to next prompt, ms"]
    for name, one in flow["measured"].items():
        cpu, took = one["cpu_ms_per_call"], one["key_to_prompt"]
        parts = ", ".join(f"{part} {ms:g}" for part, ms in cpu.items() if part != "all")
        lines.append(
            f"  {name:<22}{one['served']:>5}/{one['offered']:<5}{one['served_per_s']:>6.1f}"
            f"{cpu['all']:>10.1f}  ({parts})   p50 {took['p50_ms']}, p99 {took['p99_ms']}"
            f"{_others(one['others'])}"
        )
    more = flow["compared"]
    lines.append(
        f"  calls at the same processor time, of the dialplan's: {more['calls_at_the_same_cpu']:g}"
        f" (aim 0.8); a step takes {more['p50_more_ms']:g} ms more (p50), {more['p99_more_ms']:g}"
        " (p99, aim 10)"
    )
    return lines


def _steps(way: str, rows: list[dict[str, Any]]) -> list[str]:
    if way == "commands":
        head = "commands to Asterisk before a first ring, from writing to reply, p50"
        return [head] + [
            f"  {row['command']:<24}{row['a_call']:>6g} a call{row['p50_ms']:>9.2f} ms"
            for row in rows
        ]
    return [f"{way}, step by step, p50 in ms: since its begin, since the step before"] + [
        f"  {row['step']:<24}{row['since_begin_ms']:>9.2f}{row['alone_ms']:>9.2f}" for row in rows
    ]


def _head(result: dict[str, Any]) -> list[str]:
    machine = result["machine"]
    given = result["settings"]
    lines = [
        f"{machine['at']}  {machine['processor']}, {machine['cores']} cores, "
        f"Asterisk {result.get('asterisk', '-')}, Python {machine['python']}",
        f"load average at start {machine['load_at_start']:.2f}; {given['agents']} agents, "
        f"{given['waiting']} callers in line, {given['rate']:g} calls/s steady",
    ]
    if not machine["calm"]:
        lines.append("UNRELIABLE: other programs were busy on this machine when the run began")
    if result.get("cut_short"):
        lines.append("CUT SHORT: the time for a run was over before all parts were done")
    if lag := result.get("load_generator_lag"):
        lines.append(f"this program read SIP late by p99 {lag['p99_ms']:g} ms (not in the figures)")
    return lines


def _row(name: str, figures: dict[str, Any], note: str = "") -> str:
    shown = (figures[share] for share in ("p50_ms", "p95_ms", "p99_ms"))
    cells = ("-" if value is None else f"{value:.1f}" for value in shown)
    return _ROW.format(name, figures["n"], *cells, note.strip())


def _others(share: float) -> str:
    """How much of the machine other programs had meanwhile."""
    return f"  others' cpu {share:.0%}" + (" (!)" if share > NOISY_SHARE else "")


def _unless_zero(name: str, count: int) -> str:
    return f" {name} {count}" if count else ""
