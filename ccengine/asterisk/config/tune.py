"""The hold music that comes with the engine: a quiet tune, computed, so that it is nobody's.

Plucked notes of a pentatonic scale over slow chords, 32 seconds, made to loop without a seam.
"""

from __future__ import annotations

import array
import math
import os
import sys
import wave
from pathlib import Path

RATE = 8_000
BEAT_S = 0.5
_A4 = 440.0
# Semitones from A4; None is a rest. Four bars of eight beats, played twice with other endings.
_CHORDS = ((-12, -5, 0), (-17, -8, -5), (-10, -7, -2), (-14, -7, -2))
_MELODY = (
    (3, None, 7, None, 10, 7, None, None),
    (7, None, 3, None, 0, None, 3, None),
    (5, None, 2, None, 5, 7, None, None),
    (10, None, 7, 5, 2, None, None, None),
    (3, None, 7, None, 12, 10, None, None),
    (7, None, 10, None, 7, None, 3, None),
    (5, None, 7, None, 2, None, 5, None),
    (3, None, None, 0, None, None, None, None),
)


def write_tune(path: Path) -> None:
    """Writes the WAV file unless it is there; about half a second of work."""
    if path.is_file():
        return
    part = path.with_name(f".{path.name}.{os.getpid()}")
    samples = _samples()
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    part.replace(path)


def _samples() -> array.array[int]:
    length = int(len(_MELODY) * 8 * BEAT_S * RATE)
    sound = array.array("d", bytes(8 * length))
    for bar, melody in enumerate(_MELODY):
        start = bar * 8 * BEAT_S
        for semitone in _CHORDS[bar % len(_CHORDS)]:
            _pluck(sound, start, semitone, loudness=0.10, fades_in_s=1.6)
        for beat, note in enumerate(melody):
            if note is not None:
                _pluck(sound, start + beat * BEAT_S, note - 5, loudness=0.16, fades_in_s=0.7)
    return array.array("h", (int(max(-1.0, min(1.0, value)) * 20_000) for value in sound))


def _pluck(
    sound: array.array[float], at_s: float, semitone: int, *, loudness: float, fades_in_s: float
) -> None:
    """Adds one note; what rings past the end goes to the beginning, where the loop goes on."""
    pitch = 2 * math.pi * _A4 * 2 ** (semitone / 12) / RATE
    first = int(at_s * RATE)
    attack = RATE // 100
    fade = math.exp(-1 / (fades_in_s * RATE))
    strength = loudness
    for n in range(int(3 * fades_in_s * RATE)):
        tone = math.sin(pitch * n) + 0.3 * math.sin(2 * pitch * n)
        sound[(first + n) % len(sound)] += strength * min(1.0, n / attack) * tone
        strength *= fade
