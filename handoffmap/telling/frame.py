"""Code frames: the offending lines of a file with carets below what is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.sanitize import display_width, visible

if TYPE_CHECKING:
    from handoffmap.telling.pen import Pen
    from handoffmap.text.source import Location, Source

__all__ = ["code_frame"]

_LINES = 3
"""Lines shown of a longer stretch."""

_WIDTH = 140
"""Characters shown of a line; one file may be one line of megabytes."""

_BEFORE = 60
"""Characters shown before the place in a line that is cut."""


def code_frame(source: Source, place: Location, gutter: int, pen: Pen) -> list[str]:
    """Give the lines of a frame: the line number in `gutter` columns, the text, and carets below it."""
    bar = pen("frame", f"{'':{gutter}} |")
    lines = [bar]
    last = min(place.end_line, place.line + _LINES - 1)
    for number in range(place.line, max(last, place.line) + 1):
        text = source.snippet(number)
        first = place.column - 1 if number == place.line else len(text) - len(text.lstrip())
        end = place.end_column - 1 if number == place.end_line else len(text.rstrip())
        shown, indent, marked = _cut(text, first, max(end, first))
        lines.append(f"{pen('frame', f'{number:>{gutter}} |')} {shown}".rstrip())
        lines.append(f"{bar} {' ' * indent}{pen('error', '^' * max(marked, 1))}")
    if place.end_line > last >= place.line:
        lines.append(f"{pen('frame', '.' * max(gutter, 3))} to line {place.end_line}")
    return lines


def _cut(text: str, first: int, end: int) -> tuple[str, int, int]:
    """The part of a line to show, the columns before the carets, and how many carets."""
    if len(text) <= _WIDTH and text.isascii() and text.isprintable():
        return text, len(text[:first]), len(text[first:end])
    begin = first - _BEFORE if len(text) > _WIDTH and first > _WIDTH - _BEFORE else 0
    stop = begin + _WIDTH
    lead, tail = "… " if begin else "", " …" if len(text) > stop else ""
    before = lead + _spread(text[begin:first])
    marked = _spread(text[first : min(end, stop)])
    after = _spread(text[min(end, stop) : stop])
    return before + marked + after + tail, display_width(before), display_width(marked)


def _spread(text: str) -> str:
    """A stretch of a line with nothing in it that moves the cursor; a tab becomes blanks."""
    return text if text.isprintable() else visible(text.replace("\t", "    "))
