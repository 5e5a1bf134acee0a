"""One declared fact, changed: where it stands in the map, what is done to it, and the same done to bare data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from handoffmap.remedy.data import NOTHING, Word, flow_text, to_data

if TYPE_CHECKING:
    from handoffmap.remedy.data import Data, Value

__all__ = ["Edit", "NoSuchEntry", "Section", "applied"]

Section = Literal["systems", "events", "write_paths", "controls"]
Action = Literal["set", "add", "drop", "remove", "new"]

_LONG_FORM = {
    "holds": "role", "maps": "to", "fields": "to", "schedule": "every", "poll": "every", "item_key": "field",
    "lane": "name", "version": "pins", "batch": "size",
}  # fmt: skip
"""Key → the fact that its short form states; of `holds`, `maps` and `fields` that of each entry."""

_BY_NAME = frozenset({"holds", "maps", "fields"})
_SAYS_NOTHING = frozenset({"", "none", "unknown", "null", "~"})


class NoSuchEntry(LookupError):  # noqa: N818 - told as a reason, never shown as an error
    """The file does not hold what is to be changed."""


class Edit(NamedTuple):
    """What is done to one fact of one entry.

    `set` writes a value, `remove` takes the key out, `add` and `drop` put a word into a list or take it out, `new`
    makes the entry, whose facts are then the value.
    """

    section: Section
    entry: str
    keys: tuple[str, ...]
    value: Value = None
    action: Action = "set"

    def __hash__(self) -> int:  # values may be lists and tables
        return hash(repr(self))

    def __str__(self) -> str:
        where = ".".join((self.entry, *self.keys))
        value = flow_text(to_data(self.value))
        if self.action == "new":
            return f"new {'control' if self.section == 'controls' else 'write path'} {self.entry}: {value}"
        if self.action == "set":
            return f"{where}: {value}"
        return f"{where}: {self.action} {value}" if self.action != "remove" else f"{where}: take it out"


def applied(root: Data, edit: Edit) -> Data:
    """The data of a file with one fact changed; raises `NoSuchEntry` where the file does not hold the entry."""
    if not isinstance(root, dict):
        raise NoSuchEntry(edit.entry)
    section = root.get(edit.section, NOTHING)
    if edit.action == "new":
        return {**root, edit.section: _with_new(section, edit)}
    if isinstance(section, dict) and edit.entry in section:
        changed: Data = {**section, edit.entry: _changed(section[edit.entry], edit.keys, edit, ())}
    elif isinstance(section, list):
        places = [place for place, entry in enumerate(section) if _id_of(entry) == edit.entry]
        if not places:
            raise NoSuchEntry(edit.entry)
        changed = list(section)
        changed[places[0]] = _changed(section[places[0]], edit.keys, edit, ())
    else:
        raise NoSuchEntry(edit.entry)
    return {**root, edit.section: changed}


def _id_of(entry: Data) -> str | None:
    name = entry.get("id") if isinstance(entry, dict) else None
    return name.text if isinstance(name, Word) else None


def _with_new(section: Data, edit: Edit) -> Data:
    facts = to_data(edit.value)
    assert isinstance(facts, dict)  # noqa: S101 - for the type checker
    if isinstance(section, dict) and section:
        return {**section, edit.entry: facts}
    entry: dict[str, Data] = {"id": to_data(edit.entry), **facts}
    return [*section, entry] if isinstance(section, list) else [entry]


def _changed(data: Data, keys: tuple[str, ...], edit: Edit, way: tuple[str, ...]) -> Data:
    if not keys:
        return _result(data, edit)
    table = _as_table(data, way)
    key, rest = keys[0], keys[1:]
    if not rest and edit.action == "remove":
        return {name: value for name, value in table.items() if name != key}
    return {**table, key: _changed(table.get(key, NOTHING), rest, edit, (*way, key))}


def _result(data: Data, edit: Edit) -> Data:
    value = to_data(edit.value)
    if edit.action == "set":
        return value
    items = data if isinstance(data, list) else [] if _says_nothing(data) else [data]
    if edit.action == "drop":
        return [item for item in items if not _is(item, value)]
    return list(items) if any(_is(item, value) for item in items) else [*items, value]


def _is(one: Data, other: Data) -> bool:
    return isinstance(one, Word) and isinstance(other, Word) and one.text == other.text


def _as_table(data: Data, way: tuple[str, ...]) -> dict[str, Data]:
    """The long form of what is there."""
    if isinstance(data, dict):
        return data
    if isinstance(data, list):
        return {item.text: {} for item in data if isinstance(item, Word)}
    if _says_nothing(data):
        return {}
    if way[-1:] == ("at",) and isinstance(data, Word):
        return {data.text: {}}
    holder = way[-2] if len(way) > 1 and way[-2] in _BY_NAME else way[-1] if way else ""
    if holder not in _LONG_FORM:
        raise NoSuchEntry(".".join(way))
    return {_LONG_FORM[holder]: data}


def _says_nothing(data: Data) -> bool:
    return isinstance(data, Word) and data.plain and data.text in _SAYS_NOTHING
