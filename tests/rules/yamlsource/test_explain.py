"""Pydantic's findings as problems of the file: the right place, plain words, and a cure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ccengine.yamlsource.explain import problems_from
from ccengine.yamlsource.model import Problem
from ccengine.yamlsource.near import near
from ccengine.yamlsource.read import parse


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Say(Part):
    type: Literal["say"]
    text: str
    next: str | None = None


class Menu(Part):
    type: Literal["menu"]
    timeout: Annotated[float, Field(ge=1, le=60)] = 5
    keys: dict[Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")], str]
    tries: int = 3
    loud: bool = False


class Flow(Part):
    schema_version: Literal[1] = Field(alias="schema")
    steps: dict[str, Annotated[Say | Menu, Field(discriminator="type")]]
    tags: tuple[str, ...] = ()


def explain(text: str) -> list[Problem]:
    document = parse(text, Path("f.yaml"))
    with pytest.raises(ValidationError) as caught:
        Flow.model_validate(document.value)
    return problems_from(
        caught.value, document, model=Flow, patterns={r"^[0-9*#]$": "one key of the phone"}
    )


def lines(text: str) -> list[str]:
    return [f"{p.at.line}:{p.at.column} {p.message} | {p.cure}" for p in explain(text)]


def test_all_mistakes_of_a_file_come_in_its_order() -> None:
    text = """\
schema: 2
step: {}
steps:
  hello: {type: say, txet: hi}
  choose:
    type: menu
    timeout: 90
    keys: {A: hello, "1": 5}
    tries: many
    loud: maybe
  lost: {type: mneu}
  bare: {text: hi}
tags: one
"""
    assert lines(text) == [
        "1:9 2 is not one of the choices | write 1",
        "2:1 unknown key 'step' | did you mean 'steps'?",
        "4:22 unknown key 'txet' | did you mean 'text'?",
        "7:14 90 is out of range | write 60.0 or less",
        "8:12 'A' cannot stand here | write one key of the phone",
        '8:27 5 is a number where text is wanted | write it in quotes: "5"',
        "9:12 a whole number is wanted, not 'many' | write a whole number without quotes or unit",
        "10:11 'maybe' is neither true nor false | write true or false",
        "11:9 there is no 'mneu' | did you mean 'menu'?",
        "12:9 the key 'type' is missing | add `type: …`",
        "13:7 a list is wanted, not 'one' | write [one, two] or lines that begin with -",
    ]


def test_a_missing_top_key_points_at_the_file() -> None:
    assert lines("schema: 1") == ["1:1 the key 'steps' is missing | add `steps: …`"]


def test_a_file_that_is_a_list_is_told_so() -> None:
    assert lines("- a")[0].startswith("1:1 keys with values are wanted, not a list")


def test_near_names() -> None:
    assert near("salse", ["sales", "support"]) == "did you mean 'sales'?"
    assert near("Sales", ["sales", "support"]) == "did you mean 'sales'?"
    assert near("x", ["sales", "support"]) == "known: sales, support"
    assert near("x", []) == ""
    assert near("x", [f"queue_{n}" for n in range(50)]) == ""
