"""One recording, one text: a recorded file would otherwise replace words it does not say."""

from __future__ import annotations

from collections.abc import Mapping

from ccengine.ivr.announce import announcements
from ccengine.ivr.model import Step
from ccengine.site.model import Site
from ccengine.yamlsource.model import Document, Problem

RecordingTexts = dict[tuple[str, str], tuple[str, str]]
"""(recording, language) to (text, where it was first written)."""


def known_recordings(site: Site | None) -> RecordingTexts:
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


def check_recordings(
    document: Document, steps: Mapping[str, Step], known: RecordingTexts
) -> list[Problem]:
    """The texts that share a recording's name with another text; adds the new ones to ``known``."""
    problems: list[Problem] = []
    for name, step in steps.items():
        for text in step.texts():
            for language, said in text.texts.items():
                if not text.recording:
                    continue
                at = ("steps", name, *text.at)
                place = f"{document.path}:{document.at(at).line}"
                other, first = known.setdefault((text.recording, language), (said, place))
                if other != said:
                    message = (
                        f"the recording {text.recording!r} stands for another text "
                        f"in {language}, see {first}"
                    )
                    cure = "use the same text, or another name"
                    problems.append(document.problem(at, message, cure))
    return problems
