"""What a lookup gives to a query, and what the query of the site file wants."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.ivr.steps.lookup import LookupStep
from ccengine.site.sql import parameters_of
from ccengine.yamlsource.model import Problem
from ccengine.yamlsource.near import near


def parameters(draft: Draft, seen: Seen) -> Iterator[Problem]:
    """A query that the site file lacks is told elsewhere."""
    if seen.site is None:
        return
    for name, step in draft.steps.items():
        if not isinstance(step, LookupStep) or step.sql is None:
            continue
        query = seen.site.queries.get(step.sql.query)
        if query is None:
            continue
        wanted, given = parameters_of(query.sql), step.sql.parameters
        at = ("steps", name, "sql")
        for parameter in given:
            if parameter not in wanted:
                message = f"the query {step.sql.query!r} has no parameter {parameter!r}"
                cure = near(parameter, wanted) or "remove it"
                yield draft.document.key_problem((*at, "parameters", parameter), message, cure)
        for parameter in wanted:
            if parameter not in given:
                message = f"the query {step.sql.query!r} wants {parameter!r}"
                cure = f'add `parameters: {{{parameter}: "{{…}}"}}`'
                yield draft.document.problem((*at, "query"), message, cure)
