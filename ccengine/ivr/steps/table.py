"""The table of steps: a new step type is one new file and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ccengine.ivr.model import Step
from ccengine.ivr.steps.branch import BranchStep
from ccengine.ivr.steps.callback import CallbackStep
from ccengine.ivr.steps.collect import CollectStep
from ccengine.ivr.steps.conference import ConferenceStep
from ccengine.ivr.steps.enqueue import EnqueueStep
from ccengine.ivr.steps.flow import FlowStep
from ccengine.ivr.steps.goto import GotoStep
from ccengine.ivr.steps.hangup import HangupStep
from ccengine.ivr.steps.hours import HoursStep
from ccengine.ivr.steps.knowledge import KnowledgeStep
from ccengine.ivr.steps.language import LanguageStep
from ccengine.ivr.steps.lookup import LookupStep
from ccengine.ivr.steps.menu import MenuStep
from ccengine.ivr.steps.play import PlayStep
from ccengine.ivr.steps.record import RecordStep
from ccengine.ivr.steps.return_ import ReturnStep
from ccengine.ivr.steps.route import RouteStep
from ccengine.ivr.steps.set import SetStep
from ccengine.ivr.steps.survey import SurveyStep
from ccengine.ivr.steps.transfer import RingGroupStep, TransferStep
from ccengine.ivr.steps.voicemail import VoicemailStep

STEP_TYPES: Mapping[str, type[Step]] = MappingProxyType(
    {
        "play": PlayStep,
        "language": LanguageStep,
        "hours": HoursStep,
        "menu": MenuStep,
        "collect": CollectStep,
        "lookup": LookupStep,
        "route": RouteStep,
        "knowledge": KnowledgeStep,
        "enqueue": EnqueueStep,
        "transfer": TransferStep,
        "ring_group": RingGroupStep,
        "voicemail": VoicemailStep,
        "callback": CallbackStep,
        "record": RecordStep,
        "conference": ConferenceStep,
        "survey": SurveyStep,
        "branch": BranchStep,
        "set": SetStep,
        "flow": FlowStep,
        "return": ReturnStep,
        "goto": GotoStep,
        "hangup": HangupStep,
    }
)
