"""What an editor knows of flow files is what the engine takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from ccengine.cli.main import main
from ccengine.ivr import load as load_of_flows
from ccengine.ivr.schema import flow_schema
from ccengine.ivr.steps.table import STEP_TYPES
from ccengine.site.model import Site
from ccengine.yamlsource.json_schema import schema_of
from ccengine.yamlsource.read import load, parse

ROOT = Path(__file__).parents[3]
SCHEMA = Draft7Validator(flow_schema())
DOCS = [ROOT / "docs" / "flows.md", *sorted((ROOT / "docs").glob("*cookbook*.md"))]
EXAMPLES = [
    example
    for page in DOCS
    for example in re.findall(r"```yaml\n(schema: 1.*?)```", page.read_text("utf-8"), re.DOTALL)
]
SHIPPED = sorted((ROOT / "ivr_flows").rglob("*.yaml"))
FLOWS = [file for file in SHIPPED if re.search("^steps:", file.read_text("utf-8"), re.MULTILINE)]


def marked(text: str) -> list[str]:
    """Where an editor puts its marks, and on what."""
    found: list[str] = []
    errors = list(SCHEMA.iter_errors(parse(text, Path("f")).value))
    while errors:
        error = errors.pop()
        if error.validator in ("anyOf", "if", "then") and error.context:
            errors += error.context
        else:
            found.append(f"{'.'.join(str(part) for part in error.absolute_path)}: {error.message}")
    return found


@pytest.mark.parametrize("file", FLOWS, ids=[file.name for file in FLOWS])
def test_the_shipped_flows_fit(file: Path) -> None:
    assert [error.message for error in SCHEMA.iter_errors(load(file).value)] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_examples_of_the_documentation_fit(example: str) -> None:
    assert marked(example) == []


HELLO = """\
schema: 1
start: hello
steps:
  hello: {type: %s}
  end: {type: hangup}
"""


@pytest.mark.parametrize(
    ("step", "where", "what"),
    [
        ("plays, next: end", "steps.hello.type", "'plays' is not one of"),
        ("play, say: {en: Hi}, next: end, nxt: end", "steps.hello", "'nxt' was unexpected"),
        ("play, say: {en: Hi}", "steps.hello", "'next' is a required property"),
        ("play, say: {fr: Salut}, next: end", "steps.hello.say", "'fr' was unexpected"),
        ("play, say: Hi, next: end", "steps.hello.say", "'Hi' is not of type 'object'"),
        ("play, say: {en: Hi}, next: The End", "steps.hello.next", "does not match"),
        (
            "menu, say: {en: Hi}, keys: {12: end}, no_input: end, invalid: end",
            "steps.hello.keys",
            "'12'",
        ),
        (
            "menu, say: {en: Hi}, keys: {1: end}, no_input: end, invalid: end, timeout: true",
            "steps.hello.timeout",
            "True is not of type 'number'",
        ),
        (
            "menu, say: {en: Hi}, keys: {1: end}, no_input: end, invalid: end, retries: 9",
            "steps.hello.retries",
            "9 is greater than the maximum of 5",
        ),
    ],
)
def test_typical_mistakes_are_marked_where_they_are(step: str, where: str, what: str) -> None:
    found = marked(HELLO % step)
    assert [mark for mark in found if mark.startswith(f"{where}: ") and what in mark], found


def test_each_step_type_is_offered_with_its_words_and_what_must_be_written() -> None:
    step = flow_schema()["definitions"]["step"]
    assert step["properties"]["type"]["enum"] == list(STEP_TYPES)
    assert all(len(words) > 20 for words in step["properties"]["type"]["enumDescriptions"])
    bodies = {snippet["label"]: snippet["body"] for snippet in step["defaultSnippets"]}
    assert bodies["hours"] == {"type": "hours", "hours": "$1", "open": "$2", "closed": "$3"}


def test_an_editor_says_what_keys_mean() -> None:
    definitions = flow_schema()["definitions"]
    keys = {
        f"{name}.{key}": "description" in shape or "$ref" in shape
        for name in STEP_TYPES
        for key, shape in definitions[f"step_{name}"]["properties"].items()
    }
    silent = [key for key, described in keys.items() if not described]
    assert len(silent) < 0.05 * len(keys), silent


def test_every_pattern_can_be_said_in_words() -> None:
    unsaid = set(_patterns(flow_schema())) - set(load_of_flows.PATTERNS)
    assert unsaid == set(), "say them in ccengine.ivr.load"


def _patterns(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str):
            yield part["pattern"]
        for key, inner in part.items():
            yield from inner if key == "patternProperties" else ()
            yield from _patterns(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _patterns(inner)


def test_the_schema_itself_is_sound() -> None:
    Draft7Validator.check_schema(flow_schema())
    Draft7Validator.check_schema(schema_of(Site))


def test_the_site_file_of_the_demo_fits_its_schema() -> None:
    site = Draft7Validator(schema_of(Site))
    written = load(ROOT / "site.example.yaml").value
    assert [error.message for error in site.iter_errors(written)] == []


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "schema"]) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert printed == flow_schema()
    assert main(["flow", "schema", "--site"]) == 0
    assert "queues" in json.loads(capsys.readouterr().out)["properties"]
