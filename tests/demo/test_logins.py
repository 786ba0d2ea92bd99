"""The demo's accounts are the same at each start, and nobody else reads them."""

from __future__ import annotations

import stat
from pathlib import Path

from ccengine.accounts.model import Role
from ccengine.accounts.passwords import Passwords
from ccengine.accounts.store import Accounts
from ccengine.app import loaded_from
from ccengine.clock import EngineClock
from ccengine.db.session import Database
from ccengine.settings import Settings
from ccengine.site.model import Site
from demo.logins import Login, furnish
from demo.place import PROJECT


def settings_in(home: Path) -> Settings:
    return Settings(
        home=home, site=PROJECT / "site.example.yaml", flows=PROJECT / "ivr_flows", database_url=""
    )


def small(settings: Settings) -> Site:
    """One agent is enough: each password costs some tenths of a second by intent."""
    site = loaded_from(settings).site
    return site.model_copy(update={"agents": {"1005": site.agents["1005"]}})


async def opens(settings: Settings, login: Login) -> bool:
    database, passwords = Database(settings.database), Passwords()
    try:
        accounts = Accounts(database.sessions, EngineClock(), passwords)
        return await accounts.verify(login.username, login.password) is not None
    finally:
        passwords.close()
        await database.dispose()


async def test_each_agent_and_a_supervisor_get_a_login_that_opens(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    site = small(settings)

    logins = await furnish(settings, site)

    assert [login.role for login in logins] == [Role.SUPERVISOR, Role.AGENT]
    assert [login.agent_id for login in logins] == [None, "1005"]
    assert await opens(settings, logins[0])
    mode = stat.S_IMODE((settings.secrets / "logins").stat().st_mode)
    assert mode == 0o600
    assert all(login.password not in repr(login) for login in logins)


async def test_a_second_start_tells_the_same_passwords(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    site = small(settings)

    assert await furnish(settings, site) == await furnish(settings, site)


async def test_a_lost_file_means_new_passwords_and_not_a_locked_house(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    site = small(settings)
    old = await furnish(settings, site)
    (settings.secrets / "logins").unlink()

    new = await furnish(settings, site)

    assert new[0].password != old[0].password
    assert await opens(settings, new[0])
    assert not await opens(settings, old[0])
