"""What pydantic found wrong in a document, told to the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from ccengine.yamlsource.known_keys import known_keys
from ccengine.yamlsource.model import Document, KeyPath, Problem
from ccengine.yamlsource.near import did_you_mean, near

_SHOWN = 40
"""So many characters of a wrong value are shown."""
_MISSING = re.compile(r"the key '([^']+)' is missing")


def problems_from(
    error: ValidationError,
    document: Document,
    *,
    model: type[BaseModel] | None = None,
    at: KeyPath = (),
    patterns: Mapping[str, str] | None = None,
    pairs: Mapping[str, str] | None = None,
) -> list[Problem]:
    """Each of pydantic's errors with its place and cure, in the order of the file.

    ``model`` is what was validated: with it an unknown key is told which known one is near.
    ``at``: where in the document the validated value stands. ``patterns``: for a regular
    expression of the model, how to say it (``{r"^[0-9]{2,8}$": "2 to 8 digits"}``). ``pairs``: two
    keys of the model that may be written as one pair, ``{"measure": "limit"}`` for
    ``{waited: 120}``; what is wrong with them is told where they stand.
    """
    # One place can fail several members of a union: the same words need be said once.
    found = {
        _problem(detail, document, model, at, patterns or {}, pairs or {}): None
        for detail in error.errors(include_url=False)
    }
    return sorted(_without_misspelt(found), key=lambda problem: problem.at)


def _without_misspelt(problems: Iterable[Problem]) -> list[Problem]:
    """Without each missing key that stands there after all, misspelt: the near miss says it."""
    told = list(problems)
    meant = {problem.cure for problem in told if problem.message.startswith("unknown key ")}
    return [
        problem
        for problem in told
        if not (key := _MISSING.match(problem.message)) or did_you_mean(key[1]) not in meant
    ]


def _problem(
    detail: Mapping[str, Any],
    document: Document,
    model: type[BaseModel] | None,
    at: KeyPath,
    patterns: Mapping[str, str],
    pairs: Mapping[str, str],
) -> Problem:
    loc: KeyPath = tuple(detail["loc"])
    kind: str = detail["type"]
    path, of_key = _path(document, at, loc, pairs)
    message, cure = _words(detail, loc, path, patterns)
    if kind == "extra_forbidden":
        name = str(loc[-1])
        keys = known_keys(model, loc[:-1]) if model is not None else set()
        return document.key_problem(path, message, near(name, keys) or "remove it")
    if kind == "missing":
        return document.key_problem(path, message, cure)
    if of_key:
        return document.key_problem(path, message, cure)
    # What is read out of a text (an expression, say) knows where in it the mistake is.
    offset = getattr(detail.get("ctx", {}).get("error"), "offset", None)
    if isinstance(offset, int):
        return document.problem_within(path, offset, message, cure)
    return document.problem(path, message, cure)


def _path(
    document: Document, at: KeyPath, loc: KeyPath, pairs: Mapping[str, str]
) -> tuple[KeyPath, bool]:
    """The document's own path for pydantic's: without the tags of unions and of keys; and whether
    the key itself is meant."""
    value = document.value
    for part in at:
        value = value[part]  # type: ignore[index]
    path = list(at)
    for part in loc:
        if part == "[key]":
            return tuple(path), True
        inside = part in value if isinstance(value, dict) else _in_list(value, part)
        if inside:
            value = value[part]  # type: ignore[index]
            path.append(part)
        elif isinstance(value, dict) and len(value) == 1 and part in (*pairs, *pairs.values()):
            return (*path, *value), part in pairs
    return tuple(path), False


def _in_list(value: object, part: str | int) -> bool:
    return isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value)


def _words(
    detail: Mapping[str, Any], loc: KeyPath, path: KeyPath, patterns: Mapping[str, str]
) -> tuple[str, str]:
    """What is wrong and the cure."""
    kind: str = detail["type"]
    ctx: Mapping[str, Any] = detail.get("ctx", {})
    given = detail["input"]
    shown = _shown(given)
    match kind:
        case "extra_forbidden":
            return f"unknown key {str(loc[-1])!r}", ""
        case "missing":
            where = f" in {path[-1]!r}" if path and isinstance(path[-1], str) else ""
            return f"the key {str(loc[-1])!r} is missing{where}", f"add `{loc[-1]}: …`"
        case "string_type" if isinstance(given, (int, float)) and not isinstance(given, bool):
            return f"{shown} is a number where text is wanted", f'write it in quotes: "{shown}"'
        case "string_type":
            one = isinstance(given, (dict, list))
            cure = "write one text, without brackets" if one else "write a text"
            return f"text is wanted, not {shown}", cure
        case "string_pattern_mismatch":
            wanted = patterns.get(str(ctx["pattern"]), f"something like {ctx['pattern']}")
            return f"{shown} cannot stand here", f"write {wanted}"
        case "literal_error" if isinstance(given, str) and given == str(ctx["expected"]):
            return f"a number is wanted, not the text {shown}", f"write {given} without quotes"
        case "literal_error" | "enum":
            choices = _choices(str(ctx["expected"]))
            return f"{shown} is not one of the choices", near(str(given), choices) or (
                f"write {ctx['expected']}"
            )
        case "union_tag_invalid":
            tags = _choices(str(ctx["expected_tags"]))
            tag = str(ctx["tag"])
            return f"there is no {tag!r}", near(tag, tags) or f"write one of {ctx['expected_tags']}"
        case "union_tag_not_found":
            name = str(ctx["discriminator"]).strip("'")
            return f"the key {name!r} is missing", f"add `{name}: …`"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            bound = next(iter(ctx.values()))
            way = "more" if kind.startswith("greater") else "less"
            least = f"{bound} or {way}" if kind.endswith("equal") else f"{way} than {bound}"
            return f"{shown} is out of range", f"write {least}"
        case "bool_type" | "bool_parsing":
            return f"{shown} is neither true nor false", "write true or false"
        case "tuple_type" | "list_type" | "set_type":
            return f"a list is wanted, not {shown}", "write [one, two] or lines that begin with -"
        case "dict_type" | "model_type" | "model_attributes_type" | "mapping_type":
            cure = "write `key: value` lines"
            cure += ", without - or [ ]" if isinstance(given, list) else ""
            return f"keys with values are wanted, not {shown}", cure
        case "too_short" if not given:
            return "nothing is in here", f"write {ctx['min_length']} or more"
        case "string_too_short" | "too_short":
            return f"{shown} is too short", f"at least {ctx['min_length']} wanted"
        case "string_too_long" | "too_long":
            return "this is too long", f"at most {ctx['max_length']} wanted"
        case "value_error" | "assertion_error":
            # A validator of the model wrote it for this reader: message, cure after a semicolon.
            message, _, cure = str(ctx.get("error", detail["msg"])).partition("; ")
            return message, cure
    if kind.startswith(("int_", "float_")):
        whole = "a whole number" if kind.startswith("int") else "a number"
        return f"{whole} is wanted, not {shown}", f"write {whole} without quotes or unit"
    return f"{shown}: {detail['msg']}", ""


def _choices(expected: str) -> list[str]:
    """The names in pydantic's ``'a', 'b' or 'c'``."""
    return expected.split("'")[1::2]


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return repr(text) if isinstance(value, str) else text
