"""A centre whose flows are about keys: menus in menus, a long prompt, digits and a PIN."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.kit.centre import Centre, running_centre

LONG_HZ, NEXT_HZ = 1000, 600
"""What a caller hears: the long prompt, and what follows the key that cuts it."""

NESTED = """
schema: 1
no_human: a flow of the tests
start: first
steps:
  first:
    type: menu
    say: {zh-CN: 第一层，销售请按1。, en: First.}
    keys: {"1": second}
    retries: 0
    no_input: lost
    invalid: lost
  second:
    type: menu
    say: {zh-CN: 第二层，请按2。, en: Second.}
    keys: {"2": third, "1": doubled}
    retries: 0
    no_input: lost
    invalid: lost
  third:
    type: menu
    say: {zh-CN: 第三层，请按0。, en: Third.}
    keys: {"0": arrived, "2": doubled}
    retries: 0
    no_input: lost
    invalid: lost
  arrived: {type: hangup, say: {zh-CN: 接下来。, en: And next.}, recording: next_tone}
  doubled: {type: hangup}
  lost: {type: hangup}
"""

LONG = """
schema: 1
no_human: a flow of the tests
start: long
steps:
  long:
    type: menu
    say: {zh-CN: 一段很长的话。, en: A long speech.}
    recording: long_tone
    keys: {"1": next}
    no_input: bye
    invalid: bye
  next:
    type: play
    say: {zh-CN: 接下来。, en: And next.}
    recording: next_tone
    next: bye
  bye: {type: hangup}
"""

AHEAD = """
schema: 1
no_human: a flow of the tests
start: news
steps:
  news: {type: play, say: {zh-CN: 接下来。, en: And next.}, recording: next_tone, next: choose}
  choose:
    type: menu
    say: {zh-CN: 请按1。, en: Press 1.}
    keys: {"1": sure}
    retries: 1
    no_input: lost
    invalid: lost
  sure:
    type: menu
    say: {zh-CN: 请确认，请按2。, en: "To confirm, press 2."}
    keys: {"2": arrived}
    fresh: true
    retries: 0
    timeout: 2
    no_input: lost
    invalid: lost
  arrived: {type: hangup, say: {zh-CN: 接下来。, en: And next.}, recording: next_tone}
  lost: {type: hangup}
"""

DIGITS = """
schema: 1
no_human: a flow of the tests
start: pin
steps:
  pin:
    type: collect
    say: {zh-CN: 请输入六位密码。, en: Enter your PIN.}
    into: pin
    digits: 6
    secret: true
    retries: 0
    no_input: lost
    invalid: lost
    next: order
  order:
    type: collect
    say: {zh-CN: 请输入订单号，按井号键结束。, en: "Enter your order number, then pound."}
    into: order_no
    digits: {least: 4, most: 12}
    confirm: true
    retries: 0
    no_input: lost
    invalid: lost
    next: menu
  menu:
    type: menu
    say: {zh-CN: 请按9。, en: Press 9.}
    keys: {"9": arrived}
    retries: 0
    no_input: lost
    invalid: lost
  arrived: {type: hangup, say: {zh-CN: 接下来。, en: And next.}, recording: next_tone}
  lost: {type: hangup}
"""

FLOWS = {"main": NESTED, "long": LONG, "ahead": AHEAD, "digits": DIGITS}
NUMBERS = {"4001": "main", "4011": "long", "4012": "ahead", "4013": "digits"}


def write(folder: Path, flows: dict[str, str]) -> None:
    for name, text in flows.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def keyed_centre() -> AsyncIterator[Centre]:
    with tempfile.TemporaryDirectory(prefix="ck-") as folder:
        write(Path(folder), FLOWS)
        async with running_centre(
            numbers={number: {"flow": flow} for number, flow in NUMBERS.items()},
            recordings={"long_tone": (LONG_HZ, 8.0), "next_tone": (NEXT_HZ, 1.5)},
            settings={"flows": Path(folder)},
        ) as centre:
            yield centre


@pytest_asyncio.fixture(loop_scope="session")
async def centre(keyed_centre: Centre) -> AsyncIterator[Centre]:
    yield keyed_centre
    await keyed_centre.send_home()
