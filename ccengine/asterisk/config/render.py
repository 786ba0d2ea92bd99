"""Makes Asterisk's configuration out of site, settings and secrets, as text."""

from __future__ import annotations

import math
import uuid
from pathlib import Path

from ccengine.asterisk import conf_values as values
from ccengine.asterisk.config import sections
from ccengine.asterisk.config.layout import AsteriskLayout
from ccengine.asterisk.config.template import fill
from ccengine.asterisk.secrets import Secrets
from ccengine.settings import Settings
from ccengine.site.model import Site

FIRST_LEASE_S = 5
"""An engine that takes a call must renew the lease within so many seconds."""
NEXT_LEASE_S = 3
"""The same, for a call that has been waiting for an engine already."""
MOST_TRIES = 30

DIALPLAN = (
    "extensions",
    "from_trunk",
    "call",
    "offer",
    "fallback",
    "from_agents",
    "callback",
    "transfer",
)
"""The files of ``dialplan/`` that together make ``extensions.conf``."""


class TemplatesMissing(Exception):
    """The project's folders ``asterisk_conf/`` and ``dialplan/`` are not where they should be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"no templates in {folder}: run ccengine from its own source tree")


def render(
    site: Site, settings: Settings, secrets: Secrets, layout: AsteriskLayout
) -> dict[str, str]:
    """File name to text. Raises ``UnsafeValue`` before a file is touched, ``TemplatesMissing``."""
    known = _values(site, settings, secrets, layout)
    files: dict[str, str] = {}
    templates = sorted(layout.conf_templates.glob("*.conf"))
    if not templates:
        raise TemplatesMissing(layout.conf_templates)
    for template in templates:
        files[template.name] = fill(template.name, template.read_text("utf-8"), known)
    parts = [layout.dialplan_templates / f"{name}.conf" for name in DIALPLAN]
    if not all(part.is_file() for part in parts):
        raise TemplatesMissing(layout.dialplan_templates)
    files["extensions.conf"] = "\n".join(
        fill(part.name, part.read_text("utf-8"), known) for part in parts
    )
    return files


def _values(
    site: Site, settings: Settings, secrets: Secrets, layout: AsteriskLayout
) -> dict[str, str]:
    ami_host = values.host("ami_host", settings.ami_host)
    return {
        "etc": values.path("configuration", layout.etc),
        "modules": values.path("modules", layout.program.modules),
        "optional_modules": sections.optional_modules(layout.program.modules),
        "data": values.path("sounds", layout.program.data),
        "sbin": values.path("program", layout.program.sbin),
        "var": values.path("state", layout.var),
        "run": values.run_path("run-time folder", layout.run),
        "log": values.path("log", layout.log),
        "spool": values.path("spool", layout.spool),
        "prompts": values.path("prompts", layout.prompts),
        "voicemail": values.path("voicemail", layout.voicemail),
        "entity_id": _entity_id(layout.base),
        "sip_bind": f"{values.host('sip_host', settings.sip_host)}:{settings.sip_port}",
        "qualify": str(settings.sip_qualify),
        "rtp_start": str(settings.rtp_start),
        "rtp_end": str(settings.rtp_end),
        "agi_address": f"{values.host('agi_host', settings.agi_host)}:{settings.agi_port}",
        "agi_token": values.secret("agi token", secrets.agi),
        "ami_host": ami_host.strip("[]"),
        "ami_port": str(settings.ami_port),
        "ami_permit": "::1/128" if ami_host.startswith("[") else "127.0.0.1/255.255.255.255",
        "ami_secret": values.secret("ami secret", secrets.ami),
        "event_filters": sections.event_filters(),
        "url": values.url("public_url", settings.url.rstrip("/")),
        "identifier_order": sections.identifier_order(site),
        "agents": sections.agents(site, secrets),
        "trunks": sections.trunks(site),
        "music_classes": sections.music_classes(site, layout),
        "fallback_members": sections.fallback_members(site),
        "fallback_ring": str(math.ceil(site.fallback.ring)),
        "language": site.languages[0] if site.languages else "zh-CN",
        "numbers": sections.numbers(
            "Gosub(cc-clean,s,1)", "Set(CC_DNIS=${FILTER(0-9+,${EXTEN})})", "Goto(cc-call,s,1)"
        ),
        "refused_numbers": sections.numbers("Goto(cc-refuse,s,1)"),
        "first_lease": str(FIRST_LEASE_S),
        "next_lease": str(NEXT_LEASE_S),
        "max_down": str(settings.fallback_after),
        "most_tries": str(MOST_TRIES),
        "log_levels": ",verbose" if layout.verbose else "",
    }


def _entity_id(base: Path) -> str:
    """A stable id of this Asterisk in the shape of a MAC address, locally administered."""
    octets = uuid.uuid5(uuid.NAMESPACE_URL, base.as_uri()).bytes[:5]
    return "02:" + ":".join(f"{octet:02x}" for octet in octets)
