"""No key of queues, agents and VIP levels without a test that shows what it does in a call."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path

import pytest
from pydantic import BaseModel

from ccengine.site import model
from ccengine.site.transfers import Transfers

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

PARTS: dict[str, type[BaseModel]] = {
    "queue": model.Queue,
    "member": model.Member,
    "relax": model.Relax,
    "widen": model.Widen,
    "overflow": model.Overflow,
    "callback": model.Callback,
    "message": model.Message,
    "load": model.Load,
    "agent": model.Agent,
    "personal_queues": model.PersonalQueues,
    "vip_level": model.VipLevel,
    "system": model.System,
    "query": model.Query,
    "transfers": Transfers,
}

ELSEWHERE = {
    # It takes a page, a login, or Asterisk to show these: file and test.
    "agent.username": (
        "tests/web/test_user_command.py",
        "def test_a_password_is_made_and_told_once",
    ),
    "agent.languages": (
        "tests/rules/site/test_load.py",
        "def test_an_agent_speaks_only_what_the_site_speaks",
    ),
    "vip_level.title": ("tests/web/test_login.py", '["site"]["vip_levels"]'),
    # These take a system or a database to ask.
    "system.url": ("tests/first_call/test_outside.py", "def test_the_balance_is_spoken"),
    "system.token_file": ("tests/outside/test_http.py", "def test_the_token_of_the_file_is_sent"),
    "system.header": ("tests/outside/test_http.py", 'header="X-Api-Key"'),
    "system.ca_file": ("tests/outside/test_tls.py", 'ca_file="crm_ca.pem"'),
    "system.deadline": ("tests/first_call/test_outside.py", "def test_a_system_that_hangs"),
    "system.at_once": ("tests/outside/test_http.py", "def test_one_more_than_may_be_under_way"),
    "query.database": ("tests/data/test_queries.py", "def test_a_database_of_its_own"),
    "query.password_file": ("tests/data/test_queries.py", '"password_file": "pw"'),
    "query.sql": ("tests/data/test_queries.py", "def test_the_first_row_by_its_columns"),
    "query.deadline": ("tests/data/test_queries.py", "def test_a_query_that_takes_too_long"),
    "query.one_row": ("tests/data/test_queries.py", "one_row=False"),
    "transfers.trunk": ("tests/people_on_the_phone/people.py", '"trunk": "carrier"'),
    "transfers.allowed": (
        "tests/rules/engine/test_transfers.py",
        "def test_what_is_not_on_the_list_is_refused",
    ),
    "transfers.most_at_once": (
        "tests/rules/engine/test_transfers.py",
        "def test_calls_at_once_count_until_they_are_over",
    ),
    "transfers.per_day": (
        "tests/rules/engine/test_transfers.py",
        "def test_the_days_limits_count_attempts_and_survive_a_restart",
    ),
    "transfers.per_number": ("tests/people_on_the_phone/people.py", '"per_number": 2'),
    "transfers.longest": ("tests/people_on_the_phone/people.py", '"longest": 60'),
    "transfers.hours": (
        "tests/rules/engine/test_transfers.py",
        "def test_outside_of_the_hours_nothing_is_called",
    ),
    "callback.first": (
        "tests/engine_away/test_callback.py",
        "def test_the_customer_is_called_when_its_turn_has_come",
    ),
    "callback.ring": ("tests/engine_away/test_callback.py", '"ring": 10'),
}
"""Key -> where it is shown: a file and words that stand in it."""


def keys() -> list[str]:
    return [f"{part}.{name}" for part, kind in PARTS.items() for name in kind.model_fields]


def shown() -> Counter[str]:
    """How many tests of this folder show each key, by their ``@shows``."""
    found: Counter[str] = Counter()
    for file in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(f"tests.rules.site.{file.stem}")
        for name, test in vars(module).items():
            if name.startswith("test_"):
                found.update(getattr(test, "shows", ()))
    return found


SHOWN = shown()


@pytest.mark.parametrize("key", keys())
def test_it_is_shown_in_a_call(key: str) -> None:
    if key in ELSEWHERE:
        file, words = ELSEWHERE[key]
        assert words in (ROOT / file).read_text("utf-8")
    else:
        assert SHOWN[key] > 0, f"write a test of `{key}` with @shows"


def test_only_keys_that_exist_are_shown() -> None:
    assert set(SHOWN) | set(ELSEWHERE) == set(keys())


def test_all_parts_of_a_queue_are_looked_at() -> None:
    models = {
        kind
        for kind in vars(model).values()
        if isinstance(kind, type) and issubclass(kind, model.Part) and kind is not model.Part
    }
    of_the_site = {model.Site, model.NumberRoute, model.Trunk, model.Hours, model.Fallback}
    short_forms = {model.OverflowWhen, model.OverflowDo}  # shown as overflow.when and .do
    assert models - set(PARTS.values()) == of_the_site | short_forms | {model.Disposition}
