"""What is heard and done in a simulated call, line by line, as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from ccengine.ivr.waits import Prompt

Who = Literal["flow", "caller", "outside"]
_SPACED = ("en",)
"""Languages whose words stand apart."""
_SIGNS = "flow", "caller", "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the dialogue. ``at_s``: seconds since the call began."""

    who: Who
    text: str
    language: str = ""
    """Of what the flow says."""
    at_s: float = 0.0

    def __str__(self) -> str:
        match self.who:
            case "flow":
                return f"{self.language[:2]:>4}  {self.text}"
            case "caller":
                return f"   > {self.text}"
            case "outside":
                return f"   [{self.text}]"


def spoken(prompts: Iterable[Prompt], at_s: float) -> list[Line]:
    """A line for each stretch in one language: the pieces of a number read as one text."""
    return [
        Line(who="flow", text=_joined(list(pieces), language), language=language, at_s=at_s)
        for language, pieces in groupby(prompts, key=lambda prompt: prompt.language)
    ]


def _joined(pieces: list[Prompt], language: str) -> str:
    texts = [piece.text.strip() for piece in pieces]
    if language not in _SPACED:
        return "".join(texts)
    said = ""
    for text in texts:
        apart = said and text and text[0] not in ".,;:!?%)"
        said += f" {text}" if apart else text
    return said
