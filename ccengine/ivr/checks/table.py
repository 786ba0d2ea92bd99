"""The table of rules: a new rule is one new file and one line here."""

from __future__ import annotations

from ccengine.ivr.checks.languages import languages
from ccengine.ivr.checks.loops import loops
from ccengine.ivr.checks.queues import queues
from ccengine.ivr.checks.reach import unreachable
from ccengine.ivr.checks.rule import Rule
from ccengine.ivr.checks.site_names import site_names
from ccengine.ivr.checks.targets import targets

RULES: tuple[Rule, ...] = (
    targets,
    unreachable,
    loops,
    languages,
    site_names,
    queues,
)
