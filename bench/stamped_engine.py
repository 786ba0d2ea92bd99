"""The engine as it is, but for a moment noted at each step of a call.

``python -m bench.stamped_engine FILE`` runs ``ccengine run``; FILE has the moments when it ends,
one ``<Unix time> <step>`` a line. Nothing in the engine knows of it: the functions that begin or
end a step are wrapped here.
"""

from __future__ import annotations

import atexit
import functools
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from ccengine.acd.inputs import Join, PhoneChanged, PhoneState, TalkOver
from ccengine.asterisk.agi import AgiChannel, AgiServer
from ccengine.calls.queue_stay import QueueStay
from ccengine.calls.session import CallSession
from ccengine.cli.main import main
from ccengine.desk.desk import Desk
from ccengine.engine.dispatch import Dispatch
from ccengine.engine.floor import EngineFloor
from ccengine.engine.sessions import Sessions

_stamps: list[tuple[float, str]] = []


def note(step: str) -> None:
    _stamps.append((time.time(), step))


def _around(owner: type, name: str, *, before: str = "", after: str = "") -> None:
    """Note a step when this coroutine function is called, or when it is through."""
    inner: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @functools.wraps(inner)
    async def stamped(*args: Any, **named: Any) -> Any:
        if before:
            note(before)
        try:
            return await inner(*args, **named)
        finally:
            if after:
                note(after)

    setattr(owner, name, stamped)


def _stamp_commands() -> None:
    inner = AgiChannel._send

    @functools.wraps(inner)
    async def send(self: AgiChannel, line: str, deadline_s: float) -> Any:
        what = " ".join(line.split(" ", 2)[:2])
        note(f"{what}: sent")
        try:
            return await inner(self, line, deadline_s)
        finally:
            note(f"{what}: done")

    AgiChannel._send = send  # type: ignore[method-assign]


def _stamp_inputs() -> None:
    inner = Dispatch.submit

    @functools.wraps(inner)
    def submit(self: Dispatch, item: Any) -> None:
        match item:
            case Join():
                step = "join"
            case TalkOver():
                step = "talk over"
            case PhoneChanged(phone=PhoneState.IDLE):
                step = "phone idle"
            case _:
                return inner(self, item)
        note(f"{step}: told")
        inner(self, item)
        note(f"{step}: decided")
        return None

    Dispatch.submit = submit  # type: ignore[method-assign]


def _write(file: Path) -> None:
    file.write_text("".join(f"{at:.6f} {step}\n" for at, step in _stamps), "utf-8")


def _stamp_everything() -> None:
    _around(AgiServer, "_connected", before="agi connected")
    _around(Sessions, "serve", before="environment read")
    _around(EngineFloor, "know_caller", after="caller known")
    _around(CallSession, "start", before="flow begun")
    _around(QueueStay, "run", before="queue entered")
    _around(EngineFloor, "prepare_pop", after="articles found")
    _around(Desk, "show_pop", before="pop sent", after="pop shown")
    _stamp_commands()
    _stamp_inputs()


if __name__ == "__main__":
    _stamp_everything()
    atexit.register(_write, Path(sys.argv.pop(1)))
    sys.exit(main())
