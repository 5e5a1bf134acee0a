"""Text → **nodes with places** → model.

YAML is read through PyYAML's stream of events and built here without recursion. What counts as a number or a
date is decided later, by whoever wants one (`handoffmap.text.scalars`). Nothing in here raises on account of what
the file says: each defect becomes a located `Problem`.
"""

from __future__ import annotations

import gc
import re
from array import array
from contextlib import contextmanager
from sys import intern
from typing import TYPE_CHECKING, Any

from yaml import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from handoffmap.text.event import EVENT_ERRORS, events, events_one_by_one, is_beyond_its_depth
from handoffmap.text.lines import read_lines
from handoffmap.text.node import Items, Node, Scalar, Table
from handoffmap.text.problem import Problem
from handoffmap.text.span import key_location, locate, locate_entry, locate_key, place
from handoffmap.text.yaml_error import explain_yaml_error, unencodable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.text.source import Source

__all__ = [
    "MAX_ALIASED",
    "MAX_ALIASED_PER_EVENT",
    "MAX_DEPTH",
    "Items",
    "Node",
    "Scalar",
    "Table",
    "find_outer_scalars",
    "find_topology_key",
    "locate",
    "locate_entry",
    "locate_key",
    "parse",
    "paused_gc",
]

MAX_DEPTH = 100
"""Levels of nesting; a topology needs about eight."""

MAX_ALIASED = 100_000
MAX_ALIASED_PER_EVENT = 10
"""Aliases may stand for so many nodes in all: the first number, and the second for each event so far.

A block of defaults that every path names stays far below; the "billion laughs" are past it at once.
"""

_LONG = 60  # characters of a name from the file that a message shows

# For a key that is a list or a mapping, until its table is closed: half a character, which no file can hold.
_UNREADABLE = "\udfff"

_BAD_KEY = "A key must be a plain word, not a list or a mapping; put it in quotes if it is text"
_TOO_DEEP = f"This is nested more than {MAX_DEPTH} levels deep; a topology never needs that"
_TOO_MANY = "The aliases of this file stand for too many values; write them out instead"
_BAD_MERGE = "`<<` merges mappings: name one by its anchor (`<<: *name`), or a list of such"
_SECOND_DOCUMENT = (
    "A second document starts here; a topology is one document: put it in a file of its own and `include` it"
)

_TOPOLOGY_KEY = re.compile(r"""^(?:handoffmap|"handoffmap"|'handoffmap')[ \t]*:(?=\s|\Z)""", re.MULTILINE)


def parse(source: Source, shared: str | None = None) -> tuple[Node | None, list[Problem]]:
    """Read one file into nodes; give its root, or None, and what is wrong with it in the order of the file.

    The root is None where nothing may be walked: no text, broken syntax, nesting or aliases beyond the
    limits. With other problems (duplicate keys, tags, keys that are no text, aliases of nothing, a second
    document) it is what could be understood. A node that aliases name is shared by all the places that name
    it. Values below the outermost key `shared` may have no place of their own (see `handoffmap.text.node`).
    """
    if source.defects:
        return None, list(source.defects)
    with paused_gc():
        root: Node | None = read_lines(source.text, shared)
        if root is not None:
            return root, []
        builder = _Builder(source)
        try:
            try:
                root = builder.build(events)
            except MarkedYAMLError as error:
                if not is_beyond_its_depth(error):
                    raise
                builder = _Builder(source)  # our own limit is reached long before, and says more
                root = builder.build(events_one_by_one)
        except UnicodeEncodeError as error:
            builder.problems.append(unencodable(source, error.start))
        except EVENT_ERRORS as error:
            builder.problems.append(explain_yaml_error(source, error))
    builder.tell_repeats()
    problems = sorted(builder.problems, key=lambda problem: (problem.location, problem.message))
    if not problems and (root is None or (isinstance(root, Scalar) and root.plain and not root.text)):
        return None, [_nothing(source)]
    return root, problems


def find_topology_key(source: Source) -> bool:
    """Tell whether `handoffmap` is a key of the outermost mapping, cheaply and also in a broken file."""
    if "handoffmap" not in source.text:
        return False
    if _TOPOLOGY_KEY.search(source.text):
        return True
    try:  # JSON style, or a file that is indented as a whole
        return any(key == "handoffmap" for key in _outer_keys(source.text))
    except EVENT_ERRORS:
        return False


