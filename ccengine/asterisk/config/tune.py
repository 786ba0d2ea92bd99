"""The hold music that comes with the engine: a quiet tune, computed, so that it is nobody's.

Plucked notes of a pentatonic scale over slow chords, 32 seconds, made to loop without a seam.
"""

from __future__ import annotations

import array
import math
import os
import sys
import wave
from functools import cache
from operator import add
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
    """Writes the WAV file unless it is there; a quarter of a second of work."""
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
            _add(sound, start, _plucked(semitone, loudness=0.10, fades_in_s=1.6))
        for beat, note in enumerate(melody):
            if note is not None:
                tone = _plucked(note - 5, loudness=0.16, fades_in_s=0.7)
                _add(sound, start + beat * BEAT_S, tone)
    return array.array("h", [int(max(-1.0, min(1.0, value)) * 20_000) for value in sound])


@cache
def _plucked(semitone: int, *, loudness: float, fades_in_s: float) -> array.array[float]:
    pitch = 2 * math.pi * _A4 * 2 ** (semitone / 12) / RATE
    attack = RATE // 100
    fade = -1 / (fades_in_s * RATE)
    sin, exp = math.sin, math.exp
    return array.array(
        "d",
        [
            loudness
            * exp(fade * n)
            * min(1.0, n / attack)
            * (sin(pitch * n) + 0.3 * sin(2 * pitch * n))
            for n in range(int(2.5 * fades_in_s * RATE))
        ],
    )


def _add(sound: array.array[float], at_s: float, tone: array.array[float]) -> None:
    """What rings past the end goes to the beginning, where the loop goes on."""
    first = int(at_s * RATE)
    fits = min(len(tone), len(sound) - first)
    for start, part in ((first, tone[:fits]), (0, tone[fits:])):
        end = start + len(part)
        sound[start:end] = array.array("d", map(add, sound[start:end], part))
