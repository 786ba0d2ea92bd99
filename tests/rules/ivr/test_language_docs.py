"""docs/flow-language.md says what is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ccengine.ivr.expressions import Expression
from ccengine.ivr.load import check_flows
from ccengine.ivr.speaking.forms import spoken
from ccengine.ivr.templates import FORMS, Slot, Template
from ccengine.ivr.waits import Value

PAGE = (Path(__file__).parents[3] / "docs" / "flow-language.md").read_text("utf-8")
KNOWN: dict[str, Value] = {"tries": 2, "digits": "0755", "vip": True, "due": "2026-10-01"}
SPOKEN = re.findall(r"^\| (\w+) \| `([^`]*)` \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
VALUES = re.findall(r"^\| `(.*)` \| ([^|]*) \|$", PAGE, re.MULTILINE)
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("form", "written", "zh", "en"), SPOKEN)
def test_each_value_is_said_as_the_table_has_it(form: str, written: str, zh: str, en: str) -> None:
    (slot,) = Template.parse(f"{{it|{form}}}").slots
    heard = {
        language: [prompt.text for prompt in spoken(written, slot.form, language, "Asia/Shanghai")]
        for language in ("zh-CN", "en")
    }
    assert "".join(heard["zh-CN"]) == zh
    assert " ".join(heard["en"]) == en


def test_the_table_has_every_form() -> None:
    assert {row[0] for row in SPOKEN} == set(FORMS)
    assert Slot(name="it") == Template.parse("{it}").parts[0]


@pytest.mark.parametrize(("expression", "value"), VALUES)
def test_each_expression_has_the_value_of_the_table(expression: str, value: str) -> None:
    assert Expression.parse(expression).value(KNOWN) == json.loads(value)


def test_the_tables_are_found() -> None:
    assert len(SPOKEN) >= 15
    assert len(VALUES) >= 20
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_each_example_is_a_flow_without_fault(example: str, tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    flows, problems = check_flows(tmp_path, None)
    assert problems == []
    assert len(flows) == 1
