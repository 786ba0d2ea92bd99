"""The site of these tests: numbers that lead to flows with people, prompts that are tones."""

from __future__ import annotations

import asyncio
from pathlib import Path

import yaml

from tests.kit.asterisk import PROJECT
from tests.kit.centre import Centre
from tests.kit.ports import kept_port

RECOGNISER = Path(__file__).parent / "recogniser.py"
FLOWS = Path(__file__).parent / "flows"
NUMBERS = {
    "5001": "message",
    "5002": "satisfaction",
    "5003": "to_extension",
    "5004": "to_group",
    "5005": "to_group_in_order",
    "5006": "to_outside",
    "5007": "straight_to_support",
    "5008": "call_me_back",
    "5009": "meeting",
    "5010": "meeting_led",
    "5011": "speak_or_press",
    "5012": "say_and_confirm",
}
OUTSIDE = kept_port()
"""Where the carrier is: a phone outside, if a test has one."""
TONES = {
    "please_speak": (520.0, 0.6),
    "thanks": (640.0, 1.0),
    "sorry": (780.0, 1.0),
    "how_was_it": (940.0, 0.6),
    "why": (1140.0, 0.6),
    "engaged": (1380.0, 1.0),
    "absent": (1660.0, 1.0),
    "please_dial": (2000.0, 0.6),
    "please_key": (2600.0, 0.6),
    "refused": (2300.0, 1.0),
    "please_say_name": (700.0, 0.6),
    "please_say_address": (850.0, 0.6),
    "confirm_recorded": (1250.0, 0.6),
}
"""What stands for each prompt: Hz and seconds."""


def site() -> dict[str, object]:
    """The example's, with the numbers of these flows."""
    raw: dict[str, object] = yaml.safe_load((PROJECT / "site.example.yaml").read_text("utf-8"))
    queues = raw["queues"]
    assert isinstance(queues, dict)
    queues["support"]["callback"] = {"trunk": "carrier", "first": "agent"}
    return raw | {
        "numbers": {number: {"flow": flow} for number, flow in NUMBERS.items()},
        "default_flow": "message",
        "trunks": {
            "carrier": {
                "match": ["127.0.0.1"],
                "outbound": f"127.0.0.1:{OUTSIDE}",
                "caller_id": "4001",
                "allowed": ["1"],
            }
        },
        "transfers": {"trunk": "carrier", "allowed": ["139"], "per_number": 2, "longest": 60},
    }


async def spoken(centre: Centre, seconds: float, *, within: float = 15.0) -> None:
    """Asterisk has written so much of what the one caller says who is speaking now."""

    def written() -> int:
        files = centre.settings.messages.glob("*/*.sln")
        return max((file.stat().st_size for file in files), default=0)

    async with asyncio.timeout(within):
        while written() < seconds * 8_000 * 2:  # noqa: ASYNC110 - Asterisk tells nobody of its files
            await asyncio.sleep(0.05)
