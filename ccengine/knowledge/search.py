"""An index in memory over all published articles: BM25 over fields, the best re-ranked by likeness.

Pure: it is built from articles and never changes; a new one takes its place.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from ccengine.ids import ArticleId
from ccengine.knowledge.model import Article, Hit
from ccengine.knowledge.sentence import best_sentence
from ccengine.knowledge.terms import normalise, terms, weight

FOUND = 0.25
"""Below this an article has nothing to do with the question: measured on questions of one
service, 99 of 100 have an article above it, and 5 of 100 encyclopedia questions do."""
SURE = 0.4
"""Above this an article may be read out unasked by anyone: 64 of 100, and 1 of 1,000."""

_K1, _B = 1.5, 0.8
_FIELDS = (1.0, 0.5, 0.3)
"""Weights of wordings (title and other wordings), body, tags."""
_RERANKED = 20
_LIKENESS = 1.0
"""Of the likeness to the nearest wording, beside BM25 relative to the best of this query."""
_LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class _Entry:
    article: Article
    wordings: tuple[str, ...]
    held: frozenset[str]


class KnowledgeIndex:
    """Search over these articles. A search of a few hundred takes about a millisecond."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self._entries: list[_Entry] = []
        fields: list[tuple[Counter[str], ...]] = []
        for article in articles:
            wordings = tuple(normalise(text) for text in (article.title, *article.alt))
            counted = (
                terms(" ".join(wordings)),
                terms(normalise(article.body)),
                terms(normalise(" ".join(article.tags))),
            )
            held = frozenset(term for field in counted for term in field)
            self._entries.append(_Entry(article, wordings, held))
            fields.append(counted)
        seen: Counter[str] = Counter(term for entry in self._entries for term in entry.held)
        total = len(self._entries)
        self._idf = {t: math.log(1 + (total - n + 0.5) / (n + 0.5)) for t, n in seen.items()}
        self._unknown_idf = math.log(1 + (total + 0.5) / 0.5)
        self._postings = self._weigh(fields)
        self._by_id = {entry.article.article_id: entry.article for entry in self._entries}

    def __len__(self) -> int:
        return len(self._entries)

    def articles(self) -> tuple[Article, ...]:
        return tuple(entry.article for entry in self._entries)

    def article(self, article_id: ArticleId) -> Article | None:
        return self._by_id.get(article_id)

    def search(
        self, text: str, limit: int = 3, language: str | None = None, floor: float = FOUND
    ) -> list[Hit]:
        """The best articles, best first; none of which we are less sure than ``floor``."""
        query = normalise(text[:_LONGEST_QUERY])
        asked = terms(query)
        scores = self._score(asked, language)
        if not scores:
            return []
        first = sorted(scores, key=lambda at: (-scores[at], at))[:_RERANKED]
        top = scores[first[0]]
        likeness = {at: self._likeness(query, at) for at in first}
        first.sort(key=lambda at: (-(scores[at] / top + _LIKENESS * likeness[at]), at))
        hits: list[Hit] = []
        for at in first[:limit]:
            sure = self._sureness(asked, at, likeness[at])
            if sure >= floor:
                article = self._entries[at].article
                sentence = best_sentence(article.body, asked, self._value)
                hits.append(
                    Hit(
                        article_id=article.article_id,
                        title=article.title,
                        sentence=sentence or article.title,
                        score=round(sure, 4),
                    )
                )
        return hits

    def _weigh(self, fields: list[tuple[Counter[str], ...]]) -> dict[str, list[tuple[int, float]]]:
        """What each term is worth in each article: BM25 over weighted fields, made beforehand."""
        lengths = [[sum(field.values()) for field in counted] for counted in fields]
        means = [
            sum(column) / max(1, sum(1 for n in column if n))
            for column in zip(*lengths, strict=True)
        ]
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, counted in enumerate(fields):
            amounts: dict[str, float] = defaultdict(float)
            for field, of, length, mean in zip(counted, _FIELDS, lengths[at], means, strict=True):
                for term, count in field.items():
                    amounts[term] += of * count / (1 - _B + _B * length / mean)
            for term, amount in amounts.items():
                worth = self._value(term) * amount * (_K1 + 1) / (_K1 + amount)
                postings[term].append((at, worth))
        return dict(postings)

    def _value(self, term: str) -> float:
        return weight(term) * self._idf.get(term, self._unknown_idf)

    def _score(self, asked: Counter[str], language: str | None) -> dict[int, float]:
        scores: dict[int, float] = defaultdict(float)
        for term in asked:
            for at, worth in self._postings.get(term, ()):
                scores[at] += worth
        if language is None:
            return scores
        return {
            at: score
            for at, score in scores.items()
            if self._entries[at].article.language == language
        }

    def _likeness(self, query: str, at: int) -> float:
        return max(fuzz.ratio(query, wording) for wording in self._entries[at].wordings) / 100

    def _sureness(self, asked: Counter[str], at: int, likeness: float) -> float:
        """How much of what was asked the article holds, and how like it is to a known wording."""
        held = self._entries[at].held
        whole = sum(self._value(term) for term in asked)
        common = sum(self._value(term) for term in asked if term in held)
        return min(1.0, (common / whole + likeness) / 2)


async def build_index(articles: Iterable[Article]) -> KnowledgeIndex:
    """The index, built in a thread so that calls go on meanwhile."""
    return await asyncio.to_thread(KnowledgeIndex, tuple(articles))
