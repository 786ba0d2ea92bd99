"""A step's text as it is heard: in the caller's language, with what is known put in its places.

The words between the places are fixed and rendered beforehand, as are the pieces of numbers, money
and dates; only texts that are known no earlier than the call are spoken while the caller waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccengine.ivr.model import Scene, prompt_of
from ccengine.ivr.speaking.forms import spoken
from ccengine.ivr.templates import Slot, Template
from ccengine.ivr.waits import Prompt
from ccengine.site.model import Language


def said(texts: Mapping[Language, str] | None, scene: Scene, recording: str) -> tuple[Prompt, ...]:
    """The prompts, one after the other; none without a text."""
    if not texts:
        return ()
    whole = prompt_of(texts, scene.language, recording)
    prompts: list[Prompt] = []
    for part in segments(whole):
        if isinstance(part, Prompt):
            prompts.append(part)
        else:
            value = scene.data.get(part.name, "")
            prompts += spoken(value, part.form, whole.language, scene.context.time_zone)
    return tuple(prompts)


def segments(whole: Prompt) -> Iterator[Prompt | Slot]:
    """A text cut at its places.

    The recording ``r`` of a text with places is made of ``r_1``, ``r_2`` … for the words between
    them; punctuation alone is no words.
    """
    template = Template.parse(whole.text)
    counted = 0
    for part in template.parts:
        if isinstance(part, Slot):
            yield part
        elif any(sign.isalnum() for sign in part):
            counted += 1
            name = f"{whole.name}_{counted}" if whole.name and template.slots else whole.name
            yield Prompt(text=part.strip(), language=whole.language, name=name)
