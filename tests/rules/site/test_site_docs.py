"""docs/site.md: every snippet is a site file's part that loads, and every key is in one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccengine.site import model
from tests.rules.site.site_text import HEAD, sales, site
from tests.rules.site.test_every_rule_is_shown import PARTS

TEXT = (Path(__file__).parents[3] / "docs" / "site.md").read_text("utf-8")
SNIPPETS = re.findall(r"^```yaml( queue)?\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
OF_QUEUES = [snippet for kind, snippet in SNIPPETS if kind]
OF_THE_SITE = [snippet for kind, snippet in SNIPPETS if not kind]


@pytest.mark.parametrize("snippet", OF_QUEUES)
def test_a_queue_with_these_rules_is_right(snippet: str) -> None:
    lines = [line for line in snippet.splitlines() if not line.startswith("title:")]
    assert site(sales("\n".join(lines)))


@pytest.mark.parametrize("snippet", OF_THE_SITE)
def test_a_site_with_these_parts_is_right(snippet: str) -> None:
    given = yaml.safe_load(sales()) | {}
    for key, part in yaml.safe_load(snippet).items():
        both = isinstance(part, dict) and isinstance(given.get(key), dict)
        given[key] = given[key] | part if both else part
    assert site(yaml.safe_dump(given, allow_unicode=True))


def test_every_key_is_in_a_snippet() -> None:
    written: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                written.add(str(key))
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    for _, snippet in SNIPPETS:
        look(yaml.safe_load(snippet))
    kinds = [*PARTS.values(), model.Trunk, model.Hours, model.Fallback, model.Site]
    keys = {info.alias or name for kind in kinds for name, info in kind.model_fields.items()}
    assert keys - written == {"queues"}  # said by the snippets of queues


@pytest.mark.parametrize("key", list(model.Queue.model_fields))
def test_the_defaults_are_as_told(key: str) -> None:
    """Where a line ends in no word of its own, the value shown is the default."""
    shown = next(
        (
            yaml.safe_load(line)[key]
            for snippet in OF_QUEUES
            for line in snippet.splitlines()
            if line.startswith(f"{key}: ") and _shows_default(key)
        ),
        None,
    )
    default = model.Queue.model_fields[key].default
    if shown is not None:
        assert shown == (default.value if hasattr(default, "value") else default)


def _shows_default(key: str) -> bool:
    examples = {"title", "strategy", "agents", "widen", "skills", "sticky", "head_start", "hours"}
    return key not in examples | {"max_wait"}


def test_the_head_of_the_tests_is_a_site() -> None:
    assert site(HEAD + "    strategy: linear\n    agents: ['1001']\n")
