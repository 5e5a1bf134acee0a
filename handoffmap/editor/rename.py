"""A name changed everywhere in a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.reading.scalar_readers import ID_LETTERS, is_id

if TYPE_CHECKING:
    from handoffmap.editor.book import Book
    from handoffmap.editor.occurrence import Occurrence
    from handoffmap.text.source import Source

__all__ = ["NotANewName", "renamed"]


class NotANewName(Exception):  # noqa: N818 - told as a reason
    """Why a name cannot be changed to another one."""


def renamed(book: Book, line: int, column: int, new: str) -> list[tuple[Source, Occurrence]]:
    """Every place at which a new name has to stand, over all files of the map.

    Raises `NotANewName` where there is no name, where it is not the map's to change, or where the new one is taken.
    """
    name = book.name_at(line, column)
    if name is None:
        raise NotANewName("here is no name of a system, event, path or control")
    if not is_id(new):
        raise NotANewName(f"`{new}` cannot be a name: {ID_LETTERS}")
    if new in book.names(name.species) and new != name.name:
        raise NotANewName(f"`{new}` is the name of another {name.species}")
    if name.species == "event" and _is_built_in(name.name):
        raise NotANewName(f"`{name.name}` is a built-in event, and its name says what it moves")
    return book.alike(name)


def _is_built_in(event: str) -> bool:
    from handoffmap.vocabulary import BUILT_IN_EVENTS

    return event in BUILT_IN_EVENTS
