"""A site file's numbers are numbers: a switch or a quoted text is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccengine.site.load import prove
from ccengine.yamlsource.model import BadFileError
from ccengine.yamlsource.read import parse

SITE = """\
schema: 1
name: {zh-CN: 试验中心, en: Trial centre}
time_zone: Asia/Shanghai
numbers: {"4000000000": {flow: main}}
default_flow: main
queues:
  sales: {title: {zh-CN: 销售, en: Sales}, strategy: linear, agents: ["1001"], WRITTEN}
agents: {"1001": {name: 张伟, username: zhangwei}}
"""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("max_calls: true", "a whole number is wanted, not true"),
        ("max_wait: true", "a number is wanted, not true"),
        ('ring_timeout: "15"', "a number is wanted, not '15'"),
        ("weight: true", "a whole number is wanted, not true"),
    ],
)
def test_true_is_no_number(written: str, told: str) -> None:
    with pytest.raises(BadFileError) as caught:
        prove(parse(SITE.replace("WRITTEN", written), Path("site.yaml")), ["main"])
    assert [problem.message for problem in caught.value.problems] == [told]


def test_without_it_the_file_is_right() -> None:
    site = prove(parse(SITE.replace("WRITTEN", "max_calls: 1"), Path("site.yaml")), ["main"]).site
    assert site.queues["sales"].max_calls == 1
