"""Safe changes for how things are run: batches, lanes, pages, zones, versions, kits, copies that grow old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.remedy.edit import Edit
from handoffmap.remedy.spot import control_fact, fact, no_fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.remedy.data import Value
    from handoffmap.remedy.spot import Candidate, Spot

__all__ = ["OPERATION_MENU"]


def _bad_item(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        alone = fact(path, "batch", "on_item_error", to="isolate_item")
        yield (alone,)
        yield (alone, fact(path, "dead_letter", "monitored", to=True))
        yield (alone, fact(path, "dead_letter", "monitored", to=True), fact(path, "dead_letter", "replay", to="manual"))
        yield (fact(path, "batch", "size", to=1),)


def _queued_up(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        no_growth = fact(path, "limits", "backlog_growth_per_hour", to=0)
        own_lane = fact(path, "lane", "shared", to=False)
        yield (own_lane,)
        yield (no_growth,)
        yield (own_lane, no_growth)
        yield (fact(path, "limits", "requests_per_s", to=1000),)
        quick = fact(path, "limits", "p99_latency", to="5m")
        yield (quick,)
        yield (own_lane, no_growth, quick)
        yield (own_lane, no_growth, quick, fact(path, "limits", "requests_per_s", to=1000))


def _pages(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        yield (fact(path, "poll", "follows_pages", to=True),)
        yield (fact(path, "poll", "watermark", to="cursor"),)


def _zones(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        zone = spot.topology.systems[path.source].time_zone
        if zone is not None:
            if path.poll is not None:
                yield (fact(path, "poll", "bounds_time_zone", to=zone),)
            if path.schedule is not None:
                yield (fact(path, "schedule", "time_zone", to=zone),)
        if path.poll is not None:
            yield (fact(path, "poll", "watermark", to="cursor"),)
        if path.schedule is not None:
            yield (fact(path, "schedule", "covers", to="full"),)


def _retries(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        backoff = fact(path, "retry", "backoff", to="exponential")
        yield (backoff,)
        yield (backoff, fact(path, "retry", "jitter", to="full"))
        yield (fact(path, "retry", "max_attempts", to=8),)


def _kits(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        for left, mapping in sorted((path.maps or {}).items()):
            if mapping is not None and any(mapping.to == cell.quantity for cell in spot.finding.cells):
                yield (fact(path, "maps", left, "unit_factor", to="per_item"),)


def _reserved_twice(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        for cell in spot.finding.cells:
            for left, mapping in sorted((path.maps or {}).items()):
                if mapping is not None and mapping.to == cell.quantity:
                    moved: Value = cell.quantity
                    yield (no_fact(path, "maps", left), fact(path, "maps", cell.quantity, to=moved))
                    if left in spot.topology.systems[path.target].holds:
                        yield (fact(path, "maps", left, to=left),)
                    yield (fact(path, "maps", left, "plus", to=["allocated"]),)


def _lost_field(spot: Spot) -> Iterator[Candidate]:
    name = spot.finding.subject.field
    for path in spot.touching:
        for field in [name] if name is not None else sorted(path.fields or {}):
            yield (fact(path, "fields", field, to=field),)


def _kept_result(spot: Spot) -> Iterator[Candidate]:
    for cell in spot.finding.cells:
        own = spot.topology.quantities.get(cell.quantity)
        holding = spot.topology.systems[cell.system].holds[cell.quantity]
        terms = holding.derived_from or (own.formula if own is not None else None)
        role = Edit("systems", cell.system, ("holds", cell.quantity, "role"), "derived")
        if terms:
            written = [
                f"{'-' if term.sign < 0 else '+'} {f'{term.system}.' if term.system else ''}{term.quantity}"
                for term in terms
            ]
            formula = " ".join(written).removeprefix("+ ")
            yield (role, Edit("systems", cell.system, ("holds", cell.quantity, "derived_from"), formula))
        else:
            yield (role,)


def _refusing(spot: Spot) -> Iterator[Candidate]:
    for path in spot.touching:
        for key in ("refused_when", "accepts_when"):
            if getattr(path, key) is not None:
                yield (no_fact(path, key),)
        target = spot.topology.systems[path.target]
        for key in ("refused_when", "accepts_when"):
            if getattr(target, key) is not None:
                yield (Edit("systems", target.id, (key,), {}),)
    for system in dict.fromkeys(cell.system for cell in spot.finding.cells):
        for key in ("refused_when", "accepts_when"):
            if getattr(spot.topology.systems[system], key) is not None:
                yield (Edit("systems", system, (key,), {}),)


def _one_moment(spot: Spot) -> Iterator[Candidate]:
    if spot.control is not None:
        yield (control_fact(spot.control, "aligned_as_of", to=True),)


def _served(spot: Spot) -> Iterator[Candidate]:
    """Which versions are served nobody can make up here; that the path and its target speak one, the map can say."""
    for path in spot.touching:
        for other in spot.graph.paths_into(path.target):
            if other.version is not None and other.version != path.version:
                yield (fact(path, "version", "pins", to=other.version),)


OPERATION_MENU: dict[str, Callable[[Spot], Iterator[Candidate]]] = {
    "poison-item": _bad_item,
    "backlog": _queued_up,
    "silent-truncation": _pages,
    "cutoff-or-time-zone": _zones,
    "unbounded-retry": _retries,
    "kit-not-exploded": _kits,
    "double-reservation": _reserved_twice,
    "attribute-lost": _lost_field,
    "derived-not-recomputed": _kept_result,
    "lifecycle-guard-missing": _refusing,
    "misaligned-cutoff": _one_moment,
    "version-drift": _served,
}
"""Slug → candidates."""
