"""Three articles for the agent before the phone rings, from what is known of the call by then."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ccengine.desk.pop import PathStep, SuggestedArticle
from ccengine.knowledge.base import KnowledgeBase

SUGGESTED = 3
_SUGGEST_FLOOR = 0.1
"""Low: the question is a handful of clues, and an agent can look past a wrong title."""
_LONGEST_NOTE = 60

_OUTCOME_WORDS = (
    "done ok yes no open closed holiday timeout timed_out invalid no_input wrong_input found "
    "not_found none served no_agents full hung_up finished failed default next zh-cn en"
)
_OUTCOMES = frozenset(_OUTCOME_WORDS.split())
"""Results of steps that say how the step went, not what the caller wants."""
_SAYS_SOMETHING = re.compile(r"[^\W\d_]{2,}")


def question_for(
    queue_title: str,
    path: Sequence[PathStep],
    customer_tags: Sequence[str],
    last_note: str,
    asked: str = "",
) -> str:
    """The clues of a call as one query: what it asks, where it goes, what was chosen, who calls,
    what was last.

    Keys pressed and results such as ``timeout`` are left out: they name no subject. The choices
    come newest first, since a search reads only the beginning of a long query. A call that said
    in words what it wants is searched for by these alone.
    """
    if asked.strip():
        return asked.strip()
    chosen = [
        step.result.replace("_", " ")
        for step in reversed(path)
        if step.result.lower() not in _OUTCOMES and _SAYS_SOMETHING.search(step.result)
    ]
    clues = [queue_title, *chosen, *customer_tags, last_note[:_LONGEST_NOTE]]
    return " ".join(dict.fromkeys(clue.strip() for clue in clues if clue.strip()))


def suggest(
    base: KnowledgeBase,
    *,
    queue_title: str,
    path: Sequence[PathStep] = (),
    asked: str = "",
    customer_tags: Sequence[str] = (),
    last_note: str = "",
    language: str | None = None,
) -> tuple[SuggestedArticle, ...]:
    """Up to three articles in the caller's language; fewer, or none, when too little fits."""
    question = question_for(queue_title, path, customer_tags, last_note, asked)
    return tuple(
        SuggestedArticle(
            article_id=hit.article_id, title=hit.title, sentence=hit.sentence, score=hit.score
        )
        for hit in base.search(question, SUGGESTED, language, _SUGGEST_FLOOR)
    )
