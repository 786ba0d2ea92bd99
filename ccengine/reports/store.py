"""The queue report over the journal of a running or a resting engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ccengine.clock import Clock
from ccengine.ids import QueueId
from ccengine.journal.facts import SurveyAnswered
from ccengine.journal.store import Journal
from ccengine.reports.queues import Period, QueueReport, QueueTarget, queue_report
from ccengine.reports.stays import STAY_FACTS
from ccengine.reports.surveys import SurveyReport, survey_report
from ccengine.site.model import Site

_KINDS = tuple(fact_type.kind for fact_type in STAY_FACTS)


def targets(site: Site) -> list[QueueTarget]:
    """The queues of the site file, in its order."""
    return [
        QueueTarget(
            queue=QueueId(name),
            title={str(language): text for language, text in queue.title.items()},
            service_level_s=queue.service_level,
            short_abandon_s=queue.short_abandon,
        )
        for name, queue in site.queues.items()
    ]


class QueueReports:
    """``site``: gives the site file in force when a report is asked for."""

    def __init__(self, journal: Journal, site: Callable[[], Site], clock: Clock) -> None:
        self._journal = journal
        self._site = site
        self._clock = clock

    async def queues(self, since: datetime, until: datetime) -> QueueReport:
        """The calls that entered a queue in ``[since, until)``, with all that became of them."""
        facts = await self._journal.of_calls_queued(since, until, kinds=_KINDS)
        period = Period(start=since.timestamp(), end=until.timestamp())
        return queue_report(facts, targets(self._site()), period, self._clock.now())

    async def surveys(self, since: datetime, until: datetime) -> SurveyReport:
        """What was answered in ``[since, until)``."""
        facts = await self._journal.between(since, until, kinds=(SurveyAnswered.kind,))
        return survey_report(facts, Period(start=since.timestamp(), end=until.timestamp()))
