"""Texts with places for what is known of the call: ``您的订单{order_no|digits}已发出。``

A place is ``{name}``, or ``{name|form}`` with the way it is spoken. ``{{`` and ``}}`` stand for
the braces themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal, get_args

from ccengine.ivr.notation import FULL_WIDTH, NAME, Notation, NotationError
from ccengine.ivr.values import as_text
from ccengine.ivr.waits import Value
from ccengine.yamlsource.near import near

Form = Literal["text", "number", "digits", "money", "date", "time", "ordinal"]
"""How a value is spoken."""
FORMS: tuple[Form, ...] = get_args(Form)

MOST_PLACES = 30

_PLACE = re.compile(rf"\s*({NAME})\s*(?:\|\s*(\w*)\s*)?", re.ASCII)


class TemplateError(NotationError):
    """The text cannot be a template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in a text. ``form`` None: none was written, the value decides."""

    name: str
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Template(Notation):
    """``parts``: the words as they stand, and the places between them. Equal when written alike."""

    MOST_CHARACTERS: ClassVar[int] = 2_000
    DESCRIPTION: ClassVar[str] = "A text; {name} and {name|form} are filled in."

    text: str
    parts: tuple[str | Slot, ...]

    @classmethod
    def parse(cls, text: str) -> Template:
        """Raises TemplateError."""
        return _parse(text)

    @property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(part for part in self.parts if isinstance(part, Slot))

    @property
    def names(self) -> tuple[str, ...]:
        """All names that it reads, each once."""
        return tuple(dict.fromkeys(slot.name for slot in self.slots))

    def filled(self, values: Mapping[str, Value], quote: Callable[[str], str] | None = None) -> str:
        """As written text; ``quote`` is applied to each value and to nothing else.

        A name without a value is an empty text. Forms are for the ear and change nothing here.
        """
        whole = []
        for part in self.parts:
            if isinstance(part, str):
                whole.append(part)
            else:
                value = as_text(values.get(part.name, ""))
                whole.append(quote(value) if quote else value)
        return "".join(whole)


def template_text(text: str) -> str:
    """For a model's field that stays a text: raises TemplateError when it is no template."""
    Template.parse(text)
    return text


@lru_cache(maxsize=2_048)
def _parse(text: str) -> Template:
    most = Template.MOST_CHARACTERS
    if len(text) > most:
        raise TemplateError(f"a text has at most {most} characters", "say it in two steps")
    parts: list[str | Slot] = []
    words = ""
    at = 0
    while at < len(text):
        sign = text[at]
        if text[at : at + 2] in ("{{", "}}"):
            words += sign
            at += 2
        elif sign == "{":
            slot, after = _slot(text, at)
            parts += [words, slot] if words else [slot]
            words, at = "", after
        elif sign == "}":
            raise TemplateError("a } without its {", "write }} for the brace itself", at)
        elif sign in "｛｝":
            raise TemplateError(f"{sign} is a full-width brace", f"write {FULL_WIDTH[sign]}", at)
        else:
            words += sign
            at += 1
    if words:
        parts.append(words)
    if sum(isinstance(part, Slot) for part in parts) > MOST_PLACES:
        raise TemplateError(f"more than {MOST_PLACES} places in one text", "say it in two steps")
    return Template(text, tuple(parts))


def _slot(text: str, at: int) -> tuple[Slot, int]:
    """The place that begins at ``at``, and where the text goes on."""
    end = text.find("}", at)
    if end < 0:
        raise TemplateError("a { without its }", "close the place, or write {{ for a brace", at)
    inside = text[at + 1 : end]
    found = _PLACE.fullmatch(inside)
    if found is None:
        raise _bad_place(inside, at)
    name, form = found.groups()
    if form is not None and form not in FORMS:
        cure = near(form, FORMS) or f"use one of {', '.join(FORMS)}"
        raise TemplateError(f"there is no form {form[:40]!r}", cure, at + 1 + found.start(2))
    return Slot(name=name, form=form), end + 1


def _bad_place(inside: str, at: int) -> TemplateError:
    shown = inside if len(inside) <= 40 else f"{inside[:39]}…"
    if not inside.strip():
        return TemplateError("an empty place {}", "write a name in it, or {{ }} for braces", at)
    for offset, sign in enumerate(inside):
        if sign in FULL_WIDTH:
            cure = f"write {FULL_WIDTH[sign]}"
            return TemplateError(f"{sign} is a full-width sign", cure, at + 1 + offset)
    cure = "write {name} or {name|form}, a name of small letters, digits and _ ({{ is a brace)"
    return TemplateError(f"{{{shown}}} is no place for a value", cure, at)
