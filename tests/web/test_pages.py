"""The built pages, and what is there before they are built; health."""

from __future__ import annotations

import os

import pytest


@pytest.fixture
def built(centre):
    folder = centre.parts.static
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><div id=app></div>")
    (folder / "assets" / "index-Ab12.js").write_text("console.log(1)")
    (folder / "icon.svg").write_text("<svg/>")
    return centre


@pytest.mark.parametrize("path", ["/", "/login", "/desk", "/report", "/calls"])
async def test_every_page_is_the_same_html_and_is_always_asked_for_anew(built, path):
    answer = await (await built.browser()).get(path)
    assert answer.status == 200
    assert answer.content_type == "text/html"
    assert "id=app" in await answer.text()
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_files_with_a_hash_in_their_name_are_kept_for_ever(built):
    browser = await built.browser()
    script = await browser.get("/assets/index-Ab12.js")
    assert script.status == 200
    assert script.content_type in ("text/javascript", "application/javascript")
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    icon = await browser.get("/icon.svg")
    assert (icon.status, icon.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "path",
    ["/assets/nothing.js", "/assets/..%2f..%2fweb.db", "/%2e%2e%2fweb.db", "/web.db", "/nothing"],
)
async def test_nothing_else_is_handed_out(built, path):
    from yarl import URL

    browser = await built.browser()
    answer = await browser.client.session.get(
        URL(str(browser.client.make_url("/")).rstrip("/") + path, encoded=True)
    )
    assert answer.status == 404


async def test_a_new_build_needs_no_restart(built):
    browser = await built.browser()
    assert (await browser.get("/assets/index-Cd34.js")).status == 404
    (built.parts.static / "assets" / "index-Cd34.js").write_text("console.log(2)")
    index = built.parts.static / "index.html"
    os.utime(index, ns=(1, 1))
    assert (await browser.get("/assets/index-Cd34.js")).status == 200


async def test_without_a_build_the_page_says_how_to_make_one(centre):
    answer = await (await centre.browser()).get("/desk")
    assert answer.status == 503
    text = await answer.text()
    assert "scripts/build-ui" in text
    assert "页面尚未构建" in text


class TestHealth:
    async def test_all_well(self, centre):
        answer = await (await centre.browser()).get("/healthz")
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})

    async def test_a_part_that_fails_is_named(self, centre):
        centre.health["ami"] = "disconnected"
        answer = await (await centre.browser()).get("/healthz")
        assert answer.status == 503
        assert await answer.json() == {
            "status": "degraded",
            "parts": {"ami": "disconnected", "agi": "ok", "database": "ok"},
        }
