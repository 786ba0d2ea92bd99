"""Articles in the database: the truth, from which the index can always be rebuilt."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.clock import Clock
from ccengine.ids import ArticleId
from ccengine.knowledge.model import Article
from ccengine.knowledge.tables import ArticleRow


class Articles:
    """The articles of one site."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def published(self) -> tuple[Article, ...]:
        """All that may be shown, in the order of their ids."""
        query = select(ArticleRow).where(ArticleRow.published).order_by(ArticleRow.article_id)
        async with self._sessions() as session:
            return tuple(_article(row) for row in (await session.execute(query)).scalars())

    async def find(self, article_id: ArticleId) -> Article | None:
        """The article, published or not."""
        async with self._sessions() as session:
            row = await session.get(ArticleRow, article_id)
        return _article(row) if row else None

    async def put(self, articles: Iterable[Article]) -> None:
        """Add these, or replace those with the same id: all or none, stamped with now."""
        now = self._clock.now()
        async with self._sessions.begin() as session:
            for article in articles:
                await session.merge(_row(article, now))


def _article(row: ArticleRow) -> Article:
    return Article(
        article_id=ArticleId(row.article_id),
        language=row.language,
        title=row.title,
        alt=tuple(row.alt),
        body=row.body,
        spoken=row.spoken,
        tags=tuple(row.tags),
        published=row.published,
        updated_at=row.updated_at,
    )


def _row(article: Article, now: float) -> ArticleRow:
    return ArticleRow(
        article_id=article.article_id,
        language=article.language,
        title=article.title,
        alt=list(article.alt),
        body=article.body,
        spoken=article.spoken,
        tags=list(article.tags),
        published=article.published,
        updated_at=now,
    )
