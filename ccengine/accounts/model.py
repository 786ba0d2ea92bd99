"""Who may use the pages: accounts, their roles, and what goes wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from ccengine.ids import AgentId

USERNAME = re.compile(r"^[a-z][a-z0-9_.-]{0,63}$")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may log in. An agent's account names the agent of the site file."""

    username: str
    name: str
    role: Role
    agent_id: AgentId | None
    disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """One valid login: what a request's cookie stands for."""

    session_id: str
    """The token's hash; names the login in logs and in the desk, and opens nothing."""
    username: str
    name: str
    role: Role
    agent_id: AgentId | None
    csrf: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLogin:
    """A login just made; ``token`` is told once, to the browser, and stored nowhere."""

    token: str = field(repr=False)
    signed_in: SignedIn


class AccountError(Exception):
    """The administrator's mistake; the text says what to do."""


class AccountExistsError(AccountError):
    def __init__(self, username: str) -> None:
        super().__init__(f"there is already an account {username!r}")


class AccountUnknownError(AccountError):
    def __init__(self, username: str) -> None:
        super().__init__(f"there is no account {username!r}")


class BadAccountError(AccountError):
    """A name, password or role that cannot be stored."""


class TooManyGuessesError(Exception):
    """This address has guessed too often at this account; ``retry_s`` until it may again."""

    def __init__(self, retry_s: float) -> None:
        self.retry_s = retry_s
        super().__init__(f"too many guesses, again in {retry_s:.0f} s")


class BusyError(Exception):
    """So many passwords wait to be checked that this one is turned away."""


def account_name(username: str) -> str:
    """The one spelling of a username. Raises BadAccountError for one that cannot be."""
    plain = username.strip().lower()
    if not USERNAME.match(plain):
        raise BadAccountError(
            f"username {username!r}: a letter, then up to 63 letters, digits, '_', '.' or '-'"
        )
    return plain
