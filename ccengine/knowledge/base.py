"""The knowledge base as the engine holds it: the stored articles and their current index."""

from __future__ import annotations

import asyncio

from ccengine.ids import ArticleId
from ccengine.knowledge.model import Article, Hit
from ccengine.knowledge.search import FOUND, SURE, KnowledgeIndex, build_index
from ccengine.knowledge.store import Articles

REFRESH_DEADLINE_S = 30.0
_REMEMBERED = 1_000
"""Searches whose hits are kept until the index changes."""
_LOOKED_AT = 5
"""So many hits are looked through for one that can be read out."""


class KnowledgeBase:
    """Empty until the first ``refresh``; searches see the old index until the new one is whole."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._index = KnowledgeIndex()
        self._found: dict[tuple[str, int, str | None, float], list[Hit]] = {}
        """What the present index was asked: calls of one queue ask much the same."""
        self._refreshing = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._index)

    async def refresh(self, deadline_s: float = REFRESH_DEADLINE_S) -> None:
        """Take up what is published now. Raises TimeoutError or the database's own error, and
        then the old index stays."""
        # One after the other, so that an older reading never replaces a newer one.
        async with asyncio.timeout(deadline_s), self._refreshing:
            self._index = await build_index(await self._articles.published())
            self._found = {}

    def search(
        self, text: str, limit: int = 3, language: str | None = None, floor: float = FOUND
    ) -> list[Hit]:
        """The published articles that fit, best first; none when nothing fits well enough."""
        asked = (text, limit, language, floor)
        hits = self._found.get(asked)
        if hits is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            hits = self._found[asked] = self._index.search(text, limit, language, floor)
        return list(hits)

    def article(self, article_id: ArticleId) -> Article | None:
        """A published article."""
        return self._index.article(article_id)

    def read_out(self) -> tuple[Article, ...]:
        """The published articles that may be read out: their speech can be made beforehand."""
        return tuple(article for article in self._index.articles() if article.spoken)

    def best(self, question: str, language: str) -> Article | None:
        """The article to read out to a caller, or None: a wrong answer is worse than none.

        Only articles with a ``spoken`` text, and only when we are sure.
        """
        for hit in self._index.search(question, _LOOKED_AT, language, SURE):
            article = self._index.article(hit.article_id)
            if article is not None and article.spoken:
                return article
        return None
