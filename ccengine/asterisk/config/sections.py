"""The parts of the configuration that depend on the site: agents, trunks, numbers, music."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

from ccengine.asterisk import conf_values as values
from ccengine.asterisk.conf_values import Block
from ccengine.asterisk.config.layout import AsteriskLayout
from ccengine.asterisk.secrets import Secrets
from ccengine.site.model import Site, Trunk

EVENTS = (
    "DialBegin",
    "DialEnd",
    "Hangup",
    "Hold",
    "Unhold",
    "UserEvent",
)
"""All that AMI tells the engine: what ``asterisk/events.py`` reads, and nothing else. No
Newchannel, which comes before the caller id is cleaned."""

KEY_EVENTS = ("DTMFBegin", "DTMFEnd")
"""Keys that somebody pressed, not those that Asterisk passes on: an idle AGI throws them away, and
a caller may type ahead, hold a key, or want out of a queue. The engine logs none."""

DEVICE_EVENT = "DeviceStateChange"
"""Of agents' phones alone: a trunk has a name, and each of its calls would tell its state too."""

OPTIONAL_MODULES = ("codec_opus_open_source.so", "codec_opus.so", "res_cdrel_custom.so")
"""Named otherwise, or not at all, from one build of Asterisk to the next."""

MOST_DIGITS = 20


def agents(site: Site, secrets: Secrets) -> Block:
    """Endpoint, password and address of record of each agent's phone."""
    lines: list[str] = []
    for name, person in site.agents.items():
        agent = values.extension("agent", name)
        english = person.languages[:1] == ("en",)
        lines += [
            f"[{agent}](agent)",
            f"auth = {agent}",
            f"aors = {agent}",
            f"callerid = <{agent}>",
            # What is whispered to it (cc-connect); Mandarin is the rule.
            *(["set_var = CC_AGENT_LANG=en"] if english else []),
            f"[{agent}](agent-auth)",
            f"username = {agent}",
            f"password = {values.secret('password of ' + agent, secrets.sip[agent])}",
            f"[{agent}](agent-aor)",
            "",
        ]
    return Block("\n".join(lines))


def trunks(site: Site) -> Block:
    """One endpoint for each trunk, known by its addresses.

    It sends calls only where the site names a host for them, and then only the engine's.
    """
    lines: list[str] = []
    for name, trunk in site.trunks.items():
        word = values.word("trunk", name)
        lines += [
            f"[trunk-{word}](trunk)",
            *([f"aors = trunk-{word}"] if trunk.outbound else []),
            f"set_var = CC_TRUNK={word}",
            f"set_var = CC_TRUSTED={int(trunk.trusted)}",
            f"[trunk-{word}]",
            "type = identify",
            f"endpoint = trunk-{word}",
            "srv_lookups = no",
            *(f"match = {values.network('trunk ' + word, source)}" for source in trunk.match),
            *_outbound(word, trunk),
            "",
        ]
    return Block("\n".join(lines))


def _outbound(word: str, trunk: Trunk) -> list[str]:
    if trunk.outbound is None:
        return []
    host, _, port = trunk.outbound.partition(":")
    address = f"{values.host('trunk ' + word, host)}:{int(port or 5060)}"
    return [f"[trunk-{word}]", "type = aor", f"contact = sip:{address}"]


def identifier_order(site: Site) -> str:
    """Who is asked first: is it a known address, or a known phone?

    By address first: a trunk's caller whose number looks like an extension stays a caller. Only
    where a trunk's addresses include this very machine (the demo) must phones come first, since
    they share that address.
    """
    own = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    shared = any(
        source.version == local.version and source.overlaps(local)
        for trunk in site.trunks.values()
        for source in (ip_network(values.network("trunk", text)) for text in trunk.match)
        for local in own
    )
    return "username,ip" if shared else "ip,username"


def numbers(*lines: str) -> Block:
    """These priorities for every number of 1 to 20 digits, with or without a plus."""
    first, *others = lines
    return Block(
        "\n".join(
            "\n".join(
                [f"exten => _{plus}{'X' * digits},1,{first}", *(f" same => n,{o}" for o in others)]
            )
            for digits in range(1, MOST_DIGITS + 1)
            for plus in ("", "+")
        )
    )


def music_classes(site: Site, layout: AsteriskLayout) -> Block:
    """The queues' music: recordings in the home's ``music/<class>/``, else the engine's tune."""
    names = {"default", *(queue.music for queue in site.queues.values())}
    lines: list[str] = []
    for name in sorted(names):
        folder = layout.music / values.word("music", name)
        own = folder.is_dir() and any(file.is_file() for file in folder.iterdir())
        lines += [
            f"[{name}]",
            "mode = files",
            f"directory = {values.path('music', folder if own else layout.tune)}",
            "sort = alpha",
            "",
        ]
    return Block("\n".join(lines))


def fallback_members(site: Site) -> Block:
    return Block(
        "\n".join(f"member => PJSIP/{_known(site, name)}" for name in site.fallback.agents)
    )


def _known(site: Site, name: str) -> str:
    if name not in site.agents:
        raise values.UnsafeValue("fallback agent", name, "name an agent of the site")
    return values.extension("fallback agent", name)


def event_filters() -> Block:
    """The allow-list by name (no text is searched for it), then what makes an event a forgery."""
    return Block(
        "\n".join(
            [
                *(f"eventfilter(action(include),name({name})) =" for name in EVENTS),
                f"eventfilter(action(include),name({DEVICE_EVENT}),header(Device),method(regex))"
                " = ^PJSIP/[0-9]+$",
                *(
                    f"eventfilter(action(include),name({name}),header(Direction),method(exact))"
                    " = Received"
                    for name in KEY_EVENTS
                ),
                "; ... and none with a blank line inside, which would be two events to a reader.",
                "eventfilter(action(exclude),method(regex)) = [[:cntrl:]]{3,}[^[:cntrl:]]",
            ]
        )
    )


def optional_modules(modules: Path) -> Block:
    present = (name for name in OPTIONAL_MODULES if (modules / name).is_file())
    return Block("\n".join(f"load = {name}" for name in present))
