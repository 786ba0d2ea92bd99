"""A site file goes live only when nothing in it is wrong; and all that is wrong comes at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccengine.acd.rules import Strategy
from ccengine.ids import AgentId, QueueId
from ccengine.site.acd import acd_rules
from ccengine.site.load import load_site, read_site_file, site_of
from ccengine.site.model import Site
from ccengine.site.vip import head_start_s, vip_level
from ccengine.yamlsource.model import BadFileError
from ccengine.yamlsource.read import parse

EXAMPLE = Path(__file__).parents[3] / "site.example.yaml"
FLOWS = tuple(path.stem for path in (EXAMPLE.parent / "ivr_flows").glob("*.yaml"))

SMALL = """\
schema: 1
name: {zh-CN: 客服, en: Service}
time_zone: Asia/Shanghai
numbers: {"4001": {flow: main}}
default_flow: main
queues:
  sales: {title: {zh-CN: 销售, en: Sales}, strategy: random, agents: ["1001"]}
agents:
  "1001": {name: 王芳, username: wangfang}
vip_levels:
  gold: {title: {zh-CN: 金卡, en: Gold}, head_start: 120}
vip_numbers: {"+8613800000001": gold}
"""


def site(text: str = SMALL) -> Site:
    return site_of(parse(text, Path("site.yaml")), FLOWS)


def complaints(text: str) -> list[str]:
    with pytest.raises(BadFileError) as caught:
        site(text)
    assert all(problem.cure for problem in caught.value.problems)
    return [f"{p.at.line}:{p.at.column} {p.message} | {p.cure}" for p in caught.value.problems]


def changed(old: str, new: str) -> list[str]:
    assert old in SMALL
    return complaints(SMALL.replace(old, new))


def test_the_example_is_right() -> None:
    loaded = load_site(EXAMPLE, FLOWS)
    assert loaded.queues["sales"].strategy is Strategy.ROUND_ROBIN_MEMORY
    assert loaded.agents["1001"].name == "王芳"


def test_all_mistakes_come_at_once_in_the_files_order() -> None:
    text = """\
schema: 1
name: {zh-CN: 客服}
time_zone: Asia/Shangai
languages: [zh-CN, en, en]
numbers: {"4001": {flow: mian}}
queues:
  sales:
    title: {zh-CN: 销售, en: " "}
    strategy: round_robbin
    agents: ["1001", "1001", "1008"]
  empty: {title: {zh-CN: 空, en: Empty}, strategy: random, agents: []}
  none: {title: {zh-CN: 无, en: None}, strategy: random}
agents:
  "1001": {name: 王芳, username: wang}
  "1002": {name: 李强, username: wang}
vip_levels:
  gold: {title: {zh-CN: 金卡, en: Gold}, head_start: 120}
vip_numbers:
  "13800000001": gold
  "+8613800000001": gold
  "13800000002": glod
trunks:
  home: {match: [sip.example.com]}
  net: {match: [10.0.0.1/8]}
  all: {match: [0.0.0.0/0], trusted: true}
  void: {match: []}
  a: {match: [192.0.2.1]}
  b: {match: [192.0.2.1/32]}
hours:
  office:
    week:
      mon: ["9:00-12:00"]
      tue: ["12:00-11:00"]
      wed: ["09:00-12:00", "11:00-13:00"]
      thu: ["09:00-25:00"]
      fri: ["22:00-06:00"]
    days: {"2026-02-30": [], national_day: []}
