"""Texts with places: what is refused, how they are filled in, and what of them is heard."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccengine.ids import CallId
from ccengine.ivr.model import FlowContext, Scene, StepText
from ccengine.ivr.prompts import text_prompts
from ccengine.ivr.said import said
from ccengine.ivr.speaking import chinese, english
from ccengine.ivr.speaking.forms import all_pieces, spoken
from ccengine.ivr.templates import FORMS, Form, Slot, Template, TemplateError
from ccengine.ivr.waits import Prompt, Value

REFUSED = [
    ("{n", 0, "close the place"),
    ("n}", 1, "a } without its {"),
    ("{}", 0, "an empty place"),
    ("a{n|digit}", 4, "did you mean 'digits'?"),
    ("{n｜digits}", 2, "write |"),
    ("｛n｝", 0, "write {"),
    ("{N}", 0, "no place for a value"),
    ("{n!r}", 0, "no place for a value"),
    ("{n:>1000000000}", 0, "no place for a value"),
    ("{a.b.c}", 0, "no place for a value"),
    ("{n}" * 31, 0, "more than 30 places"),
    ("a" * 2_001, 0, "at most 2000 characters"),
]


def scene(language: str = "zh-CN", **data: Value) -> Scene:
    context = FlowContext(
        call_id=CallId("c-1"),
        ani="13800010002",
        dnis="4001",
        vip_level="",
        language=language,
        is_open=lambda hours, now: True,
        time_zone="Asia/Shanghai",
    )
    return Scene(context=context, language=language, now=0.0, data=data)


@pytest.mark.parametrize(("text", "offset", "told"), REFUSED)
def test_the_author_is_told_where_and_how_to_mend_it(text: str, offset: int, told: str) -> None:
    with pytest.raises(TemplateError) as refused:
        Template.parse(text)
    assert told in str(refused.value)
    assert refused.value.offset == offset


def test_a_url_is_filled_in_with_nothing_but_quoted_values() -> None:
    path = Template.parse("/orders/{order_no}?of={customer.name}")
    filled = path.filled(
        {"order_no": "../1?x", "customer.name": "王 & 李"}, lambda it: quote(it, safe="")
    )
    assert filled == "/orders/..%2F1%3Fx?of=%E7%8E%8B%20%26%20%E6%9D%8E"
    assert path.names == ("order_no", "customer.name")


def test_numbers_are_filled_in_as_people_write_them() -> None:
    text = Template.parse("{a} {b} {c} {d} {{}}")
    assert text.filled({"a": 2.0, "b": 0.1 + 0.2, "c": True}) == "2 0.3 true  {}"


def test_a_text_is_cut_at_its_places_and_only_what_nobody_could_know_is_spoken_in_the_call() -> (
    None
):
    texts = {"zh-CN": "您好，{name}。余额{balance|money}。", "en": "Hello {name}, {balance|money}."}
    heard = said(texts, scene(name="王芳", balance=100.05), "welcome")  # type: ignore[arg-type]
    assert [(prompt.text, prompt.name, prompt.live) for prompt in heard[:3]] == [
        ("您好，", "welcome_1", False),
        ("王芳", "", True),
        ("。余额", "welcome_2", False),
    ]
    assert "".join(prompt.text for prompt in heard[3:]) == "一百元零五分"


def test_a_text_without_places_is_one_prompt_with_its_recording() -> None:
    texts = {"zh-CN": "请按{{键}}。"}
    assert said(texts, scene(), "keys") == (  # type: ignore[arg-type]
        Prompt(text="请按{键}。", language="zh-CN", name="keys"),
    )


def test_an_unset_name_is_silent() -> None:
    heard = said({"zh-CN": "您好{name}，再见"}, scene(), "")
    assert [prompt.text for prompt in heard] == ["您好", "，再见"]


ANY = st.one_of(st.text(max_size=300), st.integers(), st.floats(), st.booleans())


@given(value=ANY, form=st.sampled_from([*FORMS, None]), language=st.sampled_from(["zh-CN", "en"]))
@settings(max_examples=400, deadline=None)
def test_whatever_is_said_was_rendered_beforehand_or_is_live_and_short(
    value: Value, form: Form | None, language: str
) -> None:
    heard = spoken(value, form, language, "Asia/Shanghai")
    fixed = [prompt for prompt in heard if not prompt.live]
    assert set(fixed) <= set(all_pieces(form, language))
    assert all(0 < len(prompt.text) <= 200 for prompt in heard if prompt.live)


@given(number=st.integers(min_value=0, max_value=chinese.HIGHEST))
@settings(max_examples=500, deadline=None)
def test_a_number_in_chinese_says_that_number(number: int) -> None:
    assert _read_chinese("".join(chinese.words(number))) == number
    assert set(chinese.words(number)) <= set(chinese.all_words())
    assert set(english.words(number)) <= set(english.all_words())


def _read_chinese(text: str) -> int:
    """The other way, by the rules of the school book."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        high, found, low = text.rpartition(name)
        if found:
            return _read_chinese(high) * unit + _read_chinese(low)
    total, digit = 0, 0
    for sign in text.replace("两", "二"):
        if sign in chinese.DIGITS:
            digit = chinese.DIGITS.index(sign)
        else:
            total += (digit or 1) * {"千": 1000, "百": 100, "十": 10}[sign]
            digit = 0
    return total + digit


def test_all_that_a_text_with_places_needs_is_rendered_beforehand() -> None:
    text = StepText(
        texts={"zh-CN": "第{n|ordinal}位，{name|text}", "en": "You are {n|ordinal}, {name|text}"},
        at=("say",),
        recording="place",
    )
    prompts = set(text_prompts(text, ["en"]))
    assert Prompt(text="You are", language="en", name="place_1") in prompts
    assert set(all_pieces("ordinal", "en")) <= prompts
    assert {prompt.language for prompt in prompts} == {"en"}
    assert Slot(name="name", form="text") in Template.parse(text.texts["en"]).parts
