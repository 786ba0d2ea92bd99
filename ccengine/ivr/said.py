"""A step's text as it is heard: in the caller's language, with what is known put in its places."""

from __future__ import annotations

from collections.abc import Mapping

from ccengine.ivr.model import Scene, prompt_of
from ccengine.ivr.waits import Prompt
from ccengine.site.model import Language


def said(texts: Mapping[Language, str] | None, scene: Scene, recording: str) -> tuple[Prompt, ...]:
    """The prompts, one after the other; none without a text."""
    return (prompt_of(texts, scene.language, recording),) if texts else ()
