"""Which prompts there are, and what decides the file each is kept in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ccengine.ids import FlowId
from ccengine.ivr import prompts
from ccengine.ivr.model import Flow
from ccengine.ivr.waits import Prompt
from ccengine.site.model import Callback, Message, Site

HELLO = Prompt(text="您好", language="zh-CN", name="hello")


def test_a_file_is_kept_by_what_decides_its_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    key = prompts.spoken_key(HELLO, "tts")
    assert prompts.spoken_key(replace(HELLO, name="other"), "tts") == key
    assert prompts.spoken_key(replace(HELLO, text="你好"), "tts") != key
    assert prompts.spoken_key(replace(HELLO, language="en"), "tts") != key
    assert prompts.spoken_key(HELLO, "tts --fast") != key
    monkeypatch.setattr(prompts, "FORMAT_VERSION", 2)
    assert prompts.spoken_key(HELLO, "tts") != key


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "A", ".hidden", "a\n"])
def test_a_recording_cannot_lie_outside_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a recording"):
        prompts.recording_file(replace(HELLO, name=name))
    with pytest.raises(ValueError, match="not a language"):
        prompts.recording_file(replace(HELLO, language="../en"))


def test_all_prompts_are_those_of_flows_articles_and_the_system_each_once(
    flows: dict[FlowId, Flow], site: Site
) -> None:
    spoken = [("zh-CN", "请先重启光猫。"), ("zh-CN", "请先重启光猫。"), ("en", "")]
    found = prompts.all_prompts(flows, spoken, site)
    assert len(found) == len(set(found))
    by_name = {(prompt.name, prompt.language) for prompt in found}
    assert {("welcome", "zh-CN"), ("welcome", "en"), ("offer_english", "en")} <= by_name
    assert {("fallback_announce", "en"), ("bad", "zh-CN")} <= by_name
    assert Prompt(text="请先重启光猫。", language="zh-CN") in found
    assert not any(prompt.text == "如何报修宽带" for prompt in found), "questions are not spoken"
    assert all(prompt.text for prompt in found)


def test_a_site_of_one_language_renders_its_flows_in_one(
    flows: dict[FlowId, Flow], site: Site
) -> None:
    mandarin = site.model_copy(update={"languages": ("zh-CN",)})
    names = {(prompt.name, prompt.language) for prompt in prompts.all_prompts(flows, [], mandarin)}
    assert ("welcome", "zh-CN") in names
    assert ("welcome", "en") not in names


def test_what_a_queue_says_is_rendered_with_the_rest(flows: dict[FlowId, Flow], site: Site) -> None:
    said_online = Message(say={"zh-CN": "也可在线办理。", "en": "See our site."})
    changed = site.queues["sales"].model_copy(
        update={
            "messages": {"online": said_online},
            "callback": Callback(key="#", trunk="carrier"),
            "whisper": True,
        }
    )
    queues = site.queues | {"sales": changed}
    site = site.model_copy(update={"queues": queues})
    said = {(prompt.language, prompt.text) for prompt in prompts.all_prompts(flows, [], site)}
    assert {("zh-CN", "也可在线办理。"), ("en", "See our site.")} <= said
    assert {("zh-CN", "销售"), ("en", "Sales")} <= said, "whispered to agents"
    assert any("井号键" in text for _, text in said)
    assert ("zh-CN", "技术支持") not in said, "support does not whisper"
