"""Flows as tired people write them, and what they are told: exactly.

Each file in ``broken/`` says what its author wanted, and below the flow, after ``#>``, the answer.
Flows in one folder lead to one another.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ccengine.ivr.load import read_flows
from ccengine.site.load import site_of
from ccengine.yamlsource.read import load

SITE = site_of(load(Path(__file__).parent / "broken_site.yaml"), ["main"])
BROKEN = Path(__file__).parent / "broken"
CASES = sorted(BROKEN.iterdir())


def answered(case: Path, folder: Path) -> dict[str, str]:
    """File name -> all that is told of it."""
    for file in [case] if case.is_file() else sorted(case.iterdir()):
        shutil.copy(file, folder / file.name)
    read = read_flows(folder, SITE)
    told = {file.name: "" for file in folder.iterdir()}
    for problem in sorted((*read.problems, *read.warnings), key=lambda it: (it.file, it.at)):
        kind = "warning: " if problem.warning else ""
        said = str(problem).replace(f"{folder}/", "")
        told[Path(problem.file).name] += f"{kind}{said}\n"
    return told


def expected(file: Path) -> str:
    lines = file.read_text("utf-8", "surrogateescape").splitlines()
    return "".join(f"{line.removeprefix('#> ')}\n" for line in lines if line.startswith("#> "))


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_the_author_is_told_exactly_what_is_wrong(case: Path, tmp_path: Path) -> None:
    told = answered(case, tmp_path)
    files = [case] if case.is_file() else sorted(case.iterdir())
    assert told == {file.name: expected(file) for file in files}
    assert any(told.values()), "a broken flow must not pass"


def test_every_author_wanted_something() -> None:
    files = [file for file in BROKEN.rglob("*") if file.is_file()]
    assert all(file.read_text("utf-8").startswith("# wanted: ") for file in files)
    assert len(CASES) >= 30
