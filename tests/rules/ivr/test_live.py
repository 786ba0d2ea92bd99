"""Texts that are known no earlier than the call: spoken within a deadline, few are kept."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from ccengine.ivr.live import LiveSpeech
from ccengine.ivr.render import PromptRenderError, Renderer, describe
from ccengine.ivr.speech import PromptMissingError, PromptStore
from ccengine.ivr.waits import Prompt

TONE = "sox -n -r 16000 {output} synth 0.5 sine 300 {text_file}"
SECRET = "王芳，尾号六六"


@pytest.fixture
def speaker(tmp_path: Path) -> str:
    """A TTS command that counts how often it runs; a text with "slow" in it takes for ever."""
    script = tmp_path / "speaker"
    script.write_text(
        "#!/bin/sh\n"
        f'echo run >> "{tmp_path}/runs"\n'
        'grep -q slow "$1" && exec sleep 60\n'
        'grep -q broken "$1" && { cat "$1" >&2; exit 1; }\n'
        'exec sox -n -r 16000 "$2" synth 0.5 sine 300\n',
        "utf-8",
    )
    script.chmod(0o755)
    return f"{script} {{text_file}} {{output}}"


def runs(tmp_path: Path) -> int:
    counted = tmp_path / "runs"
    return len(counted.read_text().splitlines()) if counted.exists() else 0


def live(text: str) -> Prompt:
    return Prompt(text=text, language="zh-CN", live=True)


async def test_it_is_spoken_once_and_heard_again(tmp_path: Path, speaker: str) -> None:
    store = PromptStore(tmp_path / "prompts", speaker)
    with pytest.raises(PromptMissingError):
        store.path(live(SECRET))
    assert await store.speak_live([live(SECRET), Prompt(text="您好", language="zh-CN")], 10.0) == 0
    assert Path(store.path(live(SECRET))).parent.name == "live"
    assert 0.4 < store.duration(live(SECRET)) < 0.8
    assert await store.speak_live([live(SECRET)], 10.0) == 0
    assert runs(tmp_path) == 1


async def test_what_is_late_is_passed_over_and_leaves_nothing_behind(
    tmp_path: Path, speaker: str
) -> None:
    store = PromptStore(tmp_path / "prompts", speaker)
    left = await store.speak_live([live("quick"), live("slow"), live("after it")], 1.5)
    assert left == 2
    assert store.path(live("quick"))
    with pytest.raises(PromptMissingError):
        store.path(live("slow"))
    assert [path.name for path in (tmp_path / "prompts" / "live").glob(".*")] == []


async def test_what_cannot_be_spoken_is_counted_and_its_words_are_told_to_nobody(
    tmp_path: Path, speaker: str
) -> None:
    store = PromptStore(tmp_path / "prompts", speaker)
    assert await store.speak_live([live("broken"), live("fine")], 10.0) == 1
    assert store.path(live("fine"))
    with pytest.raises(PromptMissingError) as missing:
        store.path(live(SECRET))
    assert SECRET[:2] not in str(missing.value)
    assert SECRET[:2] not in describe(live(SECRET))


async def test_no_more_than_two_are_spoken_at_once(tmp_path: Path) -> None:
    at_once, most = 0, 0
    both, go_on = asyncio.Event(), asyncio.Event()

    class Speaker(Renderer):
        async def speak(self, prompt: Prompt, target: Path) -> None:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            if at_once == 2:
                both.set()
            await go_on.wait()
            at_once -= 1
            raise PromptRenderError(prompt=prompt, why="no sound", cure="none")

    speech = LiveSpeech(tmp_path, TONE, Speaker(TONE))
    calls = [asyncio.create_task(speech.speak([live(f"{i}")], 5.0)) for i in range(6)]
    await both.wait()
    go_on.set()
    assert await asyncio.gather(*calls) == [1] * 6
    assert most == 2


async def test_only_so_many_are_kept_and_those_heard_last(tmp_path: Path, speaker: str) -> None:
    speech = LiveSpeech(tmp_path, speaker, Renderer(speaker), most_kept=2)
    assert await speech.speak([live("one"), live("two")], 10.0) == 0
    for age, text in ((200, "one"), (100, "two")):
        sound = speech.target(live(text)).with_suffix(".wav")
        os.utime(sound, (sound.stat().st_mtime - age,) * 2)
    assert await speech.speak([live("one")], 10.0) == 0  # heard again
    assert await speech.speak([live("three")], 10.0) == 0
    kept = {path.name for path in (tmp_path / "live").iterdir()}
    assert kept == {
        f"{speech.target(live(text)).name}.{extension}"
        for text in ("one", "three")
        for extension in ("wav", "sln16")
    }
