"""What the bank and the parcel service of the demo answer."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import yaml

from demo.business import PORT, TOKEN_FILE, Business
from tests.kit.asterisk import PROJECT
from tests.kit.ports import server_ports

BANK = "/bank/accounts/62220001"


class Asked:
    def __init__(self, web: aiohttp.ClientSession, token: str) -> None:
        self._web = web
        self.token = token

    async def __call__(self, path: str, **values: str) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        method = "POST" if values else "GET"
        async with self._web.request(method, path, headers=headers, json=values or None) as answer:
            found = answer.status == 200
            return answer.status, await answer.json() if found else None


@contextlib.asynccontextmanager
async def open_for_business(folder: Path) -> AsyncIterator[Asked]:
    [port] = server_ports(1)
    async with (
        Business(folder, port),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as web,
    ):
        yield Asked(web, (folder / TOKEN_FILE).read_text("utf-8"))


async def test_account_and_pin_must_go_together(tmp_path: Path) -> None:
    async with open_for_business(tmp_path) as ask:
        assert await ask("/bank/identify", account="62220001", pin="123456") == (
            200,
            {"name": "王小明"},
        )
        for account, pin in (("62220001", "123450"), ("62220009", "123456"), ("", "")):
            assert await ask("/bank/identify", account=account, pin=pin) == (404, None)


async def test_the_bank_tells_nobody_without_its_token(tmp_path: Path) -> None:
    async with open_for_business(tmp_path) as ask:
        assert (await ask(f"{BANK}/balance"))[1] == {"balance": 12_305.6}
        ask.token = "a guess"
        assert await ask(f"{BANK}/balance") == (401, None)
        assert await ask(f"{BANK}/bill") == (401, None)
        assert await ask("/bank/identify", account="62220001", pin="123456") == (401, None)
    assert (tmp_path / TOKEN_FILE).stat().st_mode & 0o077 == 0


async def test_parcels_are_known_by_number_and_mornings_are_full(tmp_path: Path) -> None:
    async with open_for_business(tmp_path) as ask:
        status, parcel = await ask("/parcels/2000000001")
        assert (status, parcel["status"], parcel["city"]) == (200, "on_the_way", "杭州")
        assert await ask("/parcels/2999999999") == (404, None)
        assert await ask("/parcels/2000000003/redelivery", slot="morning") == (404, None)
        status, arranged = await ask("/parcels/2000000003/redelivery", slot="afternoon")
        assert (status, arranged["from"]) == (200, "14:00")


async def test_a_taken_port_is_told(tmp_path: Path) -> None:
    [port] = server_ports(1)
    async with Business(tmp_path, port):
        with pytest.raises(OSError, match="in use"):
            await Business(tmp_path, port).__aenter__()


def test_it_is_where_the_site_file_looks_for_it() -> None:
    site = yaml.safe_load((PROJECT / "site.example.yaml").read_text("utf-8"))
    assert {urlsplit(system["url"]).port for system in site["systems"].values()} == {PORT}
    assert site["systems"]["bank"]["token_file"] == TOKEN_FILE
