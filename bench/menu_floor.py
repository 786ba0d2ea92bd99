"""Three menus twice on one Asterisk: as a flow of ccengine's and as plain dialplan.

Both play the same files and lead on by the same keys; callers press over the prompt. The dialplan's
menus are Background and WaitExten, as they are usually written.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import tempfile
from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from ccengine.asterisk.config import AsteriskLayout
from ccengine.asterisk.instance import Asterisk
from ccengine.ivr.speech import PromptStore
from ccengine.ivr.waits import Prompt
from ccengine.site.model import Site
from simphones import audio
from simphones.light.callers import Callers
from tests.kit import prompt_cache
from tests.kit.asterisk import AsteriskSite, free_settings
from tests.kit.centre import Centre

MENUS = 3
KEY = "1"
PROMPT_S = 4.0
_RTP_PORTS = 2_000
_LEVELS = (3_000, 9_000, 20_000)
"""Each prompt is a steady level of its own, so that its packets are told from the others'."""


class Menus(StrEnum):
    FLOW = "ccengine"
    DIALPLAN = "dialplan"


NUMBERS = {Menus.FLOW: "7401", Menus.DIALPLAN: "7402"}


def _text(number: int) -> str:
    return f"第{number}层，请按一。"


def _flow() -> dict[str, Any]:
    menus: dict[str, Any] = {
        f"menu_{number}": {
            "type": "menu",
            "say": {"zh-CN": _text(number), "en": f"Menu {number}. Press 1."},
            "recording": f"menu_{number}",
            "keys": {KEY: f"menu_{number + 1}" if number < MENUS else "over"},
            "no_input": "over",
            "invalid": "over",
        }
        for number in range(1, MENUS + 1)
    }
    return {
        "schema": 1,
        "no_human": "measured alone",
        "start": "menu_1",
        "steps": menus | {"over": {"type": "hangup"}},
    }


def _dialplan(files: list[str]) -> str:
    lines = ["[from-trunk](+)", f"exten => {NUMBERS[Menus.DIALPLAN]},1,Answer()"]
    lines.append(" same => n,Goto(bench-menu-1,s,1)")
    for number, file in enumerate(files, 1):
        lines += [f"[bench-menu-{number}]", f"exten => s,1,Background({file})"]
        lines += [" same => n,WaitExten(5)", " same => n,Hangup()"]
        then = f"Goto(bench-menu-{number + 1},s,1)" if number < MENUS else "Hangup()"
        lines += [f"exten => {KEY},1,{then}"]
    return "\n".join([*lines, ""])


def _site() -> dict[str, Any]:
    return {
        "schema": 1,
        "name": {"zh-CN": "测速", "en": "Benchmark"},
        "time_zone": "Asia/Shanghai",
        "numbers": {NUMBERS[Menus.FLOW]: {"flow": "menus"}},
        "default_flow": "menus",
        "queues": {
            "support": {
                "title": {"zh-CN": "技术支持", "en": "Support"},
                "agents": ["2001"],
                "strategy": "round_robin_memory",
                "ring_timeout": 15,
            }
        },
        "agents": {"2001": {"name": "坐席2001", "username": "agent_2001"}},
        "trunks": {"carrier": {"match": ["127.0.0.1"], "trusted": True}},
        "dispositions": {"solved": {"title": {"zh-CN": "已解决", "en": "Solved"}}},
    }


class _MenuAsterisk(AsteriskSite):
    def __init__(self, home: Path, site: Site) -> None:
        rtp = random.randrange(20_000, 31_000 - _RTP_PORTS, 100)
        flows = home / "flows"
        ports = {"rtp_start": rtp, "rtp_end": rtp + _RTP_PORTS - 1}
        super().__init__(home, site, free_settings(home, flows=flows, **ports))
        self.layout = AsteriskLayout.of(self.settings, self.layout.program)
        self.instance = Asterisk(self.layout)
        flows.mkdir()
        (flows / "menus.yaml").write_text(yaml.safe_dump(_flow(), allow_unicode=True), "utf-8")
        for number, level in enumerate(_LEVELS, 1):
            file = self.settings.prompts / "recorded" / "zh-CN" / f"menu_{number}.wav"
            file.parent.mkdir(parents=True, exist_ok=True)
            audio.write_wav(file, array("h", [level]) * round(PROMPT_S * audio.RATE))

    async def add_menus(self) -> None:
        """The dialplan's, of the files that the engine has made."""
        sounds = PromptStore(self.settings.prompts, self.settings.tts_command)
        prompts = (
            Prompt(text=_text(number), language="zh-CN", name=f"menu_{number}")
            for number in range(1, MENUS + 1)
        )
        text = _dialplan([sounds.path(prompt) for prompt in prompts])
        with (self.layout.etc / "extensions.conf").open("a", encoding="utf-8") as file:
            file.write(text)
        await self.cli("dialplan reload")


@dataclass(slots=True, kw_only=True)
class MenuFloor:
    centre: Centre
    callers: Callers

    def pids(self, menus: Menus) -> dict[str, int | None]:
        engine = self.centre.pid if menus is Menus.FLOW else None
        return {"asterisk": self.centre.asterisk.instance.pid, "engine": engine}


@contextlib.asynccontextmanager
async def open_menus() -> AsyncIterator[MenuFloor]:
    """Ready for calls; gone with its files afterwards."""
    raw = _site()
    home = Path(tempfile.mkdtemp(prefix="cm-"))
    try:
        async with contextlib.AsyncExitStack() as stack:
            asterisk = _MenuAsterisk(home, Site.model_validate(raw))
            stack.callback(asterisk.close)
            asterisk.configure()
            site_file = home / "site.yaml"
            site_file.write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
            await asterisk.start()
            centre = await stack.enter_async_context(Centre(asterisk, site_file))
            await centre.prepare()
            prompt_cache.fetch(centre.settings.prompts)
            await centre.start_engine()
            prompt_cache.keep(centre.settings.prompts)
            await asterisk.add_menus()
            callers = Callers(asterisk.sip)
            stack.callback(callers.wire.close)
            yield MenuFloor(centre=centre, callers=callers)
    finally:
        shutil.rmtree(home)
