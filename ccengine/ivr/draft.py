"""A flow file as it was read: its steps are whole or broken, and nothing between them is proven."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ccengine.ids import FlowId
from ccengine.ivr.model import Branch, NameUse, Step, StepText
from ccengine.ivr.templates import Template
from ccengine.site.model import Language
from ccengine.yamlsource.model import Document, KeyPath, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One file on its way to a ``Flow``.

    ``broken`` are the steps whose own shape is wrong, as written: their names count, and what
    they seem to lead to counts as reached, so that one mistake does not show as many.
    """

    id: FlowId
    document: Document
    start: str
    """Empty when the file does not say it."""
    steps: Mapping[str, Step]
    broken: Mapping[str, object] = field(default_factory=dict)
    title: Mapping[Language, str] = field(default_factory=dict)
    takes: tuple[str, ...] = ()
    """Names that whoever enters it must give."""
    no_human: str = ""
    """Why no caller of this flow needs a way to a human; empty: every caller does."""

    def has(self, name: str) -> bool:
        return name in self.steps or name in self.broken

    def names(self) -> list[str]:
        return [*self.steps, *self.broken]

    def ways(self) -> Iterator[tuple[str, Branch]]:
        """All ways from whole steps, with the name of the step they lead from."""
        for name, step in self.steps.items():
            for branch in step.ways():
                yield name, branch

    def reads(self) -> Iterator[tuple[str, NameUse]]:
        """All names that whole steps read, in texts and elsewhere, with the step's name."""
        for name, step in self.steps.items():
            uses = [*step.reads(), *(use for text in step.texts() for use in _in_text(text))]
            for use in dict.fromkeys(uses):
                yield name, use

    def wrong(self, step: str, at: KeyPath, message: str, cure: str) -> Problem:
        return self.document.problem(("steps", step, *at), message, cure)

    def wrong_key(self, step: str, message: str, cure: str) -> Problem:
        """With the step's name rather than with something in it."""
        return self.document.key_problem(("steps", step), message, cure)


def _in_text(text: StepText) -> Iterator[NameUse]:
    for language, said in text.texts.items():
        for slot in Template.parse(said).slots:
            yield NameUse(name=slot.name, at=(*text.at, language), form=slot.form or "")