fallback: {agents: ["1009"]}
colour: red
"""
    assert complaints(text) == [
        "1:1 the key 'default_flow' is missing | add `default_flow: …`",
        "2:7 the text in en is missing | add `en: …`",
        "3:12 there is no time zone 'Asia/Shangai' | did you mean 'Asia/Shanghai'?",
        "4:24 en is here twice | keep one",
        "5:26 there is no flow 'mian' | did you mean 'main'?",
        "8:28 the text is empty | write one",
        "9:15 'round_robbin' is not one of the choices | did you mean 'round_robin'?",
        "10:22 the agent '1001' is in this list twice | keep one",
        "10:30 there is no agent '1008' | did you mean '1001'?",
        "11:59 the queue 'empty' has no agents: its callers would wait in vain | "
        'add `agents: ["…"]` with extensions from `agents`',
        "12:3 the queue 'none' has no agents: its callers would wait in vain | "
        'add `agents: ["…"]` with extensions from `agents`',
        "15:32 the username 'wang' is already agent 1001's | give each agent its own",
        "20:3 +8613800000001 is the same number as the one in line 19 | keep one",
        "21:18 there is no VIP level 'glod' | did you mean 'gold'?",
        "23:18 'sip.example.com' is neither an address nor a network | "
        "write an IP address (192.0.2.10) or network (192.0.2.0/24), no host name",
        "24:17 '10.0.0.1/8' is neither an address nor a network | write 10.0.0.0/8",
        "25:17 the whole Internet would be trusted with VIP rights | "
        "name the carrier's addresses, or remove `trusted`",
        '26:17 no address: no call would come from here | add one: ["192.0.2.10"]',
        "28:15 192.0.2.1/32 is already in line 27 | keep one",
        "32:13 '9:00-12:00' is no range of clock times | write it like 09:00-18:00",
        "33:13 '12:00-11:00' ends before it begins | split a night at midnight: "
        "until 24:00, and from 00:00 of the next day",
        "34:28 11:00-13:00 overlaps 09:00-12:00 | join the two, or part them",
        "35:13 '09:00-25:00' is not on the clock | the day runs from 00:00 to 24:00",
        "36:13 '22:00-06:00' ends before it begins | split a night at midnight: "
        "until 24:00, and from 00:00 of the next day",
        "37:12 '2026-02-30' is no date | write it like \"2026-10-01\"",
        "37:30 'national_day' is no date | write it like \"2026-10-01\"",
        "38:21 there is no agent '1009' | did you mean '1001'?",
        "39:1 unknown key 'colour' | remove it",
    ]


def test_a_number_without_quotes_in_a_list_is_told_to_take_them() -> None:
    (said,) = changed('agents: ["1001"]', "agents: [1001]")
    assert said.endswith('1001 is a number where text is wanted | write it in quotes: "1001"')


def test_an_agent_speaks_only_what_the_site_speaks() -> None:
    text = SMALL.replace("default_flow", "languages: [zh-CN]\ndefault_flow").replace(
        "username: wangfang", "username: wangfang, languages: [en]"
    )
    (said,) = complaints(text)
    assert "does not speak en" in said


@pytest.mark.parametrize(
    "text", ["[]", "schema: 1", "name: 1", "queues: []\nagents: 3", "queues: {a: {agents: {}}}"]
)
def test_a_misshapen_file_is_only_refused(text: str) -> None:
    assert complaints(text)


def test_a_broken_file_says_where() -> None:
    with pytest.raises(BadFileError) as caught:
        site("schema: 1\n\tname: x")
    assert caught.value.problems[0].at.line == 2


def test_the_acd_gets_its_queues_in_the_sites_order() -> None:
    rules = acd_rules(load_site(EXAMPLE, FLOWS), seed=7)
    sales = rules.queues[QueueId("sales")]
    assert sales.agents == (AgentId("1001"), AgentId("1002"), AgentId("1003"))
    assert (sales.strategy, sales.ring_timeout_s) == (Strategy.ROUND_ROBIN_MEMORY, 15.0)
    assert (sales.wrap_up_s, sales.max_wait_s) == (20.0, 600.0)
    assert sales.missed_offers_to_not_ready == 3
    assert list(rules.queues)[:3] == ["sales", "support", "operator"]
    assert list(rules.queues)[7] == "personal_1001"
    assert rules.seed == 7


def test_the_version_changes_with_what_the_file_says_and_only_with_that(tmp_path: Path) -> None:
    def version(text: str) -> str:
        file = tmp_path / "site.yaml"
        file.write_text(text, "utf-8")
        return read_site_file(file, FLOWS).version

    assert version(SMALL) == version("# a comment\n" + SMALL)
    assert version(SMALL) != version(SMALL.replace("head_start: 120", "head_start: 121"))
    assert acd_rules(site(), version=version(SMALL)).version == version(SMALL)


def test_a_vip_is_known_however_the_trunk_writes_the_number() -> None:
    for ani in ("13800000001", "+8613800000001", "008613800000001", "013800000001"):
        assert vip_level(site(), ani, verified=True) == "gold"
    assert vip_level(site(), "13800000009", verified=True) == ""
    assert vip_level(site(), "anonymous", verified=True) == ""


def test_a_number_that_is_only_claimed_gives_no_rights() -> None:
    assert vip_level(site(), "13800000001", verified=False) == ""


def test_head_start_of_a_level() -> None:
    assert head_start_s(site(), "gold") == 120.0
    assert head_start_s(site(), "") == 0.0
