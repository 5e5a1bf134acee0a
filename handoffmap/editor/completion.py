"""Words that may be written at a place: keys and words of the vocabulary, names of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.editor.context import context_at
from handoffmap.reading.catalogue import PRODUCTS
from handoffmap.reading.meanings import EVENT_MEANINGS, QUANTITY_MEANINGS, UNKNOWN_MEANS, meanings_of
from handoffmap.reading.shape import TABLES, UNKNOWN
from handoffmap.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.editor.book import Book
    from handoffmap.editor.context import Context

__all__ = ["Offer", "offers_at"]

_NAMES = {
    "from": "system", "to": "system", "via": "system", "part_of": "system", "at": "system", "events": "event",
    "undoes": "event", "fires_for": "path", "atomic_with": "path", "backstop": "path",
}  # fmt: skip
"""Key -> what its value names."""


class Offer(NamedTuple):
    """One word that may be written."""

    word: str
    says: str
    is_key: bool = False


def offers_at(book: Book, line: int, column: int) -> list[Offer]:
    """What may be written at a line and a column, both from 0 and in characters."""
    context = context_at(book.source.text, line, column)
    if context.key is None and context.value.table is None and context.value.scalar is not None and context.way:
        context = context._replace(key=context.way[-1])  # an entry of a list: what its key takes
    found = _keys(context) if context.key is None else _values(context, book)
    return list({offer.word: offer for offer in found}.values())


def _keys(context: Context) -> Iterator[Offer]:
    value = context.value
    if value.table is not None:
        for name, key in TABLES[value.table].keys.items():
            yield Offer(name, key.docs, is_key=True)
    if context.way[-1:] == ("events",):
        yield from (Offer(name, says, is_key=True) for name, says in EVENT_MEANINGS.items())
    if context.way[-1:] in {("holds",), ("maps",)}:
        yield from (Offer(name, says, is_key=True) for name, says in QUANTITY_MEANINGS.items())


def _values(context: Context, book: Book) -> Iterator[Offer]:
    species = _NAMES.get(context.key or "")
    if species is not None:
        yield from (Offer(name, f"a {species} of this map") for name in book.names(species))
        if species == "event":
            yield from (Offer(name, says) for name, says in EVENT_MEANINGS.items())
    if context.key == "rule":
        yield from (Offer(rule.slug, f"{rule.code}: {rule.summary}") for rule in all_rules())
    if context.key == "product":
        yield from (Offer(name, "a product of which documented facts are known") for name in PRODUCTS)
    yield from _words(context)
    scalar = context.value.scalar
    if context.key == "subject":
        for species in ("path", "control", "system", "event"):
            yield from (Offer(name, f"a {species} of this map") for name in book.names(species))
    if context.key == "subject" or (scalar is not None and scalar.name == "cell"):
        yield from (Offer(name, "a cell of this map") for name in book.cells)


def _words(context: Context) -> Iterator[Offer]:
    scalar = context.value.scalar
    if scalar is None:
        return
    told = meanings_of(scalar.words)
    yield from (Offer(word, told.get(word, f"a word of {context.key or 'this list'}")) for word in scalar.words)
    if scalar.name == "flag":
        yield from (Offer(word, "yes or no") for word in ("true", "false"))
    if scalar.name == "quantity":
        yield from (Offer(word, says) for word, says in QUANTITY_MEANINGS.items())
    if not scalar.literal:
        yield Offer(UNKNOWN, UNKNOWN_MEANS)
