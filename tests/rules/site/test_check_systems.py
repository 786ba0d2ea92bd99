"""A token that anybody on the way could read is told of; the file is taken all the same."""

from __future__ import annotations

import pytest

from tests.rules.site.site_text import sales, warnings

SYSTEMS = "systems:\n  crm: {{url: {url}{token}}}\n"
TOKEN = ", token_file: crm_token"


def told(url: str, token: str = TOKEN) -> list[str]:
    said = warnings(sales(more=SYSTEMS.format(url=f'"{url}"', token=token)))
    return [line for line in said if "unencrypted" in line]


@pytest.mark.parametrize("host", ["crm.example.com", "8.8.8.8:8080", "localhost.example.com"])
def test_a_token_in_the_clear_to_a_host_outside(host: str) -> None:
    assert told(f"http://{host}/api") == [
        "5:14 the token for 'crm' goes over the network unencrypted | "
        "write https://, or ask it by a private address"
    ]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8090", "localhost", "10.1.2.3", "192.168.0.9", "172.16.0.1", "crm", "crm.internal"],
)
def test_in_ones_own_network_it_may_go_so(host: str) -> None:
    assert told(f"http://{host}/api") == []


def test_encrypted_or_without_a_token_nothing_is_said() -> None:
    assert told("https://crm.example.com") == []
    assert told("http://crm.example.com", token="") == []
