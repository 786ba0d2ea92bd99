"""Logins that last: a random token in the browser's cookie, its hash in the database."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ccengine.accounts.model import Account, NewLogin, Role, SignedIn
from ccengine.accounts.tables import AccountRow, WebSessionRow
from ccengine.clock import Clock, moment
from ccengine.ids import AgentId

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)  # not every request is worth a write


class WebSessions:
    """Made at each login, gone at logout, at a change of password or role, or by age."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    async def open(self, account: Account, *, instead_of: str = "") -> NewLogin:
        """A new login; the one whose token the browser still held ends. Dead ones are swept."""
        token = secrets.token_urlsafe(32)
        now = moment(self._clock.now())
        row = WebSessionRow(
            token_hash=_hash(token),
            username=account.username,
            csrf=secrets.token_urlsafe(32),
            created_at=now,
            expires_at=now + LONGEST,
            last_seen=now,
        )
        signed_in = SignedIn(
            session_id=row.token_hash,
            username=account.username,
            name=account.name,
            role=account.role,
            agent_id=account.agent_id,
            csrf=row.csrf,
        )
        async with self._sessions.begin() as session:
            await session.execute(
                delete(WebSessionRow).where(
                    or_(
                        WebSessionRow.token_hash == _hash(instead_of),
                        WebSessionRow.expires_at <= now,
                        WebSessionRow.last_seen <= now - IDLE,
                    )
                )
            )
            session.add(row)
        return NewLogin(token=token, signed_in=signed_in)

    async def find(self, token: str) -> SignedIn | None:
        """The login of this token, if it still holds; counts as a sign of life."""
        return await self.check(_hash(token), seen=True) if token else None

    async def check(self, session_id: str, *, seen: bool) -> SignedIn | None:
        """The login by its id; ``seen``: its person did something, so the idle time restarts."""
        now = moment(self._clock.now())
        query = (
            select(WebSessionRow, AccountRow)
            .join(AccountRow, AccountRow.username == WebSessionRow.username)
            .where(WebSessionRow.token_hash == session_id, AccountRow.disabled.is_(False))
        )
        async with self._sessions() as session:
            found = (await session.execute(query)).one_or_none()
            if found is None:
                return None
            login, account = found
            if login.expires_at <= now or login.last_seen <= now - IDLE:
                return None
            signed_in = SignedIn(
                session_id=session_id,
                username=account.username,
                name=account.name,
                role=Role(account.role),
                agent_id=AgentId(account.agent_id) if account.agent_id is not None else None,
                csrf=login.csrf,
            )
            if seen and login.last_seen <= now - SEEN_EVERY:
                await session.execute(
                    update(WebSessionRow)
                    .where(WebSessionRow.token_hash == session_id)
                    .values(last_seen=now)
                )
                await session.commit()
        return signed_in

    async def close(self, session_id: str) -> None:
        async with self._sessions.begin() as session:
            await session.execute(
                delete(WebSessionRow).where(WebSessionRow.token_hash == session_id)
            )


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
