"""The flows over HTTP: supervisors look, administrators change, a refusal stays to be seen."""

from __future__ import annotations

import io
from zoneinfo import ZoneInfo

import pytest

from ccengine.accounts.model import Role
from ccengine.clock import moment
from ccengine.ids import CallId, FlowId
from ccengine.journal.entry import entry
from ccengine.journal.facts import FlowEnded, FlowEntered, FlowStepped
from ccengine.journal.store import append
from tests.web.conftest import NOON


async def signed_in(centre, role: Role = Role.ADMINISTRATOR):
    browser = await centre.browser()
    await browser.log_in("root" if role is Role.ADMINISTRATOR else "boss")
    return browser


async def texts(browser) -> dict[str, str]:
    answer = await browser.get("/api/flows/versions/1")
    found: dict[str, str] = (await answer.json())["texts"]
    return found


async def test_what_is_in_force_and_who_brought_it(centre):
    browser = await signed_in(centre, Role.SUPERVISOR)
    told = await (await browser.get("/api/flows")).json()
    assert told["publication"] == told["newest"] == 1
    assert (told["from"], told["refusal"]) == ("folder", None)
    main = next(flow for flow in told["flows"] if flow["flow"] == "main")
    assert main["title"] == {"zh-CN": "总机", "en": "Main number"}
    assert main["brought_by"]["author"] == "folder"
    flow = await (await browser.get("/api/flow/main")).json()
    assert flow["start"] == "welcome"
    menu = flow["steps"]["main_menu"]
    assert set(menu["texts"][0]["texts"]) == {"zh-CN", "en"}
    assert {"to": "sales", "way": "1", "key": True, "results": ["1", "key_1"]} in menu["ways"]


async def test_published_seen_compared_and_rolled_back(centre):
    browser = await signed_in(centre)
    first = await texts(browser)
    second = {
        **first,
        "main": first["main"].replace('"1": sales', '"1": operator\n      "5": sales'),
    }
    answer = await browser.post("/api/flows", {"flows": second, "note": "销售转给技术\u0000支持"})
    assert answer.status == 201
    told = await answer.json()
    assert (told["publication"]["number"], told["in_force"], told["refusal"]) == (2, 2, None)
    assert told["publication"]["author"] == "root"
    assert told["publication"]["note"] == "销售转给技术支持"
    # In folder mode the folder is the truth: it says so now.
    assert (centre.folder / "flows" / "main.yaml").read_text("utf-8") == second["main"]

    found = await (await browser.get("/api/flows/diff?from=1")).json()
    assert {"flow": "main", "step": "main_menu", "what": "way_changed"} in [
        {key: change[key] for key in ("flow", "step", "what")} for change in found["changes"]
    ]
    assert '+      "1": operator' in found["text"]

    answer = await browser.post("/api/flows/rollback", {"note": "投诉"})
    told = await answer.json()
    assert (told["publication"]["number"], told["publication"]["equals"]) == (3, 1)
    listed = await (await browser.get("/api/flows/versions?flow=main")).json()
    assert [one["number"] for one in listed["publications"]] == [3, 2, 1]
    assert (centre.folder / "flows" / "main.yaml").read_text("utf-8") == first["main"]


async def test_differences_are_told_in_the_language_of_the_page(centre):
    browser = await signed_in(centre)
    first = await texts(browser)
    more_keys = first["main"].replace('"1": sales', '"1": operator\n      "5": sales')
    await browser.post("/api/flows", {"flows": {**first, "main": more_keys}, "note": ""})
    said = {}
    for language in ("zh-CN", "en"):
        told = await (await browser.get(f"/api/flows/diff?from=1&language={language}")).json()
        said[language] = [change["said"] for change in told["changes"]]
    assert said == {
        "zh-CN": ["按 1 改为通向 operator（原为 sales）", "按 5 通向 sales（新增）"],
        "en": ["key 1 now leads to operator (was sales)", "key 5 leads to sales (new)"],
    }
    assert (await browser.get("/api/flows/diff?from=1&language=fr")).status == 400


async def test_a_flow_day_by_day(centre):
    browser = await signed_in(centre, Role.SUPERVISOR)
    main, call = FlowId("main"), CallId("call-1")
    facts = [
        FlowEntered(at=NOON, call_id=call, flow=main, version="v", language="zh-CN"),
        FlowEnded(at=NOON, call_id=call, flow=main, step="main_menu", result="hung_up"),
    ]
    async with centre.database.engine.begin() as connection:
        told = [entry(f"f{number}", NOON, fact) for number, fact in enumerate(facts)]
        await connection.run_sync(append, told)
    days = (await (await browser.get("/api/flow/main/days?days=3")).json())["days"]
    assert [day["calls"] for day in days] == [0, 0, 1]
    assert (days[2]["drop_off"], days[0]["drop_off"]) == (1.0, None)
    assert days[2]["day"] == f"{moment(NOON).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"
    for asked, status in (("days=0", 400), ("days=32", 400), ("days=x", 400)):
        assert (await browser.get(f"/api/flow/main/days?{asked}")).status == status
    assert (await browser.get("/api/flow/nobody/days")).status == 404


