"""Why a call was offered to whom it was: told from the journal, and true to what was decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccengine.acd.explanation import Why
from ccengine.acd.inputs import Join, Leave, NotReady, Ready
from ccengine.cli.main import main
from ccengine.cli.why_table import why_table
from ccengine.ids import AgentId, CallId
from ccengine.journal.facts import AbandonReason, CallQueued, OfferMade
from ccengine.replay.body import why_body
from ccengine.replay.file import JournalFileError
from ccengine.replay.find import files_of_call, find_in
from ccengine.replay.run import Ending, Replay, replay
from ccengine.replay.why import When, WhyCall, only_offer, why
from ccengine.replay.words import LANGUAGES
from tests.rules.acd.floor_driver import Centre, queue
from tests.rules.replay.kept import listen, opened, walk, write

WALKS = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def told_of(path: Path, call: str) -> WhyCall:
    return why(CallId(call), find_in([path], CallId(call)))


def made_in(path: Path) -> dict[CallId, list[OfferMade]]:
    made: dict[CallId, list[OfferMade]] = {}
    with opened(path) as file:
        for step in Replay(file).steps():
            assert not isinstance(step.answer, Exception)
            for word in step.answer:
                if isinstance(word, CallQueued):
                    made.setdefault(word.call_id, [])
                if isinstance(word, OfferMade):
                    made.setdefault(word.call_id, []).append(word)
    return made


@WALKS
@given(seed=st.integers(0, 2**32))
def test_each_offer_of_a_walk_is_explained_as_it_was_made(tmp_path: Path, seed: int) -> None:
    """One reason for each agent of the queue, and those chosen are those who were rung."""
    rules, said = walk(seed, steps=80)
    path = tmp_path / "a.jsonl"
    for head in (None, len(said) // 3):
        write(path, rules, said, save_after=head)
        for call_id, offers in made_in(path).items():
            told = told_of(path, call_id)
            assert told.differs_at == ""
            explained = [one.explanation for one in told.offers]
            assert [(e.offer_id, e.chosen, e.queue, e.strategy, e.at) for e in explained] == [
                (made.offer_id, made.agents, made.queue, made.strategy, made.at) for made in offers
            ]
            for one in explained:
                agents = [terms.agent_id for terms in one.agents]
                assert len(set(agents)) == len(agents)
                chosen = {terms.agent_id for terms in one.agents if terms.why is Why.CHOSEN}
                assert chosen == set(one.chosen)
                assert all(terms.because for terms in one.agents)
            for wait in told.waits:
                assert wait.explanation.chosen == ()
                assert all(terms.why is not Why.CHOSEN for terms in wait.explanation.agents)
            for language in LANGUAGES:
                assert str(call_id) in why_table(told, language)
            json.dumps(why_body(told), allow_nan=False)


@pytest.fixture
def evening(tmp_path: Path) -> Path:
    """Ann lets it ring out, Bob takes it; later nobody is there, and a caller gives up."""
    centre = Centre(queue("sales", "ann bob cid"), boot="b")
    rules, said = centre.acd._floor.rules, listen(centre)
    centre.at_work("ann", "bob")
    centre.pass_time(5)
    centre.call("first")
    centre.pass_time(12)
    centre.misses("ann")
    centre.answers("bob")
    centre.pass_time(60)
    centre.talk_ends("first")
    centre.say(NotReady(agent_id=AgentId("bob"), reason="meal"))
    centre.say(NotReady(agent_id=AgentId("ann"), reason="meal"))
    centre.pass_time(5)
    centre.call("second")
    centre.pass_time(33)
    centre.leaves("second")
    centre.say(Ready(agent_id=AgentId("ann")))
    path = tmp_path / "acd-20260101T000000Z-b-0001.jsonl"
    write(path, rules, said)
    return path


def test_an_offer_is_told_with_what_became_of_it(evening: Path) -> None:
    told = told_of(evening, "first")
    first, second = told.offers
    assert first.explanation.chosen == ("ann",)
    assert [(fact.kind, fact.agent_id) for fact in first.ended] == [("offer.ended", "ann")]
    assert [(fact.kind, fact.agent_id) for fact in second.ended] == [("call.answered", "bob")]
    reasons = {terms.agent_id: terms.why for terms in second.explanation.agents}
    assert reasons == {"bob": Why.CHOSEN, "ann": Why.TRIED, "cid": Why.LOGGED_OUT}
    assert [fact.kind for fact in told.facts][:2] == ["call.queued", "offer.made"]
    assert told.ending is Ending.CLOSED


def test_a_call_that_was_never_offered_is_told_why(evening: Path) -> None:
    told = told_of(evening, "second")
    assert told.offers == []
    assert [wait.when for wait in told.waits] == [When.ENTERED, When.LEFT]
    at_the_end = told.waits[-1].explanation
    assert at_the_end.call.waited_s == pytest.approx(33.0)
    assert {terms.agent_id: terms.why for terms in at_the_end.agents} == {
        "ann": Why.NOT_READY,
        "bob": Why.NOT_READY,
        "cid": Why.LOGGED_OUT,
    }


def test_a_call_that_still_waits_where_the_file_was_cut(evening: Path) -> None:
    lines = evening.read_bytes().splitlines(keepends=True)
    left = next(n for n, line in enumerate(lines) if b'"Leave"' in line)
    evening.write_bytes(b"".join(lines[:left]))
    told = told_of(evening, "second")
    assert (told.ending, told.waits[-1].when) == (Ending.CUT, When.LAST_SEEN)


def test_one_offer_alone(evening: Path) -> None:
    told = only_offer(told_of(evening, "first"), 2)
    assert [(one.number, one.explanation.chosen) for one in told.offers] == [(2, ("bob",))]
    for number in (0, 3):
        with pytest.raises(IndexError):
            only_offer(told, number)


def test_a_replay_that_says_something_else_is_told(evening: Path) -> None:
    evening.write_bytes(evening.read_bytes().replace(b'"reason":"meal"', b'"reason":"lunch"'))
    lines = evening.read_bytes().splitlines(keepends=True)
    said = next(n for n, line in enumerate(lines) if b'"NotReady"' in line)
    lines[said] = lines[said].replace(b'"reason":"lunch"', b'"reason":"meal"', 1)
    evening.write_bytes(b"".join(lines))
    told = told_of(evening, "second")
    assert told.differs_at == f"{evening.name}:{said + 1}"
    assert told.differs_at in why_table(told, "en")


def test_a_call_in_two_files_is_told_as_one(tmp_path: Path) -> None:
    centre = Centre(queue("sales", "ann bob"), boot="b")
    rules, said = centre.acd._floor.rules, listen(centre)
    centre.call("c1")
    centre.pass_time(40)
    centre.at_work("ann")
    centre.answers("ann")
    first, second = (tmp_path / f"acd-20260101T00000{n}Z-b-000{n}.jsonl" for n in (1, 2))
    write(first, rules, said[:1])
    write(second, rules, said, save_after=1)
    told = why(CallId("c1"), files_of_call(tmp_path, CallId("c1")))
    assert told.files == [first.name, second.name]
    assert [one.explanation.chosen for one in told.offers] == [("ann",)]
    assert [fact.kind for fact in told.facts] == ["call.queued", "offer.made", "call.answered"]
    assert files_of_call(tmp_path, CallId("c1"), until=10.0) == []
    assert files_of_call(tmp_path, CallId("c1"), since=2e12) == []
    assert files_of_call(tmp_path, CallId("c")) == []


# -- the commands


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["is not ready: meal", "entered, nobody could be rung"]), ("zh-CN", ["示忙：meal"])],
)
def test_the_command_says_it(
    evening: Path, capsys: pytest.CaptureFixture[str], language: str, words: list[str]
) -> None:
    assert main(["why", "second", "--folder", str(evening.parent), "--lang", language]) == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in words)


def test_the_command_says_it_as_json(evening: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "first", str(evening), "--json", "--offer", "1"]) == 0
    body = json.loads(capsys.readouterr().out)
    (offer,) = body["offers"]
    assert offer["chosen"] == ["ann"]
    assert offer["at"].endswith("Z")
    assert set(offer["agents"][0]["because"]) == set(LANGUAGES)
    assert offer["ended"][0]["kind"] == "offer.ended"


def test_the_command_says_what_it_does_not_know(
    evening: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--folder", str(evening.parent)]
    assert main(["why", "nobody", *folder]) == 1
    assert "stands in no queue" in capsys.readouterr().err
    assert main(["why", "first", *folder, "--offer", "7"]) == 1
    assert "had 2 offers" in capsys.readouterr().err
    evening.write_bytes(evening.read_bytes().replace(b'"Leave",{', b'"Leave",['))
    assert main(["why", "second", *folder]) == 2
    assert f"{evening}:" in capsys.readouterr().err


def test_the_replay_command(
    evening: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["replay", str(evening), "--out", str(out)]) == 0
    assert "every answer is the same" in capsys.readouterr().out
    assert out.read_bytes().splitlines() == evening.read_bytes().splitlines()[:-1]
    out.write_bytes(out.read_bytes().replace(b'"agents":["ann"]', b'"agents":["bob"]', 1))
    assert main(["replay", str(out)]) == 1
    printed = capsys.readouterr().out
    assert "the answer differs" in printed
    assert '"agents":["bob"]' in printed
    assert main(["replay", str(tmp_path / "none")]) == 2
    assert main(["replay", str(evening), "--out", str(out)]) == 2  # never over another file


@pytest.mark.parametrize("seed", range(3))
def test_a_file_for_a_bug_report_holds_no_name_and_runs_again(tmp_path: Path, seed: int) -> None:
    rules, said = walk(seed, steps=80)
    path, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    for head in (None, len(said) // 2):
        write(path, rules, said, save_after=head)
        out.unlink(missing_ok=True)
        assert main(["replay", str(path), "--anonymise", str(out)]) == 0
        text = out.read_text("utf-8")
        for name in ("ann", "bob", "cid", "sales", "support", "meal"):
            assert f'"{name}"' not in text
            assert f" {name} " not in text
        with opened(out) as file:
            done = replay(file)
        assert done.difference is None
        assert done.inputs == len(said) - (head or 0)


def test_a_reason_to_leave_keeps_its_word(tmp_path: Path) -> None:
    """Given an agent whose id is one of the ACD's own words, the file still runs again."""
    centre = Centre(queue("missed", "hung_up ready"), boot="b")
    rules, said = centre.acd._floor.rules, listen(centre)
    centre.at_work("ready")
    centre.call("c1", "missed")
    centre.say(Leave(call_id=CallId("c1"), reason=AbandonReason.HUNG_UP))
    path, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    write(path, rules, said)
    assert main(["replay", str(path), "--anonymise", str(out)]) == 0
    assert main(["replay", str(out)]) == 0


def test_a_state_that_makes_no_sense_is_an_error_with_its_line(tmp_path: Path) -> None:
    rules, said = walk(3)
    path = tmp_path / "strange.jsonl"
    write(path, rules, said, save_after=60)
    head, rules_line, state, *rest = path.read_bytes().splitlines(keepends=True)
    strange = json.loads(state)
    floor = next(one for one in strange["objects"] if one.get("o", "").endswith(":Floor"))
    floor["a"]["calls"] = 3
    path.write_bytes(b"".join((head, rules_line, json.dumps(strange).encode() + b"\n", *rest)))
    call = next(one.call_id for _, one in said[60:] if isinstance(one, Join))
    with pytest.raises(JournalFileError, match=r"strange\.jsonl:\d+: the ACD of this file"):
        why(call, find_in([path], call))
