"""Where something about an entry stands: from its keys to a `Location`, only when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.node import Scalar, Table
from handoffmap.span import key_span, place, scalar_span

if TYPE_CHECKING:
    from handoffmap.source import Location, Source

__all__ = ["locate_entry"]


def locate_entry(source: Source, node: Table, start: int, width: int, keys: tuple[str, ...]) -> Location:
    """The deepest of `keys` that is there below `node`, else the entry's own name at `start`.

    A key whose value is a single one in the same line is given together with it; else the key alone.
    """
    holder, last = _deepest(node, keys)
    if last is None:
        return _name(source, start, width)
    start, end = key_span(source.text, holder.key_start(last), last)
    value = holder.entries[last]
    if isinstance(value, Scalar) and value.text:
        _, value_end = scalar_span(source.text, value)
        if value_end > end:
            both = source.location(start, value_end)
            if both.line == both.end_line:
                return both
    return source.location(start, end)


def _deepest(node: Table, keys: tuple[str, ...]) -> tuple[Table, str | None]:
    holder, last = node, None
    inner: object = node
    for key in keys:
        if not isinstance(inner, Table) or key not in inner.entries:
            break
        holder, last = inner, key
        inner = inner.entries[key]
    return holder, last


def _name(source: Source, start: int, width: int) -> Location:
    """A name with its quotes, which `width` does not count."""
    quoted = source.text[start : start + 1] in {"'", '"'}
    return place(source, start, width + 2 if quoted else width)
