"""Where something about an entry stands, whether its values are its own or shared by equal lines."""

from __future__ import annotations

from itertools import product

import pytest

from handoffmap.text.node import Items, Table
from handoffmap.text.parse import parse
from handoffmap.text.place import locate_entry
from handoffmap.text.source import Source

TEXT = """\
write_paths:
  - id: one
    from: 'erp'
    maps: {on_hand: {to: stock, plus: [x]}, "sold": }
    retry:
      every: 30s  # often
      limits: {a: {b: {c: d}}}
    owner:
  - id: two
    maps: {on_hand: {to: stock, plus: [x]}, "sold": }
    owner:
"""
NAMED = "write_paths:\n  one: {from: erp, maps: {a: b}}\n  two: {}\n"
KEYS = ("id", "from", "maps", "on_hand", "to", "plus", "sold", "retry", "every", "limits", "a", "b", "c", "owner")
WAYS = [(), *product(KEYS), *product(KEYS, KEYS), *product(KEYS, KEYS, KEYS), ("retry", "limits", "a", "b", "c")]


@pytest.mark.parametrize("text", [TEXT, NAMED], ids=["by id", "by name"])
def test_shared_values_stand_where_their_own_would(text: str) -> None:
    source = Source("f", text)
    entries, shared = _entries(source, None), _entries(source, "write_paths")
    assert any(value.start < 0 for node, *_ in shared for value in (node, *node.entries.values()))
    for (node, start, width), (other, *same) in zip(entries, shared, strict=True):
        assert same == [start, width]
        for keys in WAYS:
            assert locate_entry(source, node, start, width, keys) == locate_entry(source, other, start, width, keys)


def _entries(source: Source, shared: str | None) -> list[tuple[Table, int, int]]:
    """Node, start and width of each path, as they are read."""
    root, problems = parse(source, shared)
    assert not problems
    assert isinstance(root, Table)
    section = root.entries["write_paths"]
    if isinstance(section, Items):
        tables = [each for each in section.items if isinstance(each, Table)]
        return [(each, each.entries["id"].start, 3) for each in tables]
    assert isinstance(section, Table)
    return [(each, section.key_start(name), 3) for name, each in section.entries.items() if isinstance(each, Table)]
