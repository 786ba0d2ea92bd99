"""What the knowledge base is made of."""

from __future__ import annotations

from dataclasses import dataclass

from ccengine.ids import ArticleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One answer. The title is the customer's question in the customer's words."""

    article_id: ArticleId
    language: str
    title: str
    alt: tuple[str, ...] = ()
    """Other wordings of the same question."""
    body: str = ""
    spoken: str = ""
    """What may be read out to a caller; empty: not for the phone."""
    tags: tuple[str, ...] = ()
    published: bool = True
    updated_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found."""

    article_id: ArticleId
    title: str
    sentence: str
    """The sentence of the body that answers best."""
    score: float
    """How sure, 0 to 1; comparable between queries."""
