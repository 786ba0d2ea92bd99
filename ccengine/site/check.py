"""What must hold between the parts of a site file, whatever else is wrong in it."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ccengine.contacts.numbers import normalise_number
from ccengine.site.check_callback import check_callback
from ccengine.site.check_hours import check_hours
from ccengine.site.check_levels import check_levels
from ccengine.site.check_load import check_load
from ccengine.site.check_overflow import check_overflow
from ccengine.site.check_queues import check_agent_list, check_queues
from ccengine.site.check_skills import check_skills
from ccengine.site.check_transfers import check_transfers
from ccengine.site.parts import Parts
from ccengine.site.written import Written
from ccengine.yamlsource.model import Document, KeyPath, Problem
from ccengine.yamlsource.near import near

_KNOWN_LANGUAGES = ("zh-CN", "en")


def cross_problems(document: Document, flows: Collection[str] | None) -> list[Problem]:
    """Names that lead nowhere, things said twice, times and addresses that are none."""
    site = Written(document)
    parts = Parts(site)
    _check_time_zone(site)
    _check_titles(site)
    if flows is not None:
        _check_flows(site, flows)
    check_queues(parts)
    check_levels(parts)
    check_skills(parts)
    check_overflow(parts)
    check_callback(parts)
    check_load(parts)
    check_transfers(site)
    _check_agents(site)
    _check_vip(site)
    _check_trunks(site)
    check_hours(site)
    check_agent_list(site, ("fallback", "agents"))
    return site.problems


def _check_time_zone(site: Written) -> None:
    name = site.text("time_zone")
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        cure = near(name, available_timezones()) or "write one like Asia/Shanghai"
        site.wrong(("time_zone",), f"there is no time zone {name!r}", cure)


def _check_titles(site: Written) -> None:
    """Every text in every language that the site speaks, and in no empty way."""
    spoken: list[str] = []
    for path, language in site.texts("languages"):
        if language in spoken:
            site.wrong(path, f"{language} is here twice", "keep one")
        spoken.append(language)
    if site.is_empty_list("languages"):
        site.wrong(("languages",), "the site speaks no language", "write [zh-CN, en]")
    if not site.has("languages"):
        spoken = list(_KNOWN_LANGUAGES)
    spoken = [language for language in dict.fromkeys(spoken) if language in _KNOWN_LANGUAGES]

    titles: list[KeyPath] = [("name",)]
    for room in ("queues", "vip_levels", "dispositions"):
        titles += [(room, key, "title") for key in site.keys(room)]
    for room in ("not_ready_reasons", "skills"):
        titles += [(room, key) for key in site.keys(room)]
    titles += [
        ("queues", queue, "messages", message, "say")
        for queue in site.keys("queues")
        for message in site.keys("queues", queue, "messages")
    ]
    for title in titles:
        written = site.keys(*title)
        if not written:
            continue
        for language in spoken:
            text = site.text(*title, language)
            if language not in written:
                site.wrong(title, f"the text in {language} is missing", f"add `{language}: …`")
            elif text is not None and not text.strip():
                site.wrong((*title, language), "the text is empty", "write one")

    for agent in site.keys("agents"):
        for path, language in site.texts("agents", agent, "languages"):
            if spoken and language in _KNOWN_LANGUAGES and language not in spoken:
                cure = "add it to `languages` of the site, or remove it here"
                site.wrong(path, f"the site does not speak {language}", cure)


def _check_flows(site: Written, flows: Collection[str]) -> None:
    paths: list[KeyPath] = [("numbers", number, "flow") for number in site.keys("numbers")]
    for path in (*paths, ("default_flow",)):
        flow = site.text(*path)
        if flow is not None and flow not in flows:
            cure = near(flow, flows) or f"make the flow file {flow}.yaml"
            site.wrong(path, f"there is no flow {flow!r}", cure)


def _check_agents(site: Written) -> None:
    owners: dict[str, str] = {}
    for agent in site.keys("agents"):
        username = site.text("agents", agent, "username")
        if username is None:
            continue
        if username in owners:
            site.wrong(
                ("agents", agent, "username"),
                f"the username {username!r} is already agent {owners[username]}'s",
                "give each agent its own",
            )
        owners.setdefault(username, agent)


def _check_vip(site: Written) -> None:
    levels = site.keys("vip_levels")
    seen: dict[str, KeyPath] = {}
    for number in site.keys("vip_numbers"):
        path: KeyPath = ("vip_numbers", number)
        level = site.text(*path)
        if level is not None and level not in levels:
            cure = near(level, levels) or f"add {level!r} to `vip_levels`"
            site.wrong(path, f"there is no VIP level {level!r}", cure)
        plain = normalise_number(number)
        if not plain:
            continue  # its shape is already told
        if plain in seen:
            first = site.line(seen[plain])
            message = f"{number} is the same number as the one in line {first}"
            site.wrong_key(path, message, "keep one")
        seen.setdefault(plain, path)


def _check_trunks(site: Written) -> None:
    seen: dict[str, KeyPath] = {}
    for trunk in site.keys("trunks"):
        path: KeyPath = ("trunks", trunk, "match")
        if site.is_empty_list(*path):
            site.wrong(path, "no address: no call would come from here", 'add one: ["192.0.2.10"]')
        for here, text in site.texts(*path):
            try:
                network = ipaddress.ip_network(text)
            except ValueError as error:
                cure = "write an IP address (192.0.2.10) or network (192.0.2.0/24), no host name"
                if "has host bits set" in str(error):
                    cure = f"write {ipaddress.ip_network(text, strict=False)}"
                site.wrong(here, f"{text!r} is neither an address nor a network", cure)
                continue
            if network.prefixlen == 0 and site.is_true("trunks", trunk, "trusted"):
                message = "the whole Internet would be trusted with VIP rights"
                site.wrong(here, message, "name the carrier's addresses, or remove `trusted`")
            if str(network) in seen:
                first = site.line(seen[str(network)])
                site.wrong(here, f"{text} is already in line {first}", "keep one")
            seen.setdefault(str(network), here)
