"""What a person means by a path: a folder of flows, one flow, or one file of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ccengine.flowtest.case_file import FOLDER, case_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """``flows`` empty: all of the folder."""

    folder: Path
    cases: tuple[Path, ...]
    flows: tuple[str, ...] = ()


def chosen(path: Path) -> Chosen:
    """A path that is not there is taken for a folder: its reading says that nothing is in it."""
    if path.suffix not in (".yaml", ".yml"):
        return Chosen(folder=path, cases=tuple(case_files(path)))
    if path.parent.name == FOLDER:
        flow = path.stem.partition(".")[0]
        return Chosen(folder=path.parent.parent, cases=(path,), flows=(flow,))
    cases = [case for case in case_files(path.parent) if case.stem.partition(".")[0] == path.stem]
    return Chosen(folder=path.parent, cases=tuple(cases), flows=(path.stem,))


def all_chosen(paths: Sequence[Path]) -> list[Chosen]:
    """One for each folder; several of its files are taken together."""
    together: dict[Path, Chosen] = {}
    for one in map(chosen, paths):
        before = together.get(one.folder)
        if before is None:
            together[one.folder] = one
            continue
        whole = not before.flows or not one.flows
        together[one.folder] = Chosen(
            folder=one.folder,
            cases=tuple(dict.fromkeys((*before.cases, *one.cases))),
            flows=() if whole else tuple(dict.fromkeys((*before.flows, *one.flows))),
        )
    return list(together.values())
