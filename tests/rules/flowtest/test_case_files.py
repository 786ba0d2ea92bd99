"""What is wrong in a case file is told with its place and its cure, all at once."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from ccengine.flowtest.case_file import read_cases
from ccengine.yamlsource.model import BadFileError


def problems_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "main.yaml"
    path.write_text(textwrap.dedent(text), "utf-8")
    with pytest.raises(BadFileError) as raised:
        read_cases(path)
    return [
        f"{problem.at.line}:{problem.at.column} {problem.message} | {problem.cure}"
        for problem in raised.value.problems
    ]


def test_every_mistake_has_its_place_and_cure(tmp_path: Path) -> None:
    told = problems_of(
        tmp_path,
        """\
        schema: 1
        cases:
          - name: one
            steps:
              - hear: 您好
              - press: 1
              - silense
              - {press: "1", hears: 您好}
              - hears: "~("
              - queue: servd
            ends: finishd
          - name: two
            steps: []
            anii: "139"
            ends: finished
        """,
    )
    assert told[:4] == [
        "5:9 there is no step 'hear' in a case | write 'hears'",
        '6:16 1 is a number where text is wanted | write it in quotes: "1"',
        "7:9 'silense' is no step of a case | did you mean 'silence'?",
        "8:9 a step of a case has one key | write each on a line of its own",
    ]
    assert any(
        line.startswith("10:16 'servd' is not one of the choices | did you mean 'served'")
        for line in told
    )
    assert "11:11 'finishd' is not one of the choices | did you mean 'finished'?" in told
    assert "14:5 unknown key 'anii' | did you mean 'ani'?" in told


def test_a_regular_expression_that_is_none_and_two_cases_of_one_name(tmp_path: Path) -> None:
    told = problems_of(
        tmp_path,
        """\
        schema: 1
        cases:
          - {name: one, steps: [hears: "~("], ends: finished}
          - {name: two, steps: [], ends: finished}
          - {name: two, steps: [], ends: finished}
        """,
    )
    assert told[0].startswith("3:32 no regular expression")
    assert told[1] == "5:12 two cases are called 'two' | give each its own name"


def test_a_regular_expression_that_would_run_away_is_refused(tmp_path: Path) -> None:
    told = problems_of(
        tmp_path,
        """\
        schema: 1
        cases:
          - {name: one, steps: [hears: "~(a+)+b"], ends: finished}
        """,
    )
    assert told == [
        "3:32 a repeat within a repeat can take for ever to look for"
        " | repeat only once: (a+)+ finds what a+ finds"
    ]


def test_the_flow_is_that_of_the_file_s_name_or_stated(tmp_path: Path) -> None:
    path = tmp_path / "main.night.yaml"
    path.write_text("schema: 1\ncases:\n  - {name: a, steps: [], ends: finished}\n", "utf-8")
    assert [case.flow for case in read_cases(path)] == ["main"]
    path.write_text(
        "schema: 1\nflow: other\ncases:\n  - {name: a, steps: [], ends: finished}\n", "utf-8"
    )
    assert [case.flow for case in read_cases(path)] == ["other"]
