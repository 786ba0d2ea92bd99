"""Calls as dialogues with the pure engine: what the caller hears, presses and waits for."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from ccengine.ids import ArticleId, CallId, FlowId
from ccengine.ivr.answers import Answer, HungUp, KnowledgeFound, Played, QueueLeft, QueueResult
from ccengine.ivr.engine import MAX_PATH, FlowRun, Turn
from ccengine.ivr.load import check_flows
from ccengine.ivr.model import Flow, FlowContext
from ccengine.ivr.waits import EndWait, KnowledgeWait, PlayWait, QueueWait, Wait
from ccengine.journal.facts import CallFact, FlowEnded, FlowStepped
from ccengine.site.load import site_of
from ccengine.site.model import Site
from ccengine.yamlsource.read import load

ROOT = Path(__file__).parents[3]


class Dialogue:
    """One call; each line of a test is one thing that happens in it."""

    def __init__(self, flow: Flow, *, language: str = "zh-CN", is_open: bool = True) -> None:
        self.now = 1_000.0
        self.asked_hours: list[tuple[str, float]] = []

        def hours(name: str, now: float) -> bool:
            self.asked_hours.append((name, now))
            return is_open

        self.is_open = hours
        self.context = FlowContext(
            call_id=CallId("c-1"),
            ani="13900000000",
            dnis="4001",
            vip_level="",
            language=language,
            is_open=hours,
        )
        self.run = FlowRun(flow, self.context)
        self.facts: list[CallFact] = []
        self.errors: list[Exception] = []
        self._take(self.run.start(self.now))

    def _take(self, turn: Turn) -> None:
        self.wait: Wait = turn.wait
        self.facts += turn.facts
        if turn.error is not None:
            self.errors.append(turn.error)

    def answers(self, answer: Answer) -> None:
        self.now += 1.0
        self._take(self.run.resume(answer, self.now))

    def hears(self, *parts: str) -> PlayWait:
        """The caller hears exactly so many prompts, each with this part in its text."""
        assert isinstance(self.wait, PlayWait), self.wait
        texts = [prompt.text for prompt in self.wait.prompts]
        assert len(texts) == len(parts), texts
        for text, part in zip(texts, parts, strict=True):
            assert part in text, texts
        return self.wait

    def presses(self, key: str) -> None:
        assert isinstance(self.wait, PlayWait), self.wait
        assert key in self.wait.keys, f"{key} would not be heard"
        self.answers(Played(key=key))

    def listens(self) -> None:
        """To the end, without a key."""
        assert isinstance(self.wait, PlayWait), self.wait
        self.answers(Played())

    def waits_in(self, queue: str, language: str = "zh-CN") -> None:
        assert self.wait == QueueWait(queue=queue, language=language)  # type: ignore[arg-type]

    def leaves_queue(self, result: QueueResult) -> None:
        assert isinstance(self.wait, QueueWait), self.wait
        self.answers(QueueLeft(result=result))

    def asks(self, question: str) -> None:
        assert isinstance(self.wait, KnowledgeWait), self.wait
        assert question in self.wait.question

    def is_told(self, spoken: str) -> None:
        self.answers(KnowledgeFound(article_id=ArticleId("a-1"), spoken=spoken))

    def finds_nothing(self) -> None:
        self.answers(KnowledgeFound(article_id=None))

    def hangs_up(self) -> None:
        self.answers(HungUp())

    def ends(self, result: str, *, step: str) -> None:
        """The flow is over, and the journal says so once."""
        assert self.wait == EndWait(result=result)
        ended = [fact for fact in self.facts if isinstance(fact, FlowEnded)]
        assert [(fact.result, fact.step) for fact in ended] == [(result, step)]

    @property
    def way(self) -> list[tuple[str, str]]:
        """The steps in the journal; the latest of them are the path of the pop."""
        steps = [(f.step, f.result) for f in self.facts if isinstance(f, FlowStepped)]
        assert steps[-MAX_PATH:] == list(self.run.path)
        return steps


@pytest.fixture
def dial() -> type[Dialogue]:
    """``dial(flow)`` begins a call."""
    return Dialogue


@pytest.fixture(scope="session")
def site() -> Site:
    """The demo's site file."""
    document = load(ROOT / "site.example.yaml")
    return site_of(document, [file.stem for file in (ROOT / "ivr_flows").glob("*.yaml")])


@pytest.fixture(scope="session")
def flows(site: Site) -> dict[FlowId, Flow]:
    """The demo's flows, checked against the demo's site."""
    found, problems = check_flows(ROOT / "ivr_flows", site)
    assert problems == []
    return found


@pytest.fixture
def main(flows: dict[FlowId, Flow]) -> Flow:
    return flows[FlowId("main")]


@pytest.fixture
def write_flow(tmp_path: Path) -> Callable[..., Flow]:
    """A flow from its YAML; it must be without fault."""

    def write(text: str) -> Flow:
        top = "schema: 1\n" + ("" if "no_human:" in text else "no_human: a test\n")
        (tmp_path / "written.yaml").write_text(top + textwrap.dedent(text), "utf-8")
        found, problems = check_flows(tmp_path, None)
        assert problems == []
        return found[FlowId("written")]

    return write
