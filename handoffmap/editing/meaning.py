"""Whether two texts say the same: equal values under equal keys in any order, and the same comments."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import parse
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.text.node import Node

__all__ = ["same_meaning"]


def same_meaning(one: str, other: str) -> bool:
    """Whether both are YAML of the same values, and hold the same comments."""
    first, problems = parse(Source("one", one))
    second, more = parse(Source("other", other))
    return not problems and not more and _plain(first) == _plain(second) and _comments(one) == _comments(other)


def _plain(node: Node | None) -> object:
    if isinstance(node, Table):
        return {name: _plain(value) for name, value in node.entries.items()}
    if isinstance(node, Items):
        return [_plain(each) for each in node.items]
    return (node.text, node.plain) if isinstance(node, Scalar) else None


def _comments(text: str) -> Counter[str]:
    """What stands behind each `#`: more than the comments, and the same in both where none was lost."""
    return Counter(match.rstrip() for match in re.findall(r"#[^\n]*", text))
