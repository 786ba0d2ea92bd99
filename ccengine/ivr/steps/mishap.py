"""What a step does about silence and about what means nothing: say so, ask again, go elsewhere."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from ccengine.ivr.model import RecordingName, Scene, StepName, StepPart, StepText, Texts
from ccengine.ivr.said import said
from ccengine.ivr.waits import Prompt


class Mishap(StepPart):
    """What to say before the caller is asked again, and where to go when it is not."""

    say: Texts | None = None
    recording: RecordingName | Literal[""] = ""
    next: StepName


def _short_form(value: object) -> object:
    """``no_input: operator`` is short for ``no_input: {next: operator}``."""
    return {"next": value} if isinstance(value, str) else value


MishapField = Annotated[Mishap, BeforeValidator(_short_form)]


def mishap_texts(**mishaps: Mishap) -> tuple[StepText, ...]:
    """Their texts, each under the name of its key."""
    return tuple(
        StepText(texts=mishap.say, at=(name, "say"), recording=mishap.recording)
        for name, mishap in mishaps.items()
        if mishap.say
    )


def told(mishap: Mishap | None, scene: Scene) -> tuple[Prompt, ...]:
    """What is said of it; nothing when nothing happened."""
    return said(mishap.say, scene, mishap.recording) if mishap is not None else ()
