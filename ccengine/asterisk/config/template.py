"""Fills ``${{name}}`` in the files of ``asterisk_conf/`` and ``dialplan/``. No logic in there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ccengine.asterisk.conf_values import Block, UnsafeValue

_MARK = re.compile(r"\$\{\{([a-z_]+)\}\}")


def fill(name: str, text: str, values: Mapping[str, str]) -> str:
    """The text with every mark replaced, once: a value is never looked at for marks.

    Raises ``KeyError`` for a mark without a value (a mistake of ours) and ``UnsafeValue`` for a
    value that would break out of its line.
    """

    def value(mark: re.Match[str]) -> str:
        found = values[mark.group(1)]
        if not isinstance(found, Block) and not found.isprintable():
            raise UnsafeValue(f"{name}: {mark.group(1)}", found, "one line of text is needed")
        return found

    return _MARK.sub(value, text)
