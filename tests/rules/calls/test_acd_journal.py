"""Whole calls through sessions, phones and dispatch write a journal that runs again."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ccengine.acd.explanation import Why
from ccengine.journal.facts import CallEnded, OfferMade, Outcome
from ccengine.replay.file import JournalFile
from ccengine.replay.find import files_of_call
from ccengine.replay.retention import files
from ccengine.replay.run import Ending, replay
from ccengine.replay.why import why
from ccengine.replay.writer import AcdJournal
from ccengine.site.acd import acd_rules
from tests.kit.quick_centre import Phone, QuickCentre
from tests.kit.quick_time import in_quick_time
from tests.rules.calls.conftest import Open


def journal_of(centre: QuickCentre, folder: Path) -> AcdJournal:
    """Keeps what this centre's ACD is told, from before its first input; writes at its end."""
    rules = acd_rules(centre.floor.site)
    journal = AcdJournal(centre.acd, rules, folder=folder, boot="b", now=centre.clock.now)
    centre.dispatch._keep = journal.keep
    return journal


def test_calls_of_a_running_centre_run_again(open_centre: Open, tmp_path: Path) -> None:
    centres: list[QuickCentre] = []
    journals: list[AcdJournal] = []

    @in_quick_time
    async def a_busy_minute() -> None:
        centre = open_centre(announce_every=10, max_wait=None)
        centres.append(centre)
        journals.append(journal_of(centre, tmp_path))
        centre.phone_of["1001"] = Phone()  # rings out
        centre.phone_of["1002"] = Phone(answers=2.0, talks=4.0)
        for _ in range(3):
            centre.call()
            await asyncio.sleep(1)
        centre.at_work("1001", "1002")
        everybody = centre.callers
        await centre.until(lambda: all(caller.session_done() for caller in everybody), within=300)
        await centre.stop()

    a_busy_minute()
    asyncio.run(journals[0].stop())  # with real time: a thread writes

    (centre,) = centres
    assert {ended.outcome for ended in centre.told(CallEnded)} == {Outcome.ANSWERED}
    (path,) = files(tmp_path)
    with JournalFile(path) as file:
        done = replay(file)
    assert (done.difference, done.ending) == (None, Ending.CLOSED)
    assert done.offers == len(centre.told(OfferMade)) >= 4
    for caller in centre.callers:
        told = why(caller.call_id, files_of_call(tmp_path, caller.call_id))
        assert [one.explanation.chosen for one in told.offers] == [
            made.agents for made in centre.told(OfferMade, caller)
        ]
        assert told.offers[-1].explanation.agents[0].why is Why.CHOSEN
        assert told.offers[-1].ended[-1].kind == "call.answered"
