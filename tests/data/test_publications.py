"""Each version of the flows is kept, comes back in one command, and is found again by its calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

import ccengine.engine.reload as reload_module
from ccengine.db.session import Database
from ccengine.engine.beginning import begin
from ccengine.engine.flows import InForce
from ccengine.engine.publishing import NothingPublishedError, Publishing
from ccengine.engine.reload import Reload
from ccengine.flows.folder import read_texts
from ccengine.flows.model import NoSuchPublicationError, Source, TooLargeError
from ccengine.flows.store import Publications
from ccengine.ids import FlowId
from ccengine.ivr.speech import PromptStore
from ccengine.knowledge.store import Articles
from ccengine.settings import FlowsFrom, Settings
from ccengine.yamlsource.model import BadFileError
from tests.kit.clock import HandClock
from tests.rules.engine.test_flows import Files

MAIN = FlowId("main")


class Site:
    """A site with one flow, its database, and who publishes there."""

    def __init__(self, folder: Path, database: Database, mode: FlowsFrom) -> None:
        self.files = Files(folder)
        self.settings = Settings(
            home=folder,
            site=self.files.site,
            flows=self.files.flows,
            flows_from=mode,
            database_url=database.url.render_as_string(hide_password=False),
        )
        self.publications = Publications(database.sessions, HandClock())
        self.publishing = Publishing(self.settings, self.publications)

    def texts(self) -> dict[FlowId, str]:
        return read_texts(self.files.flows)

    def another(self, word: str) -> dict[FlowId, str]:
        """The texts, with something else said; the folder is as it was."""
        before = self.texts()
        self.files.flow("main", word)
        after = self.texts()
        (self.files.flows / "main.yaml").write_text(before[MAIN], "utf-8")
        return after


@pytest.fixture(params=list(FlowsFrom))
def site(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Site:
    return Site(tmp_path, database, request.param)


@pytest.fixture
def in_folder(tmp_path: Path, database: Database) -> Site:
    return Site(tmp_path, database, FlowsFrom.FOLDER)


@pytest.fixture
def published(tmp_path: Path, database: Database) -> Site:
    return Site(tmp_path, database, FlowsFrom.PUBLISHED)


async def test_published_rolled_back_and_published_again(site: Site) -> None:
    first, second = site.texts(), site.another("！")
    one = await site.publishing.publish(first, author="李工", note="第一版")
    two = await site.publishing.publish(second, author="wang", note="second")
    assert (one.number, two.number) == (1, 2)
    assert (await site.publishing.load()).texts == second
    back = await site.publishing.rollback(None, author="李工", note="夜里有投诉")
    assert (back.number, back.equals, back.source) == (3, 1, Source.ROLLBACK)
    assert back.digest == one.digest
    assert back.files == one.files
    loaded = await site.publishing.load()
    assert loaded.texts == first
    assert await site.publishing.record(loaded) == 3
    again = await site.publishing.rollback(2, author="wang", note="")
    assert (await site.publications.texts(again.number)) == second
    assert [one.note for one in await site.publications.listed()] == [
        *("", "夜里有投诉", "second", "第一版")
    ]


async def test_what_is_wrong_is_told_without_a_folder_and_changes_nothing(site: Site) -> None:
    good = site.texts()
    await site.publishing.publish(good, author="a", note="good")
    bad = {MAIN: good[MAIN].replace("type: hangup", "type: hangupp")}
    with pytest.raises(BadFileError) as refused:
        await site.publishing.publish(bad, author="a", note="bad")
    files = {problem.file for problem in refused.value.problems}
    assert files <= {"main.yaml", str(site.files.site)}
    assert "main.yaml" in files
    assert all(problem.cure for problem in refused.value.problems)
    assert await site.publications.newest_number() == 1
    assert (await site.publishing.load()).texts == good


@pytest.mark.parametrize("name", ["../main", "", "ma in", "main/../../x", "主"])
async def test_a_name_cannot_lead_out_of_the_folder(in_folder: Site, name: str) -> None:
    with pytest.raises(BadFileError, match="cannot name a flow"):
        await in_folder.publishing.publish(
            {FlowId(name): in_folder.texts()[MAIN]}, author="a", note="b"
        )
    assert await in_folder.publications.newest_number() == 0


async def test_more_than_may_be_is_refused(in_folder: Site) -> None:
    with pytest.raises(TooLargeError):
        await in_folder.publishing.publish({MAIN: "x" * 600_000}, author="a", note="b")
    many = {FlowId(f"f{number}"): "" for number in range(201)}
    with pytest.raises(TooLargeError):
        await in_folder.publishing.publish(many, author="a", note="b")


async def test_nothing_to_go_back_to(site: Site) -> None:
    await site.publishing.publish(site.texts(), author="a", note="")
    with pytest.raises(NoSuchPublicationError, match="no earlier"):
        await site.publishing.rollback(None, author="a", note="")
    with pytest.raises(NoSuchPublicationError, match="no publication 7"):
        await site.publishing.rollback(7, author="a", note="")


async def test_each_change_of_the_folder_is_recorded_once(in_folder: Site) -> None:
    loaded = await in_folder.publishing.load()
    assert await in_folder.publishing.record(loaded) == 1
    assert await in_folder.publishing.record(loaded) == 1
    in_folder.files.flow("main", "！")
    assert await in_folder.publishing.record(await in_folder.publishing.load()) == 2
    newest = await in_folder.publications.newest()
    assert newest is not None
    assert (newest.author, newest.source) == ("folder", Source.FOLDER)


async def test_the_list_of_one_flow_has_only_its_changes(site: Site) -> None:
    first = site.texts()
    two = {**first, FlowId("more"): first[MAIN]}
    for texts in (first, two, site.another("！"), first):
        await site.publishing.publish(texts, author="a", note="")
    of_main = await site.publications.listed(MAIN)
    assert [one.number for one in of_main] == [4, 3, 1]
    of_more = await site.publications.listed(FlowId("more"))
    assert [one.number for one in of_more] == [3, 2]
    assert await site.publications.listed(FlowId("nobody")) == []


async def test_a_flow_is_found_again_by_the_version_that_a_call_carries(site: Site) -> None:
    began = (await site.publishing.check(site.texts())).flows[MAIN]
    await site.publishing.publish(site.texts(), author="a", note="")
    await site.publishing.publish(site.another("！"), author="a", note="")
    found = await site.publishing.flow_of_version(MAIN, began.version)
    assert found is not None
    assert found == began
    assert await site.publishing.flow_of_version(MAIN, "never") is None


async def test_two_who_publish_at_once_get_two_numbers(published: Site) -> None:
    texts, other = published.texts(), published.another("！")
    made = await asyncio.gather(
        *(published.publishing.publish(one, author="a", note="") for one in (texts, other, texts))
    )
    assert sorted(one.number for one in made) == [1, 2, 3]


async def test_a_broken_folder_does_not_keep_the_engine_down(in_folder: Site) -> None:
    good = in_folder.texts()
    await in_folder.publishing.record(await in_folder.publishing.load())
    (in_folder.files.flows / "main.yaml").write_text("steps: [", "utf-8")
    beginning = await begin(in_folder.settings)
    assert beginning.loaded.texts == good
    assert beginning.loaded.publication == 1
    assert beginning.refusal is not None
    assert "publication 1" in beginning.refusal.said
    assert beginning.refusal.problems[0].file.endswith("main.yaml")


async def test_without_a_publication_a_broken_folder_is_refused(in_folder: Site) -> None:
    (in_folder.files.flows / "main.yaml").write_text("steps: [", "utf-8")
    with pytest.raises(BadFileError):
        await begin(in_folder.settings)


async def test_a_broken_site_file_is_refused_whatever_was_published(site: Site) -> None:
    await site.publishing.publish(site.texts(), author="a", note="")
    site.files.site.write_text("schema: 1\n", "utf-8")
    with pytest.raises(BadFileError):
        await begin(site.settings)


async def test_a_publication_that_the_site_file_no_longer_fits_gives_way(published: Site) -> None:
    fits = published.texts()
    await published.publishing.publish(fits, author="a", note="")
    wants = {**fits, FlowId("more"): fits[MAIN]}
    await published.publishing.publish(wants, author="a", note="")
    whole = published.files.site.read_text("utf-8")
    published.files.site.write_text(whole.replace("flow: main", "flow: more"), "utf-8")
    assert (await begin(published.settings)).loaded.publication == 2
    published.files.site.write_text(whole.replace("flow: main", "flow: gone"), "utf-8")
    with pytest.raises(BadFileError):
        await begin(published.settings)


async def test_published_flows_want_something_published(published: Site) -> None:
    with pytest.raises(NothingPublishedError, match="flow publish"):
        await begin(published.settings)


class NoVoice:
    """Prompts are there at once."""

    async def render_missing(self, prompts: object, progress: object) -> None:
        pass

    async def published(self) -> tuple[object, ...]:
        return ()


async def until(held: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not held():  # noqa: ASYNC110 - what is waited for is a look at the database
            await asyncio.sleep(0.01)


async def test_a_running_engine_takes_up_what_was_published_and_refuses_what_is_broken(
    published: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reload_module, "LOOK_EVERY_S", 0.02)
    first = published.texts()
    await published.publishing.publish(first, author="a", note="")
    in_force = InForce((await begin(published.settings)).loaded)
    reload = Reload(
        settings=published.settings,
        in_force=in_force,
        sounds=cast(PromptStore, NoVoice()),
        articles=cast(Articles, NoVoice()),
        submit=lambda _: None,
        publishing=published.publishing,
        clock=HandClock(),
    )
    await reload.begin(None, [])
    began = in_force.flow_for("4001")
    watching = asyncio.create_task(reload.watch_publications())
    try:
        # as a command beside the engine does it
        await published.publishing.publish(published.another("！"), author="b", note="")
        await until(lambda: in_force.loaded.publication == 2)
        assert in_force.flow_for("4001").version != began.version
        assert in_force.flow_of_version(MAIN, began.version) is began

        # a row that nobody checked
        broken = {**first, MAIN: "steps: ["}
        versions = dict.fromkeys(broken, "v")
        await published.publications.add(
            broken, versions, author="c", note="", source=Source.PUBLISHED, site_version=""
        )
        await until(lambda: reload.refusal is not None)
        assert reload.refusal is not None
        assert reload.refusal.problems[0].file == "main.yaml"
        assert in_force.loaded.publication == 2

        await published.publishing.rollback(1, author="d", note="")
        await until(lambda: reload.refusal is None)
        assert in_force.loaded.publication == 4
        assert in_force.flow_for("4001").version == began.version
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_an_engine_that_starts_finds_the_flows_of_calls_that_are_up(in_folder: Site) -> None:
    old = await in_folder.publishing.load()
    await in_folder.publishing.record(old)
    in_folder.files.flow("main", "！")
    in_force = InForce((await begin(in_folder.settings)).loaded)
    reload = Reload(
        settings=in_folder.settings,
        in_force=in_force,
        sounds=cast(PromptStore, NoVoice()),
        articles=cast(Articles, NoVoice()),
        submit=lambda _: None,
        publishing=in_folder.publishing,
        clock=HandClock(),
    )
    version = old.flows[MAIN].version
    await reload.begin(None, [(MAIN, version), (MAIN, "never")])
    assert in_force.flow_of_version(MAIN, version) == old.flows[MAIN]
    assert in_force.flow_of_version(MAIN, "never") is None
    assert in_force.loaded.publication == 2
