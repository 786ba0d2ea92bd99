"""Files that no person writes are refused: soon, in little memory, in few words.

They are read by a process of its own, whose processor time and peak memory are looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

import pytest

from ccengine.yamlsource.told import MOST_TOLD

ROOT = Path(__file__).parents[3]
MOST_S = 1.0
"""Of processor time."""
MOST_MB = 96.0
"""Beyond what the process takes with all code loaded."""

MEASURE = """
import json, re, sys, time
from pathlib import Path
from ccengine.ivr.load import read_flows
from ccengine.yamlsource.told import told

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

seen = {}
for folder in sorted(Path(sys.argv[1]).iterdir()):
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, began = peak(), time.process_time()
    read = read_flows(folder, None)
    lines = list(told(read.problems))
    took = time.process_time() - began
    seen[folder.name] = {
        "s": took,
        "mb": peak() - before,
        "flows": len(read.flows),
        "problems": len(read.problems),
        "told": lines,
    }
    del read, lines
print(json.dumps(seen))
"""


class Seen(TypedDict):
    s: float
    mb: float
    flows: int
    problems: int
    told: list[str]


HEAD = "schema: 1\nstart: a\nsteps:\n"


def steps(count: int, form: str) -> str:
    return HEAD + "".join(form.format(n=n, next=n + 1) for n in range(count))


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)
HOSTILE: dict[str, bytes] = {
    "a tag that builds": b"start: !!python/object/apply:os.system [id]\nschema: 1\nsteps: {}\n",
    "an alias bomb": BOMB.encode(),
    "an alias of itself": b"a: &a [*a]\n",
    "merge keys": b"a: &a {b: 1}\nc: {<<: *a}\n",
    "brackets": b"[" * 200_000,
    "braces": b"{a: " * 60_000,
    "deep lines": "".join(" " * n + "a:\n" for n in range(600)).encode(),
    "dashes": b"- " * 100_000,
    "five megabytes": b"a: b\n" * 1_000_000,
    "a key of a megabyte": b"k" * 1_048_576 + b": 1\n",
    "a key as long as may be": b"k" * 250_000 + b": 1\n",
    "a text as long as may be": HEAD.encode() + b"  a: '" + b"x" * 250_000 + b"'\n",
    "a type as long as may be": HEAD.encode() + b"  a: {type: " + b"x" * 250_000 + b"}\n",
    "the same key again": HEAD.encode() + b"  a: {type: hangup}\n" * 9_000,
    "ten thousand steps": steps(10_000, "  s{n}: {{type: goto, step: s{next}}}\n").encode(),
    "steps without a form": steps(300, "  s{n}: 1\n").encode(),
    "more steps than may be": steps(3_000, "  s{n}: {{type: hangup}}\n").encode(),
    "keys that nobody knows": steps(
        300, "  s{n}: {{type: hangup, a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9}}\n"
    ).encode(),
    "a ring of steps": steps(300, "  s{n}: {{type: goto, step: s{next}}}\n").encode(),
    "names by the thousand": steps(
        300, "  s{n}: {{type: play, say: {{en: '{{x}}{{y}}{{z}}{{u}}{{v}}'}}, next: s{next}}}\n"
    ).encode(),
    "parentheses": HEAD.encode()
    + b"  a: {type: branch, when: [{if: '"
    + b"(" * 100_000
    + b"', next: a}], else: a}\n",
    "not UTF-8": HEAD.encode() + b"  a: {type: hangup, say: {zh-CN: \xc4\xe3\xba\xc3}}\n",
    "NULs": HEAD.encode() + b"\0" * 1_000,
    "an open quote": HEAD.encode() + b'  a: "' + b"x\n" * 100_000,
    "control characters": HEAD.encode() + b"  a: \x1b[2J\n",
    "nothing": b"",
    "many documents": b"---\na: 1\n" * 20_000,
}


ENTERING = [f"f{n}" for n in range(40)]
"""Flows that each enter all others: more rounds than could be counted."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """All hostile files, read one after the other."""
    top = tmp_path_factory.mktemp("hostile")
    for what, content in HOSTILE.items():
        (top / what).mkdir()
        (top / what / "hostile.yaml").write_bytes(content)
    (top / "flows in flows").mkdir()
    for name in ENTERING:
        entering = "".join(
            f"  s{n}: {{type: flow, flow: {other}, else: s{n + 1}}}\n"
            for n, other in enumerate(ENTERING)
        )
        text = f"schema: 1\nstart: s0\nsteps:\n{entering}  s{len(ENTERING)}: {{type: hangup}}\n"
        (top / "flows in flows" / f"{name}.yaml").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(top)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    seen: dict[str, Seen] = json.loads(done.stdout)
    return seen


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_soon(what: str, measured: dict[str, Seen]) -> None:
    seen = measured[what]
    assert seen["flows"] == 0
    assert seen["problems"] >= 1
    assert "hostile.yaml:" in seen["told"][0]
    assert seen["s"] < MOST_S
    assert seen["mb"] < MOST_MB
    assert sum(len(line) for line in seen["told"]) < 60_000


def test_no_more_problems_are_printed_than_help(measured: dict[str, Seen]) -> None:
    seen = measured["steps without a form"]
    assert len(seen["told"]) == MOST_TOLD + 1
    assert seen["told"][-1] == f"and {seen['problems'] - MOST_TOLD} more"


def test_flows_that_enter_one_another_are_refused_soon(measured: dict[str, Seen]) -> None:
    seen = measured["flows in flows"]
    assert seen["flows"] == 0
    assert "enters itself" in seen["told"][0]
    assert seen["s"] < 3 * MOST_S, "forty files"


def test_the_command_says_it_in_few_words(tmp_path: Path) -> None:
    (tmp_path / "hostile.yaml").write_bytes(HOSTILE["the same key again"])
    done = subprocess.run(
        [sys.executable, "-m", "ccengine", "flow", "check", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) < 3 * MOST_TOLD
    assert "more" in done.stderr
