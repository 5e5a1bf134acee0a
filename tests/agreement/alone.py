"""**Each finding alone**: the model sees what one finding says, with every other of the cell made safe, or not at all.

Otherwise a false finding hides behind a true one. Only findings about facts of one path are looked at: for each such
rule a safe value of the facts that it judges.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.witness import prove_cell
from tests.agreement.compare import CAP, Invalid, read

if TYPE_CHECKING:
    from handoffmap.finding import Finding
    from handoffmap.model import Cell
    from tests.agreement.compare import Compared

__all__ = ["SAFE", "Alone", "alone"]

_KNOWN: dict[str, Any] = {
    "key": ["event_id"], "retention": "forever", "stable_across_retries": True, "unique_per_effect": True,
}  # fmt: skip
_FOR_EVER: dict[str, Any] = {"retry": {"max_attempts": "unlimited", "every": "1m"}, "dead_letter": "none"}

SAFE: dict[str, dict[str, Any]] = {
    "duplicate-delivery": {"dedupe": _KNOWN},
    "dedupe-key-too-coarse": {"dedupe": _KNOWN},
    "dedupe-key-unstable": {"dedupe": _KNOWN},
    "dedupe-window-short": {"dedupe": _KNOWN},
    "lost-delivery": {"delivery": "at_least_once", **_FOR_EVER},
    "unwatched-dead-letter": _FOR_EVER,
    "ack-before-commit": {"ack": "after_commit"},
    "dual-write": {"handoff": "outbox"},
    "subscription-lapse": {"subscription": None},
    "refused-delta": {"guard": "none"},
    "reordered-state": {"guard": "version"},
    "clamp-at-zero": {"clamp_at_zero": None},
    "read-before-commit": {"read_at": "after_commit"},
    "lost-update": {"concurrency": "atomic"},
}
"""Rule -> facts of its path that make what it says untrue; None: the fact is taken away.

Not `disabled-path`: what else is wrong with a path is told once it is switched on.
"""


class Alone(NamedTuple):
    """What became of one finding with every other one of its cell made safe."""

    cell: Cell
    slug: str
    path: str
    seen: bool
    """The model still refutes the cell."""
    gone: bool
    """And no longer with this one made safe, too."""


def alone(found: dict[str, Any], compared: Compared) -> list[Alone]:
    """Every confirmed finding of the table's rules, in cells that drift by such findings only."""
    results: list[Alone] = []
    for verdict in compared.diagnosis.verdicts:
        if verdict.verdict != "drifts" or verdict.upstream:
            continue
        mine = [
            each
            for each in compared.diagnosis.findings
            if each.fingerprint in verdict.findings and each.confidence == "confirmed" and each.drift is not None
        ]
        if not mine or any(each.slug not in SAFE or each.subject.write_path is None for each in mine):
            continue
        clean = _drifts(_patched(found, mine), verdict.cell)
        for one in mine:
            others = [each for each in mine if each is not one]
            seen = _drifts(_patched(found, others), verdict.cell)
            if seen is not None and clean is not None:
                results.append(Alone(verdict.cell, one.slug, str(one.subject.write_path), seen, not clean))
    return results


def _patched(found: dict[str, Any], findings: list[Finding]) -> dict[str, Any]:
    changed = copy.deepcopy(found)
    paths = {path["id"]: path for path in changed["write_paths"]}
    for finding in findings:
        path = paths[str(finding.subject.write_path)]
        for key, value in SAFE[finding.slug].items():
            path.pop(key, None)
            if value is not None:
                path[key] = copy.deepcopy(value)
    return changed


def _drifts(found: dict[str, Any], cell: Cell) -> bool | None:
    """Whether the model sees a drift under every completion of what is unknown; None: it cannot tell."""
    try:
        proof = prove_cell(read(found), cell, cap=CAP)
    except Invalid:
        return None
    if proof.bound is not None:
        return None
    return proof.verdict == "drifts"
