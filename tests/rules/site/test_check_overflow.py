"""Overflow rules that lead nowhere, in circles, or never fire; callbacks that cannot be made."""

from __future__ import annotations

import pytest

from tests.rules.site.site_text import complaint, complaints, sales, site

SUPPORT = """\
  support:
    title: {zh-CN: 支持, en: Support}
    strategy: linear
    agents: ["1001"]
"""


def rules(*written: str, head: str = "") -> str:
    return head + "overflow:\n" + "\n".join(f"- {{{rule}}}" for rule in written)


OUT = "name: out, when: {waited: 60}, do: {branch: sorry}"
LATER = "name: later, when: {waited: 90}, do: {announce: hold_on}"
MESSAGES = "messages: {hold_on: {say: {zh-CN: 请稍候, en: Please hold on}}}\n"
LED_OUT = (
    "4:7 the rule 'out' has led every call out of the queue by then | "
    "put it before that rule, with an earlier limit, or remove it"
)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            rules("name: a, when: {waited: 9}, do: {queue: suport}"),
            "2:48 there is no queue 'suport' | did you mean 'support'?",
        ),
        (
            rules("name: a, when: {waited: 9}, do: {queue: sales}"),
            "2:48 the call is in this queue already | name another queue",
        ),
        (
            rules("name: a, when: {waited: 9}, do: queue"),
            "2:40 queue needs a queue | write `do: {queue: …}`",
        ),
        (
            rules("name: a, when: {waited: 9}, do: {voicemail: sales}"),
            "2:40 voicemail leads nowhere else, so it takes no target | write `do: voicemail`",
        ),
        (
            rules("name: a, when: {waited: 9}, do: {branch: So Sorry}"),
            "2:49 'So Sorry' cannot be a way's name | "
            "write a name of small letters, digits and _, beginning with a letter",
        ),
        (
            rules("name: a, when: {waited: 9}, do: {announce: hold_one}", head=MESSAGES),
            "3:51 this queue has no message 'hold_one' | did you mean 'hold_on'?",
        ),
        (
            rules("name: a, when: {waited: 9}, do: callback"),
            "2:40 this queue makes no callbacks | add `callback: {trunk: …}` to the queue",
        ),
        (
            rules("name: a, when: {waited: 60}, do: voicemail", head="max_wait: 60\n"),
            "3:32 callers are let go after 60 s: this rule can never fire | "
            "write less than max_wait",
        ),
        (
            rules("name: a, when: {position: 6}, do: voicemail", head="max_calls: 5\n"),
            "3:34 the queue takes 5 calls: this rule can never fire | write max_calls or less",
        ),
        (
            rules(
                "name: a, when: {waited: 9}, do: widen",
                "name: a, when: {waited: 19}, do: voicemail",
            ),
            "3:14 a rule of this queue is called 'a' already | give each rule its own name",
        ),
        (rules(OUT, LATER, head=MESSAGES), LED_OUT),
        (rules(OUT.replace("waited: 60", "position: 1"), LATER, head=MESSAGES), LED_OUT),
        (rules(OUT.replace("waited: 60", "agents_ready: 3"), LATER, head=MESSAGES), LED_OUT),
    ],
)
def test_refused(written: str, said: str) -> None:
    assert said in complaints(sales(written, SUPPORT))


@pytest.mark.parametrize(
    "written",
    [
        rules(LATER.replace("90", "30"), OUT, head=MESSAGES),
        rules(OUT.replace("waited: 60", "agents_ready: 0"), LATER, head=MESSAGES),
        rules("name: a, when: {waited: 9}, do: {queue: support}"),
        rules("name: a, when: {expected_wait: 9}, do: {branch: sorry}", OUT),
    ],
)
def test_taken(written: str) -> None:
    assert site(sales(written, SUPPORT))


def test_a_message_that_nobody_hears() -> None:
    assert complaint(MESSAGES) == (
        "1:16 nobody ever hears the message 'hold_on' | "
        "add `every: …`, or an overflow rule with `do: {announce: …}`"
    )


