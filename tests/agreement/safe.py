"""The **safe facts** of rules about facts of one path; for the others what the tool itself would offer is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handoffmap.remedy.edit import Edit
from handoffmap.remedy.menu import candidates
from handoffmap.remedy.spot import Spot
from tests.agreement.changing import without_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.finding import Finding
    from handoffmap.model import Topology
    from handoffmap.premises.survey import Survey

__all__ = ["SAFE", "Mend", "mends_for"]

Mend = tuple[Edit, ...]
"""Facts that are changed together."""

_KNOWN: dict[str, Any] = {
    "key": ["event_id"], "retention": "forever", "stable_across_retries": True, "unique_per_effect": True,
}  # fmt: skip
_FOR_EVER: dict[str, Any] = {"retry": {"max_attempts": "unlimited", "every": "1m"}, "dead_letter": "none"}
_EVERYTHING: dict[str, Any] = {"events": None, "fires_for": None, "only": None, "except": None}

SAFE: dict[str, tuple[dict[str, Any], ...]] = {
    "duplicate-delivery": ({"dedupe": _KNOWN}, {"delivery": "exactly_once_effect"}),
    "dedupe-key-too-coarse": ({"dedupe": _KNOWN},),
    "dedupe-key-unstable": ({"dedupe": _KNOWN},),
    "dedupe-window-short": ({"dedupe": _KNOWN},),
    "lost-delivery": ({"delivery": "at_least_once", **_FOR_EVER}, {"delivery": "exactly_once_effect"}),
    "unwatched-dead-letter": (_FOR_EVER,),
    "ack-before-commit": ({"ack": "after_commit"},),
    "dual-write": ({"handoff": "outbox"},),
    "subscription-lapse": ({"subscription": None},),
    "refused-delta": ({"guard": "none"},),
    "reordered-state": ({"guard": "version"}, {"payload": "notify_then_fetch"}),
    "clamp-at-zero": ({"clamp_at_zero": None},),
    "read-before-commit": ({"read_at": "after_commit"},),
    "lost-update": ({"concurrency": "atomic"},),
    "stale-write-back": ({"base": "target", "guard": "lock"}, {"enabled": False}),
    "blind-overwrite": ({"op": "cas", "guard": "none"}, {"enabled": False}),
    "trigger-gap": (_EVERYTHING, {"only_if_changed": False}),
    "disabled-path": ({"enabled": True},),
    "operation-mismatch": ({"op": "adjust", "payload": "delta"}, {"op": "set", "payload": "state"}),
    "watermark-defect": ({"poll": {"watermark": "cursor", "advance_on": "success_only"}},),
    "poll-window-gap": ({"poll": {"lookback": "24h"}},),
    "echo-loop": ({"trigger": "queue", "schedule": None, "poll": None, "origin_tag": True},),
    "multiple-writers": ({"payload": "notify_then_fetch"}, {"enabled": False}),
    "replay-double-count": ({"enabled": False},),
}
"""Rule -> sets of facts of its path, each of which makes what it says untrue; None: the fact is taken away.

A table is laid over what the path states under that key.
"""


def mends_for(finding: Finding, topology: Topology, survey: Survey) -> list[Mend]:
    """Changes that may make a finding untrue, the table's first; each once."""
    offered = candidates(Spot(finding, topology, survey))
    return list(
        dict.fromkeys((*_from_table(finding), *offered, *_of_others(finding, topology), *_happening(finding, topology)))
    )


def _happening(finding: Finding, topology: Topology) -> Iterator[Mend]:
    """That what happens at the cell's own system is applied there; that what is touched does not happen."""
    kept_out = tuple(
        Edit("events", name, ("at", origin.system, "applies"), cell.quantity, "add")
        for cell in finding.cells[:1]
        for name in finding.events
        if name in topology.events
        for origin in topology.events[name].origins
        if origin.system == cell.system and origin.applies is not None and cell.quantity not in origin.applies
    )
    if kept_out:
        yield kept_out
    if finding.events:
        yield tuple(without_event(name) for name in finding.events)


def _of_others(finding: Finding, topology: Topology) -> Iterator[Mend]:
    """Facts of something else than the finding's own paths."""
    for cell in finding.cells:
        held = ("holds", cell.quantity)
        if finding.slug == "unit-mismatch":  # its factor is right between other units
            yield (Edit("systems", cell.system, (*held, "unit"), "case"),)
        elif finding.slug == "authority-overwritten":
            yield (Edit("systems", cell.system, (*held, "role"), "mirror"),)
        elif finding.slug == "reordered-state":  # what it does not keep behind comes by a run, too
            yield from (
                (*_edits(path.id, {"trigger": "schedule", "handoff": None}), *_edits(path.id, _NIGHTLY))
                for path in topology.write_paths.values()
                if path.target == cell.system and path.id != finding.subject.write_path and path.payload == "state"
            )


_NIGHTLY: dict[str, Any] = {"schedule": {"every": "24h", "covers": "full"}}


def _from_table(finding: Finding) -> Iterator[Mend]:
    names = [each.write_path for each in (finding.subject, *(related.subject for related in finding.related))]
    paths = list(dict.fromkeys(name for name in names if name is not None))
    for facts in SAFE.get(finding.slug, ()):
        for some in dict.fromkeys((tuple(paths[:1]), tuple(paths))):
            if some:
                yield tuple(edit for path in some for edit in _edits(path, facts))


def _edits(path: str, facts: dict[str, Any]) -> Iterator[Edit]:
    for key, value in facts.items():
        if value is None:
            yield Edit("write_paths", path, (key,), None, "remove")
        elif isinstance(value, dict):
            yield from (Edit("write_paths", path, (key, inner), each) for inner, each in value.items())
        else:
            yield Edit("write_paths", path, (key,), value)
