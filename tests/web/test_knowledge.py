"""The knowledge base on the pages."""

from __future__ import annotations


async def test_a_question_finds_its_article(centre):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    answer = await browser.get("/api/knowledge?q=怎么申请退款&limit=3")
    [found] = (await answer.json())["articles"]
    assert found["id"] == "refund"
    assert found["title"] == "怎么申请退款"
    assert "七天" in found["sentence"]
    assert 0 < found["score"] <= 1


async def test_an_empty_question_finds_nothing(centre):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    assert await (await browser.get("/api/knowledge?q=%20")).json() == {"articles": []}


async def test_an_article_is_handed_out_as_text(centre):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    answer = await browser.get("/api/knowledge/refund")
    assert answer.content_type == "application/json"
    article = await answer.json()
    assert article["id"] == "refund"
    assert article["language"] == "zh-CN"
    assert article["body"].startswith("<b>")


async def test_an_unknown_article_and_a_question_too_long_are_refused(centre):
    browser = await centre.browser()
    await browser.log_in("wangfang")
    unknown = await browser.get("/api/knowledge/nothing")
    assert (unknown.status, (await unknown.json())["error"]["id"]) == (404, "article.unknown")
    assert (await browser.get(f"/api/knowledge?q={'x' * 201}")).status == 400
