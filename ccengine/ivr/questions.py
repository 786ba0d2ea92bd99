"""The four questions of a ``lookup``: to a system, a query, the customers, the last agent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self
from urllib.parse import quote

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from ccengine.ivr.given import Given
from ccengine.ivr.model import NameUse, SiteName, StepPart
from ccengine.ivr.templates import Template
from ccengine.ivr.values import as_text
from ccengine.ivr.waits import LookupWait, Value
from ccengine.site.model import Word
from ccengine.yamlsource.model import KeyPath

_PLAIN_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*", re.ASCII)
_NO_WORD = re.compile(r"[/\\\x00-\x1f]|\.\.")

ParameterName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.\-]{0,63}$")]
Parameters = Annotated[dict[ParameterName, Given], Field(max_length=50)]


def plain_path(template: Template) -> Template:
    """A path of a URL as it may stand in a flow. Raises ValueError, message and cure."""
    words = "".join(part for part in template.parts if isinstance(part, str))
    if not template.text.startswith("/"):
        raise ValueError("a path begins with /; write it like /orders/{order_no}")
    if not _PLAIN_PATH.fullmatch(words) or ".." in words:
        raise ValueError(
            "a path has letters, digits and signs of a URL; give other values by `query` or `json`"
        )
    return template


class HttpQuestion(StepPart):
    """``{system: crm, path: "/orders/{order_no}"}``; with ``json`` it is a POST."""

    system: Word
    path: Annotated[Template, AfterValidator(plain_path)]
    method: Literal["GET", "POST"] | None = None
    query: Parameters = Field(default_factory=dict)
    body: Parameters | None = Field(default=None, alias="json")

    @model_validator(mode="after")
    def _one_way_of_giving(self) -> Self:
        if self.body is not None and self.method == "GET":
            raise ValueError("a GET has no body; give values by `query`, or write `method: POST`")
        if self.verb == "POST" and self.query:
            raise ValueError("a POST has its values in the body; write `json` instead of `query`")
        return self

    @property
    def verb(self) -> Literal["GET", "POST"]:
        return self.method or ("GET" if self.body is None else "POST")

    def site_names(self) -> tuple[SiteName, ...]:
        return (SiteName(kind="system", name=self.system, at=("http", "system")),)

    def reads(self) -> tuple[NameUse, ...]:
        key = "query" if self.body is None else "json"
        path = tuple(NameUse(name=name, at=("http", "path")) for name in self.path.names)
        return path + _given(self.body or self.query, ("http", key))

    def may_be_asked(self, known: Mapping[str, Value]) -> bool:
        """Whether the values in the path are plain words: none is empty, or leads elsewhere."""
        values = [as_text(known.get(name, "")) for name in self.path.names]
        return all(value and value != "." and not _NO_WORD.search(value) for value in values)

    def wait(self, data: Mapping[str, Value], known: Mapping[str, Value]) -> LookupWait:
        return LookupWait(
            kind="http",
            source=self.system,
            method=self.verb,
            path=self.path.filled(data, lambda value: quote(value, safe="")),
            values=_values(self.body or self.query, known),
        )


class SqlQuestion(StepPart):
    """``{query: last_order, parameters: {phone: "{caller.number}"}}``"""

    query: Word
    parameters: Parameters = Field(default_factory=dict)

    def site_names(self) -> tuple[SiteName, ...]:
        return (SiteName(kind="query", name=self.query, at=("sql", "query")),)

    def reads(self) -> tuple[NameUse, ...]:
        return _given(self.parameters, ("sql", "parameters"))

    def may_be_asked(self, known: Mapping[str, Value]) -> bool:
        return True

    def wait(self, data: Mapping[str, Value], known: Mapping[str, Value]) -> LookupWait:
        values = _values(self.parameters, known)
        return LookupWait(kind="sql", source=self.query, values=values)


class CustomerQuestion(StepPart):
    """``{by: number, value: "{phone}"}``; without more, by the number that calls."""

    by: Literal["number", "id"] = "number"
    value: Template = Template.parse("{caller.number}")

    @model_validator(mode="after")
    def _id_is_given(self) -> Self:
        if self.by == "id" and "value" not in self.model_fields_set:
            raise ValueError("which customer is not said; add `value:` with the customer's id")
        return self

    def site_names(self) -> tuple[SiteName, ...]:
        return ()

    def reads(self) -> tuple[NameUse, ...]:
        return tuple(NameUse(name=name, at=("customer", "value")) for name in self.value.names)

    def may_be_asked(self, known: Mapping[str, Value]) -> bool:
        return True

    def wait(self, data: Mapping[str, Value], known: Mapping[str, Value]) -> LookupWait:
        return LookupWait(kind="customer", values={self.by: self.value.filled(data)})


class LastAgentQuestion(StepPart):
    """``{}``, or of another customer than the caller: ``{customer: "{customer_no}"}``."""

    customer: Template | None = None

    def site_names(self) -> tuple[SiteName, ...]:
        return ()

    def reads(self) -> tuple[NameUse, ...]:
        names = self.customer.names if self.customer is not None else ()
        return tuple(NameUse(name=name, at=("last_agent", "customer")) for name in names)

    def may_be_asked(self, known: Mapping[str, Value]) -> bool:
        return True

    def wait(self, data: Mapping[str, Value], known: Mapping[str, Value]) -> LookupWait:
        if self.customer is None:
            return LookupWait(kind="last_agent")
        return LookupWait(kind="last_agent", values={"id": self.customer.filled(data)})


Question = HttpQuestion | SqlQuestion | CustomerQuestion | LastAgentQuestion


def _given(parameters: Mapping[str, Given], at: KeyPath) -> tuple[NameUse, ...]:
    return tuple(
        NameUse(name=name, at=(*at, key), secret=True)
        for key, given in parameters.items()
        for name in given.names
    )


def _values(parameters: Mapping[str, Given], known: Mapping[str, Value]) -> dict[str, Value]:
    return {key: given.value(known) for key, given in parameters.items()}
