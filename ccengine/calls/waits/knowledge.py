"""A question to the knowledge base."""

from __future__ import annotations

from ccengine.calls.voice import LEASE_S
from ccengine.calls.waits.on_call import OnCall
from ccengine.ivr.answers import KnowledgeFound
from ccengine.ivr.waits import KnowledgeWait


async def knowledge(wait: KnowledgeWait, on: OnCall) -> KnowledgeFound:
    await on.channel.lease(wait.deadline_s + LEASE_S)
    return await on.floor.answer_question(wait.question, wait.language, wait.deadline_s)
