"""A JSON Schema of what a person writes, for editors: the models' shapes and their own words."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Draft 7, which editors for YAML understand. Descriptions are the docstrings."""
    schema = model.model_json_schema(
        ref_template="#/definitions/{model}", schema_generator=_ForAuthors
    )
    if "$defs" in schema:
        schema["definitions"] = schema.pop("$defs")
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


class _ForAuthors(GenerateJsonSchema):
    """Without titles made from names; mappings say which keys they know."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        model: type[BaseModel] = schema["cls"]
        made = super().model_schema(schema)
        made.pop("title", None)
        made["description"] = plain_words(inspect.getdoc(model) or "")
        words = field_words(model)
        for name, field in model.model_fields.items():
            if said := words.get(name):
                shape = made["properties"][field.alias or name]
                shape.setdefault("description", said)
        if schema["schema"]["type"] != "function-before":
            return made
        # The model reads short forms by itself: `widen`, or one key with its value.
        words = {"description": made.pop("description")}
        return {**words, "anyOf": [{"type": ["string", "object"], "maxProperties": 1}, made]}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key that may be left out is left out, rather than written without a value."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if made.get("default", ...) is None:
            del made["default"]
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        keys = schema.get("keys_schema", {})
        if keys.get("type") != "literal":
            made = super().dict_schema(schema)
            if "patternProperties" in made:
                made["additionalProperties"] = False
            return made
        inner = self.generate_inner(schema["values_schema"])
        made = {
            "type": "object",
            "properties": {str(key): inner for key in keys["expected"]},
            "additionalProperties": False,
        }
        if "min_length" in schema:
            made["minProperties"] = schema["min_length"]
        return made

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """A short form in place of keys: ``no_input: bye``, ``digits: 6``."""
        inner = self.generate_inner(schema["schema"])
        return {"anyOf": [{"type": ["string", "integer"]}, inner]} if "$ref" in inner else inner


def field_words(model: type[BaseModel]) -> dict[str, str]:
    """Field -> the docstring below it, those of the models it is made from included."""
    words: dict[str, str] = {}
    for part in reversed(model.__mro__):
        if not issubclass(part, BaseModel) or part is BaseModel:
            continue
        (body,) = ast.parse(textwrap.dedent(inspect.getsource(part))).body
        statements = body.body if isinstance(body, ast.ClassDef) else []
        for field, below in pairwise(statements):
            match field, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(said))),
                ):
                    words[name] = plain_words(inspect.cleandoc(said))
    return words


def plain_words(docstring: str) -> str:
    """As one line, with plain quotes."""
    return " ".join(docstring.replace("``", "`").split())
