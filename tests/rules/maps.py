"""Small maps for tests: every fact is stated and safe, and a case changes the one that it is about.

    topology(delta("shop > wms", "order_captured", dedupe="none"))

is a shop and a WMS that hold the same quantities, the WMS being the record, and one path between them. A
fact given as `UNKNOWN` is left open; a fact given as `LEFT_OUT` is not in the file.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import yaml

from handoffmap.check import check_sources
from handoffmap.policy.waivers import apply_waivers
from handoffmap.reading.load import load
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.finding import Finding

__all__ = [
    "KEPT_FOR_EVER", "LEFT_OUT", "UNKNOWN", "control", "delta", "findings_of", "problems_of", "state",
    "system", "topology", "voices",
]  # fmt: skip

UNKNOWN: Final = "unknown"
LEFT_OUT: Final = object()
TODAY: Final = date(2026, 11, 23)
KEPT_FOR_EVER: Final = {"key": ["event_id"], "retention": "forever", "stable_across_retries": True}

_MESSAGE = {
    "delivery": "at_least_once",
    "ack": "after_commit",
    "dead_letter": {"monitored": True, "replay": "manual"},
    "handoff": "outbox",
    "latency": "30s",
}
_ROLES = {"!": "authoritative", "~": "mirror", "-": "consumer"}
_KINDS = {
    "shop": "storefront", "web": "storefront", "market": "marketplace", "till": "pos", "wms": "wms",
    "erp": "erp", "oms": "oms", "hub": "inventory_hub", "threepl": "3pl", "ipaas": "middleware",
    "sheet": "spreadsheet", "clerk": "human", "planning": "planning",
}  # fmt: skip


class _Plain(yaml.SafeDumper):
    """Writes what is shared out in full: a case is read as a person would write it."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # PyYAML asks so
        return True


def system(holds: str = "", kind: str = "application", **facts: Any) -> dict[str, Any]:
    """A system that holds quantities, written `on_hand! available~`: `!` record, `~` mirror, `-` consumer."""
    cells = {word[:-1]: {"role": _ROLES[word[-1]], "unit": "each", "locations": "all"} for word in holds.split()}
    cells = {name: {**cell, **facts.pop(name, {})} for name, cell in cells.items()}
    return _known({"kind": kind, "owner": "operations", "item_key": "sku", "holds": cells, **facts})


def delta(ends: str, events: str, maps: str | Mapping[str, Any] = "available", **facts: Any) -> dict[str, Any]:
    """A path `from > to` that carries amounts and is safe; `maps` names them ("": not mapped)."""
    return _path(
        ends,
        events,
        maps,
        {"trigger": "webhook", "op": "adjust", "dedupe": KEPT_FOR_EVER, "guard": "none"},
        facts,
    )


def state(ends: str, maps: str | Mapping[str, Any] = "available", **facts: Any) -> dict[str, Any]:
    """A path `from > to` that carries whole values on every change and does everything right.

    With `every` it runs by the clock instead, in full.
    """
    every = facts.pop("every", None)
    how: dict[str, Any] = {"trigger": "queue", "op": "set", "guard": "version"}
    if every is not None:
        how = {
            "trigger": "schedule",
            "op": "set",
            "schedule": {"every": every, "covers": "full"},
            "only_if_changed": False,
        }
    return _path(ends, facts.pop("events", ""), maps, how, facts)


def control(kind: str, name: str = "check", **facts: Any) -> dict[str, Any]:
    """A gate or a reconciliation with the facts given."""
    return _known({"id": name, "kind": kind, **facts})


def topology(
    *paths: dict[str, Any],
    systems: Mapping[str, Any] | None = None,
    at: Mapping[str, Any] | None = None,
    **top: Any,
) -> str:
    """The text of a map. Systems: by default those that the paths name, `wms` the record of what they carry.

    `at`: event -> where it happens; what is not named happens at the source of the first path that lists it.
    """
    events = {name: {"at": where} for name, where in (at or {}).items()}
    for path in paths:
        for event in path.get("events", ()):
            events.setdefault(event, {"at": [path["from"]]})
    whole = {
        "handoffmap": 1,
        "systems": {**_ends(paths), **(systems or {})},
        "events": events,
        "write_paths": list(paths),
        "controls": [],
        **top,
    }
    return yaml.dump(_known(whole), Dumper=_Plain, sort_keys=False, allow_unicode=True)


def findings_of(text: str) -> tuple[Finding, ...]:
    """The findings of a map that can be read."""
    report = check_sources([Source("case.yaml", text)])
    assert not report.invalid, [finding.message for _, found in report.invalid for finding in found]
    (diagnosis,) = report.diagnoses
    return apply_waivers(diagnosis, TODAY).findings


def voices(text: str) -> dict[str, set[str]]:
    """Slug -> the confidences with which it speaks."""
    found: dict[str, set[str]] = defaultdict(set)
    for finding in findings_of(text):
        found[finding.slug].add(finding.confidence)
    return dict(found)


def problems_of(text: str) -> list[str]:
    """The slugs of what is wrong with a file, in the order of places."""
    _, problems = load(Source("case.yaml", text))
    return [problem.slug for problem in problems]


def _path(
    ends: str, events: str, maps: str | Mapping[str, Any], how: dict[str, Any], facts: dict[str, Any]
) -> dict[str, Any]:
    source, target = (end.strip() for end in ends.split(">"))
    carried = {name: name for name in maps.split()} if isinstance(maps, str) else dict(maps)
    said = {"maps": carried} if carried else {}
    listed = {"events": events.split()} if events else {}
    name = facts.pop("id", f"{source}-to-{target}")
    facts = {key.rstrip("_"): value for key, value in facts.items()}
    return _known({"id": name, "from": source, "to": target, **listed, **how, **said, **_MESSAGE, **facts})


def _ends(paths: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """The systems at the ends of paths, each with the quantities that are sent from it or written into it."""
    held: dict[str, dict[str, None]] = {}
    for path in paths:
        into = [to["to"] if isinstance(to, dict) else to for to in path.get("maps", {}).values()]
        held.setdefault(path["from"], {}).update(dict.fromkeys(path.get("maps", {})))
        held.setdefault(path["to"], {}).update({name: None for name in into if name not in {None, UNKNOWN}})
    return {
        name: system(
            " ".join(f"{quantity}{'!' if name == 'wms' else '~'}" for quantity in cells),
            _KINDS.get(name, "application"),
        )
        for name, cells in held.items()
    }


def _known(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not LEFT_OUT}
