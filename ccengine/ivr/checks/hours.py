"""Hours that decide something: open at some time of the next year, and closed at another."""

from __future__ import annotations

from collections.abc import Iterator

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.site.hours import next_open
from ccengine.site.model import Hours
from ccengine.yamlsource.model import Problem

_ALL_DAY = ("00:00-24:00",)


def hours(flow: Draft, seen: Seen) -> Iterator[Problem]:
    if seen.site is None:
        return
    for name, step in flow.steps.items():
        for wanted in step.site_names() if step.type == "hours" else ():
            found = seen.site.hours.get(wanted.name)
            if found is None:
                continue
            if next_open(found, seen.site.time_zone, seen.now) is None:
                message = f"the hours {wanted.name!r} are never open in the next year"
                cure = "write the times in the site file, or lead there by `goto`"
            elif _always(found):
                message = f"the hours {wanted.name!r} never close: `closed` is never taken"
                cure = "write the times in the site file, or take this step out"
            else:
                continue
            yield flow.wrong(name, wanted.at, message, cure).as_warning()


def _always(found: Hours) -> bool:
    # Anything beside the plain week, a calendar of holidays say, may close a day.
    plain = found.model_fields_set <= {"week"}
    return plain and len(found.week) == 7 and all(day == _ALL_DAY for day in found.week.values())
