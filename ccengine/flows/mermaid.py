"""A flow as Mermaid text, for documents that draw it themselves."""

from __future__ import annotations

from ccengine.flows.chart import Node, Way, chart
from ccengine.flows.typeset import cut
from ccengine.flows.words import family, type_word
from ccengine.ivr.model import Flow

_SHAPES = {
    "says": ("(", ")"),
    "asks": ("[/", "/]"),
    "decides": ("{{", "}}"),
    "people": ("[", "]"),
    "leads": ("[[", "]]"),
    "ends": ("([", "])"),
}
_MOST = 420.0


def mermaid(flow: Flow, language: str) -> str:
    """``flowchart LR`` with one line for each step and each way."""
    drawn = chart(flow, language)
    number = {name: f"s{count}" for count, name in enumerate(drawn.nodes)}
    said = ["flowchart LR", f"    begin((( ))) --> {number[drawn.start]}"]
    said += [f"    {number[name]}{_box(node, language)}" for name, node in drawn.nodes.items()]
    for name, node in drawn.nodes.items():
        said += [f"    {number[name]} {_arrow(way)} {number[way.to]}" for way in node.ways]
    return "\n".join(said) + "\n"


def _box(node: Node, language: str) -> str:
    opens, closes = _SHAPES[family(node.type)]
    text = f"{node.name} · {type_word(node.type, language)}"
    about = " ".join(part for part in (node.title, cut(node.about, 13, _MOST)) if part)
    label = f"{quoted(text)}<br/>{quoted(about)}" if about else quoted(text)
    return f'{opens}"{label}"{closes}'


def _arrow(way: Way) -> str:
    line = "-.->" if way.minor else "-->"
    label = " · ".join((*way.keys, *way.words))
    return f'{line}|"{quoted(label)}"|' if label else line


def quoted(text: str) -> str:
    """Every sign that could mean something to Mermaid or HTML, by its number."""
    return "".join(
        char if char.isalnum() or char in " ,.!?·、，。！？：；（）…_" else f"#{ord(char)};"
        for char in " ".join(text.split())
    )
