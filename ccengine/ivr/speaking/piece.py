"""One word or a few of what is said in pieces; a person may record each under its name."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from ccengine.ivr.waits import Prompt


@lru_cache(maxsize=2_048)
def piece(text: str, language: str) -> Prompt:
    """Its recording is ``say_`` and the words (``say_twenty_one``); Chinese words, which cannot
    name a file, by their code points (``say_4e00_5343`` is 一千)."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    name = plain if text.isascii() else "_".join(f"{ord(sign):x}" for sign in text)
    if len(name) > 60:
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Prompt(text=text, language=language, name=f"say_{name}")


def pieces(texts: tuple[str, ...], language: str) -> tuple[Prompt, ...]:
    return tuple(piece(text, language) for text in texts)
