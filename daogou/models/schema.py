"""Does a value satisfy a JSON schema? The part of the specification our requests use.

`type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `minItems`, `maxItems`, `minLength`,
`maxLength`, `pattern`, `minimum`, `maximum`, `anyOf`, `oneOf`, `$ref` into `$defs` (JSON Schema 2020-12).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}


def schema_problem(value: Any, schema: Mapping[str, Any]) -> str:
    """The first rule the value breaks, with its place; empty when it breaks none."""
    return _check(value, schema, schema, "$")


def schema_fault(schema: Mapping[str, Any], root: Mapping[str, Any] | None = None, at: str = "$") -> str:
    """What makes the schema itself unusable (an unknown type, a reference to nowhere); empty when nothing does."""
    root = schema if root is None else root
    kinds = schema.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        if kind not in _TYPES:
            return f"{at} has the type {kind!r}, which is none of {', '.join(_TYPES)}"
    if "$ref" in schema and schema["$ref"].rpartition("/")[2] not in root.get("$defs", {}):
        return f"{at} refers to {schema['$ref']!r}, which is not in $defs"
    inner = [(f"{at}.{name}", part) for name, part in schema.get("properties", {}).items()]
    inner += [(f"{at}[]", schema["items"])] if isinstance(schema.get("items"), Mapping) else []
    inner += [(f"{at}|{place}", part) for word in ("anyOf", "oneOf") for place, part in enumerate(schema.get(word, []))]
    inner += [(f"$defs.{name}", part) for name, part in schema.get("$defs", {}).items()]
    return next((fault for place, part in inner if (fault := schema_fault(part, root, place))), "")


def _check(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> str:
    if "$ref" in schema:
        return _check(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            problems = [_check(value, option, root, at) for option in schema[word]]
            return "" if "" in problems else f"{at} fits none of {word}: {problems[0]}"
    if "const" in schema and value != schema["const"]:
        return f"{at} is {value!r}, not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at} is {value!r}, not one of {schema['enum']!r}"
    kinds = schema.get("type")
    if kinds and not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return f"{at} is {value!r}, not of type {kinds}"
    if isinstance(value, dict):
        return _check_object(value, schema, root, at)
    if isinstance(value, list):
        return _check_array(value, schema, root, at)
    return _check_size(value, schema, at)


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, _TYPES[kind])


def _check_object(value: dict[str, Any], schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> str:
    known = schema.get("properties", {})
    for name in schema.get("required", []):
        if name not in value:
            return f"{at} lacks {name!r}"
    extra = schema.get("additionalProperties", True)
    for name, inner in value.items():
        rule = known.get(name, extra)
        if rule is False:
            return f"{at} has {name!r}, which the schema does not know"
        if isinstance(rule, Mapping) and (problem := _check(inner, rule, root, f"{at}.{name}")):
            return problem
    return ""


def _check_array(value: list[Any], schema: Mapping[str, Any], root: Mapping[str, Any], at: str) -> str:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return f"{at} has {len(value)} items"
    rule = schema.get("items")
    if isinstance(rule, Mapping):
        for index, inner in enumerate(value):
            if problem := _check(inner, rule, root, f"{at}[{index}]"):
                return problem
    return ""


def _check_size(value: Any, schema: Mapping[str, Any], at: str) -> str:
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            return f"{at} has {len(value)} characters"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return f"{at} is {value!r}, which does not match {schema['pattern']!r}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        return "" if low <= value <= high else f"{at} is {value}, outside its bounds"
    return ""
