"""One login to AMI and out again, to see whether the account works. For ``ccengine doctor``."""

from __future__ import annotations

import asyncio

ACCOUNT = "ccengine"
_MOST_BYTES = 8_192


class AmiLoginFailed(Exception):
    """AMI was reached, or not, but the login did not succeed; the text says why."""


async def try_login(host: str, port: int, secret: str, deadline_s: float = 5.0) -> str:
    """AMI's banner. Raises ``AmiLoginFailed``."""
    try:
        async with asyncio.timeout(deadline_s):
            reader, writer = await asyncio.open_connection(host, port, limit=_MOST_BYTES)
            try:
                banner = (await reader.readline()).decode("utf-8", "replace").strip()
                if not banner.startswith("Asterisk Call Manager"):
                    raise AmiLoginFailed(f"what listens there is not Asterisk: {banner[:60]!r}")
                login = (
                    "Action: Login",
                    f"Username: {ACCOUNT}",
                    f"Secret: {secret}",
                    "Events: off",
                )
                writer.write(("\r\n".join(login) + "\r\n\r\n").encode())
                said = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace")
                writer.write(b"Action: Logoff\r\n\r\n")
            finally:
                writer.close()
    except TimeoutError:
        raise AmiLoginFailed(f"no answer in {deadline_s:g} s") from None
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise AmiLoginFailed(str(error) or type(error).__name__) from error
    if "Response: Success" not in said:
        raise AmiLoginFailed(said.partition("Message: ")[2].partition("\r\n")[0] or "refused")
    return banner
