"""``ccengine db``, and where the database's password comes from."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from ccengine.cli import db, endings
from ccengine.db.url import database_url
from ccengine.settings import Settings

URL = "postgresql+asyncpg://ccengine@127.0.0.1:55432/ccengine"


def test_the_examples_need_tables_and_may_be_written_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CCENGINE_HOME", str(tmp_path))
    assert typed("examples") == endings.COULD_NOT
    assert "ccengine db upgrade" in capsys.readouterr().err
    assert [typed("upgrade"), typed("examples"), typed("examples")] == [0, 0, 0]


def test_a_password_from_a_file_may_hold_any_sign(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("p@ss/w:rd%41\n")
    settings = Settings(database_url=URL, database_password_file=str(file))
    url = database_url(settings.database)
    assert url.password == "p@ss/w:rd%41"
    assert (url.username, url.host, url.port) == ("ccengine", "127.0.0.1", 55432)


def test_a_password_file_does_not_touch_a_url_without_a_user(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret\n")
    url = "postgresql+asyncpg://127.0.0.1/ccengine"
    assert Settings(database_url=url, database_password_file=str(file)).database == url


def test_a_password_file_that_is_not_there_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CCENGINE_DATABASE_URL", URL)
    monkeypatch.setenv("CCENGINE_DATABASE_PASSWORD_FILE", "/nowhere/password")
    assert typed("upgrade") == endings.COULD_NOT
    assert "/nowhere/password" in capsys.readouterr().err


def typed(*words: str) -> int:
    parser = argparse.ArgumentParser()
    db.add_arguments(parser)
    return db.run(parser.parse_args(words))
