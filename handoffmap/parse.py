"""Text → **nodes with places** → model.

YAML is read through PyYAML's stream of events, by its C parser where that is installed, and built here without
recursion: what counts as a number or a date is decided later, by whoever wants one (`handoffmap.scalars`). Nothing in
here raises on account of what the file says; each defect becomes a located `Problem`.
"""

from __future__ import annotations

import gc
import re
from array import array
from contextlib import contextmanager
from sys import intern
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError

from handoffmap.node import Items, Node, Scalar, Table
from handoffmap.problem import Problem
from handoffmap.span import key_location, locate, locate_entry, locate_key, place
from handoffmap.yaml_error import explain_yaml_error, unencodable

try:
    from yaml.cyaml import CParser
except ImportError:  # PyYAML built without libyaml
    CParser = None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.source import Source

__all__ = [
    "MAX_ALIASED",
    "MAX_ALIASED_PER_EVENT",
    "MAX_DEPTH",
    "Items",
    "Node",
    "Scalar",
    "Table",
    "find_topology_key",
    "locate",
    "locate_entry",
    "locate_key",
    "parse",
    "paused_gc",
]

MAX_DEPTH = 100
"""Levels of nesting; a topology needs about eight."""

_LONG = 60  # characters of a name from the file that a message shows

MAX_ALIASED = 100_000
MAX_ALIASED_PER_EVENT = 10
"""Aliases may stand for so many nodes in all: the first number, and the second for each event of the file so far.

A block of defaults that every path names stays far below; the "billion laughs" are past it at once.
"""

_UNREADABLE = "\udfff"  # for a key that is a list or a mapping, until its table is closed; no file can hold this text
_NO_KEY = "A key must be a plain word, not a list or a mapping; put it in quotes if it is text"
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOPOLOGY_KEY = re.compile(r"""^(?:handoffmap|"handoffmap"|'handoffmap')[ \t]*:(?=\s|\Z)""", re.MULTILINE)


class _PureParser(Reader, Scanner, Parser):
    """PyYAML's own parser in Python, without composer and constructor: about ten times slower than the C one."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def get_event(self) -> yaml.Event | None:
        event = super().get_event()
        if isinstance(event, ScalarEvent) and _SURROGATE.search(event.value):
            # The C scanner refuses these escapes by itself; such text could not be written out again.
            raise ScannerError(None, None, "found invalid Unicode character escape code", event.start_mark)
        return event


def parse(source: Source) -> tuple[Node | None, list[Problem]]:
    """Read one file into nodes; give its root, or None, and what is wrong with it in the order of the file.

    The root is None where nothing may be walked: no text, broken syntax, nesting or aliases beyond the limits. With
    other problems (duplicate keys, tags, keys that are no text, unknown aliases, a second document) it is what could
    be understood.
    """
    if source.defects:
        return None, list(source.defects)
    builder = _Builder(source)
    with paused_gc():
        try:
            root = builder.build()
        except UnicodeEncodeError as error:
            root = None
            builder.problems.append(unencodable(source, error.start))
        except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last two: absurd escapes, pure parser only
            root = None
            builder.problems.append(explain_yaml_error(source, error))
    problems = sorted(builder.problems, key=lambda problem: (problem.location, problem.message))
    if not problems and (root is None or (isinstance(root, Scalar) and root.plain and not root.text)):
        problems.append(_nothing(source))
        root = None
    return root, problems


def find_topology_key(source: Source) -> bool:
    """Tell whether the file has `handoffmap` as a key of its outermost mapping, cheaply and also in a broken file."""
    if "handoffmap" not in source.text:
        return False
    if _TOPOLOGY_KEY.search(source.text):
        return True
    try:
        return _has_outer_key(_events(source.text), "handoffmap")  # JSON style, or a file that is indented as a whole
    except (yaml.YAMLError, ValueError, OverflowError):
        return False


@contextmanager
def paused_gc() -> Iterator[None]:
    """Hold the garbage collector while millions of nodes are made, none of them garbage; then leave it as it was."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _events(text: str) -> Iterator[Any]:
    get_event: Callable[[], Any] = (CParser or _PureParser)(text).get_event
    return iter(get_event, None)


