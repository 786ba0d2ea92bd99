"""The knowledge base for people at the pages: search, and one article."""

from __future__ import annotations

from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field, TypeAdapter

from ccengine.ids import ArticleId
from ccengine.web.access import LOGGED_IN, Route
from ccengine.web.answers import Refused, json_answer, query
from ccengine.web.parts import WebParts
from ccengine.wire import PlainText, Said


class SearchAsked(Said):
    q: Annotated[PlainText, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=50)] = 10
    language: Literal["zh-CN", "en"] | None = None


_SEARCH = TypeAdapter(SearchAsked)


def knowledge_routes(parts: WebParts) -> list[Route]:
    async def search(request: web.Request) -> web.StreamResponse:
        asked = query(request, _SEARCH)
        text = asked.q.strip()
        found = parts.knowledge().search(text, asked.limit, asked.language) if text else []
        articles = [
            {
                "id": article.article_id,
                "title": article.title,
                "sentence": article.sentence,
                "score": article.score,
            }
            for article in found
        ]
        return json_answer({"articles": articles})

    async def article(request: web.Request) -> web.StreamResponse:
        found = parts.knowledge().article(ArticleId(request.match_info["id"]))
        if found is None:
            raise Refused(404, "article.unknown", "There is no such article.")
        return json_answer(
            {
                "id": found.article_id,
                "title": found.title,
                "body": found.body,
                "language": found.language,
            }
        )

    return [
        Route(method="GET", path="/api/knowledge", who=LOGGED_IN, answer=search),
        Route(method="GET", path="/api/knowledge/{id}", who=LOGGED_IN, answer=article),
    ]
