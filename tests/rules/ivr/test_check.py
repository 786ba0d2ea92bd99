"""What an author is told: every mistake at once, each with file, line, column and cure."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
import yaml

from ccengine.ids import FlowId
from ccengine.ivr.load import check_flows
from ccengine.ivr.model import Flow
from ccengine.ivr.steps.table import STEP_TYPES
from ccengine.site.model import Site

EXAMPLE = Path(__file__).parents[3] / "site.example.yaml"


def told(folder: Path, text: str, site: Site | None = None, name: str = "bad.yaml") -> list[str]:
    """The problems of one file, as the author reads them, without the folder."""
    (folder / name).write_text(textwrap.dedent(text), "utf-8")
    flows, problems = check_flows(folder, site)
    assert flows == {}, "a faulty flow must not go live"
    return [str(problem).replace(f"{folder}/", "") for problem in problems]


def golden(expected: str) -> list[str]:
    """Problems as they are printed: each with its cure in a second, indented line."""
    lines = textwrap.dedent(expected).strip("\n").split("\n")
    return ["\n".join(lines[at : at + 2]) for at in range(0, len(lines), 2)]


def test_an_unknown_step_type_and_an_unknown_key_are_told_what_was_meant(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """\
        schema: 1
        start: hello
        steps:
          hello:
            type: plays
            next: end
          end:
            type: hangup
            sayy: {zh-CN: 再见, en: Goodbye}
        """,
    ) == golden(
        """
        bad.yaml:5:11: there is no step type 'plays'
            cure: did you mean 'play'?
        bad.yaml:9:5: unknown key 'sayy'
            cure: did you mean 'say'?
        """
    )


def test_steps_without_a_type_or_a_form_are_named(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """\
        schema: 1
        start: hello
        steps:
          hello: {next: end}
          end: hangup
        """,
    ) == golden(
        f"""
        bad.yaml:4:3: the step 'hello' has no type
            cure: add `type:` with one of {", ".join(STEP_TYPES)}
        bad.yaml:5:3: the step 'end' is not a mapping
            cure: give it a `type:` and its keys
        """
    )


def test_targets_that_are_not_there_and_steps_nobody_reaches(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """\
        schema: 1
        start: helo
        steps:
          hello:
            type: play
            say: {zh-CN: 您好, en: Hello}
            next: ends
          end: {type: hangup}
        """,
    ) == golden(
        """
        bad.yaml:2:8: the flow starts at 'helo', and there is no such step
            cure: did you mean 'hello'?
        bad.yaml:7:11: there is no step 'ends'
            cure: did you mean 'end'?
        """
    )
    assert told(
        tmp_path,
        """\
        schema: 1
        start: hello
        steps:
          hello: {type: hangup}
          lost: {type: goto, step: island}
          island: {type: hangup}
        """,
    ) == golden(
        """
        bad.yaml:5:3: no call can reach the step 'lost'
            cure: lead a branch to it, or remove it
        bad.yaml:6:3: no call can reach the step 'island'
            cure: lead a branch to it, or remove it
        """
    )


def test_a_menu_must_say_what_silence_and_wrong_keys_do(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """\
        schema: 1
        start: ask
        steps:
          ask:
            type: menu
            say: {zh-CN: 请按1, en: Press 1}
            keys: {"1": end, "12": end, A: end}
            retries: 9
          end: {type: hangup}
        """,
    ) == golden(
        """
        bad.yaml:4:3: the key 'no_input' is missing in 'ask'
            cure: add `no_input: …`
        bad.yaml:4:3: the key 'invalid' is missing in 'ask'
            cure: add `invalid: …`
        bad.yaml:7:22: '12' cannot stand here
            cure: write one key of a telephone: 0 to 9, * or #
        bad.yaml:7:33: 'A' cannot stand here
            cure: write one key of a telephone: 0 to 9, * or #
        bad.yaml:8:14: 9 is out of range
            cure: write 5 or less
        """
    )


def test_the_steps_behind_a_broken_step_are_not_blamed(tmp_path: Path) -> None:
    problems = told(
        tmp_path,
        """\
        schema: 1
        start: ask
        steps:
          ask:
            type: menu
            say: {zh-CN: 请按1, en: Press 1}
            keys: {"1": end}
            no_input: {next: bye}
            invalid: bye
            timeout: long
          end: {type: hangup}
          bye: {type: hangup}
        """,
    )
    assert problems == golden(
        """
        bad.yaml:10:14: a number is wanted, not 'long'
            cure: write a number without quotes or unit
        """
    )


def test_rounds_that_never_wait_are_refused(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """\
        schema: 1
        start: office
        steps:
          office: {type: hours, hours: office, open: queue, closed: again}
          again: {type: goto, step: office}
          queue:
            type: enqueue
            queue: sales
            timed_out: queue
            no_agents: self
            full: queue
          self: {type: goto, step: self}
        """,
    ) == golden(
        """
        bad.yaml:4:3: the steps office → again → office go round without ever waiting for the caller
            cure: lead one of them to a step that speaks or listens, such as play or menu
        bad.yaml:6:3: the steps queue → queue go round without ever waiting for the caller
            cure: lead one of them to a step that speaks or listens, such as play or menu
        bad.yaml:12:3: the steps self → self go round without ever waiting for the caller
            cure: lead one of them to a step that speaks or listens, such as play or menu
        """
    )


def test_rounds_that_speak_or_listen_are_allowed(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(
        textwrap.dedent(
            """\
            schema: 1
            start: queue
            steps:
              queue: {type: enqueue, queue: q, timed_out: queue, no_agents: busy, full: busy}
              busy: {type: play, say: {zh-CN: 忙, en: Busy}, next: queue}
            """
        ),
        "utf-8",
    )
    flows, problems = check_flows(tmp_path, None)
    assert problems == []
    assert list(flows) == [FlowId("good")]


def test_names_of_the_site_must_be_there(tmp_path: Path, site: Site) -> None:
    assert told(
        tmp_path,
        """\
        schema: 1
        start: office
        steps:
          office: {type: hours, hours: ofice, open: queue, closed: end}
          queue: {type: enqueue, queue: sale, timed_out: end, no_agents: end, full: end}
          end: {type: hangup}
        """,
        site,
    ) == golden(
        """
        bad.yaml:4:32: the site file has no hours 'ofice'
            cure: did you mean 'office'?
        bad.yaml:5:33: the site file has no queue 'sale'
            cure: did you mean 'sales'?
        """
    )


def test_every_text_is_wanted_in_every_language(tmp_path: Path, site: Site) -> None:
    flow = """\
        schema: 1
        start: ask
        steps:
          ask:
            type: menu
            say: {zh-CN: 请按1}
            keys: {"1": search}
            no_input: {say: {en: Nothing heard}, next: search}
            invalid: search
          search:
            {type: knowledge, question: {zh-CN: 问}, found: end, nothing: end}
          end: {type: hangup, say: {zh-CN: 再见, fr: Au revoir}}
        """
    expected = golden(
        """
        bad.yaml:6:10: the text in en is missing
            cure: add `en: …`
        bad.yaml:8:21: the text in zh-CN is missing
            cure: add `zh-CN: …`
        bad.yaml:11:33: the text in en is missing
            cure: add `en: …`
        bad.yaml:12:40: 'fr' is not one of the choices
            cure: known: en, zh-CN
        """
    )
    assert told(tmp_path, flow, site) == expected
    assert told(tmp_path, flow) == expected


def test_a_site_of_one_language_needs_one(tmp_path: Path, site: Site) -> None:
    mandarin = site.model_copy(update={"languages": ("zh-CN",)})
    flow = """\
        schema: 1
        start: choose
        steps:
          choose:
            type: language
            keys: {"9": {language: en, say: For English press 9}}
            next: end
          end: {type: hangup, say: {zh-CN: 再见}}
        """
    assert told(tmp_path, flow, mandarin) == golden(
        """
        bad.yaml:6:28: the site does not speak 'en'
            cure: known: zh-CN
        """
    )


def test_one_recording_cannot_stand_for_two_texts(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """\
        schema: 1
        start: one
        steps:
          one: {type: play, say: {zh-CN: 甲, en: A}, recording: same, next: two}
          two: {type: play, say: {zh-CN: 甲, en: B}, recording: same, next: end}
          end: {type: hangup, say: {zh-CN: 走好, en: Goodbye.}, recording: goodbye}
        """,
    ) == golden(
        """
        bad.yaml:5:26: the recording 'same' stands for another text in en, see bad.yaml:4
            cure: use the same text, or another name
        bad.yaml:6:28: the recording 'goodbye' stands for another text in zh-CN, see the system's own prompts
            cure: use the same text, or another name
        bad.yaml:6:28: the recording 'goodbye' stands for another text in en, see the system's own prompts
            cure: use the same text, or another name
        """  # noqa: E501
    )


def test_the_outside_of_the_file_is_checked_too(tmp_path: Path) -> None:
    assert told(tmp_path, "schema: 2\nstrat: end\nsteps: {End: {type: hangup}}\n") == golden(
        """
        bad.yaml:1:9: 2 is not one of the choices
            cure: write 1
        bad.yaml:2:1: unknown key 'strat'
            cure: did you mean 'start'?
        bad.yaml:3:9: 'End' cannot stand here
            cure: write small letters, digits and _, beginning with a letter
        """
    )


@pytest.mark.parametrize("text", ["just words", "- a list", "{}", "schema: 1\nsteps: 3\n"])
def test_files_that_are_no_flow_at_all_are_refused(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text)


def test_a_file_that_is_no_yaml_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(
        "schema: 1\nstart: end\nsteps: {end: {type: hangup}}\n", "utf-8"
    )
    (tmp_path / "torn.yaml").write_text("schema: 1\nsteps: {", "utf-8")
    (tmp_path / "Wrong Name.yaml").write_text("schema: 1\nstart: x\nsteps: {}\n", "utf-8")
    (tmp_path / "old.yml").write_text(
        "schema: 1\nstart: end\nsteps: {end: {type: hangup}}\n", "utf-8"
    )
    flows, problems = check_flows(tmp_path, None)
    assert list(flows) == [FlowId("good")]
    assert {Path(problem.file).name for problem in problems} == {
        "torn.yaml",
        "Wrong Name.yaml",
        "old.yml",
    }
    assert all(problem.message and problem.cure for problem in problems)


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_a_folder_without_flows_is_a_problem(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    flows, problems = check_flows(tmp_path / folder, None)
    assert flows == {}
    assert ["no flow" in problem.message for problem in problems] == [True]


def test_the_version_changes_with_what_the_file_says_only(tmp_path: Path) -> None:
    def version(text: str) -> str:
        (tmp_path / "a.yaml").write_text(text, "utf-8")
        flows, problems = check_flows(tmp_path, None)
        assert problems == []
        flow: Flow = flows[FlowId("a")]
        return flow.version

    first = version("schema: 1\nstart: end\nsteps: {end: {type: hangup}}\n")
    assert version("# a word\nstart: end\nschema: 1\nsteps: {end: {type: hangup}}\n") == first
    assert version("schema: 1\nstart: fin\nsteps: {fin: {type: hangup}}\n") != first


def _site_with(**queues: dict[str, object]) -> Site:
    raw = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    for name, changed in queues.items():
        raw["queues"][name] |= changed
    return Site.model_validate(raw)


def _rule(**do: str) -> list[dict[str, object]]:
    return [{"name": "late", "when": {"waited": 60}, "do": do}]


ENQUEUE = """\
schema: 1
start: queue
steps:
  queue:
    type: enqueue
    queue: sales
    timed_out: end
    no_agents: end
    full: end
    keys: {"1": end}
    branches: {sorrry: end}
  end: {type: hangup}
