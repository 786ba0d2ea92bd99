"""How problems are printed: each with its place and cure, and no more of them than help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccengine.yamlsource.model import Problem

MOST_TOLD = 100


def told(problems: Sequence[Problem]) -> Iterator[str]:
    """The first of them, and how many more there are."""
    for problem in problems[:MOST_TOLD]:
        yield f"warning: {problem}" if problem.warning else str(problem)
    if len(problems) > MOST_TOLD:
        yield f"and {len(problems) - MOST_TOLD} more"


def counted(count: int, word: str) -> str:
    """``1 problem``, ``2 problems``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
