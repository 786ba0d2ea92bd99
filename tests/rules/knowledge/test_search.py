"""Finding the article that answers, and saying nothing when none does."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccengine.ids import ArticleId
from ccengine.knowledge.model import Article
from ccengine.knowledge.search import FOUND, SURE, KnowledgeIndex, build_index
from ccengine.seeds.load import example_articles

INDEX = KnowledgeIndex(example_articles())


def first(question: str, language: str = "zh-CN", floor: float = FOUND) -> str:
    hits = INDEX.search(question, language=language, floor=floor)
    return hits[0].article_id if hits else ""


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("如何报修宽带", "zh-broadband-report"),
        ("家里网断了", "zh-broadband-report"),
        ("家 里 没 网 了", "zh-broadband-report"),
        ("光猫上面有个红灯一直在闪", "zh-modem-red-light"),
        ("我想开张发票", "zh-invoice"),
        ("发票的抬头写错了怎么办", "zh-invoice-wrong"),
        ("手机丢了，卡怎么办", "zh-sim-lost"),
        ("你们营业厅几点关门", "zh-opening-hours"),
        ("充了钱没有到帐", "zh-pay-not-arrived"),  # 帐 for 账: the commonest slip
        ("我要去日本，手机能用吗", "zh-roaming"),
        ("ＷｉＦｉ密码忘记了", "zh-wifi-password"),
        ("搬家宽带", "zh-broadband-move"),
    ],
)
def test_chinese_questions(question: str, article: str) -> None:
    assert first(question) == article


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("How do I report a broadband fault", "en-broadband-report"),
        ("my broadbnad is down", "en-broadband-report"),
        ("change wifi pasword", "en-wifi-password"),
        ("are your shops open on sundays", "en-opening-hours"),
        ("I want my money back", "en-refund"),
    ],
)
def test_english_questions(question: str, article: str) -> None:
    assert first(question, "en") == article


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("今天天气怎么样", "zh-CN"),
        ("帮我订一张去上海的火车票", "zh-CN"),
        ("what's the weather", "en"),
        ("", "zh-CN"),
        ("？！…", "zh-CN"),
        ("😀", "en"),
    ],
)
def test_what_no_article_answers_is_not_answered(question: str, language: str) -> None:
    assert first(question, language, floor=SURE) == ""


def test_the_sentence_that_answers() -> None:
    (hit,) = INDEX.search("PUK码连错十次会怎样", limit=1, language="zh-CN")
    assert hit.sentence == "PUK码连错十次，卡会永久作废，只能补卡。"


def test_the_title_stands_in_for_a_body_that_is_not_there() -> None:
    index = KnowledgeIndex([Article(article_id=ArticleId("a"), language="en", title="Opening")])
    assert index.search("opening")[0].sentence == "Opening"


def test_languages_are_kept_apart_only_when_asked() -> None:
    found = {hit.article_id[:2] for hit in INDEX.search("WiFi", limit=10)}
    assert found == {"zh", "en"}
    assert {hit.article_id[:2] for hit in INDEX.search("WiFi", 10, "en")} == {"en"}


def test_scores_fall_between_nothing_and_certain() -> None:
    for article in example_articles():
        hits = INDEX.search(article.title, language=article.language)
        assert hits[0].article_id == article.article_id
        assert 0.9 < hits[0].score <= 1.0


def test_the_same_question_has_always_the_same_answer() -> None:
    again = KnowledgeIndex(example_articles())
    for question in ("宽带", "话费", "套餐", "销售"):
        assert INDEX.search(question, 10) == again.search(question, 10)


def test_an_empty_base_is_silent() -> None:
    assert KnowledgeIndex().search("宽带") == []


def test_a_search_is_quick() -> None:
    questions = [article.title for article in example_articles()]
    began = time.process_time()
    for question in questions:
        INDEX.search(question)
    assert (time.process_time() - began) / len(questions) < 0.005


async def test_the_index_is_built_aside() -> None:
    index = await build_index(example_articles())
    assert len(index) == len(INDEX)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_asked(text: str) -> None:
    for hit in INDEX.search(text, floor=0.0):
        assert 0.0 <= hit.score <= 1.0
        assert hit.sentence
