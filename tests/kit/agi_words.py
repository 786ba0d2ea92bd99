"""How Asterisk reads an AGI line, for tests that stand where Asterisk does."""

from __future__ import annotations


def arguments(line: str) -> list[str]:
    """How Asterisk cuts an AGI line into words (res_agi: quotes, and a backslash before a sign)."""
    words: list[str] = []
    word: list[str] | None = None
    quoted = escaped = False
    for sign in line:
        if sign == '"' and not escaped:
            quoted = not quoted
            if quoted and word is None:
                word = []
        elif sign in " \t" and not quoted and not escaped:
            if word is not None:
                words.append("".join(word))
            word = None
        elif sign == "\\" and not escaped:
            escaped = True
        else:
            word = [*(word or []), sign]
            escaped = False
    return words if word is None else [*words, "".join(word)]
