"""A partial map laid over another one: what a new channel or a new 3PL would add to the map, and change in it.

An overlay has the sections of a topology file. An entry whose id is not in the map yet is a new one. An entry whose id
is there adds facts to it: those that are not stated yet, names to `events` and `at`, quantities to `holds` and `maps`.
A fact that is stated in two ways is a clash, unless the overlay's entry (or the overlay as a whole) says
`replace: true`. `remove: true` takes an entry out of the map, and `remove: [dedupe, holds.allocated]` takes out facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.reading.restated import Restating, made
from handoffmap.reading.session import empty, explicit_null, shorten, told_node
from handoffmap.reading.shape import Value
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.problem import Problem
from handoffmap.text.scalars import boolean
from handoffmap.text.span import locate, locate_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.text.node import Node
    from handoffmap.text.source import Location
    from handoffmap.text.stack import Stack
    from handoffmap.text.suggest import Suggester

__all__ = ["lay_over"]

_SECTIONS = {
    "systems": ("system", "system"),
    "events": ("event", "event"),
    "write_paths": ("path", "write path"),
    "controls": ("control", "control"),
    "quantities": ("quantity", "quantity"),
}
"""Section -> its kind of table, and how to call an entry of it."""

_OWN_WORDS = ("replace", "remove")


def lay_over(roots: list[Table], over: Table, source: Stack, suggest: Suggester) -> tuple[list[Table], list[Problem]]:
    """Lay one overlay over the files of a map; `source` holds the text of all of them.

    Gives the files' roots, with the facts that the overlay states of their entries, followed by what is left of the
    overlay: the entries that are new. Nothing that is handed in is changed.
    """
    laying = _Laying(roots, source, suggest)
    left = laying.lay(over)
    return [*laying.roots, left], laying.problems


class _There(NamedTuple):
    """Where an entry of the map is: the section that holds it, and its key or number there."""

    section: Table | Items
    at: str | int
    node: Node


class _Laying:
    """One overlay on its way over the files of a map."""

    def __init__(self, roots: list[Table], source: Stack, suggest: Suggester) -> None:
        self.source = source
        self.suggest = suggest
        self.problems: list[Problem] = []
        self.restating = Restating(source, self.problems)
        self.roots = [_with_own_sections(root) for root in roots]
        self.replaces_all = False

    def lay(self, over: Table) -> Table:
        """Lay the sections and the facts of the map itself; give what is left."""
        entries, starts = dict(over.entries), dict(over.keys)
        if "include" in entries:
            message = "An overlay includes nothing; name each file by a `--with` of its own"
            self.report("unknown-key", message, locate_key(self.source, over, "include"))
            del entries["include"]
        self.replaces_all = self._flag(over, "replace")
        entries.pop("replace", None)
        for section in _SECTIONS:
            if section in entries:
                entries[section] = self._section(section, entries[section])
        for key in ("complete", "volume"):
            if key in entries:
                self._fact_of_the_map(key, made(over.start, {key: entries.pop(key)}, starts))
        return made(over.start, entries, starts)

    def _fact_of_the_map(self, key: str, over: Table) -> None:
        """What is said of the map as a whole goes to the file that says it already, or to the first one."""
        number = next((number for number, root in enumerate(self.roots) if key in root.entries), 0)
        told = ("", "the map")
        root = self.restating.table(self.roots[number], over, Value(table="file"), told, replace=self.replaces_all)
        self.roots[number] = root

    # -- entries -------------------------------------------------------------------------------------------

    def _section(self, section: str, over: Node) -> Node:
        """Lay the entries of one section; give those that are new (and those that are no entries, to be told)."""
        known = self._known(section)
        seen: dict[str, Node] = {}
        new_keys: dict[str, Node] = {}
        new_items: list[Node] = []
        gone: list[_There] = []
        for name, node in _entries(over):
            if name is None or not _may_be_laid(section, node, there=name in known):
                left: Node | None = node
            elif name in seen:
                message = f"{_SECTIONS[section][1].capitalize()} `{name}` is there twice"
                here, other = locate(self.source, node), locate(self.source, seen[name])
                self.problems.append(Problem("duplicate-id", message, here, other=other))
                continue
            else:
                seen[name] = node
                left = self._entry(section, name, node, known, gone)
            if left is None:
                continue
            new_items.append(left)
            if name is not None:
                new_keys[name] = left
        _take_out(gone)
        if isinstance(over, Table):
            return made(over.start, new_keys, over.keys)
        if isinstance(over, Items):
            rest = Items(over.start)
            rest.items = new_items
            return rest
        return over

    def _entry(self, section: str, name: str, over: Node, known: dict[str, _There], gone: list[_There]) -> Node | None:
        """Lay one entry; give it back, without the words of overlays, if it is new. `gone` gets those to remove."""
        there = known.get(name)
        if not isinstance(over, Table) and there is None:
            return over
        over, replace, remove = self._words(_long_form(section, over))
        if there is None:
            if replace or remove:
                self._nothing_there(section, name, over, known)
                return None
            return over
        if remove is True:
            gone.append(there)
            return None
        value = Value(table=_SECTIONS[section][0])
        told = f"{_SECTIONS[section][1]} `{name}`"
        base = _long_form(section, there.node)
        for fact in remove or ():
            less = self.restating.without(base, fact.text, value)
            if less is None:
                message = f"`{shorten(fact.text)}` of {told} is not stated, so it cannot be removed"
                self.report("dangling-reference", message, locate(self.source, fact))
            base = less or base
        facts = {key: node for key, node in over.entries.items() if key != "id"}
        over = made(over.start, facts, over.keys)
        replace = replace or self.replaces_all
        _put(there, self.restating.table(base, over, value, ("", told), replace=replace))
        return None

    def _words(self, over: Table) -> tuple[Table, bool, bool | list[Scalar]]:
        """An entry without `replace` and `remove`, and what these say."""
        facts = {key: node for key, node in over.entries.items() if key not in _OWN_WORDS}
        replace = self._flag(over, "replace")
        remove: bool | list[Scalar] = False
        node = over.entries.get("remove")
        if isinstance(node, Items) or (isinstance(node, Scalar) and boolean(node) is None):
            remove = self._facts_to_remove(node)
        elif node is not None:
            remove = self._flag(over, "remove")
        if remove is True and set(facts) - {"id"}:
            message = "`remove: true` takes the whole entry out of the map, so nothing else can be said of it here"
            self.report("wrong-type", message, locate_key(self.source, over, "remove"))
        return made(over.start, facts, over.keys), replace, remove

    def _flag(self, over: Table, key: str) -> bool:
        node = over.entries.get(key)
        truth = boolean(node) if isinstance(node, Scalar) else None
        if node is not None and truth is None:
            also = ", or a list of facts" if key == "remove" else ""
            message = f"`{key}` must be true or false{also}, not {told_node(node)}"
            self.report("wrong-type", message, locate(self.source, node))
        return bool(truth)

    def _facts_to_remove(self, node: Items | Scalar) -> list[Scalar]:
        facts: list[Scalar] = []
        for item in node.items if isinstance(node, Items) else [node]:
            if isinstance(item, Scalar) and not empty(item) and not explicit_null(item) and item.text != "id":
                facts.append(item)
            else:
                message = f"`remove` lists facts such as `dedupe` or `holds.allocated`, not {told_node(item)}"
                self.report("wrong-type", message, locate(self.source, item))
        return facts

    def _nothing_there(self, section: str, name: str, over: Table, known: dict[str, _There]) -> None:
        called = _SECTIONS[section][1]
        names = tuple(sorted(known))
        message = f"`{name}` is not a {called} of this map, so there is nothing to replace or remove"
        if called[0] in "aeiou":
            message = message.replace(" a ", " an ", 1)
        here = locate(self.source, over.entries["id"]) if "id" in over.entries else locate(self.source, over)
        self.problems.append(Problem("dangling-reference", message, here, names, self.suggest(name, names)))

    def _known(self, section: str) -> dict[str, _There]:
        """The entries of one section in all files of the map."""
        known: dict[str, _There] = {}
        for root in self.roots:
            holder = root.entries.get(section)
            if isinstance(holder, Table):
                known.update((name, _There(holder, name, node)) for name, node in holder.entries.items())
            elif isinstance(holder, Items):
                for number, node in enumerate(holder.items):
                    name = node.entries.get("id") if isinstance(node, Table) else None
                    if isinstance(name, Scalar):
                        known[name.text] = _There(holder, number, node)
        return known

    def report(self, slug: str, message: str, where: Location) -> None:
        """Note what is wrong with the overlay itself."""
        self.problems.append(Problem(slug, message, where))


def _entries(section: Node) -> Iterator[tuple[str | None, Node]]:
    """The entries of a section by their names; None for what has none."""
    if isinstance(section, Table):
        yield from section.entries.items()
    elif isinstance(section, Items):
        for node in section.items:
            name = node.entries.get("id") if isinstance(node, Table) else None
            yield (name.text if isinstance(name, Scalar) and name.text else None), node


def _may_be_laid(section: str, node: Node, *, there: bool) -> bool:
    """Whether a named value is an entry that can be laid over one; anything else is told when it is interpreted."""
    if isinstance(node, Table) or section == "quantities":
        return True
    return there and isinstance(node, Scalar) and (empty(node) or explicit_null(node))


def _long_form(section: str, node: Node) -> Table:
    """An entry as a table, also where it says nothing, or its one fact alone (`quantities: {hold: count}`)."""
    if isinstance(node, Table):
        return node
    if section == "quantities" and isinstance(node, Scalar) and not empty(node):
        return made(node.start, {"meaning": node}, {"meaning": node.start})
    return Table(node.start)


def _with_own_sections(root: Table) -> Table:
    """A root whose sections may be changed: the nodes of a file can be shared by several of its places."""
    entries = dict(root.entries)
    for section in _SECTIONS:
        held = entries.get(section)
        if isinstance(held, Table):
            entries[section] = made(held.start, dict(held.entries), held.keys)
        elif isinstance(held, Items):
            entries[section] = copy = Items(held.start)
            copy.items = list(held.items)
    return made(root.start, entries, root.keys)


def _put(there: _There, node: Table) -> None:
    if isinstance(there.section, Table):
        there.section.entries[str(there.at)] = node
    elif isinstance(there.at, int):
        there.section.items[there.at] = node


def _take_out(gone: list[_There]) -> None:
    for there in gone:
        if isinstance(there.section, Table):
            starts = there.section.keys
            del there.section.entries[str(there.at)]
            there.section.set_key_starts(starts[key] for key in there.section.entries)
    for there in sorted((one for one in gone if isinstance(one.at, int)), key=lambda one: one.at, reverse=True):
        if isinstance(there.section, Items) and isinstance(there.at, int):
            del there.section.items[there.at]
