"""Sound by the standard library alone: G.711 mu-law, tones, and the question "is this tone heard?".

Samples are 16-bit signed linear in an ``array("h")``, one channel, 8000 a second unless said
otherwise. Levels are dBFS: 0 is full scale, silence is ``SILENCE``.
"""

from __future__ import annotations

import math
import sys
import wave
from array import array
from pathlib import Path

RATE = 8_000
"""Samples a second of G.711."""
SILENCE = -120.0
"""The level reported when there is no sound at all, dBFS."""
AUDIBLE = -45.0
"""A tone weaker than this, dBFS, is not heard."""

_FULL_SCALE = 32_768.0
_BIAS = 0x84
_CLIP = 32_635


def _mu_law_to_linear(byte: int) -> int:
    byte = ~byte & 0xFF
    magnitude = (((byte & 0x0F) << 3) + _BIAS) << ((byte & 0x70) >> 4)
    return _BIAS - magnitude if byte & 0x80 else magnitude - _BIAS


def _linear_to_mu_law(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), _CLIP) + _BIAS
    exponent = max(magnitude.bit_length() - 8, 0)
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return ~(sign | (exponent << 4) | mantissa) & 0xFF


_DECODE = [_mu_law_to_linear(byte) for byte in range(256)]


def mu_law_decode(payload: bytes) -> array[int]:
    return array("h", [_DECODE[byte] for byte in payload])


def mu_law_encode(samples: array[int]) -> bytes:
    return bytes(_linear_to_mu_law(sample) for sample in samples)


def tone(hz: float, seconds: float, *, level: float = -12.0, rate: int = RATE) -> array[int]:
    """A pure tone; ``level`` is the level of the sine in dBFS."""
    # A sine's level is counted by its power: a full-scale sine is at -3 dBFS.
    peak = min(_FULL_SCALE - 1, _FULL_SCALE * math.sqrt(2) * 10 ** (level / 20))
    step = 2 * math.pi * hz / rate
    return array("h", [int(peak * math.sin(step * n)) for n in range(int(seconds * rate))])


def level_of(samples: array[int]) -> float:
    """The whole sound's RMS level, dBFS."""
    if not samples:
        return SILENCE
    power = sum(sample * sample for sample in samples) / len(samples)
    return _decibel(power / _FULL_SCALE**2)


def tone_level(samples: array[int], hz: float, *, rate: int = RATE) -> float:
    """The level of one tone in the sound, dBFS: the strongest of its 100 ms pieces (Goertzel).

    Pieces, because a tone that is heard only for a while must not be thinned by the silence
    around it.
    """
    size = rate // 10
    pieces = [samples[at : at + size] for at in range(0, len(samples) - size + 1, size)]
    if not pieces:
        return SILENCE
    return max(_goertzel(piece, hz, rate) for piece in pieces)


def hears(samples: array[int], hz: float, *, rate: int = RATE, at_least: float = AUDIBLE) -> bool:
    """Whether the tone is in the sound, and stands out from what is beside it.

    Loud is not enough: a click or a loud tone beside it leaks into every frequency, so the tone
    must also be 10 dB above its neighbours on both sides.
    """
    heard = tone_level(samples, hz, rate=rate)
    beside = max(tone_level(samples, hz * factor, rate=rate) for factor in (0.82, 1.22))
    return heard >= at_least and heard >= beside + 10.0


def write_wav(path: Path, samples: array[int], *, rate: int = RATE) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(_little_endian(samples).tobytes())


def read_wav(path: Path) -> tuple[list[array[int]], int]:
    """The channels of a 16-bit WAV file and its samples a second.

    Raises ``ValueError`` for another sample width, ``wave.Error`` for what is no WAV file.
    """
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{path} has {8 * file.getsampwidth()}-bit samples, not 16")
        frames = _little_endian(array("h", file.readframes(file.getnframes())))
        channels = file.getnchannels()
        return [frames[index::channels] for index in range(channels)], file.getframerate()


def _goertzel(samples: array[int], hz: float, rate: int) -> float:
    coefficient = 2 * math.cos(2 * math.pi * hz / rate)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + coefficient * last - before
    power = last * last + before * before - coefficient * last * before
    # A sine of amplitude A gives (A * N / 2) squared over N samples; its RMS is A / sqrt 2.
    return _decibel(max(power, 0.0) * 2 / (len(samples) * _FULL_SCALE) ** 2)


def _decibel(power: float) -> float:
    return 10 * math.log10(power) if power > 10 ** (SILENCE / 10) else SILENCE


def _little_endian(samples: array[int]) -> array[int]:
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples
