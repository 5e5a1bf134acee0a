"""The shape of a topology file as JSON Schema (draft 2020-12), for editors: hover, completion, red lines.

Made from the same tables as the interpreter (`shape`). What a schema cannot say, above all that names have
to be declared somewhere, is said by `handoffmap check` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handoffmap.reading.meanings import (
    EVENT_MEANINGS,
    QUANTITY_MEANINGS,
    UNKNOWN_MEANS,
    meanings_of,
)
from handoffmap.reading.shape import FORMAT_VERSION, TABLES, UNKNOWN, Value
from handoffmap.reading.volume import VOLUME_KEYS
from handoffmap.vocabulary import BUILT_IN_EVENTS, QUANTITIES

if TYPE_CHECKING:
    from handoffmap.reading.shape import Key, Kind, Table

__all__ = ["json_schema"]

_Schema = dict[str, Any]

_PART = r"([0-9]{1,18}(\.[0-9]{1,18})?%s)?"
_DURATION = "^(?=.)" + "".join(_PART % unit for unit in ("w", "d", "h", "m", "s", "ms")) + "$"
_NAME = r"^[^\s!-,./:-@\[-^`{-~]+$"  # no space, and of the ASCII signs only _ and -
_TERM = r"[^\s+.]+(\.[^\s+.]+)?"
_FORMULA = rf"^\s*[-+\u2212]?\s*{_TERM}(\s*[-+\u2212]\s*{_TERM})*\s*$"
_DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TEXT = {"type": ["string", "number", "boolean"]}

_KINDS: dict[str, list[_Schema]] = {
    "flag": [{"type": "boolean"}],
    "text": [_TEXT],
    "name": [_TEXT],
    "quantity": [
        {"enum": list(QUANTITIES), "enumDescriptions": [QUANTITY_MEANINGS[name] for name in QUANTITIES]},
        _TEXT,
    ],  # the first is what an editor completes
    "id": [{"type": "string", "pattern": _NAME}, {"type": ["integer", "boolean"]}],
    "cell": [{"type": "string", "pattern": r"^[^\s.]+\.[^\s.]+$"}],
    "number": [{"type": "number", "minimum": 0}],
    "count": [{"type": "integer", "minimum": 0}],
    "duration": [{"type": "string", "pattern": _DURATION}, {"enum": [0, "0"]}],
    "factor": [
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "string", "pattern": r"^[1-9][0-9]*(\s*/\s*[1-9][0-9]*)?$"},
    ],
    "formula": [{"type": "string", "pattern": _FORMULA}],
    "date": [{"type": "string", "pattern": _DATE}],
    "day": [{"type": "string", "pattern": f"{_DATE}$"}],
    "effect": [{"type": "integer"}],
}

_AS_WRITTEN = {"true": True, "false": False, FORMAT_VERSION: int(FORMAT_VERSION)}
"""Words that YAML takes for another type."""


def json_schema() -> _Schema:
    """The schema of a topology file: plain data, the same at every call, ready for `json.dumps`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "handoffmap topology",
        **_table(TABLES["file"]),
        "$defs": {name: _table(table) for name, table in TABLES.items() if name != "file"},
    }


def _table(table: Table) -> _Schema:
    """A table whose name, where it has one, may stand before it as a key: only lists ask for the `id`."""
    schema: _Schema = {
        "type": "object",
        "properties": {name: _key(table, name, key) for name, key in table.keys.items()},
        "additionalProperties": False,
    }
    required = [name for name, key in table.keys.items() if key.required and name not in _NAMING]
    return {**schema, "required": required} if required else schema


_NAMING = ("id", "system")
"""Keys that state an entry's name where it is one of a list."""


def _key(table: Table, name: str, key: Key) -> _Schema:
    if table is TABLES["file"] and name in _SECTIONS:
        return {"description": key.docs, **_SECTIONS[name]}
    return {"description": key.docs, **_value(key.value, required=key.required)}


