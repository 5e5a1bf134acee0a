"""The machine's form of a remedy and of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.remedy.effort import EFFORT_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from handoffmap.model import Cell
    from handoffmap.remedy.edit import Edit
    from handoffmap.remedy.offer import Remedy

__all__ = ["cells_data", "edits_data", "number", "remedy_data"]


def remedy_data(remedy: Remedy) -> dict[str, object]:
    """One remedy as it stands beside its finding."""
    return {
        "id": remedy.id,
        "edits": edits_data(remedy.edits),
        "effort": number(remedy.effort),
        "effort_label": EFFORT_LABEL,
        "clears": list(remedy.clears),
        "mends": cells_data(remedy.mends),
        "asks": remedy.asks,
        "patch": remedy.difference.patch,
    }


def edits_data(edits: Iterable[Edit]) -> list[dict[str, object]]:
    """Changes of facts."""
    return [
        {
            "section": edit.section,
            "entry": edit.entry,
            "fact": ".".join(edit.keys) or None,
            "action": edit.action,
            "value": edit.value,
        }
        for edit in edits
    ]


def cells_data(cells: Iterable[Cell]) -> list[dict[str, str]]:
    """Cells by name."""
    return [{"system": cell.system, "quantity": cell.quantity} for cell in cells]


def number(value: Fraction) -> int | float:
    """A whole number where it is one."""
    return int(value) if value == int(value) else round(float(value), 6)
