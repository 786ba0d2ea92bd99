"""One recording, one text: a recorded file would otherwise replace words it does not say."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ivr.announce import announcements
from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.ivr.model import StepText
from ccengine.ivr.said import segments
from ccengine.ivr.waits import Prompt
from ccengine.site.model import Site
from ccengine.yamlsource.model import Problem

_Known = dict[tuple[str, str], tuple[str, str]]
"""(recording, language) to (text, where it was first written)."""


def recordings(seen: Seen) -> Iterator[Problem]:
    known = _known(seen.site)
    for flow in seen.drafts.values():
        yield from _in_flow(flow, known)


def _known(site: Site | None) -> _Known:
    """Those of the system's own prompts and of the site's queues, to begin with."""
    known = {
        (prompt.name, prompt.language): (prompt.text, "the system's own prompts")
        for prompt in announcements()
        if prompt.name
    }
    for name, queue in (site.queues if site is not None else {}).items():
        for message in queue.messages.values():
            for language, said in message.say.items():
                if message.recording is not None:
                    known.setdefault(
                        (message.recording, language), (said, f"the messages of queue {name}")
                    )
    return known


def _in_flow(flow: Draft, known: _Known) -> Iterator[Problem]:
    """The texts that share a recording's name with another text; adds the new ones to ``known``."""
    for name, step in flow.steps.items():
        for text in step.texts():
            for part in _recorded(text):
                line = flow.document.at(("steps", name, *text.at)).line
                place = f"{flow.document.path}:{line}"
                other, first = known.setdefault((part.name, part.language), (part.text, place))
                if other != part.text:
                    message = (
                        f"the recording {part.name!r} stands for another text "
                        f"in {part.language}, see {first}"
                    )
                    yield flow.wrong(name, text.at, message, "use the same text, or another name")


def _recorded(text: StepText) -> Iterator[Prompt]:
    """What would be recorded of a text: all of it, or the words between its places."""
    for language, said in text.texts.items() if text.recording else ():
        for part in segments(Prompt(text=said, language=language, name=text.recording)):
            if isinstance(part, Prompt):
                yield part