def _value(value: Value, *, required: bool = False) -> _Schema:
    """The forms that may follow a key; nothing at all and `unknown` too, where they say that nobody knows."""
    literal = value.scalar is not None and value.scalar.literal
    forms = _kind(value.scalar) if value.scalar is not None else [{"const": UNKNOWN}]
    if value.items is not None:
        forms.append(_list(value.items, some=required and literal))
    if value.table is not None:
        forms.append({"$ref": f"#/$defs/{value.table}"})
    if value.entries is not None:
        forms.append(_mapping(value, some=required and literal))
    if not (required and literal):
        forms.append({"type": "null"})
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def _kind(kind: Kind) -> list[_Schema]:
    words: list[Any] = [_AS_WRITTEN.get(word, word) for word in kind.words]
    words += [word for word in kind.words if word == FORMAT_VERSION]  # quoted it is accepted as well
    words += [] if kind.literal else [UNKNOWN]
    told = {**meanings_of(kind.words), UNKNOWN: UNKNOWN_MEANS}
    # `enumDescriptions` is not of the standard: editors show it beside the words, others pass it over.
    enum: _Schema = {"enum": words, "enumDescriptions": [told.get(str(word).lower(), "") for word in words]}
    return ([enum] if words else []) + [dict(form) for form in _KINDS.get(kind.name, [])]


def _list(item: Value, *, some: bool) -> _Schema:
    if item == Value():
        return {"type": "array", "maxItems": 0}
    if item.table is not None and item.entries is None:  # mappings with a name of their own
        naming = [name for name in _NAMING if name in TABLES[item.table].keys]
        entry: _Schema = {"$ref": f"#/$defs/{item.table}"}
        return {"type": "array", "items": {"allOf": [entry, {"required": naming}]} if naming else entry}
    if not some:
        return {"type": "array", "items": _value(item)}
    # A list that has to be stated takes no unknowns: alone the word `unknown` is a name, among names it is none.
    told = {"allOf": [_value(item), {"not": {"enum": [UNKNOWN, None]}}]}
    return {"type": "array", "items": told, "minItems": 1}


def _mapping(value: Value, *, some: bool) -> _Schema:
    """A mapping with free names; one that has the keys of a table of its own is not taken for it."""
    entries = value.entries or Value()
    schema: _Schema = {"type": "object", "additionalProperties": _value(entries)}
    if value.table is not None:
        schema["propertyNames"] = {"not": {"enum": list(TABLES[value.table].keys)}}
    if value.names.name == "quantity":
        schema["properties"] = {
            name: {"description": QUANTITY_MEANINGS[name], **_value(entries)} for name in QUANTITIES
        }
    return {**schema, "minProperties": 1} if some else schema


# -- sections of the file, where an entry's name says more than the shape does -----------------------------


def _named(table: str) -> _Schema:
    return {
        "anyOf": [
            {
                "type": "object",
                "propertyNames": {"pattern": _NAME},
                "additionalProperties": {"$ref": f"#/$defs/{table}"},
            },
            {
                "type": "array",
                "items": {"allOf": [{"$ref": f"#/$defs/{table}"}, {"required": ["id"]}]},
            },
            *_NOTHING,
        ]
    }


_NOTHING: list[_Schema] = [{"const": UNKNOWN}, {"type": "null"}]


def _events() -> _Schema:
    event = {"$ref": "#/$defs/event"}
    built_in = {"allOf": [event, {"not": {"anyOf": [{"required": ["effects"]}, {"required": ["undoes"]}]}}]}
    own = {"allOf": [event, {"required": ["effects"], "properties": {"effects": {"type": "object"}}}]}
    by_name = {
        "type": "object",
        "propertyNames": {"pattern": _NAME},
        "properties": {name: {"description": EVENT_MEANINGS[name], **built_in} for name in BUILT_IN_EVENTS},
        "additionalProperties": own,
    }
    return {"anyOf": [by_name, {"type": "array", "maxItems": 0}, *_NOTHING]}


def _quantities() -> _Schema:
    names = {"pattern": _NAME, "not": {"enum": list(QUANTITIES)}}
    value = TABLES["file"].keys["quantities"].value.entries or Value()
    by_name = {"type": "object", "propertyNames": names, "additionalProperties": _value(value)}
    return {"anyOf": [by_name, *_NOTHING]}


def _volume() -> _Schema:
    number = {"type": "number", "minimum": 0}
    figures: dict[str, _Schema] = {}
    for name, figure in VOLUME_KEYS.items():
        limit = {} if figure.largest is None else {"maximum": figure.largest}
        told = f"{figure.says[:1].upper()}{figure.says[1:]} ({figure.unit})."
        figures[name] = {"description": told, "anyOf": [{**number, **limit}, *_NOTHING]}
    other = {"anyOf": [number, *_NOTHING]}
    return {"anyOf": [{"type": "object", "properties": figures, "additionalProperties": other}, *_NOTHING]}


_SECTIONS: dict[str, _Schema] = {
    "systems": _named("system"),
    "write_paths": _named("path"),
    "controls": _named("control"),
    "events": _events(),
    "quantities": _quantities(),
    "volume": _volume(),
}
