"""The table of rules: a new rule is one new file and one line here."""

from __future__ import annotations

from ccengine.ivr.checks.constant import constant
from ccengine.ivr.checks.endless import endless
from ccengine.ivr.checks.hours import hours
from ccengine.ivr.checks.humans import humans
from ccengine.ivr.checks.keys_named import keys_named
from ccengine.ivr.checks.languages import languages
from ccengine.ivr.checks.long_texts import long_texts
from ccengine.ivr.checks.loops import loops
from ccengine.ivr.checks.names import names
from ccengine.ivr.checks.parameters import parameters
from ccengine.ivr.checks.queues import queues
from ccengine.ivr.checks.reach import unreachable
from ccengine.ivr.checks.recordings import recordings
from ccengine.ivr.checks.recursion import recursion
from ccengine.ivr.checks.rule import FlowRule, WholeRule
from ccengine.ivr.checks.secrets import secrets
from ccengine.ivr.checks.site_names import site_names
from ccengine.ivr.checks.sub_flows import sub_flows
from ccengine.ivr.checks.targets import targets

FLOW_RULES: tuple[FlowRule, ...] = (
    targets,
    unreachable,
    languages,
    site_names,
    queues,
    parameters,
    names,
    secrets,
    sub_flows,
    hours,
    constant,
    keys_named,
    long_texts,
)
WHOLE_RULES: tuple[WholeRule, ...] = (loops, recursion, humans, endless, recordings)
