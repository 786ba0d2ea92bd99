"""The traffic that a site file expects: VIP levels that exist, parts of a whole."""

from __future__ import annotations

from ccengine.site.parts import Parts
from ccengine.yamlsource.near import near


def check_load(parts: Parts) -> None:
    known = parts.site.keys("vip_levels")
    for here, queue in parts.each_queue():
        if queue.load is None:
            continue
        path = (*here, "load")
        for level in queue.load.vip:
            if level not in known:
                cure = near(level, known) or f"add {level!r} to `vip_levels`"
                parts.site.wrong_key(
                    (*path, "vip", level), f"there is no VIP level {level!r}", cure
                )
        whole = sum(queue.load.vip.values())
        if whole > 1.000_001:
            message = f"the levels are {whole:g} of all calls, more than there are"
            parts.site.wrong_key((*path, "vip"), message, "write parts that sum up to 1 at most")
        agents = queue.load.agents
        if agents is not None and agents > len(queue.agents):
            message = f"only {len(queue.agents)} agents are in this queue"
            parts.site.wrong((*path, "agents"), message, f"write {len(queue.agents)} or less")
