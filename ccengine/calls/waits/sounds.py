"""What a wait says, as files."""

from __future__ import annotations

from collections.abc import Sequence

from ccengine.calls.parts import sound_of
from ccengine.calls.waits.on_call import OnCall
from ccengine.ivr.waits import Prompt


async def sounds_of(prompts: Sequence[Prompt], on: OnCall) -> list[tuple[str, float]]:
    """Path and seconds of each; what is missing is passed over."""
    if any(prompt.live for prompt in prompts):
        await on.floor.speak(prompts)
    found = (sound_of(on.floor.sounds, prompt) for prompt in prompts)
    return [sound for sound in found if sound is not None]
