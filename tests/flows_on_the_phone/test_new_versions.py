"""Fifty callers stand in flows while these are changed: none of them notices."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from simphones.light.callers import Call, Callers
from tests.kit.asterisk import PROJECT
from tests.kit.centre import Centre, running_centre
from tests.kit.ports import rtp_range

pytestmark = pytest.mark.asyncio(loop_scope="session")

MENU, DIGITS, SPEECH, QUEUE = "6001", "6002", "6003", "6004"
CALLS = {MENU: 15, DIGITS: 12, SPEECH: 10, QUEUE: 13}
RTP_PORTS = 120
"""Two for each call: more than an Asterisk of the tests usually has. One that is taken is passed
over."""
LONGEST_GAP_S = 1.0
"""Without a packet of a prompt that is playing, as read by this process, which shares the machine
with Asterisk, the engine and the tests beside it."""
_PATIENCE = {"timeout": 60, "no_input": "bye", "invalid": "bye"}


def texts(word: str, number: int) -> dict[str, str]:
    return {"zh-CN": f"{word}{number}", "en": f"{word} {number}"}


def flows(number: int) -> dict[str, dict[str, Any]]:
    """One version of the flows: its last step tells which."""
    last = f"bye_{number}"
    end = {"bye": {"type": "goto", "step": last}, last: {"type": "hangup"}}
    in_queue = {"timed_out": "bye", "no_agents": "bye", "full": "bye", "keys": {"9": "bye"}}
    first: dict[str, dict[str, Any]] = {
        "menu": {
            "type": "menu", "say": texts("请按1或0", number), "keys": {"1": "bye", "0": "agent"},
            **_PATIENCE,
        },
        "digits": {
            "type": "collect", "say": texts("请输入", number), "into": "order_no", "digits": 4,
            "next": "told", **_PATIENCE,
        },
        "speech": {
            "type": "play", "say": texts("公告", number), "recording": "long_tone", "next": "bye",
        },
        "queue": {"type": "enqueue", "queue": "support", **in_queue},
    }  # fmt: skip
    agent = {"agent": {"type": "enqueue", "queue": "support", **in_queue}}
    told = {"type": "set", "values": {"known": "order_no"}, "next": "known"}
    known = {"type": "branch", "when": [{"if": 'known == "1234"', "next": "bye"}], "else": "bye"}
    more = {"menu": agent, "digits": {"told": told, "known": known, **agent}}
    return {
        name: {"schema": 1, "start": name, "steps": {name: step, **more.get(name, {}), **end}}
        for name, step in first.items()
    }


def write(folder: Path, number: int) -> None:
    folder.mkdir(exist_ok=True)
    for name, flow in flows(number).items():
        if name == "digits":
            del flow["steps"]["agent"]
        text = yaml.safe_dump(flow, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, "utf-8")


class Ear:
    """Notes the longest time without a packet."""

    def __init__(self, callers: Callers, call: Call) -> None:
        self._last = 0.0
        self.packets = 0
        self.gap_s = 0.0
        callers.wire.sound.listen(call.call_id, self._on_sound)

    def _on_sound(self, _alaw: bytes, at: float) -> None:
        if self.packets:
            self.gap_s = max(self.gap_s, at - self._last)
        self._last = at
        self.packets += 1


async def facts_of(centre: Centre, calls: Sequence[Call], kind: str) -> dict[str, dict[str, Any]]:
    """By caller: the one fact of this kind, as soon as all have one."""
    boss = await centre.boss()
    wanted = {call.ani for call in calls}
    found: dict[str, dict[str, Any]] = {}
    async with asyncio.timeout(60):
        while wanted - found.keys():
            for record in (await boss.get("/api/calls?limit=200"))["calls"]:
                if record["ani"] in wanted - found.keys():
                    whole = await boss.get(f"/api/calls/{record['call_id']}")
                    facts = [fact for fact in whole["facts"] if fact["kind"] == kind]
                    if facts:
                        [found[record["ani"]]] = facts
            await asyncio.sleep(0.1)
    return found


async def test_fifty_callers_finish_in_the_version_in_which_they_began(tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    write(folder, 1)
    site = yaml.safe_load((PROJECT / "site.example.yaml").read_text("utf-8"))
    numbers = dict(zip(CALLS, ("menu", "digits", "speech", "queue"), strict=True))
    site |= {
        "numbers": {number: {"flow": flow} for number, flow in numbers.items()},
        "default_flow": "menu",
    }
    rtp_start, _ = rtp_range()
    async with running_centre(
        site_as_written=site,
        recordings={"long_tone": (620.0, 40.0)},
        settings={"flows": folder, "rtp_start": rtp_start, "rtp_end": rtp_start + RTP_PORTS - 1},
        queues={"announce_position": False, "announce_wait": False},
    ) as centre:
        callers = Callers(centre.asterisk.sip)
        try:
            await centre.phone("1002")
            page = await centre.page(centre.asterisk.site.agents["1002"].username)
            await page.reachable()  # there, and not ready: callers wait in the queue

            calls = [callers.call(number) for number, count in CALLS.items() for _ in range(count)]
            by_number = {number: [c for c in calls if c.dnis == number] for number in CALLS}
            entered = await facts_of(centre, calls, "flow.entered")
            await facts_of(centre, by_number[QUEUE], "call.queued")
            ears = [Ear(callers, call) for call in by_number[SPEECH]]

            reloads = centre.log_text().count("site.reloaded")
            write(folder, 2)
            await centre.logs("site.reloaded", times=reloads + 1)
            menu = folder / "menu.yaml"
            menu.write_text(menu.read_text("utf-8").replace("type: menu", "type: menue"), "utf-8")
            await centre.logs("site.refused", times=1)
            told = await (await centre.boss()).get("/api/flows")
            assert "menue" in str(told["refusal"]["problems"])
            in_between = callers.call(MENU)
            await facts_of(centre, [in_between], "flow.entered")
            reloads = centre.log_text().count("site.reloaded")
            write(folder, 3)
            await centre.logs("site.reloaded", times=reloads + 1)
            after = callers.call(MENU)
            newer = await facts_of(centre, [in_between, after], "flow.entered")

            assert not [call.ani for call in calls if call.is_over]
            assert len({fact["version"] for fact in newer.values()}) == 2
            assert not {fact["version"] for fact in newer.values()} & {
                fact["version"] for fact in entered.values()
            }

            for call in (*by_number[MENU], in_between, after):
                await callers.wire.sound.press(call.call_id, "1")
            for call in by_number[DIGITS]:
                for key in "1234":
                    await callers.wire.sound.press(call.call_id, key)
                    await asyncio.sleep(0.1)  # a finger's way to the next key
            for call in by_number[QUEUE]:
                await callers.wire.sound.press(call.call_id, "9")
            everybody = [*calls, in_between, after]
            await asyncio.gather(*(call.over(within=60) for call in everybody))

            ended = await facts_of(centre, everybody, "flow.ended")
            wanted = {call.ani: ("finished", "bye_1") for call in calls}
            wanted |= {in_between.ani: ("finished", "bye_2"), after.ani: ("finished", "bye_3")}
            assert {ani: (fact["result"], fact["step"]) for ani, fact in ended.items()} == wanted
            for ear in ears:
                assert ear.packets > 500  # ten seconds and more of the announcement
                assert ear.gap_s < LONGEST_GAP_S
        finally:
            callers.wire.close()
