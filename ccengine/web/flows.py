"""The flows in force, their versions, picture and figures; publishing and rolling back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from aiohttp import web
from pydantic import AwareDatetime, Field, StringConstraints, TypeAdapter

from ccengine.accounts.model import Role
from ccengine.clock import moment
from ccengine.flows.days import MOST_DAYS, day_bounds
from ccengine.flows.marks import marks
from ccengine.flows.model import MOST_NOTE, NoSuchPublicationError, TooLargeError
from ccengine.flows.picture import picture
from ccengine.ids import FlowId
from ccengine.ivr.model import Flow
from ccengine.site.model import Language
from ccengine.web.access import OVERSEERS, Answer, Route, signed_in
from ccengine.web.answers import Refused, body, json_answer, query
from ccengine.web.flow_bodies import (
    day_body,
    figures_body,
    flow_body,
    flow_rows,
    problem_bodies,
    publication_body,
    refusal_body,
)
from ccengine.web.parts import WebParts
from ccengine.web.ports import Flows
from ccengine.web.reports import LONGEST, midnight
from ccengine.wire import PlainText, Said
from ccengine.yamlsource.model import BadFileError

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
LARGEST_FLOWS = 4 * 1024 * 1024
"""Bytes of a request that brings flows."""
SLOW_S = 60.0
"""Flows are spoken before they are in force."""

Note = Annotated[PlainText, StringConstraints(max_length=MOST_NOTE)]


class FlowsGiven(Said):
    flows: dict[str, str] = Field(min_length=1)
    """Each flow's file, by the flow's name."""
    note: Note = ""


class RollbackAsked(Said):
    number: int | None = Field(default=None, ge=1)
    note: Note = ""


class PeriodAsked(Said):
    since: AwareDatetime | None = Field(default=None, alias="from")
    until: AwareDatetime | None = Field(default=None, alias="to")
    version: str | None = None


class PictureAsked(PeriodAsked):
    language: Language | None = None
    figures: bool = False


class DifferenceAsked(Said):
    before: int = Field(alias="from")
    after: int | None = Field(default=None, alias="to")
    language: Language = "en"
    """Of the sentences."""


class DaysAsked(Said):
    days: int = Field(default=14, ge=1, le=MOST_DAYS)


class VersionsAsked(Said):
    flow: str | None = None


_GIVEN = TypeAdapter(FlowsGiven)
_ROLLBACK = TypeAdapter(RollbackAsked)
_PERIOD = TypeAdapter(PeriodAsked)
_PICTURE = TypeAdapter(PictureAsked)
_DIFFERENCE = TypeAdapter(DifferenceAsked)
_DAYS = TypeAdapter(DaysAsked)
_VERSIONS = TypeAdapter(VersionsAsked)


def flow_routes(parts: WebParts) -> list[Route]:
    """None without flows: a server that only shows the rest."""
    return [] if parts.flows is None else _FlowRoutes(parts, parts.flows).routes()


class _FlowRoutes:
    def __init__(self, parts: WebParts, flows: Flows) -> None:
        self._parts = parts
        self._flows = flows

    def routes(self) -> list[Route]:
        def see(path: str, answer: Answer) -> Route:
            return Route(method="GET", path=path, who=OVERSEERS, answer=answer, deadline_s=30)

        def act(path: str, answer: Answer) -> Route:
            return Route(
                method="POST",
                path=path,
                who=ADMINISTRATORS,
                answer=answer,
                deadline_s=SLOW_S,
            )

        return [
            see("/api/flows", self.in_force),
            see("/api/flows/versions", self.versions),
            see("/api/flows/versions/{number}", self.one_version),
            see("/api/flows/diff", self.difference),
            see("/api/flows/figures", self.figures),
            see("/api/flow/{flow}", self.one_flow),
            see("/api/flow/{flow}/picture", self.picture),
            see("/api/flow/{flow}/days", self.days),
            act("/api/flows", self.publish),
            act("/api/flows/check", self.check),
            act("/api/flows/rollback", self.rollback),
            act("/api/flows/reload", self.reload),
        ]

    async def in_force(self, _: web.Request) -> web.StreamResponse:
        flows = self._flows
        listed = await flows.publications.listed()
        return json_answer(
            {
                "from": "folder" if flows.from_folder else "published",
                "publication": flows.publication or None,
                "newest": listed[0].number if listed else None,
                "refusal": refusal_body(flows.refusal),
                "flows": flow_rows(flows.flows, listed),
            }
        )

    async def versions(self, request: web.Request) -> web.StreamResponse:
        asked = query(request, _VERSIONS)
        listed = await self._flows.publications.listed(FlowId(asked.flow) if asked.flow else None)
        return json_answer({"publications": [publication_body(one) for one in listed]})

    async def one_version(self, request: web.Request) -> web.StreamResponse:
        text = request.match_info["number"]
        try:
            # Ten digits are past what the database counts to.
            number = int(text) if text.isdecimal() and len(text) < 10 else 0
            publication = await self._flows.publications.get(number)
            texts = await self._flows.publications.texts(number)
        except NoSuchPublicationError as error:
            raise _unknown(error) from None
        return json_answer({"publication": publication_body(publication), "texts": texts})

    async def difference(self, request: web.Request) -> web.StreamResponse:
        asked = query(request, _DIFFERENCE)
        try:
            found, text = await self._flows.difference(asked.before, asked.after)
        except NoSuchPublicationError as error:
            raise _unknown(error) from None
        told = [
            {"flow": one.flow, "step": one.step, "what": one.what, "said": one.said(asked.language)}
            for one in found
        ]
        return json_answer({"changes": told, "text": text})

    async def figures(self, request: web.Request) -> web.StreamResponse:
        asked = query(request, _PERIOD)
        since = self._since(asked)
        found = await self._flows.figures(since, asked.until, asked.version)
        return json_answer(
            {
                "from": since.isoformat(),
                "flows": {flow: figures_body(figures) for flow, figures in found.items()},
            }
        )

    async def days(self, request: web.Request) -> web.StreamResponse:
        asked = query(request, _DAYS)
        flow = self._flow(request).id
        now = moment(self._parts.clock.now())
        bounds = day_bounds(now, self._parts.site().time_zone, asked.days)
        found = await self._flows.days(bounds)
        told = [
            day_body(midnight.date(), flow, figures)
            for midnight, figures in zip(bounds, found, strict=False)
        ]
        return json_answer({"days": told})

    async def one_flow(self, request: web.Request) -> web.StreamResponse:
        return json_answer(flow_body(self._flow(request)))

    async def picture(self, request: web.Request) -> web.StreamResponse:
        asked = query(request, _PICTURE)
        flow = self._flow(request)
        language = asked.language or self._parts.site().languages[0]
        on_it = None
        if asked.figures:
            found = await self._flows.figures(self._since(asked), asked.until, asked.version)
            on_it = marks(flow, found.get(flow.id), language)
        titles = {str(spoken): text for spoken, text in flow.title.items()}
        title = titles.get(language, "")
        named = f"{title} · {flow.id}" if title else flow.id
        svg = picture(flow, language, title=named, marks=on_it)
        return web.Response(text=svg, content_type="image/svg+xml")

    async def publish(self, request: web.Request) -> web.StreamResponse:
        given = await self._given(request)
        author = signed_in(request).username
        texts = {FlowId(flow): text for flow, text in given.flows.items()}
        try:
            made = await self._flows.publish(texts, author=author, note=given.note)
        except (BadFileError, TooLargeError) as error:
            return _refused(error)
        return self._taken_up(publication_body(made), status=201)

    async def check(self, request: web.Request) -> web.StreamResponse:
        given = await self._given(request)
        texts = {FlowId(flow): text for flow, text in given.flows.items()}
        try:
            problems = await self._flows.check(texts)
        except TooLargeError as error:
            return _refused(error)
        return json_answer({"problems": problem_bodies(problems)})

    async def rollback(self, request: web.Request) -> web.StreamResponse:
        asked = await body(request, _ROLLBACK)
        author = signed_in(request).username
        try:
            made = await self._flows.rollback(asked.number, author=author, note=asked.note)
        except NoSuchPublicationError as error:
            raise _unknown(error) from None
        except BadFileError as error:
            return _refused(error)
        return self._taken_up(publication_body(made), status=201)

    async def reload(self, _: web.Request) -> web.StreamResponse:
        await self._flows.reload()
        return self._taken_up(None, status=200)

    def _taken_up(self, made: dict[str, object] | None, status: int) -> web.Response:
        """What was made, what is in force now, and why that may be something else."""
        return json_answer(
            {
                "publication": made,
                "in_force": self._flows.publication or None,
                "refusal": refusal_body(self._flows.refusal),
            },
            status=status,
        )

    async def _given(self, request: web.Request) -> FlowsGiven:
        return await body(request.clone(client_max_size=LARGEST_FLOWS), _GIVEN)

    def _flow(self, request: web.Request) -> Flow:
        flow = self._flows.flows.get(FlowId(request.match_info["flow"]))
        if flow is None:
            raise Refused(404, "flow.unknown", "There is no such flow in force.")
        return flow

    def _since(self, asked: PeriodAsked) -> datetime:
        now = moment(self._parts.clock.now())
        since = asked.since or midnight(asked.until or now, self._parts.site().time_zone)
        if not timedelta() < (asked.until or now + timedelta(seconds=1)) - since <= LONGEST:
            raise Refused(400, "request.invalid", "from: before to, by at most 400 days")
        return since


def _unknown(error: NoSuchPublicationError) -> Refused:
    return Refused(404, "publication.unknown", str(error))


def _refused(error: BadFileError | TooLargeError) -> web.Response:
    problems = problem_bodies(error.problems) if isinstance(error, BadFileError) else []
    message = "The flows have mistakes; nothing was changed." if problems else str(error)
    told = {"error": {"id": "flows.refused", "message": message}, "problems": problems}
    return json_answer(told, status=422)
