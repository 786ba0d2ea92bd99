"""The demo's accounts: passwords made once, kept for the owner's eyes, the same at each start."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from ccengine.accounts.model import AccountExistsError, Role
from ccengine.accounts.passwords import Passwords, generate_password
from ccengine.accounts.store import Accounts
from ccengine.clock import EngineClock
from ccengine.db.session import Database
from ccengine.ids import AgentId
from ccengine.seeds.load import seed
from ccengine.settings import Settings
from ccengine.site.model import Site

SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    username: str
    password: str = field(repr=False)
    role: Role
    name: str
    agent_id: AgentId | None


async def furnish(settings: Settings, site: Site) -> list[Login]:
    """Example customers, articles and accounts; returns the logins, the supervisor's first.

    Raises what the database raises.
    """
    database = Database(settings.database)
    passwords = Passwords()
    try:
        await database.upgrade()
        clock = EngineClock()
        await seed(database.sessions, clock)
        return await _accounts(Accounts(database.sessions, clock, passwords), settings, site)
    finally:
        passwords.close()
        await database.dispose()


async def _accounts(accounts: Accounts, settings: Settings, site: Site) -> list[Login]:
    file = settings.secrets / "logins"
    known = _read(file)
    logins = [
        _login(known, SUPERVISOR, Role.SUPERVISOR, "班长", None),
        *(
            _login(known, agent.username, Role.AGENT, agent.name, AgentId(extension))
            for extension, agent in site.agents.items()
        ),
    ]
    # Written first: a password that is in the database alone would be lost to everybody.
    _write(file, logins)
    for login in logins:
        stored = await accounts.find(login.username)
        if stored is None:
            await _add(accounts, login)
        elif login.username not in known:
            await accounts.set_password(login.username, login.password)
    return logins


async def _add(accounts: Accounts, login: Login) -> None:
    try:
        await accounts.add(
            login.username,
            login.password,
            role=login.role,
            agent_id=login.agent_id,
            name=login.name,
        )
    except AccountExistsError:
        await accounts.set_password(login.username, login.password)


def _login(
    known: dict[str, str], username: str, role: Role, name: str, agent_id: AgentId | None
) -> Login:
    password = known.get(username) or generate_password()
    return Login(username=username, password=password, role=role, name=name, agent_id=agent_id)


def _read(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = (line.split() for line in lines)
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _write(file: Path, logins: list[Login]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as text:
        text.writelines(f"{login.username} {login.password}\n" for login in logins)
    part.replace(file)
