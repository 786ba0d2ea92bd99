"""The AMI link against an Asterisk that is silent, slow, rude, or gone in the middle of a word."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from ccengine.asterisk.ami import AmiLink, LinkTimes
from ccengine.asterisk.ami_wire import ActionRefusedError, LinkDownError, OutcomeUnknownError
from ccengine.asterisk.events import PhoneEvent, PhoneSeen
from ccengine.asterisk.gate import ForbiddenError
from ccengine.asterisk.snapshot import Snapshot, take
from tests.kit.ami_server import AmiServer, Connection, ami_server, message

QUICK = LinkTimes(
    connect_s=0.25,
    action_s=0.25,
    ping_every_s=0.05,
    dead_after_s=0.15,
    again_first_s=0.002,
    again_most_s=0.004,
)
CHANNEL = "PJSIP/1001-0000002a"


class Owner:
    """Whoever owns the link: hears events, is told of up and down."""

    def __init__(self, port: int, *, secret: str = "right", times: LinkTimes = QUICK) -> None:
        self.events: list[PhoneEvent] = []
        self.seen: list[Snapshot] = []
        self.ups = 0
        self.downs = 0
        self.down = asyncio.Event()
        self.breaks_on_up = 0
        self.breaks_on_event = False
        self._changed = asyncio.Condition()
        self.link = AmiLink(
            host="127.0.0.1",
            port=port,
            username="ccengine",
            secret=secret,
            on_event=self._event,
            on_up=self._up,
            on_down=self._down,
            times=times,
        )

    def _event(self, event: PhoneEvent) -> None:
        self.events.append(event)
        if self.breaks_on_event:
            raise RuntimeError("ours")

    async def _up(self) -> None:
        self.ups += 1
        if self.breaks_on_up:
            self.breaks_on_up -= 1
            raise RuntimeError("ours")
        self.seen.append(await take(self.link))
        async with self._changed:
            self._changed.notify_all()

    def _down(self) -> None:
        self.downs += 1
        self.down.set()

    async def snapshots(self, number: int) -> None:
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: len(self.seen) >= number)


@contextlib.asynccontextmanager
async def running(owner: Owner) -> AsyncIterator[Owner]:
    task = asyncio.create_task(owner.link.run())
    try:
        yield owner
        assert not task.done(), "the link gave up"
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not owner.link.up.is_set()
    assert owner.ups >= owner.downs


@pytest.fixture
async def server() -> AsyncIterator[AmiServer]:
    async with ami_server() as made:
        yield made


async def test_a_login_then_a_snapshot_then_events(server: AmiServer) -> None:
    server.devices = {"PJSIP/1001": "NOT_INUSE", "PJSIP/carrier": "INUSE"}
    server.channels = [
        (
            ("Channel", CHANNEL),
            ("Uniqueid", "1.2"),
            ("Linkedid", "1.1"),
            ("ChanVariable", "CC_REF=0f8fad5b-d9cb-469f-a165-70867728950e/o-1"),
            ("BridgeId", "b"),
        )
    ]
    async with running(Owner(server.port)) as owner:
        await owner.snapshots(1)
        (seen,) = owner.seen
        assert seen.phones == {"1001": "idle"}
        (channel,) = seen.channels
        assert (channel.agent_id, channel.call_id, channel.bridged) == (
            "1001",
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            True,
        )
        assert server.connections[0].names() == ["Login", "DeviceStateList", "CoreShowChannels"]
        server.connections[0].event("DeviceStateChange", Device="PJSIP/1001", State="INUSE")
        await owner.link.send("Ping")
        assert [type(event) for event in owner.events] == [PhoneSeen]


async def test_a_silent_peer_is_known_and_left(server: AmiServer) -> None:
    async with running(Owner(server.port)) as owner:
        await owner.snapshots(1)
        loop = asyncio.get_running_loop()
        server.silent = True
        since = loop.time()
        await asyncio.wait_for(owner.down.wait(), 5)
        # dead_after_s, half a ping_every_s, and what a busy machine adds
        assert 0.1 < loop.time() - since < 1.0
        server.silent = False
        await owner.snapshots(2)


def test_with_the_times_of_real_life_a_silent_peer_is_known_within_five_seconds() -> None:
    times = LinkTimes()
    assert times.dead_after_s + times.ping_every_s / 2 < 5
    assert times.ping_every_s * 2 < times.dead_after_s, "one lost ping is no death"
    assert times.action_s < times.dead_after_s


async def test_a_peer_that_is_only_quiet_is_kept(server: AmiServer) -> None:
    async with running(Owner(server.port)) as owner:
        await owner.snapshots(1)
        await asyncio.wait_for(server.action("Ping", 6), 5)
        assert (owner.downs, len(server.connections)) == (0, 1)


async def test_a_wrong_secret_is_refused_and_tried_again_slowly(server: AmiServer) -> None:
    times = LinkTimes(again_first_s=0.001, again_most_s=0.1)
    async with running(Owner(server.port, secret="wrong", times=times)) as owner:
        loop = asyncio.get_running_loop()
        since = loop.time()
        await server.action("Login", 3)
        assert loop.time() - since >= 0.2
        assert (owner.ups, owner.link.up.is_set()) == (0, False)


async def test_who_closes_at_once_is_tried_again_with_growing_pauses(server: AmiServer) -> None:
    server.closes_at_once = True
    async with running(Owner(server.port)) as owner:
        await server.connection(5)
        assert (owner.ups, owner.downs, server.count("Login")) == (0, 0, 0)
        server.closes_at_once = False
        await owner.snapshots(1)


@pytest.mark.parametrize(
    "banner", [b"", b"HTTP/1.1 400 Bad Request\r\n", b"SSH-2.0-x\r\n", b"\xff\r\n", b"\r\n"]
)
async def test_what_is_no_asterisk_is_not_told_the_secret(server: AmiServer, banner: bytes) -> None:
    server.banner = banner
    async with running(Owner(server.port)) as owner:
        await server.connection(2)
        assert (server.count("Login"), owner.ups) == (0, 0)


async def test_nobody_listens_and_then_somebody_does() -> None:
    server = AmiServer()
    await server.start()
    await server.stop()
    async with running(Owner(server.port)) as owner:
        with pytest.raises(LinkDownError):
            await owner.link.send("Ping")
        await server.start()
        await owner.snapshots(1)
        await server.stop()


async def test_an_answer_that_never_comes_has_an_unknown_outcome(server: AmiServer) -> None:
    server.answers["Hangup"] = lambda _connection, _action: None
    async with running(Owner(server.port)) as owner:
        await owner.snapshots(1)
        with pytest.raises(OutcomeUnknownError):
            await owner.link.send("Hangup", Channel=CHANNEL, Cause="26")
        assert owner.downs == 0, "other actions are answered: the link stays"
        await owner.link.send("Ping")
        assert server.count("Hangup") == 1


async def test_an_answer_after_its_deadline_is_nobodys(server: AmiServer) -> None:
    held: list[tuple[Connection, dict[str, str]]] = []
    server.answers["Hangup"] = lambda connection, action: held.append((connection, action))
    async with running(Owner(server.port)) as owner:
        await owner.snapshots(1)
        with pytest.raises(OutcomeUnknownError):
            await owner.link.send("Hangup", Channel=CHANNEL)
        ((connection, action),) = held
        connection.say(message(("Response", "Success"), ("ActionID", action["ActionID"])))
        assert (await owner.link.send("Ping")).ping == "Pong"


async def test_refusals_carry_asterisks_words(server: AmiServer) -> None:
    refuse = "Permission denied"
    server.answers["Hangup"] = lambda connection, action: connection.refuse(action, refuse)
    async with running(Owner(server.port)) as owner:
        await owner.snapshots(1)
        with pytest.raises(ActionRefusedError, match=refuse):
            await owner.link.send("Hangup", Channel=CHANNEL)
        server.answers["CoreShowChannels"] = server.answers["Hangup"]
        with pytest.raises(ActionRefusedError, match=refuse):
            await owner.link.query("CoreShowChannels")
        assert owner.downs == 0


async def test_what_may_not_pass_the_gate_is_never_written(server: AmiServer) -> None:
    async with running(Owner(server.port)) as owner:
        await owner.snapshots(1)
        for name, fields in (
            ("Originate", {"Channel": CHANNEL}),
            ("Hangup", {"Channel": "/PJSIP.*/"}),
            ("Hangup", {"Channel": f"{CHANNEL}\r\nAction: Command"}),
            ("Ping", {"Variable": "FILE(/etc/passwd)=x"}),
        ):
            with pytest.raises(ForbiddenError):
                await owner.link.send(name, **fields)
        await owner.link.send("Ping")
        assert server.connections[0].names() == ["Login", "DeviceStateList", "CoreShowChannels"]


async def test_a_fault_of_ours_with_one_event_does_not_cost_the_link(server: AmiServer) -> None:
    async with running(Owner(server.port, times=LinkTimes())) as owner:
        await owner.snapshots(1)
        owner.breaks_on_event = True
        server.connections[0].event("DeviceStateChange", Device="PJSIP/1001", State="INUSE")
        server.connections[0].event("DeviceStateChange", Device="PJSIP/1002", State="INUSE")
        await owner.link.send("Ping")
        assert (len(owner.events), owner.downs) == (2, 0)


async def test_a_fault_of_ours_after_the_login_is_tried_again(server: AmiServer) -> None:
    """The database was away when the snapshot came: the link must not be given up for ever."""
    owner = Owner(server.port)
    owner.breaks_on_up = 2
    async with running(owner):
        await owner.snapshots(1)
        assert (owner.ups, owner.downs) == (3, 2)


async def test_a_reader_that_never_ends_a_message_is_left(server: AmiServer) -> None:
    async with running(Owner(server.port)) as owner:
        await owner.snapshots(1)
        server.connections[0].say(b"Event: X\r\n" + b"A: b\r\n" * 60_000)
        await owner.snapshots(2)
        assert owner.downs == 1


async def _dialogue(cut_after: int | None) -> tuple[AmiServer, str]:
    """Login, snapshot and one Hangup; the first connection is cut after so many bytes to us."""
    async with ami_server() as server:
        server.cut_after = cut_after
        server.channels = [(("Channel", CHANNEL), ("Uniqueid", "1.2"))]
        server.devices = {"PJSIP/1001": "NOT_INUSE"}
        async with running(Owner(server.port)) as owner:
            await owner.link.up.wait()
            outcome = "done"
            try:
                await owner.link.send("Hangup", Channel=CHANNEL, Cause="26")
            except (OutcomeUnknownError, LinkDownError) as error:
                outcome = type(error).__name__
            if outcome != "done":
                await owner.snapshots(1)
        return server, outcome


async def test_cut_at_every_byte_nothing_is_ever_sent_twice() -> None:
    """What was on its way when the line broke has an unknown outcome, and stays unsent."""
    server, outcome = await _dialogue(None)
    assert (outcome, len(server.connections)) == ("done", 1)
    total = server.connections[0].said + 25
    outcomes: set[str] = set()
    for start in range(0, total, 25):
        results = await asyncio.gather(*(_dialogue(start + n) for n in range(25)))
        for cut_server, how in results:
            outcomes.add(how)
            assert cut_server.count("Hangup") <= 1
            for connection in cut_server.connections:
                names = connection.names()
                assert len(names) == len(set(names)), names
    assert outcomes == {"done", "OutcomeUnknownError"}


async def test_stopping_passes_through_whatever_the_link_does(server: AmiServer) -> None:
    """Cancelled while connecting, while logging in, while the snapshot runs, while it rests."""
    for silent_action in ("Login", "DeviceStateList", "CoreShowChannels", None):
        server.answers = {silent_action: lambda *_: None} if silent_action else {}
        owner = Owner(server.port, times=LinkTimes())
        before = server.count(silent_action or "CoreShowChannels")
        async with running(owner):
            await server.action(silent_action or "CoreShowChannels", before + 1)
        assert not owner.link.up.is_set()
