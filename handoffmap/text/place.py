"""Where something about an entry stands: from its keys to a `Location`, only when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.text.node import Scalar, Table
from handoffmap.text.span import key_span, place, scalar_span

if TYPE_CHECKING:
    from handoffmap.text.source import Location, Source

__all__ = ["locate_entry"]


def locate_entry(source: Source, node: Table, start: int, width: int, keys: tuple[str, ...]) -> Location:
    """The deepest of `keys` that is there below `node`, else the entry's own name at `start`.

    A key whose value is a single one in the same line is given together with it; else the key alone.
    """
    holder, last, base = _deepest(node, keys, start)
    if last is None:
        return _name(source, start, width)
    at = base + holder.key_start(last)
    begin, end = key_span(source.text, at, last)
    value = holder.entries[last]
    if isinstance(value, Scalar) and value.text:
        from_key = at + ~value.start if value.start < 0 else base + value.start
        _, value_end = scalar_span(source.text, Scalar(from_key, value.text, value.plain))
        if value_end > end:
            both = source.location(begin, value_end)
            if both.line == both.end_line:
                return both
    return source.location(begin, end)


def _deepest(node: Table, keys: tuple[str, ...], start: int) -> tuple[Table, str | None, int]:
    """The last table on the way, the last key, and what the table's offsets are counted from.

    That is the start of the file, or the key before which a value begins that equal lines share.
    """
    holder, last = node, None
    base = outer = start if node.start < 0 else 0
    inner: object = node
    for key in keys:
        if not isinstance(inner, Table) or key not in inner.entries:
            break
        holder, last, base = inner, key, outer
        inner = inner.entries[key]
        if inner.start < 0:
            outer = base + holder.key_start(key)
    return holder, last, base


def _name(source: Source, start: int, width: int) -> Location:
    """A name with its quotes, which `width` does not count."""
    quoted = source.text[start : start + 1] in {"'", '"'}
    return place(source, start, width + 2 if quoted else width)
