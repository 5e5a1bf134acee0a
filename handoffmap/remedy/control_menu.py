"""Safe changes for controls that lack, come too late or cannot help, and for stock that is promised twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.remedy.edit import Edit
from handoffmap.remedy.spot import control_fact, fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.model import Cell
    from handoffmap.remedy.data import Value
    from handoffmap.remedy.spot import Candidate, Spot

__all__ = ["CONTROL_MENU"]

_POOLED = ("available", "on_hand", "allocated")


def _compared(spot: Spot) -> Iterator[Candidate]:
    cell = spot.cell
    if cell is None:
        return
    places = spot.graph.cells[cell].locations
    for record in spot.graph.authorities_of(cell.quantity):
        theirs = spot.graph.cells[record].locations
        if isinstance(places, tuple) and isinstance(theirs, tuple) and not set(places) & set(theirs):
            continue  # the record of other places
        name = spot.free_name(f"nightly-{cell.system}-{cell.quantity.replace('_', '-')}")
        facts: dict[str, Value] = {
            "kind": "reconciliation",
            "compare": {"authority": str(record), "mirror": str(cell)},
            "every": "24h",
            "scope": "full",
            "measure": "cells",
            "on_mismatch": "alert",
            "last_success_monitored": True,
        }
        yield (Edit("controls", name, (), facts, "new"),)


def _gate(spot: Spot, at: str, record: Cell) -> Candidate:
    facts: dict[str, Value] = {"kind": "gate", "at": at, "reads": str(record), "on_mismatch": "block"}
    return (Edit("controls", spot.free_name(f"{at}-gate"), (), facts, "new"),)


def _at_the_pick(spot: Spot) -> Iterator[Candidate]:
    for quantity in _POOLED:
        for record in spot.graph.authorities_of(quantity):
            yield _gate(spot, "fulfilment", record)


def _at_the_order(spot: Spot) -> Iterator[Candidate]:
    for quantity in _POOLED:
        for record in spot.graph.authorities_of(quantity):
            yield _gate(spot, "order", record)
    for control in (spot.topology.controls or {}).values():
        if control.kind == "gate":
            yield (control_fact(control, "at", to="order"), control_fact(control, "on_mismatch", to="block"))
    names = dict.fromkeys(
        name for related in spot.finding.related if (name := related.subject.system) in spot.topology.systems
    )
    if names:
        yield tuple(Edit("systems", name, ("allocates", "backorders"), value=True) for name in names if name)


def _reading(spot: Spot) -> Iterator[Candidate]:
    if spot.control is None:
        return
    for quantity in dict.fromkeys((*(() if spot.control.reads is None else (spot.control.reads.quantity,)), *_POOLED)):
        for record in spot.graph.authorities_of(quantity):
            yield (control_fact(spot.control, "reads", to=str(record)),)


def _wrong_way(spot: Spot) -> Iterator[Candidate]:
    control = spot.control
    if control is None:
        return
    yield (Edit("controls", control.id, ("corrects",), None, "remove"),)
    yield (control_fact(control, "on_mismatch", to="alert"),)
    if control.authority is not None and control.mirror is not None:
        turned: dict[str, Value] = {"authority": str(control.mirror), "mirror": str(control.authority)}
        yield (control_fact(control, "compare", to=turned),)
    yield (
        Edit("controls", control.id, ("corrects",), None, "remove"),
        control_fact(control, "on_mismatch", to="alert"),
    )


def _dependable(spot: Spot) -> Iterator[Candidate]:
    control = spot.control
    if control is None:
        return
    facts: dict[str, Value] = {
        "scope": "full",
        "measure": "cells",
        "every": "24h",
        "on_mismatch": "alert",
        "last_success_monitored": True,
        "survives_restart": True,
    }
    for key, value in facts.items():
        yield (control_fact(control, key, to=value),)
    yield (control_fact(control, "on_mismatch", to="alert"), control_fact(control, "last_success_monitored", to=True))
    yield (control_fact(control, "settle", to="24h"),)
    yield tuple(control_fact(control, key, to=value) for key, value in facts.items() if key != "every")
    yield tuple(control_fact(control, key, to=value) for key, value in facts.items())
    record = spot.authority_of(control.mirror.quantity) if control.mirror is not None else None
    if record is not None:
        yield (control_fact(control, "compare", "authority", to=str(record)),)


_INTERVALS = ("12h", "4h", "1h", "30m", "15m", "5m", "1m")


def _sooner(spot: Spot) -> Iterator[Candidate]:
    cell = spot.cell
    if cell is None:
        return
    names = {write.path.id: write.path for write in spot.graph.writers_of(cell)}
    named = [path for name, path in sorted(names.items()) if spot.finding.message.startswith(f"{name} ")]
    for path in (*spot.paths, *(named or names.values())):
        if path.schedule is not None or path.poll is not None:
            key = "schedule" if path.schedule is not None else "poll"
            for every in _INTERVALS:
                yield (fact(path, key, "every", to=every),)
            for every in ("30m", "5m"):
                sooner = (fact(path, key, "every", to=every), fact(path, "latency", to="5m"))
                yield sooner
                yield (*sooner, Edit("systems", cell.system, ("holds", cell.quantity, "tolerates"), "1h"))
        else:
            yield (fact(path, "latency", to="5m"),)
            yield (fact(path, "trigger", to="queue"), fact(path, "latency", to="5m"))


CONTROL_MENU: dict[str, Callable[[Spot], Iterator[Candidate]]] = {
    "no-reconciliation": _compared,
    "no-fulfilment-gate": _at_the_pick,
    "multiple-allocators": _at_the_order,
    "stale-gate-read": _reading,
    "reconciles-wrong-way": _wrong_way,
    "ineffective-control": _dependable,
    "stale-batch": _sooner,
}
"""Slug → candidates."""
