"""Example customers and articles, so that a new centre has something to show on its first call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.clock import Clock, EngineClock
from ccengine.contacts.store import Contacts
from ccengine.ids import ArticleId
from ccengine.knowledge.model import Article
from ccengine.knowledge.store import Articles

_LANGUAGES = ("zh-CN", "en")


async def seed(sessions: async_sessionmaker[AsyncSession], clock: Clock | None = None) -> None:
    """Write the examples; a second time they replace themselves and nothing else."""
    clock = clock or EngineClock()
    await Articles(sessions, clock).put(example_articles())
    contacts = Contacts(sessions, clock)
    for customer in example_customers():
        await contacts.add(**customer)


def example_articles() -> tuple[Article, ...]:
    """The articles of all languages."""
    return tuple(
        Article(
            article_id=ArticleId(line["id"]),
            language=language,
            title=line["title"],
            alt=tuple(line["alt"]),
            body=line["body"],
            spoken=line.get("spoken", ""),
            tags=tuple(line["tags"]),
        )
        for language in _LANGUAGES
        for line in _lines(f"articles.{language}.jsonl")
    )


def example_customers() -> tuple[dict[str, Any], ...]:
    """The customers, as ``Contacts.add`` takes them."""
    return tuple(_lines("customers.jsonl"))


def _lines(name: str) -> Iterator[dict[str, Any]]:
    text = resources.files("ccengine.seeds").joinpath(name).read_text("utf-8")
    # Not splitlines: that would also break at separators that may stand inside a text.
    return (json.loads(line) for line in text.split("\n") if line)
