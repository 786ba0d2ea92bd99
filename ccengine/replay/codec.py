"""What is said to the ACD and what it answers, as JSON and back again, exactly.

Made from the dataclasses themselves when the module is loaded: a type that has no exact form stops
the engine's start (and every test), not a call. Equal values always have equal bytes, so that two
answers are compared as they stand in the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from ccengine.acd import inputs
from ccengine.acd.commands import Command
from ccengine.acd.inputs import Input
from ccengine.acd.rules import AcdRules
from ccengine.journal.facts import FACT_TYPES, Fact

Answer = Sequence[Command | Fact] | Exception
"""What ``Acd.handle`` gave back; or the fault it broke with, which a replay meets again."""

INPUT_TYPES: tuple[type[Any], ...] = tuple(
    dict.fromkeys(
        (
            *get_args(Input),
            # Also those that the ACD has not yet learned to take.
            *(
                kind
                for kind in vars(inputs).values()
                if isinstance(kind, type)
                and kind.__module__ == inputs.__name__
                and hasattr(kind, "__dataclass_fields__")
            ),
        )
    )
)
ANSWER_TYPES: tuple[type[Any], ...] = (*get_args(Command), *FACT_TYPES)

_encoder = msgspec.json.Encoder()
_decoders = {kind.__name__: msgspec.json.Decoder(kind) for kind in INPUT_TYPES}
_answers = {kind.__name__: msgspec.json.Decoder(kind) for kind in ANSWER_TYPES}
_rules = msgspec.json.Decoder(AcdRules)
_words = msgspec.json.Decoder(list[msgspec.Raw])
_name = msgspec.json.Decoder(str)
if len(_decoders) != len(INPUT_TYPES) or len(_answers) != len(ANSWER_TYPES):
    raise TypeError("two types of the ACD share one name")


class UnwritableInputError(ValueError):
    """An input that JSON cannot keep exactly: a number that is none, half a character."""


class UnreadableError(ValueError):
    """Bytes that no writer of this format wrote, or that are of another version."""


def encode_input(said: Input) -> bytes:
    """Raises UnwritableInputError."""
    try:
        body = _encoder.encode(said)
        # ``null`` stands for None; a number that is none has the same word, and would be lost.
        if b"null" in body and decode_input(type(said).__name__, body) != said:
            raise UnwritableInputError(f"{type(said).__name__} does not come back as it was")
    except (UnreadableError, UnicodeEncodeError, TypeError) as error:
        raise UnwritableInputError(f"{type(said).__name__}: {error}") from error
    return body


def decode_input(kind: str, body: msgspec.Raw | bytes) -> Input:
    """Raises UnreadableError."""
    decoder = _decoders.get(kind)
    if decoder is None:
        raise UnreadableError(f"there is no input {kind!r}")
    said: Input = _decoded(decoder, body, kind)
    return said


def encode_answer(answer: Answer) -> bytes:
    """``["OfferMade",{…},"Offer",{…}]``; of a fault the name of its type. Raises UnwritableInput…

    Numbers that are none become ``null``: the same at each replay, so still comparable.
    """
    if isinstance(answer, Exception):
        return _encoder.encode(type(answer).__name__)
    try:
        return _encoder.encode([part for word in answer for part in (type(word).__name__, word)])
    except (UnicodeEncodeError, TypeError) as error:
        raise UnwritableInputError(f"the answer: {error}") from error


def decode_answer(body: msgspec.Raw | bytes) -> list[Command | Fact]:
    """Empty for a fault. Raises UnreadableError."""
    if bytes(body).startswith(b'"'):
        return []
    parts: list[msgspec.Raw] = _decoded(_words, body, "answer")
    if len(parts) % 2:
        raise UnreadableError("an answer without its body")
    words: list[Command | Fact] = []
    for name, word in zip(parts[::2], parts[1::2], strict=True):
        kind = _decoded(_name, name, "answer")
        decoder = _answers.get(kind)
        if decoder is None:
            raise UnreadableError(f"there is no answer {kind!r}")
        words.append(_decoded(decoder, word, kind))
    return words


def encode_rules(rules: AcdRules) -> bytes:
    return _encoder.encode(rules)


def decode_rules(body: msgspec.Raw | bytes) -> AcdRules:
    """Raises UnreadableError."""
    rules: AcdRules = _decoded(_rules, body, "rules")
    return rules


def _decoded(decoder: Any, body: msgspec.Raw | bytes, what: str) -> Any:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(f"{what}: {error}") from error
