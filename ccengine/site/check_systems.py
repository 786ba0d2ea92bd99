"""Systems that would be sent a secret in the clear."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from ccengine.site.model import Site
from ccengine.yamlsource.model import Document, Problem

_INSIDE = (".localhost", ".local", ".internal", ".lan")


def tokens_in_the_clear(document: Document, site: Site) -> list[Problem]:
    """Said aloud: a token that goes by ``http`` to a host which is not of this network."""
    return [
        document.problem(
            ("systems", name, "url"),
            f"the token for {name!r} goes over the network unencrypted",
            "write https://, or ask it by a private address",
        )
        for name, system in site.systems.items()
        if system.token_file is not None
        and system.url.startswith("http:")
        and not _inside(urlsplit(system.url).hostname or "")
    ]


def _inside(host: str) -> bool:
    """Loopback, a private address, or a name that only a network of one's own can give."""
    try:
        return ip_address(host).is_private
    except ValueError:
        name = host.lower().rstrip(".")
        return "." not in name or name.endswith(_INSIDE)
