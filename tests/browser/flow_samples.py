"""The shipped main flow as the server tells it, with figures of an invented day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ccengine.flows.figures import FlowFigures, flow_figures
from ccengine.flows.marks import marks
from ccengine.flows.picture import picture
from ccengine.ids import FlowId
from ccengine.ivr.load import read_flows
from ccengine.journal.flow_sums import CallSum, StepSum
from ccengine.web.flow_bodies import day_body, figures_body, flow_body

Json = dict[str, Any]
MAIN = FlowId("main")
FOLDER = Path(__file__).parents[2] / "ivr_flows"
FLOWS = read_flows(FOLDER, None).flows


def _visits(
    step: str, result: str, visits: int, *, took: float = 4.0, silent: int = 0, wrong: int = 0
) -> StepSum:
    return StepSum(
        flow=MAIN,
        version="v",
        step=step,
        ended=result == "hung_up",
        result=result,
        took_s=took,
        visits=visits,
        no_input=silent,
        invalid=wrong,
    )


def figures() -> FlowFigures:
    steps = [
        _visits("welcome", "kept", 1_180),
        _visits("welcome", "hung_up", 20),
        _visits("opening_hours", "open", 1_180, took=0),
        _visits("main_menu", "1", 400, took=9, wrong=30),
        _visits("main_menu", "2", 300, took=11),
        _visits("main_menu", "3", 160, took=14, silent=20),
        _visits("main_menu", "no_input", 60, took=31, silent=60),
        _visits("main_menu", "hung_up", 260, took=7),
        _visits("broadband_fault", "found", 150, took=40),
        _visits("broadband_fault", "nothing", 10, took=1),
        _visits("after_answer", "hung_up", 90, took=5),
        _visits("after_answer", "0", 60, took=8),
    ]
    calls = [
        CallSum(flow=MAIN, version="v", result="finished", human=True, calls=820),
        CallSum(flow=MAIN, version="v", result="hung_up", human=False, calls=370),
        CallSum(flow=MAIN, version="v", result="", human=False, calls=10),
    ]
    return flow_figures(steps, calls)[MAIN]


def told_figures() -> Json:
    return {"flows": {"main": figures_body(figures())}}


def told_flow(flow: str) -> Json:
    return flow_body(FLOWS[FlowId(flow)])


def told_picture(flow: str, language: str) -> str:
    one = FLOWS[FlowId(flow)]
    return picture(one, language, marks=marks(one, figures() if flow == "main" else None, language))


def publication(number: int, at: str, **more: Any) -> Json:
    return {
        "number": number,
        "at": at,
        "author": "lina",
        "note": "主菜单增加宽带报修",
        "source": "published",
        "equals": None,
        "flows": {"main": "v"},
        **more,
    }


def in_force(publications: list[Json]) -> Json:
    newest = publications[0]
    rows = [
        {
            "flow": name,
            "title": {"zh-CN": "总机", "en": "Main number"} if name == "main" else {},
            "version": "v",
            "steps": len(FLOWS[FlowId(name)].steps),
            "brought_by": newest,
        }
        for name in ("main", "straight_to_support")
    ]
    number = newest["number"]
    return {
        "from": "folder",
        "publication": number,
        "newest": number,
        "refusal": None,
        "flows": rows,
    }


REFUSAL: Json = {
    "said": "flows or site file have mistakes",
    "problems": [
        {
            "file": "main.yaml",
            "line": 37,
            "column": 11,
            "message": "there is no step type 'menue'",
            "cure": "did you mean menu?",
        }
    ],
}

_DIFF_SAID = {
    "zh-CN": "按 3 改为通向 broadband_fault（原为 support）",
    "en": "key 3 now leads to broadband_fault (was support)",
}


def diff(language: str) -> Json:
    change = {"flow": "main", "step": "main_menu", "what": "way_changed"}
    return {
        "changes": [{**change, "said": _DIFF_SAID[language]}],
        "text": "--- before/main.yaml\n+++ after/main.yaml\n"
        '-      "3": support\n'
        '+      "3": broadband_fault\n',
    }


TEXTS = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yaml"))}


def told_days(flow: str, days: int) -> Json:
    """More calls on each day than on the one before; none on the first."""
    first = date.today() - timedelta(days=days - 1)
    sums = [{MAIN: _a_day(number)} if flow == "main" and number else {} for number in range(days)]
    return {
        "days": [
            day_body(first + timedelta(days=number), FlowId(flow), figures)
            for number, figures in enumerate(sums)
        ]
    }


def _a_day(number: int) -> FlowFigures:
    calls = 800 + 31 * number + 90 * (number % 5)
    return FlowFigures(
        flow=MAIN,
        version="",
        calls=calls,
        over=calls,
        human=calls - 3 * calls // 10,
        finished=calls // 10,
        hung_up=2 * calls // 10,
    )
