"""Every text in every language that the site speaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from ccengine.ivr.checks.rule import Seen
from ccengine.ivr.draft import Draft
from ccengine.site.model import Language
from ccengine.yamlsource.model import Problem


def languages(flow: Draft, seen: Seen) -> Iterator[Problem]:
    wanted = seen.site.languages if seen.site is not None else get_args(Language)
    for name, step in flow.steps.items():
        for text in step.texts():
            for language in wanted if text.every_language else ():
                if language not in text.texts:
                    message = f"the text in {language} is missing"
                    yield flow.wrong(name, text.at, message, f"add `{language}: …`")
