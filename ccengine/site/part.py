"""What the parts of a site file are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from ccengine.yamlsource.written import WrittenModel

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""A name that goes into dialplan, table and URL alike."""


class Part(WrittenModel):
    """Whatever has keys in a site file."""
