"""An answer of a survey, written down with the agent and the queue of the talk it is about."""

from __future__ import annotations

from collections.abc import Iterable

from ccengine.calls.waits.on_call import OnCall
from ccengine.ids import AgentId, QueueId
from ccengine.ivr.answers import WrittenDown
from ccengine.ivr.waits import SurveyWait
from ccengine.journal.facts import CallAnswered, Fact, SurveyAnswered


async def survey(wait: SurveyWait, on: OnCall) -> WrittenDown:
    """At once. Of a call that is taken up here the journal says what it talked, and whether an
    engine before this one wrote the same answer down already."""
    call, floor = on.call, on.floor
    taken_up, on.taken_up = on.taken_up, False
    story = await floor.story(call) if taken_up or call.talked_with is None else ()
    if taken_up and any(isinstance(f, SurveyAnswered) and f.survey == wait.survey for f in story):
        return WrittenDown()
    queue, agent_id = call.talked_in, call.talked_with
    if agent_id is None:
        queue, agent_id = _last_talk(story)
    floor.record(
        SurveyAnswered(
            at=floor.clock.now(),
            call_id=call.call_id,
            survey=wait.survey,
            score=wait.score,
            of=wait.of,
            queue=queue,
            agent_id=agent_id,
        )
    )
    return WrittenDown()


def _last_talk(story: Iterable[Fact]) -> tuple[QueueId | None, AgentId | None]:
    talks = [fact for fact in story if isinstance(fact, CallAnswered)]
    return (talks[-1].queue, talks[-1].agent_id) if talks else (None, None)