def test_a_message_says_the_same_in_every_language() -> None:
    said = complaint("messages: {hold_on: {say: {zh-CN: 请稍候}, every: 60}}")
    assert said == "1:31 the text in en is missing | add `en: …`"


def test_queues_that_hand_their_calls_round() -> None:
    support = SUPPORT + "    overflow: [{name: back, when: {waited: 9}, do: {queue: sales}}]\n"
    text = sales(rules("name: on, when: {waited: 9}, do: {queue: support}"), support)
    (said,) = complaints(text)
    assert said == (
        "2:49 calls would go round: sales → support → sales | "
        "let the last of these queues lead elsewhere"
    )


@pytest.mark.parametrize(
    ("callback", "said"),
    [
        ("{trunk: carier}", "1:23 there is no trunk 'carier' | did you mean 'carrier'?"),
        (
            "{trunk: inbound}",
            "1:23 no calls go out by the trunk 'inbound' | "
            "add `outbound:` with the carrier's host to that trunk",
        ),
        (
            "{trunk: shut}",
            "1:23 nothing may be called by the trunk 'shut' | "
            'add `allowed:` with prefixes to that trunk, like ["1", "021"]',
        ),
        (
            "{trunk: carrier, offer_every: null}",
            "1:45 nobody would be told of the callback | "
            "write the seconds between two offers, or an overflow rule with `do: callback`",
        ),
        (
            "{trunk: carrier}\nmax_wait: 45",
            "1:15 callers are let go after 45 s, before they are told of it | "
            "write less than max_wait in `offer_every`",
        ),
        (
            "{trunk: carrier, retry_after: 900, expires_after: 900}",
            "1:45 a callback is given up after 900 s, before the next try | "
            "write less than expires_after, or `attempts: 1`",
        ),
    ],
)
def test_callbacks_refused(callback: str, said: str) -> None:
    more = "trunks:\n  inbound: {match: [192.0.2.7]}\n" + (
        "  shut: {match: [192.0.2.8], outbound: sip.example.com}\n"
    )
    carrier = (
        'trunks: {carrier: {match: ["192.0.2.1"], outbound: sip.example.com, allowed: ["1"]}}\n'
    )
    text = sales(f"callback: {callback}").replace(carrier, "")
    more += "  carrier: {match: [192.0.2.9], outbound: sip.example.com, allowed: ['1']}\n"
    found = [_one_less(told) for told in complaints(text + more)]
    assert said in found


def _one_less(told: str) -> str:
    line, _, rest = told.partition(":")
    return f"{int(line) + 1}:{rest}"  # the trunks stand below here, not above


def test_a_trunk_that_says_what_may_go_out_and_lets_nothing_out() -> None:
    (said,) = complaints(sales("").replace("outbound: sip.example.com, ", ""))
    assert "`allowed` is for calls that go out, and none go out here" in said


@pytest.mark.parametrize(
    "callback",
    [
        "{trunk: carrier}",
        "{trunk: carrier, offer_every: null}\n"
        "overflow: [{name: ask, when: {waited: 60}, do: callback}]",
        "{trunk: carrier, attempts: 1, retry_after: 900, expires_after: 900}",
    ],
)
def test_callbacks_taken(callback: str) -> None:
    assert site(sales(f"callback: {callback}"))


@pytest.mark.parametrize(
    ("load", "said"),
    [
        ("vip: {gould: 0.1}", "there is no VIP level 'gould' | did you mean 'gold'?"),
        ("agents: 4", "only 3 agents are in this queue | write 3 or less"),
    ],
)
def test_load_refused(load: str, said: str) -> None:
    assert said in complaint(f"load: {{calls_per_hour: 10, handling: 60, {load}}}")


def test_vip_levels_are_parts_of_all_calls() -> None:
    silver = "{title: {zh-CN: 银卡, en: Silver}, head_start: 60}"
    text = sales("load: {calls_per_hour: 10, handling: 60, vip: {gold: 0.7, silver: 0.4}}")
    (said,) = complaints(text.replace("vip_levels: {", f"vip_levels: {{silver: {silver}, "))
    assert "the levels are 1.1 of all calls, more than there are" in said
