"""Callbacks: a trunk they can go out by, and callers who are told of them."""

from __future__ import annotations

from ccengine.acd.rules import OverflowAction
from ccengine.site.callback_times import callback_time
from ccengine.site.model import Callback, Queue
from ccengine.site.parts import Parts
from ccengine.yamlsource.model import KeyPath
from ccengine.yamlsource.near import near


def check_callback(parts: Parts) -> None:
    for here, queue in parts.each_queue():
        if queue.callback is not None:
            path = (*here, "callback")
            _check_trunk(parts, path, queue.callback)
            _check_offered(parts, path, queue, queue.callback)
            _check_times(parts, path, queue.callback)
    for name, trunk in parts.trunks.items():
        for key, given in (("caller_id", trunk.caller_id), ("allowed", trunk.allowed)):
            if given and trunk.outbound is None:
                message = f"`{key}` is for calls that go out, and none go out here"
                cure = "add `outbound: …`, or remove it"
                parts.site.wrong_key(("trunks", name, key), message, cure)


def _check_trunk(parts: Parts, path: KeyPath, callback: Callback) -> None:
    known = parts.site.keys("trunks")
    name, where = callback.trunk, (*path, "trunk")
    if name not in known:
        cure = near(name, known) or f"add {name!r} to `trunks`"
        parts.site.wrong(where, f"there is no trunk {name!r}", cure)
    elif (trunk := parts.trunks.get(name)) is None:
        return
    elif trunk.outbound is None:
        message = f"no calls go out by the trunk {name!r}"
        parts.site.wrong(where, message, "add `outbound:` with the carrier's host to that trunk")
    elif not trunk.allowed:
        message = f"nothing may be called by the trunk {name!r}"
        cure = 'add `allowed:` with prefixes to that trunk, like ["1", "021"]'
        parts.site.wrong(where, message, cure)


def _check_offered(parts: Parts, path: KeyPath, queue: Queue, callback: Callback) -> None:
    every = callback.offer_every
    if any(rule.do.action is OverflowAction.CALLBACK for rule in queue.overflow):
        return
    if every is None:
        message = "nobody would be told of the callback"
        cure = "write the seconds between two offers, or an overflow rule with `do: callback`"
        parts.site.wrong((*path, "offer_every"), message, cure)
    elif queue.max_wait is not None and every >= queue.max_wait:
        message = f"callers are let go after {queue.max_wait:g} s, before they are told of it"
        at = (*path, "offer_every")
        cure = "write less than max_wait in `offer_every`"
        parts.site.wrong(at if parts.site.has(*at) else path, message, cure)


def _check_times(parts: Parts, path: KeyPath, callback: Callback) -> None:
    for index, time in enumerate(callback.times):
        chosen = callback_time(time)
        if time in callback.times[:index]:
            parts.site.wrong((*path, "times", index), f"{time!r} is here twice", "keep one")
        elif 60.0 * chosen.after_minutes > callback.expires_after:
            message = f"{time!r} is later than a callback lives, {callback.expires_after:g} s"
            cure = "write a nearer time, or a longer `expires_after`"
            parts.site.wrong((*path, "times", index), message, cure)
    if callback.attempts > 1 and callback.retry_after >= callback.expires_after:
        message = f"a callback is given up after {callback.expires_after:g} s, before the next try"
        at = (*path, "retry_after")
        cure = "write less than expires_after, or `attempts: 1`"
        parts.site.wrong(at if parts.site.has(*at) else (*path, "expires_after"), message, cure)
