"""What is found **upstream** of a cell, looked for from one cell to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoffmap.model import Cell

__all__ = ["FAR", "any_upstream"]

FAR = 40
"""Cells that are gone through from one to the next: nobody feeds a count through more mirrors."""


def any_upstream(
    cells: Iterable[Cell], is_wanted: Callable[[Cell], bool], above: Callable[[Cell], Iterable[Cell]]
) -> bool | None:
    """Whether one of these cells, or of those that they come from, is a wanted one; None: too many to look at all."""
    todo = list(dict.fromkeys(cells))
    seen = set(todo)
    for _ in range(FAR):
        if not todo:
            return False
        here = todo.pop()
        if is_wanted(here):
            return True
        new = [cell for cell in dict.fromkeys(above(here)) if cell not in seen]
        seen.update(new)
        todo.extend(new)
    return None
