"""``ccengine run --asterisk``: an engine that fell finds its Asterisk again, calls and all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from ccengine.settings import Settings
from tests.kit.asterisk import PROJECT, free_settings


def environment(settings: Settings) -> dict[str, str]:
    values = settings.model_dump(exclude={"database_url", "public_url", "site"})
    given = {f"CCENGINE_{name.upper()}": str(value) for name, value in values.items()}
    return os.environ | given | {"CCENGINE_SITE": str(PROJECT / "site.example.yaml")}


def start(settings: Settings, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        engine = subprocess.Popen(
            [sys.executable, "-m", "ccengine", "run", "--asterisk"],
            env=environment(settings),
            cwd=PROJECT,
            stdout=output,
            stderr=output,
        )
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if engine.poll() is not None:
            raise AssertionError(f"the engine ended: {log.read_text('utf-8')[-3000:]}")
        try:
            with urllib.request.urlopen(f"{settings.url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return engine
        except (URLError, OSError):
            time.sleep(0.1)
    engine.kill()
    raise AssertionError(f"not ready: {log.read_text('utf-8')[-3000:]}")


def runs(pid: int) -> bool:
    """It runs; one that has ended and that nobody has waited for yet has no command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


def test_the_next_engine_takes_the_running_asterisk_up_and_stops_it(tmp_path: Path) -> None:
    settings = free_settings(tmp_path)
    log = tmp_path / "engine.log"
    subprocess.run(
        [sys.executable, "-m", "ccengine", "db", "upgrade"],
        env=environment(settings),
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    pid_file = settings.asterisk_dir / "run" / "asterisk.pid"

    first = start(settings, log)
    asterisk = int(pid_file.read_text())
    first.send_signal(signal.SIGKILL)
    first.wait(timeout=10)
    try:
        second = start(settings, log)
        assert int(pid_file.read_text()) == asterisk
        assert runs(asterisk)
        second.terminate()
        assert second.wait(timeout=30) == 0
        assert not runs(asterisk)
    finally:
        if runs(asterisk):
            os.kill(asterisk, signal.SIGKILL)
