"""Which counts decide something: the cells that orders are promised against or picked from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from handoffmap.model import Cell

if TYPE_CHECKING:
    from handoffmap.model import Topology

__all__ = ["HOLDS_STOCK_BACK", "deciding_cells"]

HOLDS_STOCK_BACK: Final = frozenset(
    {"allocated", "soft_reserved", "safety_stock", "quality_control", "damaged", "backordered"}
)
"""Quantities of which too much hides stock and too little oversells: the other way round than for stock
itself.
"""


def deciding_cells(topology: Topology) -> frozenset[Cell]:
    """Cells that orders are promised against or picked from: authoritative, allocating, or read by a gate."""
    selling = {
        origin.system
        for name in ("order_captured", "pos_sale")
        if (event := topology.events.get(name)) is not None
        for origin in event.origins
    }
    gates = {control.reads for control in (topology.controls or {}).values() if control.reads is not None}
    found = set(gates)
    for system in topology.systems.values():
        allocates = system.allocates or (system.allocates is None and system.id in selling)
        for holding in system.holds.values():
            if allocates or holding.role == "authoritative":
                found.add(Cell(system.id, holding.quantity))
    return frozenset(found)
