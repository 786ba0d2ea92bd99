"""Numbers are numbers: what only resembles one is refused where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from ccengine.yamlsource.explain import problems_from
from ccengine.yamlsource.read import parse
from ccengine.yamlsource.written import WrittenModel


class Inner(WrittenModel):
    level: Annotated[int, Field(ge=1, le=10)] = 1


class Outer(WrittenModel):
    timeout: Annotated[float, Field(ge=1, le=60)] = 5.0
    most: int | None = None
    parts: tuple[Inner, ...] = ()
    times: dict[str, float] = Field(default_factory=dict)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("timeout: true", "f:1:10: a number is wanted, not true"),
        ("most: false", "f:1:7: a whole number is wanted, not false"),
        ('timeout: "5"', "f:1:10: a number is wanted, not '5'"),
        ("parts: [{level: true}]", "f:1:17: a whole number is wanted, not true"),
        ("times: {mon: True}", "f:1:14: a number is wanted, not true"),
        ("most: 2.5", "f:1:7: a whole number is wanted, not 2.5"),
    ],
)
def test_what_is_no_number_is_refused(text: str, told: str) -> None:
    document = parse(text, Path("f"))
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(document.value)
    (problem,) = problems_from(caught.value, document, model=Outer)
    assert str(problem).splitlines()[0] == told


def test_a_whole_number_is_a_time_as_well() -> None:
    outer = Outer.model_validate({"timeout": 3, "parts": [{"level": 2}], "times": {"mon": 1}})
    assert (outer.timeout, outer.parts[0].level, outer.times) == (3.0, 2, {"mon": 1.0})
