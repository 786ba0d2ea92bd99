"""The outside program of these tests: knows words by the tone that stands for them.

    recogniser.py AUDIO LANGUAGE PHRASES_FILE

440 Hz is a balance, 600 Hz an agent with a slip of the tongue, 800 Hz nothing of the menu; 1000 Hz
it never makes out, and has a child that does not either.
"""

from __future__ import annotations

import cmath
import subprocess
import sys
import time
import wave
from array import array
from pathlib import Path

WORDS = {440: "我想查余额", 600: "转人工服物", 800: "今天天气很好", 1000: ""}


def level(samples: array[int], hz: float) -> float:
    turn = -2j * cmath.pi * hz / 8_000
    return abs(sum(sample * cmath.exp(turn * at) for at, sample in enumerate(samples)))


with wave.open(sys.argv[1]) as sound:
    sound.setpos(sound.getnframes() // 2)  # at its beginning there is a moment of silence
    heard = array("h", sound.readframes(1_600))
expected = Path(sys.argv[3]).read_text("utf-8").split()
word = WORDS[max(WORDS, key=lambda hz: level(heard, hz))]
if not word:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", __file__])
    time.sleep(600)
if sys.argv[2] == "zh-CN" and "人工" in expected:
    sys.stdout.write(f"{word}\n")
