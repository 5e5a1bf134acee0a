"""Small maps for tests, every fact that matters stated: a test takes one away, or turns it bad.

Facts are written as in a file; `None` for a fact leaves it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from handoffmap.check import check_sources
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Finding

Facts = dict[str, Any]

FOREVER: Facts = {
    "key": ["event_id"],
    "retention": "forever",
    "stable_across_retries": True,
    "unique_per_effect": True,
}
RETRIES: Facts = {"max_attempts": "unlimited", "every": "1m"}
DELTA: Facts = {
    "trigger": "queue",
    "payload": "delta",
    "op": "adjust",
    "maps": {"available": "available"},
    "delivery": "at_least_once",
    "order": "none",
    "guard": "none",
    "dedupe": FOREVER,
    "ack": "after_commit",
    "retry": RETRIES,
    "dead_letter": "none",
    "handoff": "outbox",
    "concurrency": "atomic",
    "latency": "30s",
    "origin_tag": False,
}
STATE: Facts = {
    "trigger": "queue",
    "payload": "state",
    "op": "set",
    "maps": {"available": "available"},
    "delivery": "at_least_once",
    "order": "none",
    "guard": "version",
    "ack": "after_commit",
    "retry": RETRIES,
    "dead_letter": "none",
    "handoff": "outbox",
    "read_at": "after_commit",
    "only_if_changed": False,
    "latency": "30s",
    "origin_tag": False,
}
NIGHTLY: Facts = {
    **{key: value for key, value in STATE.items() if key != "handoff"},
    "trigger": "schedule",
    "schedule": {"every": "24h", "covers": "full"},
    "latency": "10m",
}


def path(kind: Facts, name: str, source: str, target: str, **facts: Any) -> Facts:
    """A write path with all facts of its kind, or those given in their stead; None leaves one out."""
    found = {"id": name, "from": source, "to": target, **kind}
    found.update({key.rstrip("_"): value for key, value in facts.items()})
    return {key: value for key, value in found.items() if value is not None}


def delta(name: str, source: str, target: str, *events: str, **facts: Any) -> Facts:
    """A path of amounts."""
    return path(DELTA, name, source, target, **{"events": list(events) or None, **facts})


def state(name: str, source: str, target: str, *events: str, **facts: Any) -> Facts:
    """A path of whole values, pushed."""
    return path(STATE, name, source, target, **{"events": list(events) or None, **facts})


def nightly(name: str, source: str, target: str, **facts: Any) -> Facts:
    """A path of whole values that runs each night over everything."""
    return path(NIGHTLY, name, source, target, **facts)


def system(kind: str, role: str | None = None, *quantities: str, **facts: Any) -> Facts:
    """A system that holds the quantities in one role; `each` adds facts to every held quantity."""
    each = facts.pop("each", {})
    holding = {"role": role, "unit": "each", "locations": "all", "tolerates": "48h", **each}
    holding = {key: value for key, value in holding.items() if value is not None}
    held = {quantity: dict(holding) for quantity in quantities}
    found = {"kind": kind, "owner": "team", "item_key": "sku", "holds": held, **facts}
    return {key: value for key, value in found.items() if value is not None}


def correction(authority: str, mirror: str, **facts: Any) -> Facts:
    """A nightly reconciliation that corrects the mirror once nothing is under way."""
    found = {
        "id": "nightly-check",
        "kind": "reconciliation",
        "compare": {"authority": authority, "mirror": mirror},
        "every": "24h",
        "scope": "full",
        "measure": "cells",
        "on_mismatch": "correct",
        "settle": "1h",
        "last_success_monitored": True,
        "survives_restart": True,
        **facts,
    }
    return {key: value for key, value in found.items() if value is not None}


SHOP = system("pos")
WMS = system("wms", "authoritative", "available")
ERP = system("erp", "mirror", "available")
SITE = system("storefront", "mirror", "available")


def topology(
    systems: Facts, events: Facts, paths: list[Facts], controls: list[Facts] | None = None, **top: Any
) -> Facts:
    """A whole map; no controls unless given, and no `controls` key with `controls_unsaid=True`."""
    found: Facts = {
        "handoffmap": 1,
        "name": "map",
        "systems": systems,
        "events": events,
        "write_paths": paths,
    }
    if not top.pop("controls_unsaid", False):
        found["controls"] = controls or []
    return {**found, **top}


class Judged:
    """What the check says of one map."""

    def __init__(self, found: Facts) -> None:
        text = yaml.safe_dump(found, sort_keys=False)
        self.report = check_sources([Source("map.yaml", text)])
        self.problems = [finding.slug for _, findings in self.report.invalid for finding in findings]

    @property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis of a map that is valid."""
        assert not self.report.invalid, [f.message for _, findings in self.report.invalid for f in findings]
        return self.report.diagnoses[0]

    def cell(self, name: str) -> str:
        """`converges`, `undetermined`, `drifts permanent`, or `drifts` where the class is open."""
        found = next(verdict for verdict in self.diagnosis.verdicts if str(verdict.cell) == name)
        return f"{found.verdict} {found.drift}" if found.drift else found.verdict

    def window(self, name: str) -> float | None:
        """Seconds of a cell's window."""
        found = next(verdict for verdict in self.diagnosis.verdicts if str(verdict.cell) == name)
        return None if found.window is None else float(found.window)

    def findings(self, slug: str) -> list[Finding]:
        """All findings of one rule."""
        return [finding for finding in self.diagnosis.findings if finding.slug == slug]

    def confirmed(self) -> set[str]:
        """Rules with a confirmed finding, without the hygiene that every small map shows."""
        return {f.slug for f in self.diagnosis.findings if f.confidence == "confirmed"} - HYGIENE

    def open(self) -> set[str]:
        """Rules with a finding that hangs on a question."""
        return {f.slug for f in self.diagnosis.findings if f.confidence == "undetermined"} - HYGIENE

    def asked(self) -> set[str]:
        """Ids of the questions."""
        return {question.id for question in self.diagnosis.questions}


HYGIENE = {"undocumented-event", "no-reconciliation", "no-owner", "no-authority"}
