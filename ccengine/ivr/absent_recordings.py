"""Recordings that flows name and that are not in the recordings folder: their texts are spoken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ccengine.ivr.load import FlowsRead
from ccengine.ivr.prompts import recording_file
from ccengine.ivr.said import segments
from ccengine.ivr.waits import Prompt
from ccengine.yamlsource.model import Problem


def absent_recordings(read: FlowsRead, prompts: Path) -> Iterator[Problem]:
    """A warning for each, in flows without fault; none as long as nothing was ever recorded."""
    if not (prompts / "recorded").is_dir():
        return
    for flow, draft in read.drafts.items():
        for name, step in draft.steps.items():
            for text in step.texts() if flow in read.flows else ():
                absent: dict[str, list[str]] = {}
                for language, said in text.texts.items() if text.recording else ():
                    whole = Prompt(text=said, language=language, name=text.recording)
                    for part in segments(whole):
                        if isinstance(part, Prompt) and _absent(part, prompts):
                            absent.setdefault(part.name, []).append(language)
                for recording, languages in absent.items():
                    message = f"there is no recording {recording!r} in {' and '.join(languages)}"
                    cure = "put it in prompts/recorded/<language>/, or the text is spoken"
                    yield draft.wrong(name, text.at, message, cure).as_warning()


def _absent(prompt: Prompt, prompts: Path) -> bool:
    file = recording_file(prompt)
    return file is not None and not (prompts / file).is_file()
