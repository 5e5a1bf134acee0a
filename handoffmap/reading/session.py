"""One file while it is being interpreted: what is wrong with it so far, and how that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.reading.shape import FORMAT_VERSION, UNKNOWN, Value
from handoffmap.text.node import Items, Scalar
from handoffmap.text.problem import Problem
from handoffmap.text.scalars import is_empty, is_null
from handoffmap.text.scalars import kind as yaml_kind
from handoffmap.text.suggest import Suggester

if TYPE_CHECKING:
    from handoffmap.reading.shape import Kind
    from handoffmap.text.node import Node, Table
    from handoffmap.text.source import Location, Source

__all__ = [
    "Entry",
    "Reading",
    "empty",
    "explicit_null",
    "says_nothing",
    "says_unknown",
    "sentence",
    "shorten",
    "told_node",
]


_SHOWN = 60  # characters of the file's own text that a message repeats


class Entry(NamedTuple):
    """A named entry of the file: a system, an event, a path, and where its name stands."""

    id: str
    node: Table
    start: int
    width: int
    called: str
    """What to call it in a sentence: `Write path x`."""


class Reading:
    """One file while it is being interpreted: where it comes from and what has been found wrong so far."""

    __slots__ = ("doubtful", "lost", "problems", "seen", "source", "suggest")

    def __init__(self, source: Source, suggest: Suggester | None = None) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.lost: set[str] = set()
        """Ids of entries that are there and cannot be used."""
        self.doubtful: set[str] = set()
        """Systems in which something is wrong, so that what they hold is not judged by."""
        self.suggest = Suggester() if suggest is None else suggest
        self.seen: dict[tuple[object, int], Any] = {}
        """What a reader has made of a value that equal lines share, by the reader and the value's `id`."""

    def report(
        self,
        slug: str,
        message: str,
        location: Location,
        *,
        written: str | None = None,
        allowed: tuple[str, ...] = (),
        other: Location | None = None,
    ) -> None:
        """Note a problem; `written` is held against `allowed` for a suggestion."""
        suggestion = None if written is None or not allowed else self.suggest(written, allowed)
        self.problems.append(Problem(slug, message, location, allowed, suggestion, other))

    def at(self, node: Node) -> Location:
        """Where a value stands."""
        from handoffmap.text.span import locate

        return locate(self.source, node)

    def at_key(self, table: Table, key: str) -> Location:
        """Where a key stands."""
        from handoffmap.text.span import locate_key

        return locate_key(self.source, table, key)

    def at_start(self, start: int, width: int = 1) -> Location:
        """A stretch of one line from a packed place."""
        from handoffmap.text.span import place

        return place(self.source, start, width)

    def wrong_form(self, node: Node, label: str, value: Value) -> None:
        """Note that YAML's form is wrong: a list where a mapping is wanted, and the like."""
        message = sentence(f"{label} must be {told_value(value)}, not {told_node(node)}")
        self.report("wrong-type", message, self.at(node))

    def wrong_scalar(self, node: Scalar, label: str, kind: Kind, value: Value) -> None:
        """Note that a single value is not of its kind, or not one of its words."""
        shown = shorten(node.text)
        allowed = ("true", "false") if kind.name == "flag" else kind.words
        if kind.words == (FORMAT_VERSION,):
            slug, message = (
                "unknown-word",
                f"This tool reads format version `{FORMAT_VERSION}`, not `{shown}`",
            )
        elif kind.name == "word" and yaml_kind(node) == "str":
            slug, message = "unknown-word", f"`{shown}` is not a word of {label}"
            if len(kind.words) == 1:
                message = f"{label} must be {told_value(value)}, not `{shown}`"
        else:
            slug, message = "wrong-type", f"{label} must be {told_value(value)}, not `{shown}`"
        self.report(slug, sentence(message), self.at(node), written=node.text, allowed=allowed)


_TOLD = {
    "flag": "true or false",
    "text": "text",
    "id": "a name of letters, digits, _ and -",
    "name": "a name",
    "quantity": "a quantity",
    "cell": "a cell such as wms.on_hand",
    "number": "a number that is not negative",
    "count": "a whole number that is not negative",
    "duration": "a duration such as 30s, 15m or 24h",
    "factor": 'a number, or a fraction such as "1/12"',
    "formula": "quantities joined by + and -",
    "date": "a date such as 2026-04-01",
    "day": "a day such as 2026-04-01",
    "effect": "a whole number such as 1 or -1",
}


def shorten(text: str) -> str:
    """The file's own text, in one line and not too long."""
    line = " ".join(text.split()) if "\n" in text else text
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def told_value(value: Value) -> str:
    """What a value has to be, as part of a sentence."""
    forms: list[str] = []
    if value.scalar is not None:
        words = [f"`{word}`" for word in value.scalar.words]
        if value.scalar.name != "word":
            forms = [_TOLD[value.scalar.name], *words]
        else:
            forms = words if len(words) == 1 else ["one of its words"]
    if value.items is not None and value.items != Value():
        forms.append("a list")
    if value.table is not None or value.entries is not None:
        forms.append("a mapping")
    return forms[0] if len(forms) == 1 else f"{', '.join(forms[:-1])} or {forms[-1]}"


def sentence(message: str) -> str:
    """A message with a capital letter."""
    return message[:1].upper() + message[1:]


def told_node(node: Node) -> str:
    """What stands there instead."""
    if isinstance(node, Scalar):
        return f"`{shorten(node.text)}`" if node.text else "empty"
    return "a list" if isinstance(node, Items) else "a mapping"


def empty(node: Node) -> bool:
    """Whether there is nothing behind the key."""
    return isinstance(node, Scalar) and is_empty(node)


def explicit_null(node: Node) -> bool:
    """Whether `null` or `~` is written."""
    return isinstance(node, Scalar) and is_null(node)


def says_nothing(node: Node) -> bool:
    """Whether a scalar is empty, or null where null says no more than that."""
    return isinstance(node, Scalar) and (is_empty(node) or is_null(node))


def says_unknown(node: Node) -> bool:
    """Whether what follows a key says that nobody knows."""
    return isinstance(node, Scalar) and (node.text == UNKNOWN or empty(node) or explicit_null(node))
