"""One business system, asked by HTTP: bounded in time, size and number, and never redirected."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NoReturn

import aiohttp
from yarl import URL

from ccengine.ivr.values import as_text
from ccengine.ivr.waits import Value
from ccengine.outside.errors import NoAnswerError
from ccengine.site.outside import System

MOST_BYTES = 64 * 1024
"""Of an answer."""
_NOTHING = (204, 404)


class Lines:
    """Connections to all systems; each bounds its own. Needs a running loop; to be closed.

    A connection that was kept may be closed by the other side just as the next question is sent.
    A GET is then sent again, a POST never: it gets a new connection each time.
    """

    def __init__(self) -> None:
        self.kept = _session(force_close=False)
        self.new = _session(force_close=True)

    async def close(self) -> None:
        await self.kept.close()
        await self.new.close()


def _session(*, force_close: bool) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=30, force_close=force_close),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # a small answer must not become a big one
        trust_env=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity"},
    )


class HttpSystem:
    """As the site file has it. ``secrets``: the folder of its token and certificates."""

    def __init__(self, system: System, secrets: Path, lines: Lines) -> None:
        self._system = system
        self._secrets = secrets
        self._lines = lines
        self._slots = asyncio.Semaphore(system.at_once)
        self._ssl: ssl.SSLContext | None = None

    async def ask(
        self,
        method: Literal["GET", "POST"],
        path: str,
        values: Mapping[str, object],
        deadline_s: float,
    ) -> object:
        """What it answered in JSON; None when it knows of nothing. Raises NoAnswerError."""
        asked = False
        try:
            async with asyncio.timeout(deadline_s), self._slots:
                asked = True
                return await self._answer(method, path, values, deadline_s)
        except aiohttp.ConnectionTimeoutError:
            raise NoAnswerError("unreachable", "no connection in time") from None
        except TimeoutError:
            detail = "no answer in time" if asked else "too many requests are under way"
            raise NoAnswerError("late", detail, fault=asked or None) from None
        except aiohttp.ClientResponseError as error:
            raise NoAnswerError("unreadable", f"no HTTP: {error.message[:80]}") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NoAnswerError("unreachable", type(error).__name__) from None

    async def _answer(
        self,
        method: Literal["GET", "POST"],
        path: str,
        values: Mapping[str, object],
        deadline_s: float,
    ) -> object:
        url = URL(self._system.url.rstrip("/") + path, encoded=True)
        headers, body, session = await self._headers(), None, self._lines.kept
        if method == "GET":
            texts = {name: as_text(_plain(value)) for name, value in values.items()}
            url = url.update_query(texts) if texts else url
        else:
            session = self._lines.new
            body = json.dumps(values, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        async with session.request(
            method,
            url,
            data=body,
            headers=headers,
            allow_redirects=False,
            ssl=await self._certificates(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=deadline_s / 2),
        ) as response:
            if response.status in _NOTHING:
                return None
            if not 200 <= response.status < 300:
                fault = response.status >= 500
                raise NoAnswerError("refused", f"status {response.status}", fault=fault)
            return _read(await _body(response))

    async def _headers(self) -> dict[str, str]:
        if self._system.token_file is None:
            return {}
        file = self._secrets / self._system.token_file
        try:
            token = (await asyncio.to_thread(file.read_text, "utf-8")).strip()
        except (OSError, UnicodeDecodeError):
            raise NoAnswerError("refused", f"no token in {file.name}", fault=None) from None
        if not token.isascii() or not token.isprintable():
            raise NoAnswerError("refused", f"no token in {file.name}", fault=None)
        bearer = self._system.header.lower() == "authorization"
        return {self._system.header: f"Bearer {token}" if bearer else token}

    async def _certificates(self) -> ssl.SSLContext | Literal[True]:
        if self._system.ca_file is None:
            return True
        if self._ssl is None:
            file = self._secrets / self._system.ca_file
            try:
                self._ssl = await asyncio.to_thread(ssl.create_default_context, cafile=file)
            except (OSError, ssl.SSLError):
                detail = f"no certificates in {file.name}"
                raise NoAnswerError("refused", detail, fault=None) from None
        return self._ssl


def _plain(value: object) -> Value:
    return value if isinstance(value, (str, int, float, bool)) else ""


async def _body(response: aiohttp.ClientResponse) -> bytes:
    if not response.content_type.endswith("json"):
        raise NoAnswerError("unreadable", f"{response.content_type} instead of JSON")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NoAnswerError("unreadable", "compressed, which was not asked for")
    body = b""
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MOST_BYTES:
            raise NoAnswerError("unreadable", f"more than {MOST_BYTES} bytes")
    return body


def _read(body: bytes) -> object:
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NoAnswerError("unreadable", "no JSON") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
