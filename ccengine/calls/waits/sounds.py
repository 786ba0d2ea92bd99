"""What a wait says, as files."""

from __future__ import annotations

from collections.abc import Iterable

from ccengine.calls.parts import sound_of
from ccengine.calls.waits.on_call import OnCall
from ccengine.ivr.waits import Prompt


def sounds_of(prompts: Iterable[Prompt], on: OnCall) -> list[tuple[str, float]]:
    """Path and seconds of each; what is missing is passed over."""
    found = (sound_of(on.floor.sounds, prompt) for prompt in prompts)
    return [sound for sound in found if sound is not None]
