"""Site files as an engineer writes them, and what the loader says of them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from ccengine.site.load import prove
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError, Problem
from ccengine.yamlsource.read import parse

FLOWS = ("main",)

HEAD = """\
schema: 1
name: {zh-CN: 客服, en: Service}
time_zone: Asia/Shanghai
numbers: {"4001": {flow: main}}
default_flow: main
skills: {english: {zh-CN: 英语, en: English}, billing: {zh-CN: 账务, en: Billing}}
vip_levels: {gold: {title: {zh-CN: 金卡, en: Gold}, head_start: 120}}
trunks: {carrier: {match: ["192.0.2.1"], outbound: sip.example.com, allowed: ["1"]}}
hours: {office: {week: {mon: ["09:00-18:00"]}}}
agents:
  "1001": {name: 王芳, username: wangfang, skills: {english: 5}}
  "1002": {name: 李强, username: liqiang, skills: {english: 2}}
  "1003": {name: 张敏, username: zhangmin, skills: {billing: 3}}
queues:
  sales:
    title: {zh-CN: 销售, en: Sales}
"""
"""A site up to its first queue, which goes on with the rules under test."""


def sales(rules: str = "", more: str = "") -> str:
    """A site whose queue ``sales`` has these lines, linear and with all three agents unless they
    say other. ``more``: what follows, as lines of the whole file."""
    rules = textwrap.dedent(rules).strip("\n") + "\n"
    for key, value in (("strategy", "linear"), ("agents", '["1001", "1002", "1003"]')):
        if not re.search(rf"^{key}:", rules, re.MULTILINE):
            rules += f"{key}: {value}\n"
    return HEAD + textwrap.indent(rules, "    ") + more


def site(text: str) -> Site:
    return prove(parse(text, Path("site.yaml")), FLOWS).site


def warnings(text: str) -> list[str]:
    return [_said(problem) for problem in prove(parse(text, Path("site.yaml")), FLOWS).warnings]


def complaints(text: str) -> list[str]:
    """All that is wrong, each as ``line:column message | cure``; nothing may lack its cure.

    Lines are counted from the first rule of the queue ``sales``.
    """
    with pytest.raises(BadFileError) as caught:
        site(text)
    assert all(problem.cure for problem in caught.value.problems)
    return [_said(problem) for problem in caught.value.problems]


def complaint(rules: str, more: str = "") -> str:
    """The only one about this queue."""
    (said,) = complaints(sales(rules, more))
    return said


def _said(problem: Problem) -> str:
    line = problem.at.line - HEAD.count("\n")
    return f"{line}:{problem.at.column} {problem.message} | {problem.cure}"
