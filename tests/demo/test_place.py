"""Where the demo lives."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from demo import options, place


def test_two_demos_cannot_live_in_one_folder(tmp_path: Path) -> None:
    with (
        place.alone_in(tmp_path),
        pytest.raises(place.DemoRunsAlready, match="stop it first"),
        place.alone_in(tmp_path),
    ):
        raise AssertionError("both live here")


def test_a_folder_is_free_again_when_its_demo_has_gone(tmp_path: Path) -> None:
    with place.alone_in(tmp_path):
        pass
    with place.alone_in(tmp_path):
        assert (tmp_path / "lock").exists()


def test_a_port_that_is_taken_is_replaced_and_told(tmp_path: Path) -> None:
    usual, _ = place.settings_for(tmp_path)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
        other.bind(("127.0.0.1", usual.http_port))
        other.listen()

        settings, told = place.settings_for(tmp_path)

    assert settings.http_port > usual.http_port
    assert any(f"the pages on {settings.http_port}" in sentence for sentence in told)


def test_the_engine_is_given_the_same_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = place.settings_for(tmp_path)
    for name, value in place.environment_of(settings).items():
        monkeypatch.setenv(name, value)

    assert type(settings)() == settings


def test_more_callers_than_this_machine_bears_are_refused() -> None:
    with pytest.raises(SystemExit):
        options.read(["--callers", "1000"])
