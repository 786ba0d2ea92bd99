"""Every table of ccengine on one metadata, for migrations and for the proof that they agree."""

from __future__ import annotations

from ccengine.accounts import tables as _accounts
from ccengine.calls import tables as _calls
from ccengine.contacts import tables as _contacts
from ccengine.db.base import Base
from ccengine.flows import tables as _flows
from ccengine.journal import tables as _journal
from ccengine.knowledge import tables as _knowledge

ROOMS = (_accounts, _calls, _contacts, _flows, _journal, _knowledge)
METADATA = Base.metadata
