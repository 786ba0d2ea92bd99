"""An engine that only talks: docs/API.md spoken word for word, with calls that a test tells it.

It serves the built pages under a stricter policy than the real server's, so that whatever the
pages need beyond it is noticed. It rings no phone and keeps no rules.
"""

from __future__ import annotations

import asyncio
import math
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from tests.browser import floor_samples, flow_samples, samples

STATIC = Path(__file__).parents[2] / "ccengine" / "web" / "static"
HEARD_WITHIN_S = 5.0
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

Json = dict[str, Any]


def moment(ago_s: float = 0.0) -> str:
    at = datetime.now(UTC) - timedelta(seconds=ago_s)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class FakeEngine:
    """One agent (王芳, 1001), one supervisor (赵蕾); the password of both is ``right``."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: asyncio.Queue[Json] = asyncio.Queue()
        self.refuse_sockets = False
        self.report: Json = samples.report()
        self.surveys: Json = {}
        self.calls: list[Json] = samples.calls(moment)
        self.agent_now: Json = {}
        self.floor_now: Json = {}
        self.why: Json | str = {}
        """What is answered when somebody asks why; a word: the id of the error."""
        self.more_facts: list[Json] = []
        self.publications: list[Json] = []
        self.refusal: Json | None = None
        """Of the newest flows."""
        self._watchers: set[web.WebSocketResponse] = set()
        self._pages: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None
        self.reset()

    def reset(self) -> None:
        """As just started: nobody is signed in, nothing was heard."""
        self.refuse_sockets = False
        self.report = samples.report()
        self.surveys = {"rows": [], "totals": []}
        self.calls = samples.calls(moment)
        self.heard = asyncio.Queue()
        self.agent_now = self._state("not_ready", reason="break")
        self.floor_now = floor_samples.empty_floor(moment)
        self.why = floor_samples.why(moment)
        self.more_facts = []
        self.publications = [
            flow_samples.publication(2, moment(600)),
            flow_samples.publication(1, moment(90_000), author="folder", note="", source="folder"),
        ]
        self.refusal = None

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.on_response_prepare.append(self._add_policy)
        app.add_routes(
            [
                web.post("/api/login", self._login),
                web.post("/api/logout", self._logout),
                web.get("/api/me", self._me),
                web.get("/api/report/queues", self._report),
                web.get("/api/report/surveys", self._surveys),
                web.get("/api/calls", self._calls),
                web.get("/api/calls/{call_id}", self._call),
                web.get("/api/calls/{call_id}/why", self._why),
                web.get("/api/calls/{call_id}/recording", self._recording),
                web.get("/api/calls/{call_id}/messages/{number}", self._recording),
                web.get("/api/knowledge", self._knowledge),
                web.get("/api/knowledge/{id}", self._article),
                web.get("/api/flows", self._flows),
                web.get("/api/flows/versions", self._versions),
                web.get("/api/flows/versions/{number}", self._texts),
                web.get("/api/flows/figures", self._figures),
                web.post("/api/flows/check", self._check),
                web.post("/api/flows", self._publish),
                web.get("/api/flows/diff", self._diff),
                web.post("/api/flows/rollback", self._rollback),
                web.get("/api/flow/{flow}", self._flow),
                web.get("/api/flow/{flow}/picture", self._picture),
                web.get("/api/flow/{flow}/days", self._days),
                web.get("/ws/desk", self._desk),
                web.get("/ws/floor", self._floor),
                web.get("/", _page),
                web.static("/", STATIC),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        assert site._server is not None
        bound = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{bound}"

    async def stop(self) -> None:
        await self.drop_sockets()
        if self._runner is not None:
            await self._runner.cleanup()

    # What a test tells it to do.

    async def state(self, state: str, **fields: Any) -> None:
        """The agent is now in this state; its page is told."""
        self.agent_now = self._state(state, **fields)
        await self.say(self.agent_now)

    async def say(self, message: Json) -> None:
        for page in list(self._pages):
            await page.send_json(message)

    async def call_comes(self, pop: Json) -> None:
        """The pop, and the state that goes with it."""
        await self.say(pop)
        await self.state("offered", call_id=pop["call_id"], phone="ringing")

    async def agent_answers(self, pop: Json) -> None:
        said = {"type": "offer_ended", "result": "answered"}
        await self.say({**said, "offer_id": pop["offer_id"], "call_id": pop["call_id"]})
        await self.state("talking", call_id=pop["call_id"], phone="busy")

    async def caller_hangs_up(self, pop: Json, wrap_up_s: float = 20.0) -> None:
        await self.say({"type": "call_ended", "call_id": pop["call_id"], "talk_s": 83.4})
        await self.state("wrap_up", call_id=pop["call_id"], wrap_up_until=moment(-wrap_up_s))

    async def hear(self, kind: str) -> Json:
        """The next message of this type from the page; others before it are passed over."""
        async with asyncio.timeout(HEARD_WITHIN_S):
            while True:
                message = await self.heard.get()
                if message["type"] == kind:
                    return message

    async def floor_is(self, floor: Json) -> None:
        """Whoever watches sees this from now on."""
        self.floor_now = floor
        for page in list(self._watchers):
            await page.send_json(floor)

    async def drop_sockets(self) -> None:
        for page in [*self._pages, *self._watchers]:
            await page.close(code=1001)

    # The API.

    def _state(self, state: str, **fields: Any) -> Json:
        calm = {"reason": "", "phone": "idle", "call_id": None, "wrap_up_until": None}
        more = {"extensions_left": 0, **fields}
        return {"type": "state", "state": state, "since": moment(), **calm, **more}

    async def _add_policy(self, request: web.Request, response: web.StreamResponse) -> None:
        if request.path.startswith("/assets/"):
            response.headers["Cache-Control"] = "max-age=31536000, immutable"
        response.headers["Content-Security-Policy"] = POLICY

    async def _login(self, request: web.Request) -> web.Response:
        said = await request.json()
        username = said["username"]
        if username not in samples.PEOPLE or said["password"] != "right":
            return _error(401, "login.refused", "User name or password is wrong.")
        response = web.json_response(samples.me(username))
        response.set_cookie("cc_session", username, httponly=True, samesite="Strict")
        return response

    async def _logout(self, request: web.Request) -> web.Response:
        if request.headers.get("X-CSRF-Token") != samples.CSRF:
            return _error(403, "csrf.wrong", "The token is missing or wrong.")
        response = web.Response(status=204)
        response.del_cookie("cc_session")
        return response

    async def _me(self, request: web.Request) -> web.Response:
        username = request.cookies.get("cc_session", "")
        if username not in samples.PEOPLE:
            return _error(401, "login.required", "Please log in.")
        return web.json_response(samples.me(username))

    async def _report(self, request: web.Request) -> web.Response:
        span = {"from": request.query["from"], "to": request.query["to"]}
        return web.json_response({**span, **self.report})

    async def _surveys(self, _: web.Request) -> web.Response:
        return web.json_response(self.surveys)

    async def _calls(self, request: web.Request) -> web.Response:
        return web.json_response({"calls": self.calls[: int(request.query.get("limit", "50"))]})

    async def _call(self, request: web.Request) -> web.Response:
        for call in self.calls:
            if call["call_id"] == request.match_info["call_id"]:
                facts = samples.facts(call, moment) + self.more_facts
                told = {"call": call, "facts": facts, "flows": samples.STORY_FLOWS}
                return web.json_response(told)
        return _error(404, "call.unknown", "There is no such call.")

    async def _recording(self, _: web.Request) -> web.Response:
        return web.Response(body=_tone(), content_type="audio/wav")

    async def _knowledge(self, request: web.Request) -> web.Response:
        return web.json_response({"articles": samples.find(request.query["q"])})

    async def _article(self, request: web.Request) -> web.Response:
        article = samples.ARTICLES.get(request.match_info["id"])
        if article is None:
            return _error(404, "article.unknown", "There is no such article.")
        return web.json_response(article)

    async def _why(self, request: web.Request) -> web.Response:
        if isinstance(self.why, str):
            status = 404 if self.why == "why.unknown" else 503
            return _error(status, self.why, "Not now.")
        return web.json_response(self.why)

    async def _flows(self, _: web.Request) -> web.Response:
        return web.json_response(
            {**flow_samples.in_force(self.publications), "refusal": self.refusal}
        )

    async def _versions(self, _: web.Request) -> web.Response:
        return web.json_response({"publications": self.publications})

    async def _figures(self, _: web.Request) -> web.Response:
        return web.json_response(flow_samples.told_figures())

    async def _diff(self, request: web.Request) -> web.Response:
        return web.json_response(flow_samples.diff(request.query["language"]))

    async def _days(self, request: web.Request) -> web.Response:
        days = int(request.query["days"])
        return web.json_response(flow_samples.told_days(request.match_info["flow"], days))

    async def _texts(self, _: web.Request) -> web.Response:
        return web.json_response({"publication": self.publications[0], "texts": flow_samples.TEXTS})

    async def _check(self, request: web.Request) -> web.Response:
        flows = (await request.json())["flows"]
        self.heard.put_nowait({"type": "check", "flows": flows})
        problems = [
            {**flow_samples.REFUSAL["problems"][0], "line": number, "column": 11}
            for number, line in enumerate(flows["main"].splitlines(), 1)
            if "menue" in line
        ]
        return web.json_response({"problems": problems})

    async def _publish(self, request: web.Request) -> web.Response:
        said = await request.json()
        self.heard.put_nowait({"type": "publish", **said})
        number = self.publications[0]["number"] + 1
        made = flow_samples.publication(number, moment(), note=said["note"])
        self.publications.insert(0, made)
        told = {"publication": made, "in_force": number, "refusal": None}
        return web.json_response(told, status=201)

    async def _flow(self, request: web.Request) -> web.Response:
        return web.json_response(flow_samples.told_flow(request.match_info["flow"]))

    async def _picture(self, request: web.Request) -> web.Response:
        svg = flow_samples.told_picture(request.match_info["flow"], request.query["language"])
        return web.Response(text=svg, content_type="image/svg+xml")

    async def _rollback(self, request: web.Request) -> web.Response:
        said = await request.json()
        self.heard.put_nowait({"type": "rollback", **said})
        number = self.publications[0]["number"] + 1
        made = flow_samples.publication(
            number, moment(), note=said["note"], source="rollback", equals=said["number"]
        )
        self.publications.insert(0, made)
        told = {"publication": made, "in_force": number, "refusal": None}
        return web.json_response(told, status=201)

    async def _floor(self, request: web.Request) -> web.StreamResponse:
        if self.refuse_sockets:
            return _error(503, "floor.closed", "Not now.")
        page = web.WebSocketResponse()
        await page.prepare(request)
        self._watchers.add(page)
        try:
            await page.send_json(self.floor_now)
            async for frame in page:
                if frame.type is WSMsgType.TEXT and frame.json()["type"] == "ping":
                    await page.send_json({"type": "pong"})
        finally:
            self._watchers.discard(page)
        return page

    async def _desk(self, request: web.Request) -> web.StreamResponse:
        if self.refuse_sockets:
            return _error(503, "desk.closed", "Not now.")
        page = web.WebSocketResponse()
        await page.prepare(request)
        for other in list(self._pages):
            await other.send_json({"type": "taken_over"})
            await other.close(code=4001)
        self._pages.add(page)
        try:
            await page.send_json(self.agent_now)
            async for frame in page:
                if frame.type is not WSMsgType.TEXT:
                    continue
                message = frame.json()
                if message["type"] == "ping":
                    await page.send_json({"type": "pong"})
                self.heard.put_nowait(message)
        finally:
            self._pages.discard(page)
        return page


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


def _error(status: int, error_id: str, message: str) -> web.Response:
    return web.json_response({"error": {"id": error_id, "message": message}}, status=status)


def _tone(seconds: float = 2.0, rate: int = 8000) -> bytes:
    """A soft tone as WAV, so that a recording can be played."""
    count = int(seconds * rate)
    samples_ = (int(6000 * math.sin(2 * math.pi * 440 * n / rate)) for n in range(count))
    body = struct.pack(f"<{count}h", *samples_)
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16),
        *(b"data", len(body)),
    )
    return head + body
