"""Prompts made into sound by the real commands, before any caller needs them."""

from __future__ import annotations

import asyncio
import math
import os
import select
import struct
import sys
import wave
from pathlib import Path

import pytest

from ccengine.ivr.announce import system_prompts
from ccengine.ivr.prompts import spoken_key
from ccengine.ivr.render import WORK_PREFIX, PromptRenderError, SpeechCommandError, wav_seconds
from ccengine.ivr.speech import PromptMissingError, PromptsNotRenderedError, PromptStore
from ccengine.ivr.waits import Prompt
from ccengine.settings import Settings

TTS = Settings.model_fields["tts_command"].default
MANDARIN = Prompt(text="您好，欢迎致电示范客服中心。", language="zh-CN", name="welcome")
ENGLISH = Prompt(text="Hello, and welcome.", language="en")


def loudest(samples: bytes) -> int:
    values: list[int] = [value for (value,) in struct.iter_unpack("<h", samples)]
    return max(map(abs, values))


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def work_in(folder: Path) -> set[str]:
    return {name for name in names_in(folder) if name.startswith(WORK_PREFIX)}


def tone(path: Path, seconds: float, rate: int = 44_100) -> None:
    """A stereo recording as a studio hands it in, with silence at both ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    quiet = b"\0\0\0\0" * rate
    frames = [
        struct.pack("<hh", *(2 * (int(4_000 * math.sin(at / 20)),)))
        for at in range(int(seconds * rate))
    ]
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(quiet + b"".join(frames) + quiet)


@pytest.fixture(scope="module")
def _rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prompts")
    asyncio.run(PromptStore(folder, TTS).render_missing([MANDARIN, ENGLISH]))
    return folder


@pytest.fixture
def folder(_rendered: Path, tmp_path: Path) -> Path:
    """A prompts folder in which the system prompts and two more are rendered; free to change."""
    mine = tmp_path / "prompts"
    mine.mkdir()
    for file in _rendered.rglob("*"):
        target = mine / file.relative_to(_rendered)
        if file.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, target)
    return mine


@pytest.mark.parametrize("prompt", [MANDARIN, ENGLISH])
def test_speech_is_rendered_for_narrow_and_wide_channels(folder: Path, prompt: Prompt) -> None:
    store = PromptStore(folder, TTS)
    sound = store.path(prompt)
    assert Path(sound).is_absolute()
    assert not Path(sound).suffix
    with wave.open(f"{sound}.wav", "rb") as narrow:
        form = (narrow.getframerate(), narrow.getnchannels(), narrow.getsampwidth())
        assert form == (8_000, 1, 2)
        assert loudest(narrow.readframes(narrow.getnframes())) > 15_000
        seconds = narrow.getnframes() / 8_000
    wide = Path(f"{sound}.sln16").read_bytes()
    assert loudest(wide) > 15_000
    assert len(wide) / 2 / 16_000 == pytest.approx(seconds, abs=0.05)
    assert store.duration(prompt) == pytest.approx(seconds)
    assert 0.5 < seconds < 10


def test_silence_at_the_ends_is_cut(folder: Path) -> None:
    wide = Path(PromptStore(folder, TTS).path(MANDARIN) + ".sln16").read_bytes()
    tenth = 2 * 1_600
    assert loudest(wide[:tenth]) > 300
    assert loudest(wide[-2 * tenth :]) > 300


async def test_what_is_there_is_not_rendered_again(folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    more = Prompt(text="再见", language="zh-CN")
    store = PromptStore(folder, TTS)
    made = await store.render_missing([MANDARIN, ENGLISH, more], lambda *at: seen.append(at))
    assert made == 1
    assert seen == [(0, 1), (1, 1)]
    assert await store.render_missing([MANDARIN, more]) == 0
    assert not work_in(folder)


async def test_a_changed_text_is_a_new_file_and_the_old_one_stays(folder: Path) -> None:
    store = PromptStore(folder, TTS)
    old = store.path(ENGLISH)
    changed = Prompt(text="Hello again.", language="en")
    await store.render_missing([changed])
    assert store.path(changed) != old
    assert f"{Path(old).name}.wav" in names_in(folder)


def test_the_dialplans_prompts_lie_under_their_names(folder: Path) -> None:
    for prompt in system_prompts():
        sound = folder / "system" / prompt.language / prompt.name
        assert wav_seconds(sound.with_suffix(".wav")) > 0.5
        assert sound.with_suffix(".sln16").stat().st_size > 16_000


async def test_a_recording_wins_and_gives_way_when_it_is_removed(folder: Path) -> None:
    recorded = folder / "recorded" / "zh-CN" / "welcome.wav"
    store = PromptStore(folder, TTS)
    spoken = store.path(MANDARIN)
    tone(recorded, 0.5)
    assert store.path(MANDARIN) == spoken, "a recording is not noticed during calls"
    assert await store.render_missing([MANDARIN]) == 1
    assert store.path(MANDARIN) != spoken
    assert store.duration(MANDARIN) == pytest.approx(0.65, abs=0.05)
    assert store.path(MANDARIN) == PromptStore(folder, TTS).path(MANDARIN)
    recorded.unlink()
    await store.render_missing([MANDARIN])
    assert store.path(MANDARIN) == spoken


async def test_a_recording_wins_for_the_dialplan_too(folder: Path) -> None:
    tone(folder / "recorded" / "en" / "goodbye.wav", 1.0)
    await PromptStore(folder, TTS).render_missing([])
    seconds = wav_seconds(folder / "system" / "en" / "goodbye.wav")
    assert seconds == pytest.approx(1.15, abs=0.05)


async def test_a_recording_that_is_none_is_named(folder: Path) -> None:
    recorded = folder / "recorded" / "zh-CN" / "welcome.wav"
    recorded.parent.mkdir(parents=True)
    recorded.write_text("not a sound")
    store = PromptStore(folder, TTS)
    with pytest.raises(PromptsNotRenderedError, match=r"zh-CN welcome") as caught:
        await store.render_missing([MANDARIN])
    assert "cure: try `sox welcome.wav`" in str(caught.value)
    assert store.path(MANDARIN).endswith(spoken_key(MANDARIN, TTS)), "speech goes on meanwhile"


async def test_a_silent_recording_is_refused(folder: Path) -> None:
    tone(folder / "recorded" / "zh-CN" / "welcome.wav", 0.0)
    with pytest.raises(PromptsNotRenderedError, match="no sound in it"):
        await PromptStore(folder, TTS).render_missing([MANDARIN])


def test_nothing_is_rendered_while_a_caller_waits(folder: Path) -> None:
    store = PromptStore(folder, TTS)
    unknown = Prompt(text="从未渲染", language="zh-CN")
    for ask in (store.path, store.duration):
        with pytest.raises(PromptMissingError, match="从未渲染"):
            ask(unknown)


async def test_half_a_prompt_is_none(folder: Path) -> None:
    key = spoken_key(ENGLISH, TTS)
    (folder / f"{key}.sln16").unlink()
    store = PromptStore(folder, TTS)
    with pytest.raises(PromptMissingError):
        store.path(ENGLISH)
    assert await store.render_missing([ENGLISH]) == 1
    assert store.path(ENGLISH).endswith(key)


async def test_a_missing_tts_program_is_told_with_its_cure(tmp_path: Path) -> None:
    store = PromptStore(tmp_path, "no-such-speaker {text_file} {output}")
    with pytest.raises(SpeechCommandError, match="no-such-speaker") as caught:
        await store.render_missing([])
    assert "apt install espeak-ng" in str(caught.value)


async def test_a_missing_sox_is_told_with_its_cure(tmp_path: Path) -> None:
    store = PromptStore(tmp_path, TTS, sox_command="no-such-sox")
    with pytest.raises(SpeechCommandError, match="apt install sox"):
        await store.render_missing([])


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("", "empty"),
        ("speak {output}", "{text_file} is missing"),
        ("speak {output} {text_file} {pitch}", "unknown {pitch}"),
        ("speak '{output} {text_file}", "quotation"),
        ("speak {output} {text_file", "expected '}'"),
    ],
)
def test_a_command_that_cannot_work_is_refused_at_once(
    tmp_path: Path, command: str, why: str
) -> None:
    with pytest.raises(SpeechCommandError) as caught:
        PromptStore(tmp_path, command)
    assert why in str(caught.value)


def speaker(tmp_path: Path, source: str) -> str:
    """A TTS command of a few lines of Python."""
    script = tmp_path / "speaker.py"
    script.write_text(f"import pathlib, sys, time\ntext, output = sys.argv[1:]\n{source}\n")
    return f"{sys.executable} -S -E {script} {{text_file}} {{output}}"


def all_there(folder: Path, rendered: Path, command: str) -> None:
    """The system prompts as if this command had spoken them, so that a test is about one prompt."""
    for prompt in system_prompts():
        for extension in ("wav", "sln16"):
            old = rendered / f"{spoken_key(prompt.prompt, TTS)}.{extension}"
            os.link(old, folder / f"{spoken_key(prompt.prompt, command)}.{extension}")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("sys.exit('the voice is gone')", "the voice is gone"),
        ("pass", "wrote no file"),
        ("pathlib.Path(output).write_text('noise')", "sox failed"),
    ],
)
async def test_a_failing_command_names_the_prompt_and_leaves_nothing(
    folder: Path, tmp_path: Path, source: str, why: str
) -> None:
    command = speaker(tmp_path, source)
    all_there(folder, folder, command)
    before = names_in(folder)
    with pytest.raises(PromptsNotRenderedError) as caught:
        await PromptStore(folder, command).render_missing([ENGLISH])
    assert why in str(caught.value)
    assert "[en] 'Hello, and welcome.'" in str(caught.value)
    assert "cure:" in str(caught.value)
    assert names_in(folder) == before


async def test_one_failure_does_not_keep_the_others_from_being_rendered(
    folder: Path, tmp_path: Path
) -> None:
    good = Prompt(text="good", language="en")
    seen: list[tuple[int, int]] = []
    command = speaker(
        tmp_path,
        "import shutil\n"
        "bad = 'Hello' in pathlib.Path(text).read_text()\n"
        f"sys.exit('no') if bad else shutil.copy({str(tmp_path / 'tone.wav')!r}, output)",
    )
    tone(tmp_path / "tone.wav", 0.3)
    all_there(folder, folder, command)
    store = PromptStore(folder, command)
    with pytest.raises(PromptsNotRenderedError) as caught:
        await store.render_missing([ENGLISH, good], lambda *at: seen.append(at))
    assert [failure.prompt for failure in caught.value.failures] == [ENGLISH]
    assert all(isinstance(failure, PromptRenderError) for failure in caught.value.failures)
    assert store.duration(good) == pytest.approx(0.45, abs=0.05)
    assert seen == [(0, 2), (1, 2), (2, 2)]


async def test_a_command_that_hangs_is_ended_with_its_children(
    folder: Path, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    command = speaker(
        tmp_path,
        "import os\n"
        "os.fork()\n"
        f"open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
        "time.sleep(600)",
    )
    all_there(folder, folder, command)
    with pytest.raises(PromptsNotRenderedError, match="not done after 2 s"):
        await PromptStore(folder, command, deadline_s=2.0).render_missing([ENGLISH])
    started = [int(pid) for pid in pids.read_text().split()]
    assert len(started) == 2
    for pid in started:
        await asyncio.to_thread(wait_for_end, pid)


def wait_for_end(pid: int) -> None:
    """Until the process has ended; fails when it has not after five seconds."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([process], [], [], 5.0)[0], f"{pid} still runs"
    finally:
        os.close(process)


async def test_a_cancelled_rendering_leaves_no_half_file(folder: Path, tmp_path: Path) -> None:
    started = tmp_path / "started"
    os.mkfifo(started)
    command = speaker(tmp_path, f"open({str(started)!r}, 'w').close(); time.sleep(600)")
    all_there(folder, folder, command)
    before = names_in(folder)
    rendering = asyncio.create_task(PromptStore(folder, command).render_missing([ENGLISH]))
    await asyncio.to_thread(started.read_text)  # until the command runs
    rendering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await rendering
    assert names_in(folder) == before


async def test_what_a_killed_engine_left_is_swept_and_fresh_work_is_not(folder: Path) -> None:
    for name in (".rendering-old", ".rendering-new"):
        (folder / name).mkdir()
        (folder / name / "out.wav").write_bytes(b"half")
    os.utime(folder / ".rendering-old", (0, 0))
    await PromptStore(folder, TTS).render_missing([])
    assert work_in(folder) == {".rendering-new"}
