"""A phone's process: its control port is its own, and when it is gone it is told how."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from simphones.phone_process import PhoneProcess
from simphones.ports import held_port


def test_a_held_port_is_given_to_nobody_else() -> None:
    with held_port() as held:
        where = held.getsockname()
        with socket.socket() as stranger, pytest.raises(OSError, match="in use"):
            stranger.bind(where)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(where)
        with socket.create_server(where), socket.create_connection(where):
            pass  # a server that reuses addresses has it meanwhile


async def test_a_baresip_that_is_gone_is_told_with_its_end(tmp_path: Path) -> None:
    process = await PhoneProcess.start(tmp_path, hz=1000)
    try:
        await process.command("quit")
        with pytest.raises(
            ConnectionError, match=r"it ended with 0, and said last: (.|\n)*stop all"
        ):
            await _commands_without_end(process)
    finally:
        await process.close()


async def _commands_without_end(process: PhoneProcess) -> None:
    while True:
        await process.command("listcalls")
