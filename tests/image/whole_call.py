"""A whole call through the container image. Not part of `make test`: `make image-test` runs it."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from ccengine.settings import Settings
from simphones import audio
from simphones.callers import Callers
from simphones.phones import Phones
from tests.image.container import HOME, Container, answers_nothing, compose_service, running
from tests.kit.agent_page import AgentPage, open_page
from tests.kit.asterisk import PROJECT, free_settings
from tests.kit.postgres import PostgresServer

CALLER_HZ = 440.0
AGENT_HZ = 1000
VIP = "13800000001"
FIRST_START_S = 240.0
"""All prompts are spoken to files at the first start."""
IMAGE_USER = 10_001


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a volume in it, owned as the image's own folder is."""
    with TemporaryDirectory(prefix="ccimg-") as name:
        home = Path(name, "home")
        home.mkdir(mode=0o700)
        os.chown(home, IMAGE_USER, IMAGE_USER)
        yield Path(name)


async def test_a_call_through_the_image_with_sqlite(place: Path) -> None:
    settings = free_settings(place / "home")
    await a_centre_that_takes_a_call(
        place, settings, ports_of(settings), {HOME: str(settings.home)}
    )


async def test_a_call_as_compose_runs_it_with_postgresql(place: Path) -> None:
    server = PostgresServer()
    try:
        secret = await only_with_password(server, place)
        settings = free_settings(place / "home")
        service = compose_service()
        environment = service["environment"] | ports_of(settings)
        url = environment["CCENGINE_DATABASE_URL"]
        environment["CCENGINE_DATABASE_URL"] = url.replace("55432", str(server.port))
        mounts = {HOME: str(settings.home), "/run/secrets/database_password": str(secret)}
        for volume in service["volumes"]:
            source, inside, *_ = volume.split(":")
            if inside != HOME:
                mounts[inside] = str((PROJECT / source).resolve())
        await a_centre_that_takes_a_call(place, settings, environment, mounts)
        assert not (settings.home / "ccengine.db").exists()
    finally:
        server.remove()


async def a_centre_that_takes_a_call(
    place: Path, settings: Settings, environment: Mapping[str, str], mounts: Mapping[str, str]
) -> None:
    """The way of the README: start, accounts and examples, a restart; then a caller."""
    async with running(place / "first", environment, mounts) as container:
        await container.well(within=FIRST_START_S)
        passwords = await accounts_and_examples(container)
        assert await container.stop() == 0, container.said()
        assert await answers_nothing(f"{settings.url}/healthz")

    # A second container on the same volume has all that, and is there soon.
    async with running(place / "second", environment, mounts) as container:
        await container.well(within=60)
        not_root_and_without_rights(container)
        await a_whole_call(settings, passwords)
        told = await container.tell("ccengine", "report", "--json")
        assert '"support"' in told
        assert await container.stop() == 0, container.said()


async def test_without_its_database_it_says_so_and_ends(place: Path) -> None:
    nowhere = {"CCENGINE_DATABASE_URL": "postgresql+asyncpg://ccengine:x@127.0.0.1:1/ccengine"}
    async with running(place / "c", nowhere, {HOME: str(place / "home")}) as container:
        assert await container.ended(within=60) == 2
        assert "error: " in container.said()
        assert "cure: " in container.said()


async def a_whole_call(settings: Settings, passwords: Mapping[str, str]) -> None:
    """From the INVITE to the report."""
    sip = (settings.sip_host, settings.sip_port)
    async with Phones() as phones, Callers(target=sip) as callers:
        # Given an agent of the support queue with a phone and an open page
        secret = (settings.secrets / "sip" / "1002").read_text().strip()
        phone = await phones.register("1002", secret, target=sip, hz=AGENT_HZ)
        page = await open_page(settings.url, "liqiang", passwords["liqiang"])
        boss = await open_page(settings.url, "boss", passwords["boss"], socket=False)
        try:
            await page.reachable()
            await page.ready()

            # when a known VIP calls the number that goes straight to support
            call = await callers.call("4002", ani=VIP, hz=CALLER_HZ)
            await call.answered(within=5)

            # then the pop is on the page before the INVITE is at the phone
            pop = await page.pop(within=30)
            ring = await phone.rings(within=5)
            assert pop.at < ring.at
            call_id = str(pop.message["call_id"])
            assert ring.invite.header("X-CC-Call-Id") == call_id
            assert pop.message["vip_level"] == "gold"
            assert pop.message["customer"]["name"]
            assert len(pop.message["articles"]) == 3

            # and when the agent answers, each hears the other
            await phone.answer()
            await phone.talking(within=5)
            assert await call.hears(AGENT_HZ, within=10)
            await page.becomes("talking", within=5)
            await call.listened(2.0, within=10)
            await phone.hang_up()
            assert (await call.ended(within=10)).by == "far"
            assert audio.hears((await phone.ended(within=10)).heard(), CALLER_HZ)

            # and the agent codes the call
            await page.becomes("wrap_up", within=10)
            await page.say(type="disposition", call_id=call_id, disposition="solved", note="")
            await the_volume_has_the_recording(settings, boss, call_id)
            await the_report_counts_it(boss)
        finally:
            await page.close()
            await boss.close()


