"""The shape of `json_v1` as JSON Schema (draft 2020-12): what a program that reads a run may rely on.

Keys that are listed are always there. New ones may come within one version, so none is forbidden; a key that goes away
or changes its meaning makes a new version.
"""

from __future__ import annotations

from typing import Any

from handoffmap.telling.json_v1 import SCHEMA_VERSION

__all__ = ["run_schema"]

_Schema = dict[str, Any]


def run_schema() -> _Schema:
    """The schema of what `check` and `prove` give as `json`: plain data, the same at every call."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"handoffmap run, version {SCHEMA_VERSION}",
        **_object(
            schema_version={"const": SCHEMA_VERSION},
            tool=_object(name={"const": "handoffmap"}, version=_TEXT),
            topologies=_list(_ref("topology")),
            summary=_ref("summary"),
            gone=_maybe(_list(_object(**dict.fromkeys(("fingerprint", "severity", "code", "slug", "file"), _TEXT)))),
        ),
        "$defs": _DEFS,
    }


def _object(**keys: _Schema) -> _Schema:
    return {"type": "object", "required": list(keys), "properties": keys}


def _list(items: _Schema) -> _Schema:
    return {"type": "array", "items": items}


def _maybe(value: _Schema) -> _Schema:
    return {"anyOf": [value, {"type": "null"}]}


def _one_of(*words: str) -> _Schema:
    return {"enum": list(words)}


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/$defs/{name}"}


_TEXT: _Schema = {"type": "string"}
_FLAG: _Schema = {"type": "boolean"}
_COUNT: _Schema = {"type": "integer", "minimum": 0}
_PLACE: _Schema = {"type": "integer", "minimum": 1}
_NUMBER: _Schema = {"type": "number"}
_SEVERITY = _one_of("error", "warning", "note")
_CLASS = _maybe(_one_of("permanent", "transient", "divergent"))
_SHOWN: _Schema = {"type": "object", "additionalProperties": {"type": ["number", "string", "null"]}}
_RANGE = {"low": _maybe(_NUMBER), "mode": _maybe(_NUMBER), "high": _maybe(_NUMBER)}

_FINDING: dict[str, _Schema] = {
    "code": {"type": "string", "pattern": "^HM[0-9]{3}$"},
    "slug": _TEXT,
    "severity": _SEVERITY,
    "confidence": _one_of("confirmed", "undetermined"),
    "class": _CLASS,
    "message": _TEXT,
    "premise": _maybe(_TEXT),
    "subject": _ref("subject"),
    "location": _ref("location"),
    "related": _list(_object(subject=_ref("subject"), why=_TEXT, location=_maybe(_ref("location")))),
    "witness": _maybe(_ref("witness")),
    "remedies": _maybe(_list(_ref("remedy"))),
    "cost": _maybe(_object(**_RANGE, per_orders=_NUMBER, basis=_TEXT, label=_TEXT)),
    "fingerprint": _TEXT,
    "why": _maybe(_TEXT),
    "mend": _maybe(_TEXT),
    "direction": _maybe(_one_of("over", "under", "either")),
    "window": _maybe(_NUMBER),
    "events": _list(_TEXT),
    "cells": _list(_ref("cell")),
    "catalogue": _list(_object(product=_TEXT, fact=_TEXT, says=_TEXT, source=_TEXT)),
    "asks": _list(_TEXT),
    "rank": _maybe(_object(position=_COUNT, because=_TEXT)),
    "allowed": _list(_TEXT),
    "suggestion": _maybe(_TEXT),
}
_WAIVER = _object(
    rules=_list(_TEXT),
    subject=_maybe(_TEXT),
    reason=_maybe(_TEXT),
    owner=_maybe(_TEXT),
    ticket=_maybe(_TEXT),
    until=_maybe(_TEXT),
    days_left=_COUNT,
    location=_ref("location"),
)

_DEFS: dict[str, _Schema] = {
    "cell": _object(system=_TEXT, quantity=_TEXT),
    "subject": _object(
        **dict.fromkeys(("system", "quantity", "event", "write_path", "field", "control"), _maybe(_TEXT))
    ),
    "location": _object(file=_TEXT, **dict.fromkeys(("line", "column", "end_line", "end_column"), _PLACE)),
    "finding": _object(**_FINDING),
    "witness": _object(
        cell=_ref("cell"),
        start=_SHOWN,
        steps=_list(
            _object(
                kind=_TEXT,
                write_path=_maybe(_TEXT),
                event=_maybe(_TEXT),
                amount=_maybe(_NUMBER),
                text=_TEXT,
                values=_SHOWN,
                expected=_SHOWN,
            )
        ),
        end=_SHOWN,
        expected=_SHOWN,
        sentence=_TEXT,
    ),
    "remedy": _object(
        id=_TEXT, effort=_NUMBER, effort_label=_TEXT, clears=_list(_TEXT), mends=_list(_ref("cell")), patch=_TEXT
    ),
    "question": _object(
        id=_TEXT,
        ask=_TEXT,
        subject=_ref("subject"),
        fact=_TEXT,
        settles=_list(_ref("cell")),
        worth=_maybe(_NUMBER),
        location=_ref("location"),
        owner=_maybe(_TEXT),
        rank=_COUNT,
    ),
    "verdict": _object(
        system=_TEXT,
        quantity=_TEXT,
        verdict=_one_of("converges", "drifts", "undetermined"),
        **{"class": _CLASS},
        window=_maybe(_NUMBER),
        proof=_maybe(_one_of("proved", "no_counterexample", "refuted", "undetermined")),
        premises=_list(
            _object(
                premise=_TEXT,
                holds=_maybe(_FLAG),
                because=_TEXT,
                write_path=_maybe(_TEXT),
                location=_maybe(_ref("location")),
            )
        ),
        findings=_list(_TEXT),
        upstream=_list(_ref("cell")),
        location=_maybe(_ref("location")),
    ),
    "topology": _object(
        file=_TEXT,
        name=_maybe(_TEXT),
        scorecard=_list(_object(control=_TEXT, standing=_TEXT, because=_TEXT)),
        verdicts=_list(_ref("verdict")),
        findings=_list(_ref("finding")),
        questions=_list(_ref("question")),
        waived=_list(_object(**_FINDING, waiver=_WAIVER)),
        known=_list(_ref("finding")),
        valid=_FLAG,
        costs=_maybe({"type": "object"}),
        coverage=_list(_object(event=_TEXT, system=_TEXT, quantity=_TEXT, arrival=_TEXT, write_path=_maybe(_TEXT))),
    ),
    "summary": _object(
        **dict.fromkeys(("files", "invalid", "skipped", "errors", "warnings", "notes", "undetermined"), _COUNT),
        cells=_object(converges=_COUNT, drifts=_COUNT, undetermined=_COUNT),
        questions=_COUNT,
        waived=_COUNT,
        known=_COUNT,
    ),
}
