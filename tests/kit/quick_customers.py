"""Customers who are called back, on the made-up Asterisk of ``quick_centre``."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from ccengine.asterisk.agi_wire import AgiEnvironment
from ccengine.asterisk.events import CustomerCalled
from ccengine.ids import CallId
from tests.kit.quick_centre import Caller, QuickCentre

NO_ANSWER, BUSY, NORMAL, NO_CIRCUIT = 19, 17, 16, 34
STATUSES = {BUSY: "BUSY", NO_ANSWER: "NOANSWER", NO_CIRCUIT: "CONGESTION"}


@dataclass
class Customer:
    """How the customer's phone behaves. ``answers``: after so many seconds; None: never."""

    answers: float | None = 3.0
    cause: int = 0
    """The call fails at once with this Q.850 cause."""
    stays: float = 1_000.0
    """It hangs up so long after it has answered."""


class CallsOut:
    """The AMI link: each Originate makes one leg, and a Redirect rings the customer."""

    def __init__(self, centre: QuickCentre) -> None:
        self._centre = centre
        centre.link.out = self
        self.customer = Customer()
        self.refuses: Exception | None = None
        """Raised for each action, of which nothing is done."""
        self.loses: Exception | None = None
        """Raised for each action, which is done all the same."""
        self.sent: list[str] = []
        self.legs: list[Leg] = []
        self.most_at_once = 0
        self._ringing: set[asyncio.Task[None]] = set()

    async def send(self, name: str, **fields: str | tuple[str, ...]) -> object:
        if self.refuses is not None:
            raise self.refuses
        self.sent.append(name)
        if name == "Originate":
            variables = dict(item.split("=", 1) for item in fields["Variable"])
            leg = Leg(self._centre, variables, str(fields["ChannelId"]), str(fields["Channel"]))
            self.legs.append(leg)
            self._centre.legs.append(leg)
            self._begin(leg, self._first_phone(leg, int(str(fields["Timeout"])) / 1_000))
            up = sum(not leg.gone for leg in self.legs)
            self.most_at_once = max(self.most_at_once, up)
        elif name == "Redirect":
            (leg,) = [leg for leg in self.legs if leg.other_half == fields["Channel"]]
            self._begin(leg, self._second_phone(leg))
        if self.loses is not None:
            raise self.loses
        return None

    def _begin(self, leg: Leg, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def _first_phone(self, leg: Leg, ring_s: float) -> None:
        if leg.local:
            leg.connect()
            return
        cause = await self._rings(leg, ring_s)
        if cause:
            leg.ends(cause)
            return
        leg.connect()
        await asyncio.sleep(self.customer.stays)
        leg.hang_up()

    async def _second_phone(self, leg: Leg) -> None:
        cause = await self._rings(leg, float(leg.variables["CC_RINGS"]))
        status = STATUSES[cause] if cause else "REACHED"
        if leg.gone:
            status = "CANCEL"
        self._centre.phones.heard(
            CustomerCalled(call_id=leg.call_id, reached=status == "REACHED", status=status)
        )
        if status == "REACHED":
            await asyncio.sleep(self.customer.stays)
        leg.hang_up()

    async def _rings(self, leg: Leg, ring_s: float) -> int:
        """Why it was not answered; 0: it was."""
        customer = self.customer
        if customer.cause:
            await asyncio.sleep(0.2)
            return customer.cause
        loop = asyncio.get_running_loop()
        since = loop.time()
        while not leg.gone and loop.time() - since < ring_s:
            if customer.answers is not None and loop.time() - since >= customer.answers:
                return 0
            await asyncio.sleep(0.05)
        return NO_ANSWER

    def rung(self) -> int:
        """So often a leg went out."""
        return self.sent.count("Originate")


class Leg(Caller):
    """One leg to a customer; its dialplan hands it over as ``callback``."""

    def __init__(
        self, centre: QuickCentre, variables: dict[str, str], uniqueid: str, asked: str
    ) -> None:
        super().__init__(centre, 0)
        self.call_id = CallId(variables["CC_REF"])
        self.variables = dict(variables)
        self.uniqueid = uniqueid
        self.phase = "callback"
        self.local = asked.startswith("Local/")
        number = len(centre.legs) + 1
        name = "Local/s@cc-callback-customer" if self.local else "PJSIP/trunk-carrier"
        self.channel = f"{name}-{number:08x}" + (";1" if self.local else "")
        self.other_half = self.channel.removesuffix(";1") + ";2"
        self.cause = NORMAL

    def environment(self) -> AgiEnvironment:
        marks = {"trunk": "carrier", "bad": "0", "dnis": "", "phase": self.phase}
        return AgiEnvironment(
            path=("call", "token", self.call_id),
            marks=marks,
            channel=self.channel,
            uniqueid=self.uniqueid,
            ani=self.variables["CC_ANI"],
        )

    def ends(self, cause: int) -> None:
        self.cause = cause
        self.hang_up()
