"""A query's text: that it only reads, and which parameters it wants.

This is for the author: a mistake is told when the file is read. That nothing is ever written is
the database's to guarantee, which runs it read-only (``ccengine.outside``).
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""
      --[^\n]*                                   # comments
    | /\*.*?\*/
    | (?P<quoted> '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>[A-Za-z_]*)\$.*?\$(?P=tag)\$ )
    | ::                                         # a cast of PostgreSQL, no parameter
    | :(?P<parameter>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<word>[A-Za-z_][A-Za-z0-9_$]*)
    | (?P<sign>[^\s])
    """,
    re.VERBOSE | re.DOTALL,
)
_MOST = 4_000
_WRITES = frozenset(
    [
        "insert",
        "update",
        "delete",
        "merge",
        "truncate",
        "create",
        "drop",
        "alter",
        "grant",
        "revoke",
        "copy",
        "call",
        "lock",
        "into",
        "attach",
        "detach",
        "pragma",
        "vacuum",
        "reindex",
        "set",
        "reset",
        "begin",
        "commit",
        "rollback",
        "listen",
        "notify",
    ]
)


def proven_select(sql: str) -> str:
    """The text as it is. Raises ValueError, message and cure, unless it is one SELECT or WITH."""
    if len(sql) > _MOST:
        raise ValueError(f"a query has at most {_MOST} characters; make a view of it")
    words: list[str] = []
    ended = False
    for found in _TOKEN.finditer(sql):
        kind = found.lastgroup
        if kind in (None, "tag") and not found["quoted"]:
            continue
        if found["sign"] == ";":
            ended = True
            continue
        if ended:
            raise ValueError("more than one statement; keep one SELECT")
        if found["sign"] in ("'", '"'):
            raise ValueError(f"a quote {found['sign']} is never closed; close it")
        if found["word"]:
            words.append(found["word"].lower())
    if not words or words[0] not in ("select", "with"):
        raise ValueError("a query begins with SELECT or WITH; write one that only reads")
    for word in words:
        if word in _WRITES:
            raise ValueError(
                f"{word.upper()} is for what changes things; write a query that only reads, "
                "and put a column of this name in double quotes"
            )
    return sql


def parameters_of(sql: str) -> tuple[str, ...]:
    """The names of its ``:named`` parameters, each once, in their order."""
    found = (token["parameter"] for token in _TOKEN.finditer(sql))
    return tuple(dict.fromkeys(name for name in found if name))