async def test_mistakes_are_told_with_line_and_cure_and_change_nothing(centre):
    browser = await signed_in(centre)
    first = await texts(browser)
    bad = {**first, "main": first["main"].replace("type: menu", "type: menue")}
    for path in ("/api/flows", "/api/flows/check"):
        answer = await browser.post(path, {"flows": bad})
        told = await answer.json()
        problem = told["problems"][0]
        assert (problem["file"], problem["line"] > 1) == ("main.yaml", True)
        assert "menu" in problem["cure"]
    assert (await (await browser.get("/api/flows")).json())["newest"] == 1
    answer = await browser.post("/api/flows/check", {"flows": first})
    assert await answer.json() == {"problems": []}


async def test_a_refused_folder_is_told_until_it_is_cured(centre):
    browser = await signed_in(centre)
    file = centre.folder / "flows" / "main.yaml"
    good = file.read_text("utf-8")
    file.write_text(good.replace("type: menu", "type: menue"), "utf-8")
    told = await (await browser.post("/api/flows/reload", {})).json()
    assert told["in_force"] == 1
    refusal = (await (await browser.get("/api/flows")).json())["refusal"]
    assert refusal == told["refusal"]
    assert refusal["problems"][0]["file"] == "main.yaml"
    file.write_text(good, "utf-8")
    await browser.post("/api/flows/reload", {})
    assert (await (await browser.get("/api/flows")).json())["refusal"] is None


@pytest.mark.parametrize("path", ["", "/check", "/rollback", "/reload"])
async def test_only_administrators_change_flows(centre, path):
    browser = await signed_in(centre, Role.SUPERVISOR)
    answer = await browser.post(f"/api/flows{path}", {"flows": {"main": ""}})
    assert answer.status == 403
    agent = await centre.browser()
    await agent.log_in("wangfang")
    assert (await agent.get("/api/flows")).status == 403


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"flows": {}}, 400),
        ({"flows": {"../main": "x"}}, 422),
        ({"flows": {"main": "x" * 600_000}}, 422),
        ({"flows": {"main": 1}}, 400),
        ({"flows": {"main": "x"}, "note": "n" * 501}, 400),
    ],
)
async def test_what_is_posted_is_bounded(centre, asked, status):
    browser = await signed_in(centre)
    assert (await browser.post("/api/flows", asked)).status == status
    assert (await (await browser.get("/api/flows")).json())["newest"] == 1


async def test_more_than_any_folder_holds_is_not_read(centre):
    browser = await signed_in(centre)
    sent = io.BytesIO(b'{"flows": {"main": "' + b"x" * 5_000_000 + b'"}}')
    answer = await browser.client.post(
        "/api/flows",
        data=sent,
        headers={"X-CSRF-Token": browser.csrf, "Content-Type": "application/json"},
    )
    assert answer.status == 413


async def test_unknown_ones(centre):
    browser = await signed_in(centre)
    for path in ("flows/versions/7", "flows/versions/x", "flows/diff?from=7", "flow/nobody"):
        assert (await browser.get(f"/api/{path}")).status == 404
    assert (await browser.post("/api/flows/rollback", {"number": 7})).status == 404
    assert (await browser.post("/api/flows/rollback", {})).status == 404


async def test_the_picture_carries_the_figures_of_today(centre):
    browser = await signed_in(centre, Role.SUPERVISOR)
    main, call = FlowId("main"), CallId("call-1")
    facts = [
        FlowEntered(at=NOON, call_id=call, flow=main, version="v", language="zh-CN"),
        FlowStepped(
            at=NOON, call_id=call, flow=main, step="welcome", step_type="language", result="kept"
        ),
        FlowEnded(at=NOON, call_id=call, flow=main, step="main_menu", result="hung_up"),
    ]
    async with centre.database.engine.begin() as connection:
        told = [entry(f"f{number}", NOON, fact) for number, fact in enumerate(facts)]
        await connection.run_sync(append, told)
    span = f"from={moment(NOON - 60):%Y-%m-%dT%H:%M:%SZ}"
    figures = await (await browser.get(f"/api/flows/figures?{span}")).json()
    of_main = figures["flows"]["main"]
    assert (of_main["calls"], of_main["containment"]) == (1, 1.0)
    assert of_main["steps"]["main_menu"]["drop_off"] == 1.0
    answer = await browser.get(f"/api/flow/main/picture?figures=true&language=en&{span}")
    assert answer.content_type == "image/svg+xml"
    svg = await answer.text()
    assert "1 visits · left 100%" in svg
    assert 'data-step="main_menu"' in svg
    assert " style=" not in svg  # the pages' policy would refuse it
