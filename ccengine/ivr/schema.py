"""The JSON Schema of a flow file: editors complete its steps by it, and mark mistakes."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from ccengine.ivr.load import FlowFile
from ccengine.ivr.model import Step
from ccengine.ivr.steps.table import STEP_TYPES
from ccengine.yamlsource.json_schema import plain_words, schema_of

STEP_NAME = r"^[a-z][a-z0-9_]{0,47}$"


_COMMON = {
    "type": "What the step does.",
    "say": "What is heard, in each language of the site. {name} is filled in.",
    "recording": "A recording that wins over speech, by its file's name.",
    "next": "The step that follows.",
    "keys": "Key of the telephone (in quotes) -> what it leads to.",
    "no_input": "The step that follows when nothing is pressed, at last.",
    "invalid": "The step that follows when the wrong thing is pressed, at last.",
    "timeout": "Seconds to wait for a key after the last prompt.",
    "into": "The names by which it is known from then on.",
    "digits": "How many digits.",
    "check": "What the digits must be beside their number.",
    "retries": "How often it is asked again.",
    "http": "Asks a system of the site file.",
    "sql": "Asks a query of the site file.",
    "customer": "Looks for the customer.",
    "last_agent": "Looks for the agent who last talked with the customer.",
    "system": "A name under `systems:` of the site file.",
    "music": "Heard while it takes its time; a class of music on hold.",
    "question": "In each language of the site.",
    "mailbox": "For whom the message is: a queue or an agent.",
    "longest": "Seconds.",
    "silence": "Seconds of silence that end it.",
    "reason": "What is asked after a bad score.",
    "flow": "A flow, by the name of its file.",
    "result": "What the step that entered this flow goes on by.",
    "give": "What the other flow knows from the start, by the names that it uses.",
}
"""Of keys that mean the same in all steps."""


def flow_schema() -> dict[str, Any]:
    schema = schema_of(FlowFile)
    definitions = schema.setdefault("definitions", {})
    for name, step_type in STEP_TYPES.items():
        step = schema_of(step_type)
        definitions |= step.pop("definitions", {})
        for key, shape in step["properties"].items():
            if "description" not in shape and (words := _COMMON.get(key) or _target(shape)):
                shape["description"] = words
        del step["$schema"]
        step["description"] = _words(step_type)
        definitions[f"step_{name}"] = step
    definitions["step"] = _step(definitions)
    schema["title"] = "A flow of ccengine"
    named = schema["properties"]["steps"]["patternProperties"]
    for pattern in named:
        named[pattern] = {"$ref": "#/definitions/step"}
    return schema


def _step(definitions: dict[str, Any]) -> dict[str, Any]:
    """By its type, so that an editor marks the one key that is wrong rather than the whole step."""
    return {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {
                "enum": list(STEP_TYPES),
                "enumDescriptions": [
                    definitions[f"step_{name}"]["description"] for name in STEP_TYPES
                ],
                "description": "What the step does; its other keys depend on it.",
            }
        },
        "defaultSnippets": [
            {"label": name, "body": _skeleton(name, definitions[f"step_{name}"])}
            for name in STEP_TYPES
        ],
        "allOf": [
            {
                "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
                "then": {"$ref": f"#/definitions/step_{name}"},
            }
            for name in STEP_TYPES
        ],
    }


def _skeleton(name: str, step: dict[str, Any]) -> dict[str, str]:
    """What must be written, with places to fill in one after the other."""
    wanted = [key for key in step.get("required", ()) if key != "type"]
    return {"type": name} | {key: f"${place}" for place, key in enumerate(wanted, 1)}


def _target(shape: dict[str, Any]) -> str:
    """For ways on: a step's name can stand there."""
    shapes = [shape, *shape.get("anyOf", ())]
    named = any(it.get("pattern") == STEP_NAME for it in shapes)
    return "A step's name: where the call goes on." if named else ""


def _words(step_type: type[Step]) -> str:
    """What the step is, from its file, and what is to be known of its keys, from its class."""
    what = plain_words(inspect.getdoc(sys.modules[step_type.__module__]) or "")
    own = step_type.__doc__
    return f"{what} {plain_words(own)}" if own else what