async def the_volume_has_the_recording(settings: Settings, boss: AgentPage, call_id: str) -> None:
    story = await told(boss, call_id)
    assert story["call"]["outcome"] == "answered"
    assert story["call"]["agent_id"] == "1002"
    assert story["call"]["disposition"] == "solved"
    stored = next(fact for fact in story["facts"] if fact["kind"] == "recording.stored")
    recording = settings.recordings / stored["path"]
    assert hashlib.sha256(recording.read_bytes()).hexdigest() == stored["sha256"]
    (caller_side, agent_side), _rate = audio.read_wav(recording)
    assert audio.hears(caller_side, CALLER_HZ)
    assert audio.hears(agent_side, AGENT_HZ)


async def told(boss: AgentPage, call_id: str) -> dict[str, Any]:
    """The call with its facts, as soon as it is coded and its recording is stored."""
    async with asyncio.timeout(20):
        while True:
            story: dict[str, Any] = await boss.get(f"/api/calls/{call_id}")
            kinds = [fact["kind"] for fact in story["facts"]]
            if "recording.stored" in kinds and story["call"]["disposition"]:
                return story
            await asyncio.sleep(0.1)


async def the_report_counts_it(boss: AgentPage) -> None:
    report = await boss.get("/api/report/queues")
    support = next(row for row in report["rows"] if row["queue"] == "support")
    assert report["balanced"] is True
    assert (support["offered"], support["answered"]) == (1, 1)


async def accounts_and_examples(container: Container) -> dict[str, str]:
    """First accounts and example content, as the README tells."""
    await container.tell("ccengine", "db", "examples")
    passwords = {}
    for username, *rest in (
        ("boss", "--role", "supervisor"),
        ("liqiang", "--role", "agent", "--agent", "1002"),
    ):
        said = await container.tell("ccengine", "user", "add", username, *rest)
        passwords[username] = said.split()[-1]
    return passwords


def not_root_and_without_rights(container: Container) -> None:
    state = container.state()
    assert set(state["Uid"].split()) == {str(IMAGE_USER)}
    assert set(state["Gid"].split()) == {str(IMAGE_USER)}
    assert int(state["CapEff"], 16) == int(state["CapBnd"], 16) == 0
    assert state["NoNewPrivs"] == "1"


async def only_with_password(server: PostgresServer, place: Path) -> Path:
    """The server's database, from now on with a password; returns the password's file."""
    url = (await server.create_database("ccengine")).replace("+asyncpg", "")
    password = secrets.token_urlsafe(12) + "/@:%"
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(f"ALTER ROLE ccengine PASSWORD '{password}'")
        demand_passwords(Path(await connection.fetchval("SHOW hba_file")))
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
    return password_file(place, password)


def demand_passwords(rules: Path) -> None:
    rules.write_text("host all all 127.0.0.1/32 scram-sha-256\n")


def password_file(place: Path, password: str) -> Path:
    """As `make up` leaves it: readable inside the container, its folder closed to others."""
    file = place / "database_password"
    file.write_text(password + "\n")
    file.chmod(0o644)
    return file


def ports_of(settings: Settings) -> dict[str, str]:
    """This machine's network is the container's, so its ports must be free ones."""
    names = ("http_port", "agi_port", "ami_port", "sip_port", "rtp_start", "rtp_end")
    return {f"CCENGINE_{name.upper()}": str(getattr(settings, name)) for name in names}
