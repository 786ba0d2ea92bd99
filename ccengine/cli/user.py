"""``ccengine user add``: an account for the pages, with a password told once."""

from __future__ import annotations

import argparse
import asyncio
import sys

from sqlalchemy.exc import SQLAlchemyError

from ccengine.accounts.model import AccountError, BadAccountError, Role
from ccengine.accounts.passwords import Passwords, generate_password
from ccengine.accounts.store import Accounts
from ccengine.clock import EngineClock
from ccengine.db.errors import DatabaseError
from ccengine.db.session import Database
from ccengine.ids import AgentId
from ccengine.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="make an account; prints its password once")
    add.add_argument("username", metavar="USERNAME")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--agent", metavar="ID", help="the agent of the site file it belongs to")
    add.add_argument("--name", default="", help="as it is shown on the pages")
    _password_option(add)
    password = actions.add_parser("password", help="set a new password; ends its logins")
    password.add_argument("username", metavar="USERNAME")
    _password_option(password)


def run(args: argparse.Namespace) -> int:
    """0: done; 1: refused, and standard error says why."""
    generated = not args.password_stdin
    password = generate_password() if generated else sys.stdin.readline().rstrip("\r\n")
    try:
        asyncio.run(_change(args, password))
    except AccountError as wrong:
        print(f"ccengine user: {wrong}", file=sys.stderr)
        return 1
    except (SQLAlchemyError, DatabaseError, OSError) as wrong:
        print(f"ccengine user: the database cannot be used: {wrong}", file=sys.stderr)
        print("    cure: ccengine db upgrade, then try again", file=sys.stderr)
        return 1
    if generated:
        print(f"{args.username} {password}")
    return 0


def _password_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from the first line of standard input instead of making one",
    )


async def _change(args: argparse.Namespace, password: str) -> None:
    settings = Settings()
    passwords = Passwords()
    database = Database(settings.database)
    try:
        accounts = Accounts(database.sessions, EngineClock(), passwords)
        if args.action == "add":
            await accounts.add(
                args.username,
                password,
                role=Role(args.role),
                agent_id=AgentId(args.agent) if args.agent else None,
                name=args.name,
            )
        elif args.action == "password":
            await accounts.set_password(args.username, password)
        else:
            raise BadAccountError(f"unknown action {args.action!r}")
    finally:
        passwords.close()
        await database.dispose()
