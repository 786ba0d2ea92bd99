"""What ``ccengine doctor`` tells, of a machine at rest and of one where Asterisk runs."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccengine.asterisk.ami_login import AmiLoginFailed, try_login
from ccengine.asterisk.listening import listener
from ccengine.cli.doctor import examine
from ccengine.cli.findings import Finding, Health
from ccengine.settings import Settings
from tests.kit.asterisk import PROJECT, AsteriskSite, free_settings


def told(settings: Settings) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(settings)}


def bad(findings: dict[str, Finding]) -> set[str]:
    return {subject for subject, finding in findings.items() if finding.health is Health.BAD}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return free_settings(tmp_path, site=PROJECT / "site.example.yaml")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port held by this very process, which is no Asterisk."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_fresh_machine_has_nothing_wrong(settings: Settings) -> None:
    findings = told(settings)
    assert bad(findings) == set()
    assert findings["asterisk"].health is Health.GOOD
    assert findings["sounds"].health is Health.GOOD
    assert findings["database"].said.endswith("is not there yet")


def test_each_fault_is_told_with_a_cure(settings: Settings, taken: int, tmp_path: Path) -> None:
    (tmp_path / "secrets" / "sip").mkdir(parents=True)
    (tmp_path / "secrets" / "ami").write_text("x" * 20)
    (tmp_path / "secrets" / "ami").chmod(0o644)
    wrong = settings.model_copy(
        update={
            "sip_port": taken,
            "tts_command": "no-such-speech -w {output}",
            "asterisk_root": tmp_path / "nothing",
            "rtp_end": settings.rtp_start,
            "database_url": "mysql://x",
        }
    )
    findings = told(wrong)
    assert bad(findings) >= {
        f"SIP port {taken}/tcp",
        "speech",
        "secrets",
        "sound ports",
        "database",
    }
    assert all(findings[subject].cure for subject in bad(findings))
    assert "process" in findings[f"SIP port {taken}/tcp"].said


def test_a_broken_site_file_is_sent_to_check(settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "site.yaml"
    broken.write_text("schema: 1\n")
    findings = told(settings.model_copy(update={"site": broken}))
    assert "ccengine check" in findings["site"].cure


def test_asterisk_without_engine_is_told(asterisk_site: AsteriskSite) -> None:
    settings = asterisk_site.settings.model_copy(update={"site": PROJECT / "site.example.yaml"})
    findings = told(settings)
    assert findings["AMI login"].health is Health.GOOD
    assert findings[f"SIP port {settings.sip_port}/udp"].health is Health.GOOD
    assert findings["engine"].health is Health.BAD
    assert "fallback" in findings["engine"].said


async def test_a_wrong_ami_secret_is_told(asterisk_site: AsteriskSite) -> None:
    with pytest.raises(AmiLoginFailed, match="Authentication failed"):
        await try_login("127.0.0.1", asterisk_site.settings.ami_port, "wrong")


async def test_a_silent_port_is_given_up() -> None:
    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await held.wait()
        writer.close()

    held = asyncio.Event()
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(AmiLoginFailed, match="no answer"):
            await try_login("127.0.0.1", port, "x", deadline_s=0.2)
        held.set()


def test_doctor_never_connects_to_the_fastagi_port(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", settings.agi_port)) as server:
        found = listener(settings.agi_port, "tcp")
        assert found is not None
        assert found.pid == os.getpid()
        findings = told(settings)
        assert f"process {os.getpid()}" in findings[f"FastAGI port {settings.agi_port}/tcp"].said
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()
