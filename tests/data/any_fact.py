"""Any fact there can be, for property tests: made from the fields' types."""

from __future__ import annotations

from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from msgspec.structs import fields

from ccengine.journal.facts import FACT_TYPES, CallFact, Fact

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_SECONDS = st.floats(0, 4_000_000_000, allow_nan=False)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    hint = getattr(hint, "__supertype__", hint)
    if hint is str:
        return _TEXT
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.integers(-(2**53), 2**53)
    if hint is float:
        return _SECONDS
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    if get_origin(hint) is tuple:
        return st.lists(_values(get_args(hint)[0]), max_size=3).map(tuple)
    some, nothing = get_args(hint)
    assert nothing is NoneType
    return st.none() | _values(some)


def facts_of(fact_type: type[Fact], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Fact]:
    hints = get_type_hints(fact_type)
    values = {field.name: _values(hints[field.name]) for field in fields(fact_type)}
    return st.builds(fact_type, **{**values, **fixed})


ANY_FACT = st.one_of([facts_of(fact_type) for fact_type in FACT_TYPES])
CALL_FACT_TYPES = [kind for kind in FACT_TYPES if issubclass(kind, CallFact)]
FACTS_OF_ONE_CALL = st.lists(
    st.one_of([facts_of(kind, call_id=st.just("call-1")) for kind in CALL_FACT_TYPES]), max_size=20
)
