"""Walks of the ACD, written to journal files as the engine would write them."""

from __future__ import annotations

import random
from pathlib import Path

from ccengine.acd.commands import Command
from ccengine.acd.core import Acd
from ccengine.acd.inputs import Input
from ccengine.acd.rules import AcdRules
from ccengine.journal.facts import Fact
from ccengine.replay.codec import encode_answer, encode_input
from ccengine.replay.file import Header, JournalFile, end_bytes, head_bytes, line_bytes
from ccengine.replay.run import answer
from ccengine.replay.saved import save
from tests.rules.acd.floor_driver import Centre
from tests.rules.acd.test_walks import AGENTS, Walk

Said = list[tuple[float, Input]]


def listen(centre: Centre) -> Said:
    """Notes from now on what this centre is told, with the moments."""
    said: Said = []
    say = centre.say

    def noting(one: Input) -> list[Command | Fact]:
        said.append((float(centre.now), one))
        return say(one)

    centre.say = noting  # type: ignore[method-assign]
    return said


def walk(seed: int, steps: int = 120) -> tuple[AcdRules, Said]:
    """The rules of a random walk and what was said in it, with the moments."""
    walked = Walk(random.Random(seed))
    rules: AcdRules = walked.centre.acd._floor.rules
    said = listen(walked.centre)
    walked.check = lambda: None  # type: ignore[method-assign] # sound or not, it must run again
    walked.centre.at_work(*walked.dice.sample(AGENTS, 3))
    for _ in range(steps):
        walked.step()
    return rules, said


def write(path: Path, rules: AcdRules, said: Said, *, save_after: int | None = None) -> Acd:
    """A file of all that was said; or, with a state at its head, of what came later."""
    acd = Acd(rules, boot="b")
    head = 0 if save_after is None else save_after
    for at, one in said[:head]:
        acd.handle(one, at)
    header = Header(
        boot="b", part=1, began_at=said[head][0], seed=rules.seed, rules="", because="start"
    )
    state = None if save_after is None else save(acd)
    with path.open("wb") as file:
        file.write(head_bytes(header, rules, state))
        for at, one in said[head:]:
            reply = encode_answer(answer(acd, one, at))
            file.write(line_bytes(at, type(one).__name__, encode_input(one), reply))
        file.write(end_bytes(said[-1][0]))
    return acd


def opened(path: Path) -> JournalFile:
    return JournalFile(path)
