"""The sentences of what changed in flows, in Chinese and English; all of them stand here."""

from __future__ import annotations

from collections.abc import Mapping

from ccengine.flows.words import type_word, way_word

MOST_SHOWN = 80
"""Characters of a text in one line."""

Shown = Mapping[str, str | None]
"""What a sentence speaks of, by its name; None: it was or is not there."""

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "flow_added": ("新增流程", "new flow"),
    "flow_removed": ("流程已删除", "flow removed"),
    "start": ("起始步骤改为 {now}（原为 {was}）", "starts at {now} (was {was})"),
    "title": ("{place}：{now}（原为 {was}）", "{place}: {now} (was {was})"),
    "step_renamed": ("由 {was} 改名而来", "renamed from {was}"),
    "step_added": ("新增步骤（{now}）", "new step ({now})"),
    "step_removed": ("步骤已删除（{was}）", "step removed ({was})"),
    "type": ("现为“{now}”步骤（原为“{was}”）", "is a {now} step now (was {was})"),
    "way_removed": ("{place}不再通向 {was}", "{place} no longer leads to {was}"),
    "way_added": ("{place}通向 {now}（新增）", "{place} leads to {now} (new)"),
    "way_changed": (
        "{place}改为通向 {now}（原为 {was}）",
        "{place} now leads to {now} (was {was})",
    ),
    "text": ("{place}：{now}（原为 {was}）", "{place}: {now} (was {was})"),
    "setting": ("{place}：{now}（原为 {was}）", "{place}: {now} (was {was})"),
}
_OF_TYPES = frozenset(("step_added", "step_removed", "type"))
_QUOTED = frozenset(("title", "text", "setting"))
_ABSENT: Mapping[str, tuple[str, str]] = {
    "title": ("无", "none"),
    "text": ("无", "none"),
    "setting": ("未设置", "not set"),
}
_TONGUES: Mapping[str, tuple[str, str]] = {
    "zh-CN": ("中文", "zh-CN"),
    "en": ("英文", "en"),
}


def sentence(what: str, about: Shown, language: str) -> str:
    """``about``: ``was``, ``now``, and of the place ``key``, ``way``, ``at`` and ``tongue``."""
    values = {name: _value(what, about.get(name), language) for name in ("was", "now")}
    return _in(_SENTENCES[what], language).format(place=_place(what, about, language), **values)


def _value(what: str, value: str | None, language: str) -> str:
    if what in _QUOTED:
        return _in(_ABSENT[what], language) if value is None else quoted(value)
    if value is None:
        return ""
    # In English a step's type is told as the file has it.
    return type_word(value, language) if what in _OF_TYPES and language == "zh-CN" else value


def _place(what: str, about: Shown, language: str) -> str:
    tongue = _in(_TONGUES.get(about.get("tongue") or "", ("", "")), language)
    at = about.get("at") or ""
    if what == "title":
        return _in((f"{tongue}标题", f"title in {tongue}"), language)
    if what == "text":
        of = _in((f" {at} ", f" of {at}"), language) if at else ""
        return _in((f"{tongue}话术{of}".rstrip(), f"text{of} in {tongue}"), language)
    if key := about.get("key"):
        return _in((f"按 {key} ", f"key {key}"), language)
    if way := about.get("way"):
        return _in((f"{_way(way)} ", way), language)
    return at


def _way(way: str) -> str:
    word = way_word(way, "zh-CN")
    return way if word == way.replace("_", " ") else f"“{word}”"


def quoted(text: str) -> str:
    flat = " ".join(text.split())
    return f"“{flat}”" if len(flat) <= MOST_SHOWN else f"“{flat[: MOST_SHOWN - 1]}…”"


def _in(words: tuple[str, str], language: str) -> str:
    return words[0] if language == "zh-CN" else words[1]
