"""No text so long that nobody listens to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.yamlsource.model import Problem

LONGEST_S = 60.0
"""Of one prompt, spoken."""
_HAN_PER_S = 4.5
_WORDS_PER_S = 2.5
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]+|[0-9]")


def long_texts(flow: Draft, _seen: Seen) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        for text in step.texts():
            for language, said in text.texts.items() if text.heard else ():
                takes_s = spoken_s(said)
                if takes_s > LONGEST_S:
                    message = f"the text in {language} takes about {takes_s:.0f} s to speak"
                    cure = f"keep it under {LONGEST_S:.0f} s, or part it into several steps"
                    yield flow.wrong(name, (*text.at, language), message, cure).as_warning()


def spoken_s(text: str) -> float:
    """About how long it takes to speak, in seconds; punctuation is part of the pace."""
    return len(_HAN.findall(text)) / _HAN_PER_S + len(_WORD.findall(text)) / _WORDS_PER_S
