"""The coverage matrix as SVG: business events down, counts across, how each event reaches each count.

Drawn without a layout engine. Shape tells as much as colour does, hovering tells it in words, and a map
that is too wide for the page is cut with trouble first and with what is left out said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from handoffmap.telling.anchor import anchor, shown
from handoffmap.telling.duration import say_duration
from handoffmap.telling.wording import ARRIVALS, count
from handoffmap.vocabulary import BUILT_IN_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from handoffmap.finding import Coverage
    from handoffmap.model import Cell
    from handoffmap.telling.scene import Scene

__all__ = ["SYMBOLS", "Matrix", "draw_matrix"]

ACROSS: Final = 36
"""Counts beside each other on one panel: what a printed page takes."""
DOWN: Final = 40
"""Events below each other on one panel."""
PANELS: Final = 4
"""Panels of one report; what they do not hold is left to the list below them."""

_STEP, _LEFT, _MARGIN = 22, 168, 8
_LONGEST = 24
_TROUBLE = frozenset({"never", "dropped", "repeated"})

SYMBOLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "once": '<circle r="4.2" class="good" fill="#2c6e49"/>',
        "state": '<rect x="-4" y="-4" width="8" height="8" class="good" fill="#2c6e49"/>',
        "repeated": (
            '<circle cx="-3.4" r="4" class="bad" fill="#b3261e"/>'
            '<circle cx="3.4" r="4" class="bad open" fill="none" stroke="#b3261e" stroke-width="1.8"/>'
        ),
        "dropped": '<path d="M-5.5-4.5H5.5L0 5.5Z" class="bad" fill="#b3261e"/>',
        "never": (
            '<path d="M-4.5-4.5 4.5 4.5M4.5-4.5-4.5 4.5" class="bad open" stroke="#b3261e" '
            'stroke-width="2.4"/>'
        ),
        "unknown": (
            '<text y="4.5" text-anchor="middle" font-size="13" font-weight="700" class="open-question" '
            'fill="#4d5b8c">?</text>'
        ),
    }
)  # fmt: skip
"""How an event arrives -> its sign, drawn around the origin."""
_ORIGIN = '<circle r="8.2" class="origin" fill="none" stroke="#48505a" stroke-width="1.1"/>'


class Matrix(NamedTuple):
    """The matrix in as many panels as it takes, and what none of them holds."""

    panels: tuple[str, ...]
    """SVG, each a picture of its own."""
    note: str


def draw_matrix(scene: Scene) -> Matrix:
    """The coverage of a map; no panel if no event of it moves a count."""
    entries = {(entry.event, entry.cell): entry for entry in scene.coverage}
    cells = sorted({entry.cell for entry in scene.coverage})
    drawn = _telling(scene, cells)
    events = _rows(entry.event for entry in scene.coverage)
    panels, told = [], set()
    for number, start in enumerate(range(0, len(drawn), ACROSS), 1):
        columns = drawn[start : start + ACROSS]
        rows = [event for event in events if any((event, cell) in entries for cell in columns)][:DOWN]
        told.update(rows)
        panels.append(_panel(columns, rows, entries, number))
    left = [
        count(number, thing)
        for number, thing in ((len(cells) - len(drawn), "count"), (len(events) - len(told), "event"))
        if number
    ]
    note = f"{' and '.join(left)} more are left out of the picture, those without trouble first." if left else ""
    return Matrix(tuple(panels), note)


def _rows(events: Iterable[str]) -> list[str]:
    """Events in the order of the vocabulary, the file's own behind."""
    known = {name: place for place, name in enumerate(BUILT_IN_EVENTS)}
    return sorted(set(events), key=lambda name: (known.get(name, len(known)), name))


def _telling(scene: Scene, cells: Sequence[Cell]) -> list[Cell]:
    """The counts that are drawn, those of one system beside each other."""
    if len(cells) <= ACROSS * PANELS:
        return list(cells)
    trouble = Counter(entry.cell.system for entry in scene.coverage if entry.arrival in _TROUBLE)
    by_system: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_system[cell.system].append(cell)
    kept: list[Cell] = []
    for system in sorted(by_system, key=lambda name: (-trouble[name], name)):
        if len(kept) + len(by_system[system]) <= ACROSS * PANELS:
            kept += by_system[system]
    return kept


