"""All that one ACD remembers, as plain data and back again: the head of a journal file.

The objects are walked as they are, so that a rule that begins to remember something more need not
be told here. Only classes and functions of the ACD itself come back, nothing of them is called but
``__new__``: a file from elsewhere can at worst hold a state that makes no sense.
"""

from __future__ import annotations

import importlib
import math
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from enum import Enum
from functools import lru_cache
from random import Random
from types import FunctionType
from typing import Any

from ccengine.acd.core import Acd

ROOMS = ("ccengine.acd.", "ccengine.journal.facts")
"""Where classes and functions of a state may come from."""

Plain = dict[str, Any]


class UnsavableError(TypeError):
    """The ACD remembers something that has no plain form."""


class BadStateError(ValueError):
    """Not the state of an ACD of this version."""


def save(acd: Acd) -> Plain:
    """The ACD between two inputs; shares nothing with it. Raises UnsavableError."""
    saving = _Saving()
    root = saving.node(acd)
    return {"root": root, "objects": saving.all()}


def restore(plain: Plain) -> Acd:
    """An ACD that goes on as the saved one would have. Raises BadStateError."""
    try:
        restoring = _Restoring(plain["objects"])
        acd = restoring.value(plain["root"])
    except BadStateError:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadStateError(f"the state cannot be read: {error!r}") from error
    if not isinstance(acd, Acd):
        raise BadStateError("the state is of something else")
    return acd


class _Saving:
    """Each object once, in the order in which it is met; who holds it has its number."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._met: list[Any] = []

    def all(self) -> list[Any]:
        bodies = []
        for thing in self._met:  # grows while it is walked
            bodies.append(self._body(thing))
        return bodies

    def node(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind is str or kind is int or kind is bool:
            return value
        if kind is float:
            return value if math.isfinite(value) else {"f": repr(value)}
        if kind is tuple:
            return {"t": [self.node(part) for part in value]}
        number = self._numbers.get(id(value))
        if number is None:
            inline = self._inline(value, kind)
            if inline is not None:
                return inline
            number = self._numbers[id(value)] = len(self._met)
            self._met.append(value)
        return {"r": number}

    def _inline(self, value: Any, kind: type) -> Any:
        """What is told by its name or its parts and not by being the very same object."""
        if isinstance(value, Enum):
            return {"e": [_name_of(kind), value.name]}
        if isinstance(value, tuple):
            return {"n": [_name_of(kind), [self.node(part) for part in value]]}
        if kind is frozenset:
            return {"z": sorted((self.node(part) for part in value), key=repr)}
        if isinstance(value, FunctionType | type):
            return {"g": _name_of(value)}
        return None

    def _body(self, thing: Any) -> Any:
        kind, node = type(thing), self.node
        if kind is list:
            return {"l": [node(part) for part in thing]}
        if kind in _MAPPINGS:
            return {"d": kind.__name__, "i": [[node(key), node(thing[key])] for key in thing]}
        if kind is set:
            # Sorted: a set has another order in each process, and the ACD asks none for it.
            return {"s": sorted((node(part) for part in thing), key=repr)}
        if kind is deque:
            return {"q": [node(part) for part in thing], "m": thing.maxlen}
        if kind is Random:
            return {"dice": node(thing.getstate())}
        held = {name: node(getattr(thing, name)) for name in _attributes(thing)}
        return {"o": _name_of(kind), "a": held}


class _Restoring:
    """Empty objects first, since they hold each other; then what they hold, keys of dicts last."""

    def __init__(self, bodies: list[Plain]) -> None:
        self._things = [_empty(body) for body in bodies]
        later = []
        for thing, body in zip(self._things, bodies, strict=True):
            if "d" in body or "s" in body:
                later.append((thing, body))
            else:
                self._fill(thing, body)
        for thing, body in later:
            if "s" in body:
                thing.update(self.value(part) for part in body["s"])
            else:
                for key, value in body["i"]:
                    thing[self.value(key)] = self.value(value)

    def _fill(self, thing: Any, body: Plain) -> None:
        if "o" in body:
            for name, value in body["a"].items():
                if name.startswith("__"):
                    raise BadStateError(f"no attribute of ours: {name}")
                object.__setattr__(thing, name, self.value(value))
        elif "dice" in body:
            thing.setstate(self.value(body["dice"]))
        else:
            thing.extend(self.value(part) for part in body["l" if "l" in body else "q"])

    def value(self, node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        ((mark, held),) = node.items()
        match mark:
            case "r":
                return self._things[held]
            case "t":
                return tuple(self.value(part) for part in held)
            case "f":
                return float(held)
            case "e":
                return named(held[0], type)[held[1]]
            case "n":
                return named(held[0], type)(*(self.value(part) for part in held[1]))
            case "z":
                return frozenset(self.value(part) for part in held)
            case "g":
                return named(held, (type, FunctionType))
        raise BadStateError(f"no such mark: {mark}")


_MAPPINGS: dict[type, Callable[[], Any]] = {
    dict: dict,
    Counter: Counter,
    OrderedDict: OrderedDict,
}
_BY_NAME = {kind.__name__: make for kind, make in _MAPPINGS.items()}


def _empty(body: Plain) -> Any:
    if "o" in body:
        kind = named(body["o"], type)
        return object.__new__(kind)
    if "l" in body:
        return []
    if "d" in body:
        return _BY_NAME[body["d"]]()
    if "s" in body:
        return set()
    if "q" in body:
        return deque(maxlen=body["m"])
    if "dice" in body:
        return Random()
    raise BadStateError(f"no such object: {sorted(body)}")


def _attributes(thing: Any) -> Iterator[str]:
    for name in _slots(type(thing)):
        if hasattr(thing, name):
            yield name
    yield from getattr(thing, "__dict__", ())


_SLOTS: dict[type, tuple[str, ...]] = {}


def _slots(kind: type) -> tuple[str, ...]:
    slots = _SLOTS.get(kind)
    if slots is None:
        slots = _SLOTS[kind] = tuple(
            name
            for base in reversed(kind.__mro__)
            for name in base.__dict__.get("__slots__", ())
            if not name.startswith("__")
        )
    return slots


def _name_of(thing: Any) -> str:
    if not thing.__module__.startswith(ROOMS) or "<" in thing.__qualname__:
        raise UnsavableError(f"{thing.__module__}.{thing.__qualname__} has no plain form")
    return f"{thing.__module__}:{thing.__qualname__}"


@lru_cache(maxsize=256)
def named(name: str, kinds: type | tuple[type, ...]) -> Any:
    """The class or function of the ACD of this name. Raises BadStateError."""
    module, _, path = name.partition(":")
    if not module.startswith(ROOMS):
        raise BadStateError(f"{name} is not of the ACD")
    try:
        thing: Any = importlib.import_module(module)
        for part in path.split("."):
            thing = getattr(thing, part)
    except (ImportError, AttributeError) as error:
        raise BadStateError(f"there is no {name} in this version") from error
    if not isinstance(thing, kinds) or not thing.__module__.startswith(ROOMS):
        raise BadStateError(f"{name} is not of the ACD")
    return thing