"""


def test_branches_and_overflow_rules_must_fit(tmp_path: Path) -> None:
    ruled = _site_with(sales={"overflow": _rule(branch="sorry")})
    assert told(tmp_path, ENQUEUE, ruled) == golden(
        """
        bad.yaml:4:3: an overflow rule of the queue 'sales' leads to 'sorry', no way of this step
            cure: add `branches: {sorry: …}` with a step's name
        bad.yaml:11:24: no overflow rule of the queue leads to 'sorrry'
            cure: did you mean 'sorry'?
        """
    )


def test_the_rules_of_a_queue_that_calls_are_moved_to_count_as_well(
    tmp_path: Path,
) -> None:
    ruled = _site_with(
        sales={"overflow": _rule(queue="support")},
        support={
            "overflow": _rule(branch="sorrry") + _rule(queue="sales"),
            "callback": {"key": "1", "trunk": "carrier"},
        },
    )
    assert told(tmp_path, ENQUEUE, ruled) == golden(
        """
        bad.yaml:10:17: 1 is the callback key of the queue 'support' already
            cure: use another key here, or set `callback: {key: …}` in the site file
        """
    )


def test_an_enqueue_step_wants_a_queue_or_an_agent(tmp_path: Path, site: Site) -> None:
    assert told(
        tmp_path,
        """\
        schema: 1
        start: both
        steps:
          both:
            {type: enqueue, queue: sales, agent: last, timed_out: bad, no_agents: bad, full: bad}
          bad:
            {type: enqueue, agent: fritz, timed_out: wrong, no_agents: wrong, full: wrong}
          wrong: {type: enqueue, agent: "1009", skills: {golf: 2},
            timed_out: end, no_agents: end, full: end}
          end: {type: hangup}
        """,
        site.model_copy(update={"skills": {}, "personal_queues": None}),
    ) == golden(
        """
        bad.yaml:5:5: a queue or an agent, one of the two
            cure: write `queue: …` or `agent: …`
        bad.yaml:7:28: 'fritz' cannot stand here
            cure: write an agent's extension ("1001"), last, or "{route.agent}" after a route step
        bad.yaml:8:33: the site file has no agent '1009'
            cure: did you mean '1001'?
        bad.yaml:8:33: the site file has no personal queues
            cure: add `personal_queues: {}` to the site file, or name a queue
        bad.yaml:8:56: the site file has no skill 'golf'
            cure: write it under `skills:` of the site file
        """
    )


def test_a_queues_message_and_a_flows_prompt_cannot_share_a_recording(
    tmp_path: Path,
) -> None:
    say = {"zh-CN": "今天很忙。", "en": "We are busy today."}
    busy = _site_with(sales={"messages": {"busy": {"say": say, "recording": "welcome"}}})
    problems = told(
        tmp_path,
        """\
        schema: 1
        start: end
        steps:
          end: {type: hangup, say: {zh-CN: 今天很忙。, en: Hello}, recording: welcome}
        """,
        busy,
    )
    assert len(problems) == 1
    assert "'welcome' stands for another text in en, see the messages of queue sales" in problems[0]
