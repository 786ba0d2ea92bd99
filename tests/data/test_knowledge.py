"""The knowledge base in a call's life: read out by the IVR, suggested in the pop, refreshed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ccengine.contacts.store import Contacts
from ccengine.contacts.tables import CustomerNumberRow, CustomerRow
from ccengine.db.base import Base
from ccengine.db.session import Database
from ccengine.desk.pop import PathStep
from ccengine.ids import ArticleId
from ccengine.knowledge.base import KnowledgeBase
from ccengine.knowledge.model import Article
from ccengine.knowledge.store import Articles
from ccengine.knowledge.suggest import question_for, suggest
from ccengine.seeds.load import example_articles, seed

MAIN_FLOW = Path(__file__).parents[2] / "ivr_flows" / "main.yaml"


class StillClock:
    def now(self) -> float:
        return 1_800_000_000.0


@pytest.fixture
def articles(database: Database) -> Articles:
    return Articles(database.sessions, StillClock())


@pytest.fixture
async def base(database: Database, articles: Articles) -> KnowledgeBase:
    await seed(database.sessions, StillClock())
    base = KnowledgeBase(articles)
    await base.refresh()
    return base


async def test_seeding_twice_changes_nothing(database: Database, base: KnowledgeBase) -> None:
    counts = select(
        select(func.count()).select_from(CustomerRow).scalar_subquery(),
        select(func.count()).select_from(CustomerNumberRow).scalar_subquery(),
    )
    async with database.sessions() as session:
        before = (await session.execute(counts)).one()
    await seed(database.sessions, StillClock())
    async with database.sessions() as session:
        assert (await session.execute(counts)).one() == before
    await base.refresh()
    assert len(base) == len(example_articles())
    (card,) = await Contacts(database.sessions, StillClock()).find_by_number("+8613800000001")
    assert (card.name, card.vip_level) == ("赵建国", "gold")


async def test_the_demos_flow_finds_its_answer_in_both_languages(base: KnowledgeBase) -> None:
    flow = yaml.safe_load(MAIN_FLOW.read_text("utf-8"))
    questions = [s["question"] for s in flow["steps"].values() if s["type"] == "knowledge"]
    assert questions
    for question in questions:
        for language, text in question.items():
            answer = base.best(text, language)
            assert answer is not None
            assert answer.language == language
            assert answer.title == text
            assert answer in base.read_out()


async def test_only_what_may_be_spoken_is_read_out(base: KnowledgeBase) -> None:
    silent = base.article(ArticleId("zh-sim-puk"))
    assert silent is not None
    assert silent.spoken == ""
    assert base.search(silent.title, language="zh-CN")[0].article_id == silent.article_id
    read = base.best(silent.title, "zh-CN")
    assert read is None or read.spoken
    assert base.best("今天天气怎么样", "zh-CN") is None


async def test_publishing_is_seen_after_a_refresh_and_unpublishing_too(
    base: KnowledgeBase, articles: Articles
) -> None:
    new = Article(
        article_id=ArticleId("new"), language="zh-CN", title="充电宝怎么租借", body="扫码即可。"
    )
    await articles.put([new])
    assert base.article(new.article_id) is None
    found_before = base.search("租充电宝", language="zh-CN")
    assert new.article_id not in [hit.article_id for hit in found_before]
    await base.refresh()
    assert base.search("租充电宝", language="zh-CN")[0].article_id == new.article_id
    stored = await articles.find(new.article_id)
    assert stored is not None
    assert stored.updated_at == StillClock().now()

    await articles.put(
        [Article(article_id=new.article_id, language="zh-CN", title="旧", published=False)]
    )
    await base.refresh()
    assert base.article(new.article_id) is None
    assert all(hit.article_id != new.article_id for hit in base.search("租充电宝", 10))


async def test_a_refresh_that_fails_keeps_the_old_index(
    base: KnowledgeBase, database: Database
) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
    with pytest.raises(SQLAlchemyError):
        await base.refresh()
    assert base.search("如何报修宽带", language="zh-CN")


async def test_three_articles_for_a_caller_with_a_broken_line(base: KnowledgeBase) -> None:
    suggested = suggest(
        base,
        queue_title="技术支持",
        path=[PathStep(step="main_menu", result="2")],
        customer_tags=["宽带", "故障"],
        last_note="上周报修过一次光猫红灯，已更换尾纤。",
        language="zh-CN",
    )
    assert len(suggested) == 3
    assert {"zh-modem-red-light", "zh-broadband-report"} <= {s.article_id for s in suggested}
    assert all(s.sentence and s.title and s.score > 0 for s in suggested)


async def test_a_stranger_is_judged_by_the_queue(base: KnowledgeBase) -> None:
    suggested = suggest(base, queue_title="技术支持", language="zh-CN")
    assert len(suggested) == 3
    for one in suggested:
        article = base.article(one.article_id)
        assert article is not None
        assert "技术支持" in article.tags


async def test_nothing_is_suggested_from_nothing(base: KnowledgeBase) -> None:
    assert suggest(base, queue_title="", language="zh-CN") == ()
    assert suggest(base, queue_title="🙂", language="zh-CN") == ()


def test_the_question_holds_subjects_and_no_keys_or_outcomes() -> None:
    path = [
        PathStep(step="opening_hours", result="open"),
        PathStep(step="main_menu", result="2"),
        PathStep(step="subject", result="宽带报修"),
        PathStep(step="again", result="timeout"),
        PathStep(step="plan", result="plan_change"),
    ]
    assert question_for("技术支持", path, ["金卡", "金卡"], " 光猫红灯 ") == (
        "技术支持 plan change 宽带报修 金卡 光猫红灯"
    )
    assert question_for("", [], [], "") == ""
