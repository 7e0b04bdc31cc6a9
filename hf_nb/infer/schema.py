"""Whether data fits a JSON schema, and where it does not.

jsonschema decides where it is installed (it comes with Jupyter); else the words that models are asked with are known
here: type, enum, const, properties, required, additionalProperties, items, anyOf, minimum, maximum.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hf_nb.errors import BadInput

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (Mapping,),
    "array": (list, tuple),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


def read(given: Any) -> dict[str, Any]:
    """A schema from a mapping, a text of JSON, a file, or a class that has one (pydantic's `model_json_schema`)."""
    if hasattr(given, "model_json_schema"):
        given = given.model_json_schema()
    if isinstance(given, (str, Path)):
        text = str(given)
        if not text.lstrip().startswith("{"):
            try:
                text = Path(text).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                raise BadInput(
                    f"There is no schema in {text[:80]!r}: it is neither JSON nor a file.",
                    'For example: {"type": "object", "properties": {"name": {"type": "string"}}}',
                ) from None
        try:
            given = json.loads(text)
        except ValueError as wrong:
            raise BadInput(f"The schema is no JSON: {wrong}.") from None
    if not isinstance(given, Mapping):
        raise BadInput(
            f"A schema is a mapping, not {type(given).__name__}.",
            'For example: {"type": "object", "properties": {"name": {"type": "string"}}}',
        )
    _check_itself(dict(given))
    return dict(given)


def data(text: str) -> Any:
    """The JSON of a reply, in a fence or not; ValueError where there is none."""
    fenced = _FENCED.search(text)
    return json.loads(fenced[1] if fenced else text)


def misfit(schema: Mapping[str, Any], value: Any) -> str | None:
    """The first place that does not fit, and why; None when all of it does."""
    jsonschema = _library()
    if jsonschema is None:
        return _misfit(schema, value, "$")
    referencing = importlib.import_module("referencing")
    # An empty registry: a schema that points elsewhere is not fetched.
    checker = jsonschema.Draft202012Validator(dict(schema), registry=referencing.Registry())
    try:
        wrong = next(iter(checker.iter_errors(value)), None)
    except referencing.exceptions.Unresolvable as missing:
        raise BadInput(f"The schema points to {missing.ref}, which is not in it.") from None
    return None if wrong is None else f"{wrong.json_path}: {wrong.message[:200]}"


def _library() -> Any:
    try:
        return importlib.import_module("jsonschema")
    except ImportError:
        return None


def _check_itself(schema: dict[str, Any]) -> None:
    jsonschema = _library()
    if jsonschema is None:
        return
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as wrong:
        raise BadInput(f"The schema itself is wrong at {wrong.json_path}: {wrong.message[:160]}.") from None


def _misfit(schema: Mapping[str, Any], value: Any, at: str) -> str | None:
    if "anyOf" in schema:
        tried = [_misfit(one, value, at) for one in schema["anyOf"]]
        if None not in tried:
            return tried[0]
    if "enum" in schema and value not in schema["enum"]:
        return f"{at}: {value!r} is not one of {schema['enum']!r}"
    if "const" in schema and value != schema["const"]:
        return f"{at}: {schema['const']!r} was expected"
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(_is(kind, value) for kind in kinds):
            return f"{at}: {value!r} is not of type {' or '.join(map(repr, kinds))}"
    if isinstance(value, (int, float)):
        if "minimum" in schema and value < schema["minimum"]:
            return f"{at}: {value!r} is less than {schema['minimum']!r}"
        if "maximum" in schema and value > schema["maximum"]:
            return f"{at}: {value!r} is more than {schema['maximum']!r}"
    if isinstance(value, Mapping):
        return _misfit_of_object(schema, value, at)
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        found = (_misfit(schema["items"], one, f"{at}[{i}]") for i, one in enumerate(value))
        return next((one for one in found if one), None)
    return None


def _misfit_of_object(schema: Mapping[str, Any], value: Mapping[str, Any], at: str) -> str | None:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            return f"{at}: {name!r} is a required property"
    extra = [name for name in value if name not in known]
    if extra and schema.get("additionalProperties") is False:
        return f"{at}: {extra[0]!r} is not among its properties"
    found = (_misfit(known[name], one, f"{at}.{name}") for name, one in value.items() if name in known)
    return next((one for one in found if one), None)


def _is(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES.get(kind, (object,)))
