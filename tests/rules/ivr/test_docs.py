"""The reference for authors says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ccengine.ivr.load import check_flows
from ccengine.ivr.steps.table import STEP_TYPES
from ccengine.site.model import Site

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "flows.md").read_text("utf-8")
PEOPLE = (DOCS / "flows-people.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", REFERENCE + PEOPLE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_each_example_is_a_flow_without_fault(example: str, tmp_path: Path, site: Site) -> None:
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    flows, problems = check_flows(tmp_path, site)
    assert problems == []
    assert len(flows) == 1


def test_the_table_has_each_step_type_with_all_its_keys() -> None:
    rows = {
        cells[1].strip(" `"): cells[3]
        for line in REFERENCE.splitlines()
        if line.startswith("| `") and (cells := line.split("|"))
    }
    assert set(rows) == set(STEP_TYPES)
    for name, step_type in STEP_TYPES.items():
        keys = {
            field.alias or key: not field.is_required()
            for key, field in step_type.model_fields.items()
            if key not in ("type", "title")  # every step has these
        }
        outermost = re.sub(r"\([^)]*\)", "", rows[name])
        told = {key: bool(star) for key, star in re.findall(r"`(\w+)`(\*?)", outermost)}
        assert told == keys