def _panel(
    cells: Sequence[Cell], events: Sequence[str], entries: Mapping[tuple[str, Cell], Coverage], number: int
) -> str:
    head = _head(cells)
    width = _LEFT + _STEP * len(cells) + 96
    height = head + _STEP * len(events) + _MARGIN
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="matrix" viewBox="0 0 {width} {height}" '
            f'role="img" aria-label="Coverage matrix, part {number}" style="--wide:{width}px" '
            'font-family="Arial, Helvetica, sans-serif" font-size="11">'
        ),
        *_grid(cells, len(events), head),
        *_heads(cells, head),
    ]
    for row, event in enumerate(events):
        y = head + _STEP * row + _STEP // 2
        label = escape(shown(event, _LONGEST))
        parts.append(
            f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end" class="row" fill="#1b1f24">'
            f"<title>{escape(shown(event))}</title>{label}</text>"
        )
        for column, cell in enumerate(cells):
            entry = entries.get((event, cell))
            if entry is not None:
                parts.append(_sign(entry, _LEFT + _STEP * column + _STEP // 2, y))
    return "".join([*parts, "</svg>"])


def _grid(cells: Sequence[Cell], rows: int, head: int) -> Iterable[str]:
    right, bottom = _LEFT + _STEP * len(cells), head + _STEP * rows
    for row in range(rows + 1):
        y = head + _STEP * row
        yield f'<path d="M{_LEFT} {y}H{right}" class="rule" stroke="#e2e5e8"/>'
    for column in range(len(cells) + 1):
        x = _LEFT + _STEP * column
        new = column in {0, len(cells)} or cells[column].system != cells[column - 1].system
        looks = 'class="rule strong" stroke="#9aa1a9"' if new else 'class="rule" stroke="#e2e5e8"'
        yield f'<path d="M{x} {head - (10 if new else 0)}V{bottom}" {looks}/>'


def _head(cells: Sequence[Cell]) -> int:
    """Height of the slanted headings: that of the longest, a system's name before its first quantity."""
    names = (min(_LONGEST, len(cell.system)) + min(_LONGEST, len(cell.quantity)) for cell in cells)
    return 24 + 5 * max(names, default=0)


def _heads(cells: Sequence[Cell], head: int) -> Iterable[str]:
    for column, cell in enumerate(cells):
        x, y = _LEFT + _STEP * column + _STEP // 2 + 4, head - 8
        name = escape(shown(str(cell)))
        first = not column or cells[column - 1].system != cell.system
        label = escape(shown(cell.system, _LONGEST))
        system = f'<tspan font-weight="700">{label}</tspan> ' if first else ""
        yield (
            f'<a href="#{anchor("cell", *cell)}"><text transform="translate({x} {y}) rotate(-52)" '
            f'class="column" fill="#1b1f24"><title>{name}</title>{system}'
            f"{escape(shown(cell.quantity, _LONGEST))}</text></a>"
        )


def _sign(entry: Coverage, x: int, y: int) -> str:
    said = f"{shown(entry.event)} → {shown(str(entry.cell))}: {ARRIVALS[entry.arrival]}"
    if entry.path is not None:
        said += f" ({'at' if entry.arrival in _TROUBLE else 'by'} {shown(entry.path)})"
    if entry.late is not None and not entry.origin:
        said += f", after {say_duration(entry.late)} at the latest"
    if entry.origin:
        said += "; it happens here"
    if entry.detail:
        said += f". {shown(entry.detail)}"
    sign = f"{_ORIGIN if entry.origin else ''}{SYMBOLS[entry.arrival]}"
    body = (
        f'<g transform="translate({x} {y})"><title>{escape(said)}</title>'
        f'<rect x="-10" y="-10" width="20" height="20" fill="transparent"/>{sign}</g>'
    )
    return body if entry.path is None else f'<a href="#{anchor("path", entry.path)}">{body}</a>'