def _has_outer_key(events: Iterator[Any], wanted: str) -> bool:
    depth, key_next = 0, False
    for event in events:
        kind = event.__class__
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            depth -= 1
        elif kind is ScalarEvent or kind is AliasEvent or kind is MappingStartEvent or kind is SequenceStartEvent:
            if depth == 0:
                if kind is not MappingStartEvent:
                    return False
                key_next = True
            elif depth == 1:
                if key_next and kind is ScalarEvent and event.value == wanted:
                    return True
                key_next = not key_next
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                depth += 1
                if depth > MAX_DEPTH:
                    return False
    return False


def _nothing(source: Source) -> Problem:
    if not source.text.strip():
        message = "The file is empty; a topology starts with `handoffmap: 1`"
    else:
        message = "The file holds nothing but comments; a topology starts with `handoffmap: 1`"
    return Problem("syntax", message, source.location(0))


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
        self.stand_ins: set[int] = set()  # places of aliases that stand for nothing
        self.aliased = 0  # nodes that aliases have added to those written out

    def build(self) -> Node | None:
        """Give the root of the first document.

        One long loop over local names on purpose: it runs once per event, millions of times, and calls nothing of ours
        but the nodes on its usual way. Raises PyYAML's errors.
        """
        roots: list[Node] = []
        # What is open: `holder`, with the entries it has so far if it is a table (else None) and where their keys
        # start, or the `append` of its list. `key` is the key that waits for its value. The stack keeps those outside.
        stack: list[tuple[Any, ...]] = []
        holder: Any = None
        entries: dict[str, Node] | None = None
        starts: list[int] = []
        append = roots.append
        key: str | None = None
        key_start = 0
        anchor: _Anchor | None = None
        node: Any
        new = object.__new__
        documents = 0
        for count, event in enumerate(_events(self.source.text)):
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
                    self.report(start, f"This is nested more than {MAX_DEPTH} levels deep; a topology never needs that")
                    return None
            elif kind is AliasEvent:
                start = event.start_mark.index
                node = self.resolve(event.anchor, start)
                if self.aliased > MAX_ALIASED + MAX_ALIASED_PER_EVENT * count:
                    self.report(start, "The aliases of this file stand for too many values; write them out instead")
                    return None
                if key is None and entries is not None:
                    key = self.aliased_key(node, start)
                    key_start = start
                    continue
            else:
                if kind is DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        self.second_document(event)
                        break
                continue

            # A node has been made or found: it goes where it belongs.
            if entries is None:
                append(node)
            elif key is None:
                self.report(start, _NO_KEY)
                key = _UNREADABLE
            elif key in entries:
                self.duplicate(entries, starts, key, key_start)
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

    # -- what is rare, and may take its time ---------------------------------------------------------------------------

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
            hint = "put the value in quotes to keep it a text" if tag == "!!str" else "write the value without it"
            self.report(node.start, f"The tag `{tag}` is not allowed in a topology; {hint}")
        return anchor

    def resolve(self, name: str, start: int) -> Node:
        """Find what an alias stands for; where that cannot be, an empty value stands in for it."""
        anchor = self.anchors.get(name)
        if anchor is not None and anchor.weight is not None:
            self.aliased += anchor.weight
            return anchor.node
        if anchor is None:
            message = f"The alias `*{_short(name)}` has no anchor `&{_short(name)}` before it in the file"
        else:
            message = f"The alias `*{_short(name)}` stands inside the value that it names, which would never end"
        self.report(start, message, len(name) + 1)
        self.stand_ins.add(start)
        return Scalar(start, "", plain=True)

    def aliased_key(self, node: Node, start: int) -> str:
        """Give the text of an alias used as a key."""
        if isinstance(node, Scalar):
            return node.text
        self.report(start, _NO_KEY)
        return _UNREADABLE

    def duplicate(self, entries: dict[str, Node], starts: list[int], key: str, start: int) -> None:
        """Note that a key stands twice in one mapping; the first one counts."""
        if key == _UNREADABLE:
            return
        first = key_location(self.source, starts[list(entries).index(key)], key)
        message = f"The key `{_short(key)}` is already set on line {first.line}; keep one of the two"
        if key == "<<":
            message = f"`<<` is already set on line {first.line}; merge several mappings with `<<: [*one, *two]`"
        self.problems.append(
            Problem("duplicate-id", message, key_location(self.source, start, key), other=first)
        )

    def second_document(self, event: Any) -> None:
        """Note that the file goes on after its first document."""
        message = "A second document starts here; a topology is one document: put it in a file of its own and `include` it"
        self.report(event.start_mark.index, message, 3 if event.explicit else 1)

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
                self.report(start, "`<<` merges mappings: name one by its anchor (`<<: *name`), or a list of such", 2)
