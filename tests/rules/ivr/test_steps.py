"""Each step type by itself: what the demo's flows do not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ccengine.ivr.answers import QueueResult
from ccengine.ivr.model import ALL_KEYS, Flow
from ccengine.ivr.prompts import flow_prompts
from ccengine.ivr.waits import KnowledgeWait, PlayWait

Dial = Any
Write = Callable[[str], Flow]


def test_play_is_not_cut_by_keys(dial: Dial, write_flow: Write) -> None:
    flow = write_flow("""
        start: news
        steps:
          news: {type: play, say: {zh-CN: 通知, en: News}, recording: news, next: end}
          end: {type: hangup}
        """)
    call = dial(flow, language="en")
    played = call.hears("News")
    assert (played.keys, played.timeout_s, played.prompts[0].name) == ("", 0.0, "news")
    call.listens()
    call.ends("finished", step="end")
    assert call.way == [("news", "played"), ("end", "hung_up_by_flow")]


def test_play_says_several_things_and_files_without_words(dial: Dial, write_flow: Write) -> None:
    flow = write_flow("""
        start: news
        steps:
          news:
            type: play
            prompts:
              - file: jingle
              - {say: {zh-CN: 通知, en: News}, recording: news}
            next: end
          end: {type: hangup}
        """)
    played = dial(flow, language="en").hears("", "News")
    assert [prompt.name for prompt in played.prompts] == ["jingle", "news"]
    beforehand = flow_prompts(flow, ["en"])
    assert set(played.prompts) <= set(beforehand)


def test_goto_gives_a_way_a_name(dial: Dial, write_flow: Write) -> None:
    flow = write_flow("""
        start: detour
        steps:
          detour: {type: goto, step: end}
          end: {type: hangup}
        """)
    call = dial(flow)
    call.ends("finished", step="end")
    assert call.way == [("detour", "end"), ("end", "hung_up_by_flow")]


MENU = """
start: ask
steps:
  ask:
    type: menu
    say: {{zh-CN: 请按1, en: Press 1}}
    keys: {{"1": end}}
    no_input: end
    invalid: end
    {extra}
  end: {{type: hangup}}
"""


def test_a_menu_hears_all_keys_to_know_the_wrong_ones(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(MENU.format(extra="timeout: 7.5")))
    asked = call.hears("请按1")
    assert (asked.keys, asked.timeout_s) == (ALL_KEYS, 7.5)


def test_a_menu_without_barge_in_listens_only_after_its_prompt(
    dial: Dial, write_flow: Write
) -> None:
    call = dial(write_flow(MENU.format(extra="barge_in: false")))
    assert call.hears("请按1").keys == ""
    call.listens()
    assert call.wait == PlayWait(prompts=(), keys=ALL_KEYS, timeout_s=5.0, fresh=True)
    call.presses("8")
    assert call.hears("请按1").keys == ""
    call.listens()
    call.presses("1")
    call.ends("finished", step="end")
    assert call.way[0] == ("ask", "1")


def test_a_menu_without_retries_asks_once(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(MENU.format(extra="retries: 0")))
    call.listens()
    call.ends("finished", step="end")
    assert call.way[0] == ("ask", "no_input")


def test_a_repeated_menu_without_words_for_it_just_repeats(dial: Dial, write_flow: Write) -> None:
    call = dial(write_flow(MENU.format(extra="retries: 1")))
    call.presses("#")
    call.hears("请按1")


def test_a_language_stays_for_the_rest_of_the_flow(dial: Dial, write_flow: Write) -> None:
    flow = write_flow("""
        start: choose
        steps:
          choose:
            type: language
            keys:
              "1": {language: zh-CN, say: 普通话请按1}
              "2": {language: en, say: For English press 2}
            next: news
          news: {type: play, say: {zh-CN: 通知, en: News}, next: queue}
          queue: {type: enqueue, queue: any, timed_out: end, no_agents: end, full: end}
          end: {type: hangup, say: {zh-CN: 再见, en: Goodbye}}
        """)
    call = dial(flow)
    assert call.hears("普通话", "English").keys == "12"
    call.presses("2")
    assert call.way == [("choose", "en")]
    call.hears("News")
    call.listens()
    call.waits_in("any", "en")
    call.leaves_queue(QueueResult.FULL)
    call.hears("Goodbye")
    assert call.run.language == "en"


def test_a_served_call_can_go_on_in_the_flow(dial: Dial, write_flow: Write) -> None:
    flow = write_flow("""
        start: queue
        steps:
          queue:
            {type: enqueue, queue: any, served: rate, timed_out: end, no_agents: end, full: end}
          rate: {type: play, say: {zh-CN: 请评价, en: Please rate us}, next: end}
          end: {type: hangup}
        """)
    call = dial(flow)
    call.leaves_queue(QueueResult.SERVED)
    call.hears("请评价")


def test_a_search_has_the_deadline_of_its_step(dial: Dial, write_flow: Write) -> None:
    flow = write_flow("""
        start: ask
        steps:
          ask:
            {type: knowledge, question: {zh-CN: 问, en: Q}, deadline: 0.5, found: end, nothing: end}
          end: {type: hangup}
        """)
    call = dial(flow, language="en")
    assert call.wait == KnowledgeWait(question="Q", language="en", deadline_s=0.5)
    call.finds_nothing()
    assert call.way[0] == ("ask", "nothing")


@pytest.mark.parametrize("language", ["fr", ""])
def test_a_language_the_flow_lacks_is_answered_in_its_first(
    dial: Dial, write_flow: Write, language: str
) -> None:
    call = dial(write_flow(MENU.format(extra="retries: 1")), language=language)
    assert call.hears("请按1").prompts[0].language == "zh-CN"
