"""A folder of flows, read for the tools: the flows, their places in files, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ccengine.ids import FlowId
from ccengine.ivr.load import read_flows
from ccengine.ivr.model import Flow
from ccengine.site.model import Site
from ccengine.yamlsource.model import BadFileError, Document, KeyPath, Problem
from ccengine.yamlsource.read import load


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowFiles:
    """``problems`` are of flows that are not among ``flows``."""

    folder: Path
    flows: Mapping[FlowId, Flow]
    problems: tuple[Problem, ...]
    documents: Mapping[FlowId, Document]

    def place(self, flow: FlowId, step: str, at: KeyPath = ()) -> str:
        """``file:line:column`` of a step, or of a way out of it."""
        document = self.documents.get(flow)
        if document is None:
            return flow
        path: KeyPath = ("steps", step, *at)
        found = document.at(path) if at else document.at_key(path)
        return f"{document.path}:{found.line}:{found.column}"


def read_flow_files(folder: Path, site: Site | None) -> FlowFiles:
    """Raises nothing for what stands in the files."""
    read = read_flows(folder, site)
    documents: dict[FlowId, Document] = {}
    for flow in read.flows:
        try:
            documents[flow] = load(folder / f"{flow}.yaml")
        except BadFileError:
            continue  # changed since: its places are not known
    return FlowFiles(
        folder=folder, flows=read.flows, problems=tuple(read.problems), documents=documents
    )
