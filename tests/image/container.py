"""The image ``ccengine`` in a container, under the limits that ``compose.yaml`` sets.

Where no Docker engine runs: buildah mounts the image, and crun, an OCI runtime, runs what its
configuration says (user, command, environment, health check) with the service's read-only root,
tmpfs, dropped capabilities and the host's network. No cgroups, no seccomp profile, no init.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from tests.kit.asterisk import PROJECT

HOME = "/var/lib/ccengine"
STOPS_WITHIN_S = 25.0

# crun wants cgroups of one version. A machine with both (v2 under `unified`) hides one of them
# from it, in a mount namespace that ends with it.
_CRUN = """
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
exec crun --cgroup-manager=disabled "$@"
"""


def compose_service(name: str = "ccengine") -> dict[str, Any]:
    """A service of ``compose.yaml`` as it is with nothing set in the environment."""
    read: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text("utf-8"))[
        "services"
    ][name]
    environment = {key: _unset(value) for key, value in read["environment"].items()}
    return read | {
        "environment": environment,
        "volumes": [_unset(volume) for volume in read["volumes"]],
    }


def _unset(value: str) -> str:
    """``${NAME:-this}`` where NAME is not set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


class Container:
    """Made by ``running``; what it says goes to ``log``."""

    def __init__(self, folder: Path, environment: Mapping[str, str], mounts: Mapping[str, str]):
        """``mounts``: places inside to files or folders of this machine."""
        self.name = f"ccengine-{os.getpid()}-{folder.name}"
        self.log = folder / "log"
        self._bundle = folder / "bundle"
        self._crun_root = folder / "crun"
        self._process: asyncio.subprocess.Process | None = None
        self._made = _said("buildah", "from", "--pull=never", "--isolation", "chroot", "ccengine")
        root = _said("buildah", "mount", self._made)
        self.image = json.loads(_said("buildah", "inspect", self._made))["Docker"]["config"]
        self._ids = _account(Path(root, "etc/passwd"), self.image["User"])
        self._environment = [
            *self.image["Env"],
            *(f"{name}={value}" for name, value in environment.items()),
        ]
        self._bundle.mkdir(parents=True)
        given = _configuration(root, self._ids, self.image, self._environment, mounts)
        (self._bundle / "config.json").write_text(json.dumps(given), "utf-8")

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await self._crun(
                "run", "--bundle", str(self._bundle), self.name, stdout=log, stderr=log
            )

    async def well(self, *, within: float) -> None:
        """The image's own health check says so."""
        async with asyncio.timeout(within):
            while (await self.execute(*self.image["Healthcheck"]["Test"][1:]))[0] != 0:
                if self._process is None or self._process.returncode is not None:
                    raise AssertionError(f"the container ended:\n{self.said()}")
                await asyncio.sleep(0.5)

    async def ended(self, *, within: float) -> int:
        """The exit code of a container that ends by itself."""
        assert self._process is not None
        async with asyncio.timeout(within):
            return await self._process.wait()

    async def execute(self, *command: str) -> tuple[int, str]:
        """As ``docker exec`` does: exit code, and what it printed."""
        process = await self._crun(
            *("exec", "--user", "{}:{}".format(*self._ids), "--no-new-privs", self.name, *command),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        async with asyncio.timeout(30):
            said, _ = await process.communicate()
        return process.returncode or 0, said.decode("utf-8", "replace")

    async def tell(self, *command: str) -> str:
        """What a command inside prints; it must succeed."""
        code, said = await self.execute(*command)
        assert code == 0, said
        return said

    async def stop(self) -> int:
        """SIGTERM, as ``docker stop``; the exit code."""
        assert self._process is not None
        await (await self._crun("kill", self.name, "TERM")).wait()
        return await self.ended(within=STOPS_WITHIN_S)

    def said(self) -> str:
        return self.log.read_text("utf-8", errors="replace")[-4_000:]

    def state(self) -> dict[str, str]:
        """The status of its first process, as this machine's kernel sees it."""
        pid = json.loads((self._crun_root / self.name / "status").read_text())["pid"]
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return dict(line.split(":\t", 1) for line in lines if ":\t" in line)

    async def close(self) -> None:
        if self._process is not None and self._process.returncode is None:
            await (await self._crun("delete", "--force", self.name)).wait()
            await self._process.wait()
        _said("buildah", "umount", self._made)
        _said("buildah", "rm", self._made)

    async def _crun(self, *arguments: str, **streams: Any) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *("unshare", "--mount", "--propagation", "private", "sh", "-c", _CRUN, "crun"),
            *("--root", str(self._crun_root), *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            **streams,
        )


@contextlib.asynccontextmanager
async def running(
    folder: Path, environment: Mapping[str, str], mounts: Mapping[str, str]
) -> AsyncIterator[Container]:
    """A container that has been started, not yet well; gone afterwards."""
    container = Container(folder, environment, mounts)
    try:
        await container.start()
        yield container
    finally:
        await container.close()


async def answers_nothing(url: str) -> bool:
    async with aiohttp.ClientSession() as web:
        try:
            await web.get(url)
        except aiohttp.ClientConnectionError:
            return True
    return False


def _configuration(
    root: str,
    ids: tuple[int, int],
    image: Mapping[str, Any],
    environment: list[str],
    mounts: Mapping[str, str],
) -> dict[str, Any]:
    """For the OCI runtime: what the image says, within what ``compose.yaml`` allows."""
    limits = compose_service()
    assert limits["network_mode"] == "host"
    assert limits["cap_drop"] == ["ALL"]
    assert limits["security_opt"] == ["no-new-privileges:true"]
    kinds = ("bounding", "effective", "inheritable", "permitted", "ambient")
    system = [
        ("/proc", "proc", ["nosuid", "noexec", "nodev"]),
        ("/dev", "tmpfs", ["nosuid", "mode=755", "size=65536k"]),
        ("/dev/shm", "tmpfs", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
        *((place, "tmpfs", ["nosuid", "noexec", "nodev"]) for place in limits["tmpfs"]),
    ]
    bound = {"/etc/hosts": "/etc/hosts", "/etc/resolv.conf": "/etc/resolv.conf"} | dict(mounts)
    return {
        "ociVersion": "1.0.2",
        "root": {"path": root, "readonly": limits["read_only"]},
        "process": {
            "terminal": False,
            "user": {"uid": ids[0], "gid": ids[1]},
            "args": image["Cmd"],
            "env": environment,
            "cwd": image["WorkingDir"],
            "noNewPrivileges": True,
            "capabilities": {kind: [] for kind in kinds},
        },
        "mounts": [
            *(
                {"destination": place, "type": kind, "source": kind, "options": options}
                for place, kind, options in system
            ),
            *(
                {
                    "destination": place,
                    "type": "bind",
                    "source": source,
                    "options": ["rbind", "rw" if place == HOME else "ro"],
                }
                for place, source in bound.items()
            ),
        ],
        "linux": {"namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")]},
    }


def _account(passwd: Path, name: str) -> tuple[int, int]:
    """User and group number of the image's user. Raises ``KeyError``."""
    lines = (line.split(":") for line in passwd.read_text().splitlines())
    accounts = {fields[0]: (int(fields[2]), int(fields[3])) for fields in lines}
    return accounts[name]


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout.strip()