@contextmanager
def paused_gc() -> Iterator[None]:
    """Hold the garbage collector while millions of objects are made that stay; then leave it as it was."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            # To the oldest generation with it all: else the next object made sets off a walk through the whole map.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def _outer_keys(text: str) -> Iterator[str]:
    """Give the keys of the outermost mapping as they come, those that are scalars."""
    depth, is_key = 0, True
    for event in events(text):
        kind = event.__class__
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            depth -= 1
            continue
        if kind not in _STARTS:
            continue
        if depth == 0 and kind is not MappingStartEvent:
            return
        if depth == 1:
            if is_key and kind is ScalarEvent:
                yield event.value
            is_key = not is_key
        depth += kind is MappingStartEvent or kind is SequenceStartEvent
        if depth > MAX_DEPTH:
            return


def find_outer_scalars(source: Source, wanted: str) -> tuple[str, ...] | None:
    """The texts of one entry of the outermost mapping, a scalar or a list of such, read no further than to its end.

    None where that cannot be told without reading the whole: it is not there, broken, or an alias.
    """
    found: list[str] = []
    depth, is_key, taken = 0, True, False
    try:
        for event in events(source.text):
            kind = event.__class__
            if kind is AliasEvent and taken:
                return None
            if kind is ScalarEvent and taken and depth <= 2:
                found.append(event.value)
            if kind in _STARTS and depth == 1:
                if taken and kind is not SequenceStartEvent:
                    return tuple(found)
                taken = taken or (is_key and kind is ScalarEvent and event.value == wanted)
                is_key = not is_key
            depth += (kind is MappingStartEvent or kind is SequenceStartEvent) - (
                kind is MappingEndEvent or kind is SequenceEndEvent
            )
            if depth > MAX_DEPTH or (taken and depth == 1 and kind is SequenceEndEvent):
                return tuple(found) if depth == 1 else None
    except EVENT_ERRORS:
        pass
    return None


_STARTS = frozenset({ScalarEvent, AliasEvent, MappingStartEvent, SequenceStartEvent})


def _nothing(source: Source) -> Problem:
    told = "holds nothing but comments" if source.text.strip() else "is empty"
    return Problem("syntax", f"The file {told}; a topology starts with `handoffmap: 1`", source.location(0))


def _short(name: str) -> str:
    return name if len(name) <= _LONG else f"{name[: _LONG - 1]}…"


class _Anchor:
    """A node that aliases may name; `weight` is how many nodes it stands for, None while it is still open."""

    __slots__ = ("node", "opened", "weight")

    def __init__(self, node: Node, opened: int) -> None:
        self.node = node
        self.opened = opened
        self.weight: int | None = None


class _Builder:
    """Turns the events of one file into nodes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Anchor] = {}
        self.repeats: list[tuple[dict[str, Node], list[int], str, int]] = []
        self.stand_ins: set[int] = set()  # offsets of aliases that stand for nothing
        self.aliased = 0  # nodes that aliases have added to those written out

    def build(self, read: Callable[[str], Iterator[Any]]) -> Node | None:  # noqa: C901, PLR0912, PLR0915 - see below
        """Give the root of the first document; raises `EVENT_ERRORS`.

        One long loop over local names on purpose: it runs once per event, millions of times, and a call in it
        costs more than all the rest. What is rare is in the methods below.
        """
        roots: list[Node] = []
        new = object.__new__
        # What is open: `holder`, with its entries and the offsets of their keys if it is a table (None: a
        # list, or nothing). `key` waits for its value. The stack keeps all this of the collections around it.
        stack: list[tuple[Any, ...]] = []
        holder: Any = None
        entries: dict[str, Node] | None = None
        starts: list[int] = []
        append = roots.append
        key: str | None = None
        key_start = 0
        anchor: _Anchor | None = None
        node: Any
        documents = 0
        for count, event in enumerate(read(self.source.text)):
            kind = event.__class__
            if kind is ScalarEvent:
                start = event.start_mark.index
                text = intern(event.value)
                if event.anchor is not None or event.tag is not None:
                    self.decorated(event, Scalar(start, text, not event.style), count)
                if key is None and entries is not None:
                    key = text
                    key_start = start
                    continue
                node = new(Scalar)  # written out: `Scalar(...)` takes twice as long
                node.start = start
                node.text = text
                node.plain = not event.style
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                if entries is not None:
                    if "<<" in entries or _UNREADABLE in entries:
                        self.mend(entries, starts)
                    holder.key_starts = array("q", starts)
                if anchor is not None:
                    anchor.weight = count + self.aliased - anchor.opened
                holder, entries, starts, append, key, key_start, anchor = stack.pop()
                continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                start = event.start_mark.index
                node = Table(start) if kind is MappingStartEvent else Items(start)
                if len(stack) >= MAX_DEPTH:
                    self.report(start, _TOO_DEEP)
                    return None
            elif kind is AliasEvent:
                start = event.start_mark.index
                node = self.resolve(event.anchor, start)
                if self.aliased > MAX_ALIASED + MAX_ALIASED_PER_EVENT * count:
                    self.report(start, _TOO_MANY)
                    return None
                if key is None and entries is not None:
                    key = self.aliased_key(node, start)
                    key_start = start
                    continue
            else:
                documents += kind is DocumentStartEvent
                if documents > 1:
                    self.report(event.start_mark.index, _SECOND_DOCUMENT, 3 if event.explicit else 1)
                    break
                continue

            # A node has been made or found: it goes where it belongs.
            if entries is None:
                append(node)
            elif key is None:
                self.report(start, _BAD_KEY)
                key = _UNREADABLE
                key_start = start
            elif key in entries:
                self.repeats.append((entries, starts, key, key_start))
                key = None
            else:
                entries[key] = node
                starts.append(key_start)
                key = None

            if kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append((holder, entries, starts, append, key, key_start, anchor))
                anchor = None
                if event.anchor is not None or event.tag is not None:
                    anchor = self.decorated(event, node, count)
                holder = node
                key = None
                if kind is MappingStartEvent:
                    entries = node.entries
                    starts = []
                else:
                    entries = None
                    append = node.items.append
        return roots[0] if roots else None

    def report(self, start: int, message: str, width: int = 1) -> None:
        """Note a problem at an offset."""
        self.problems.append(Problem("syntax", message, place(self.source, start, width)))

    def decorated(self, event: Any, node: Node, count: int) -> _Anchor:
        """Remember a node that has an anchor, and refuse a tag."""
        anchor = _Anchor(node, count + self.aliased)
        if event.anchor is not None:
            self.anchors[event.anchor] = anchor
            if isinstance(node, Scalar):
                anchor.weight = 1
        if event.tag is not None:
            tag = _short(str(event.tag).replace("tag:yaml.org,2002:", "!!"))
            hint = "put the value in quotes to keep it a text" if tag == "!!str" else "write the value alone"
            self.report(node.start, f"The tag `{tag}` is not allowed in a topology; {hint}")
        return anchor

    def resolve(self, name: str, start: int) -> Node:
        """Find what an alias stands for; where that cannot be, an empty value stands in for it."""
        anchor = self.anchors.get(name)
        if anchor is not None and anchor.weight is not None:
            self.aliased += anchor.weight
            return anchor.node
        told = _short(name)
        if anchor is None:
            message = f"The alias `*{told}` has no anchor `&{told}` before it in the file"
        else:
            message = f"The alias `*{told}` stands inside the value that it names, which would never end"
        self.report(start, message, len(name) + 1)
        self.stand_ins.add(start)
        return Scalar(start, "", plain=True)

    def aliased_key(self, node: Node, start: int) -> str:
        """Give the text of an alias used as a key."""
        if isinstance(node, Scalar):
            return node.text
        self.report(start, _BAD_KEY)
        return _UNREADABLE

    def tell_repeats(self) -> None:
        """Note every key that stands twice in one mapping; the first one counts.

        Done last, with one index for each mapping, so that a large file that says everything twice takes no
        longer.
        """
        indexes: dict[int, dict[str, int]] = {}
        for entries, starts, key, start in self.repeats:
            if key == _UNREADABLE:
                continue
            if id(starts) not in indexes:
                indexes[id(starts)] = dict(zip(entries, starts, strict=False))
            told, first = _short(key), indexes[id(starts)].get(key)
            here = key_location(self.source, start, key)
            if first is None:  # only `<<` is gone by now
                message = f"The key `{told}` is set twice; merge several mappings with `<<: [*one, *two]`"
                self.problems.append(Problem("duplicate-id", message, here))
                continue
            other = key_location(self.source, first, key)
            message = f"The key `{told}` is already set on line {other.line}; keep one of the two"
            self.problems.append(Problem("duplicate-id", message, here, other=other))

    def mend(self, entries: dict[str, Node], starts: list[int]) -> None:
        """Drop what hangs on an unreadable key and bring in what `<<` names, as a table is closed."""
        if _UNREADABLE in entries:
            del starts[list(entries).index(_UNREADABLE)]
            del entries[_UNREADABLE]
        if "<<" not in entries:
            return
        index = list(entries).index("<<")
        if key_location(self.source, starts[index], "<<") != place(self.source, starts[index], 2):
            return  # in quotes it is a name like any other
        start = starts.pop(index)
        value = entries.pop("<<")
        for base in value.items if isinstance(value, Items) else [value]:
            if isinstance(base, Table):
                for (name, node), key_start in zip(base.entries.items(), base.key_starts, strict=True):
                    if name not in entries:
                        entries[name] = node
                        starts.append(key_start)
            elif base.start not in self.stand_ins:
                self.report(start, _BAD_MERGE, 2)
