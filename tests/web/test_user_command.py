"""``ccengine user``: an account from the command line."""

from __future__ import annotations

import argparse
import asyncio
import io

import pytest

from ccengine.accounts.model import Role
from ccengine.accounts.passwords import generate_password
from ccengine.accounts.store import Accounts
from ccengine.cli import user
from tests.web.conftest import PASSWORD


@pytest.fixture
def run(database, monkeypatch, cheap_passwords):
    """Runs the command against the test's database, as the shell would."""
    monkeypatch.setenv("CCENGINE_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setattr(user, "Passwords", lambda: cheap_passwords)
    monkeypatch.setattr(cheap_passwords, "close", lambda: None)

    async def command(*words: str) -> int:
        parser = argparse.ArgumentParser()
        user.add_arguments(parser)
        return await asyncio.to_thread(user.run, parser.parse_args(words))

    return command


@pytest.fixture
def accounts(database, clock, cheap_passwords):
    return Accounts(database.sessions, clock, cheap_passwords)


async def test_a_password_is_made_and_told_once(run, accounts, capsys):
    assert await run("add", "chenjie", "--role", "agent", "--agent", "1004", "--name", "陈杰") == 0
    username, password = capsys.readouterr().out.split()
    assert username == "chenjie"
    account = await accounts.verify("chenjie", password)
    assert account is not None
    assert (account.role, account.agent_id, account.name) == (Role.AGENT, "1004", "陈杰")


async def test_a_password_can_be_given(run, accounts, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough one\n"))
    assert await run("add", "Manager", "--role", "supervisor", "--password-stdin") == 0
    assert capsys.readouterr().out == ""
    assert (await accounts.verify("manager", "a long enough one")).username == "manager"


async def test_a_new_password_replaces_the_old(run, accounts, capsys):
    assert await run("password", "root") == 0
    new = capsys.readouterr().out.split()[1]
    assert await accounts.verify("root", PASSWORD) is None
    assert await accounts.verify("root", new) is not None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "x y", "--role", "supervisor"), "username"),
        (("add", "wang", "--role", "agent"), "needs the agent"),
        (("password", "nobody"), "no account"),
    ],
)
async def test_what_cannot_be_is_refused_in_plain_words(run, capsys, words, said):
    assert await run(*words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


async def test_the_same_name_twice_is_refused(run, capsys):
    assert await run("add", "BOSS", "--role", "supervisor") == 1
    assert "already" in capsys.readouterr().err


async def test_a_short_password_is_refused(run, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert await run("add", "manager", "--role", "supervisor", "--password-stdin") == 1
    assert "10 to 256" in capsys.readouterr().err


async def test_a_database_without_tables_says_what_to_do(run, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("CCENGINE_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    assert await run("add", "boss", "--role", "supervisor") == 1
    assert "ccengine db upgrade" in capsys.readouterr().err


def test_generated_passwords_differ_and_read_well():
    made = {generate_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("0O1lI") & set("".join(made))
    assert {len(password) for password in made} == {23}
