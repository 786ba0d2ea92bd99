"""One centre whose flows say what they know; some of the pieces are recorded as tones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
import yaml

from ccengine.ivr.speaking.piece import piece
from tests.kit.asterisk import PROJECT
from tests.kit.centre import Centre, running_centre

PIECES = {"一百": 620.0, "元": 940.0, "零": 1140.0, "五": 1380.0, "分": 1660.0}
TONES = {piece(word, "zh-CN").name: (hz, 0.6) for word, hz in PIECES.items()}


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def centre() -> AsyncIterator[Centre]:
    example = yaml.safe_load((PROJECT / "site.example.yaml").read_text("utf-8"))
    numbers = {number: {"flow": "balance"} for number in ("6001", "6003")}
    async with running_centre(
        site_as_written=example | {"numbers": numbers, "default_flow": "balance"},
        recordings={**TONES, "your_balance_1": (2000.0, 0.6), "thanks": (2300.0, 1.0)},
        settings={"flows": Path(__file__).parent / "flows"},
    ) as centre:
        yield centre
