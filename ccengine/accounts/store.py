"""Accounts in the database, and the check of a password."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.accounts.model import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    Account,
    AccountExistsError,
    AccountUnknownError,
    BadAccountError,
    Role,
    account_name,
)
from ccengine.accounts.passwords import Passwords
from ccengine.accounts.tables import AccountRow, WebSessionRow
from ccengine.clock import Clock, moment
from ccengine.ids import AgentId


class Accounts:
    """The accounts of one site."""

    def __init__(
        self, sessions: async_sessionmaker[AsyncSession], clock: Clock, passwords: Passwords
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._passwords = passwords

    async def add(
        self,
        username: str,
        password: str,
        *,
        role: Role,
        agent_id: AgentId | None = None,
        name: str = "",
    ) -> Account:
        """A new account. Raises AccountExistsError, or BadAccountError saying what is wrong."""
        username = account_name(username)
        _check_password(password)
        if role is Role.AGENT and agent_id is None:
            raise BadAccountError("an agent's account needs the agent it belongs to")
        row = AccountRow(
            username=username,
            password_hash=await self._passwords.hash(password),
            role=role.value,
            agent_id=agent_id,
            name=(name or username)[:64],
            created_at=moment(self._clock.now()),
            disabled=False,
        )
        account = _account(row)
        try:
            async with self._sessions.begin() as session:
                session.add(row)
        except IntegrityError as refused:
            raise AccountExistsError(username) from refused
        return account

    async def set_password(self, username: str, password: str) -> None:
        """A new password; every login made with the old one is dropped."""
        _check_password(password)
        hashed = await self._passwords.hash(password)
        await self._change(username, password_hash=hashed)

    async def set_role(self, username: str, role: Role, agent_id: AgentId | None = None) -> None:
        """Another role; every login of the old role is dropped."""
        if role is Role.AGENT and agent_id is None:
            raise BadAccountError("an agent's account needs the agent it belongs to")
        await self._change(username, role=role.value, agent_id=agent_id)

    async def set_disabled(self, username: str, disabled: bool) -> None:
        await self._change(username, disabled=disabled)

    async def find(self, username: str) -> Account | None:
        async with self._sessions() as session:
            row = await session.get(AccountRow, username.strip().lower())
        return _account(row) if row else None

    async def verify(self, username: str, password: str) -> Account | None:
        """The account, if this is its password and it may log in.

        Unknown, disabled and wrong cost the same and are told apart nowhere. Raises BusyError
        when too many checks wait.
        """
        async with self._sessions() as session:
            query = select(AccountRow).where(AccountRow.username == username.strip().lower())
            row = (await session.execute(query)).scalar_one_or_none()
        right = await self._passwords.matches(row.password_hash if row else None, password)
        return _account(row) if row and right and not row.disabled else None

    async def _change(self, username: str, **values: object) -> None:
        username = account_name(username)
        async with self._sessions.begin() as session:
            known = await session.get(AccountRow, username)
            if known is None:
                raise AccountUnknownError(username)
            await session.execute(
                update(AccountRow).where(AccountRow.username == username).values(**values)
            )
            await session.execute(delete(WebSessionRow).where(WebSessionRow.username == username))


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadAccountError(
            f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
        )


def _account(row: AccountRow) -> Account:
    return Account(
        username=row.username,
        name=row.name,
        role=Role(row.role),
        agent_id=AgentId(row.agent_id) if row.agent_id is not None else None,
        disabled=row.disabled,
    )
