"""HM106: two systems sell the same last unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Ask, Claim
from handoffmap.finding import Subject
from handoffmap.graph import asks_first
from handoffmap.model import Cell
from handoffmap.phrases import listed
from handoffmap.rules._rule import rule
from handoffmap.rules.split_authority import overlapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.cells import Survey
    from handoffmap.model import Control

POOLED = ("available", "on_hand", "allocated")


@rule(
    "HM106",
    scope="map",
    premise="TD",
    severity="error",
    mend="Let one gate at the order read the authority and block, reserve synchronously, give each channel a quota, or "
    "allow backorders (`allocates`).",
)
def multiple_allocators(survey: Survey) -> Iterator[Claim]:
    """Two systems promise the same stock, and with any latency between them both can sell the last unit."""
    graph = survey.graph
    open_ones = [
        name
        for name in sorted(graph.allocators)
        if graph.systems[name].quota is None
        and not graph.systems[name].backorders
        and not any(asks_first(path, "order_captured") for path in graph.paths_from(name))
    ]
    quantity = next((name for name in POOLED if graph.authorities_of(name)), None)
    rivals = _of_one_pool(survey, open_ones, quantity)
    if len(rivals) < 2:  # noqa: PLR2004
        return
    controls = survey.topology.controls
    if any(_gates_orders(survey, control) for control in (controls or {}).values()):
        return
    pool = graph.authorities_of(quantity)[0] if quantity is not None else Cell(rivals[0], _held(survey, rivals[0]))
    yield Claim(
        "multiple-allocators",
        "TD",
        False,
        "nothing arbitrates between them before an order is accepted",
        None,
        f"{listed(rivals)} each promise the same stock: two orders for the last unit can both be accepted",
        drift=None,
        cell=pool if pool in graph.cells else None,
        subject=Subject(*pool),
        related=tuple((Subject(system=name), "promises stock") for name in rivals),
        direction="over",
        extra_asks=(Ask("file", "", "controls"),) if controls is None else (),
    )


def _of_one_pool(survey: Survey, names: list[str], quantity: str | None) -> list[str]:
    """The allocators whose places and items overlap with another one's."""
    wanted = [Cell(name, quantity or _held(survey, name)) for name in names]
    scoped = [cell for cell in wanted if cell in survey.graph.cells]
    unscoped = [cell.system for cell in wanted if cell not in survey.graph.cells]
    if unscoped:
        return names
    return [cell.system for cell in overlapping(survey, scoped)]


def _held(survey: Survey, system: str) -> str:
    return next(iter(sorted(survey.graph.systems[system].holds)), "available")


def _gates_orders(survey: Survey, control: Control) -> bool:
    """Whether a control stops an order that the authority could not cover."""
    if control.kind != "gate" or control.on_mismatch != "block" or control.at not in {"order", "order_captured"}:
        return False
    if control.reads is None or control.reads not in survey.graph.cells:
        return False
    return survey.graph.cells[control.reads].role == "authoritative"
