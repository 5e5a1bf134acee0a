"""A run as a table: each step with what every cell shows after it, and what it ought to show where that differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.telling.sanitize import visible

if TYPE_CHECKING:
    from fractions import Fraction

    from handoffmap.diagnosis import Witness

__all__ = ["Told", "number", "text_table", "told_run"]

_WIDEST = 28
"""Columns of a cell's name in the terminal."""


class Told(NamedTuple):
    """A run ready for a table: a heading, and rows of (what happened, [(shown, right or None)])."""

    cells: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str | None], ...]], ...]
    sentence: str


def told_run(witness: Witness) -> Told:
    """The run's own cell first, then those that change or are wrong at some time; the others say nothing."""
    run = witness.run
    own = str(witness.cell)
    start = dict(run.start)
    telling = {own: None}
    for step in run.steps:
        ought = dict(step.expected)
        for name, value in step.values:
            if value != start.get(name) or value != ought.get(name, value):
                telling[name] = None
    cells = tuple(name for name in (own, *sorted(set(start) - {own})) if name in telling)
    rows: list[tuple[str, tuple[tuple[str, str | None], ...]]] = [
        ("start", tuple((number(start[name]), None) for name in cells))
    ]
    for step in run.steps:
        values, ought = dict(step.values), dict(step.expected)
        shown = []
        for name in cells:
            right = ought.get(name)
            wrong = right is not None and values[name] != right
            shown.append((number(values[name]), number(right) if wrong and right is not None else None))
        rows.append((step.text, tuple(shown)))
    return Told(cells, tuple(rows), run.sentence)


def number(value: Fraction | str) -> str:
    """A whole number as it is; a part of one as a fraction, exact; the word of a flag as it is."""
    return str(value)


def text_table(witness: Witness) -> list[str]:
    """The run as lines for a terminal; in brackets what a cell ought to show."""
    told = told_run(witness)
    names = [visible(name)[:_WIDEST] for name in told.cells]
    steps = [visible(what) for what, _ in told.rows]
    shown = [[value if right is None else f"{value} ({right})" for value, right in row] for _, row in told.rows]
    widths = [max(len(names[at]), *(len(row[at]) for row in shown)) for at in range(len(names))]
    left = max(map(len, steps))
    lines = [" " * left + "".join(f"  {name:>{width}}" for name, width in zip(names, widths, strict=True))]
    for step, row in zip(steps, shown, strict=True):
        lines.append(
            f"{step:{left}}" + "".join(f"  {value:>{width}}" for value, width in zip(row, widths, strict=True))
        )
    lines.append(visible(told.sentence))
    return lines
