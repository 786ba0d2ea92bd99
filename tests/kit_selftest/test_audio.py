"""What is a tone, and what is not."""

from __future__ import annotations

import random
from array import array
from pathlib import Path

import pytest

from simphones import audio


def test_a_tone_is_heard_at_its_own_frequency_and_no_other() -> None:
    sound = audio.tone(440, 0.5)

    assert audio.hears(sound, 440)
    assert not audio.hears(sound, 1000)
    assert audio.level_of(sound) == pytest.approx(-12.0, abs=0.1)
    assert audio.tone_level(sound, 440) == pytest.approx(-12.0, abs=0.1)


def test_a_short_tone_in_long_silence_is_heard() -> None:
    silence = array("h", [0] * 40_000)

    assert audio.hears(silence + audio.tone(1000, 0.3) + silence, 1000)


def test_two_tones_at_once_are_both_heard() -> None:
    both = array("h", map(sum, zip(audio.tone(440, 0.5), audio.tone(1000, 0.5), strict=True)))

    assert audio.hears(both, 440)
    assert audio.hears(both, 1000)


def test_silence_and_noise_hold_no_tone() -> None:
    dice = random.Random(7)
    noise = array("h", [int(dice.gauss(0, 3_000)) for _ in range(8_000)])

    assert audio.level_of(array("h", [0] * 800)) == audio.SILENCE
    assert audio.level_of(array("h")) == audio.SILENCE
    assert not audio.hears(array("h", [0] * 8_000), 440)
    assert not audio.hears(noise, 440)


def test_mu_law_survives_the_way_there_and_back() -> None:
    sound = audio.tone(440, 0.1, level=-20)
    back = audio.mu_law_decode(audio.mu_law_encode(sound))

    # G.711's steps are 1/16 of the sample at worst, and never finer than 8.
    assert all(abs(a - b) <= max(8, abs(a) // 16) for a, b in zip(sound, back, strict=True))


def test_every_mu_law_byte_means_itself() -> None:
    # 0x7F and 0xFF are both zero; the encoder says 0xFF.
    every = bytes(byte for byte in range(256) if byte != 0x7F)

    assert audio.mu_law_encode(audio.mu_law_decode(every)) == every


def test_a_wav_file_gives_back_each_channel(tmp_path: Path) -> None:
    audio.write_wav(tmp_path / "tone.wav", audio.tone(440, 0.2, rate=16_000), rate=16_000)

    channels, rate = audio.read_wav(tmp_path / "tone.wav")

    assert (len(channels), rate) == (1, 16_000)
    assert audio.hears(channels[0], 440, rate=16_000)
