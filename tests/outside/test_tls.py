"""A system whose certificate is its owner's own."""

from __future__ import annotations

import asyncio
import ssl
import subprocess

from tests.outside.conftest import World


async def test_it_is_believed_by_its_own_certificates_alone(world: World) -> None:
    """Without them it is not asked: nothing can switch that off."""
    key, ca = world.secrets / "key.pem", world.secrets / "crm_ca.pem"
    wanted = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=crm"
    told = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(ca)]
    await asyncio.to_thread(
        subprocess.run, wanted.split() + told, check=True, capture_output=True, timeout=30
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca, key)
    server = await asyncio.start_server(world.crm.serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    world.crm.says('{"points": 1}')

    world.has(url=f"https://127.0.0.1:{port}", deadline=2)
    assert (await world.asks()).why == "unreachable"
    world.has(url=f"https://127.0.0.1:{port}", deadline=2, ca_file="crm_ca.pem")
    assert (await world.asks()).values == {"points": 1}
    world.has(url=f"https://127.0.0.1:{port}", deadline=2, ca_file="not_there.pem")
    assert (await world.asks()).why == "refused"
    assert len(world.crm.heard) == 1
    server.close()
