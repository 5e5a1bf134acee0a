"""Files → **one topology**: reads a file and all that it includes, merges them, and looks up every name."""

from __future__ import annotations

from dataclasses import fields
from pathlib import PurePosixPath, PureWindowsPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from handoffmap.errors import UnreadableFile
from handoffmap.model import Topology
from handoffmap.reading.documented import fill_in
from handoffmap.reading.interpret import RawTopology, interpret
from handoffmap.reading.references import check_references
from handoffmap.reading.session import told_node
from handoffmap.text.node import Table
from handoffmap.text.parse import parse, paused_gc
from handoffmap.text.problem import Problem
from handoffmap.text.source import Location, Source
from handoffmap.text.span import locate
from handoffmap.text.suggest import Suggester

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction
    from pathlib import Path

    from handoffmap.model import Place
    from handoffmap.text.node import Node

__all__ = ["MAX_INCLUDE_DEPTH", "load", "without_dots"]

MAX_INCLUDE_DEPTH = 50
"""How deep files may include files; two or three is what maps need."""


def load(
    start: str | Path | Source,
    sources: dict[str, Source] | None = None,
    overlays: Sequence[Source] = (),
    *,
    instead: Mapping[str, Source] | None = None,
) -> tuple[Topology | None, list[Problem]]:
    """Read a map whole: the file `start` and what it includes, and what `overlays` lay over that in their order.

    `instead`: an included file of such a name is read from there.

    Gives the topology, or None where anything is wrong, and every problem of every file in the order of
    reading and then of place. Each file that was read is put into `sources` under its name, also where
    there is no topology.
    """
    with paused_gc():
        sources = {} if sources is None else sources
        loading = _Loading(sources, shared="write_paths", instead=instead)
        if isinstance(start, Source):
            loading.read(start)
        else:
            loading.open(start)
        topology, problems = loading.topology()
        if problems and loading.order:  # read once more, now with a place for every value
            root = loading.order[0]
            loading = _Loading(sources, shared=None, instead=instead)
            loading.read(root)
            topology, problems = loading.topology()
        if overlays and loading.order:
            laying = _Loading(sources, shared=None, instead=instead)
            laying.lay(loading.order, overlays, problems)
            topology, problems = laying.topology()
        return topology, problems


class _File(NamedTuple):
    """A file that is read: `real` is where it is on the disk, `chain` those that lead to it and itself."""

    source: Source
    real: Path | None
    chain: tuple[Path, ...]
    depth: int


class _Loading:
    """One run over a root file and its includes; below the key `shared` equal lines are read as one."""

    def __init__(
        self, sources: dict[str, Source], shared: str | None, instead: Mapping[str, Source] | None = None
    ) -> None:
        self.sources = sources
        self.instead = instead or {}
        self.shared = shared
        self.order: list[Source] = []
        self.problems: list[Problem] = []
        self.raws: list[RawTopology] = []
        self.suggest = Suggester()
        self.folder: Path | None = None  # the root file's: nothing beyond it is read
        self.seen: set[Path] = set()
        self.laid_over: tuple[str, ...] = ()  # names of the overlays

    def open(self, start: str | Path) -> None:
        """Read the root from the disk, or tell why not."""
        try:
            source = Source.read(start)
        except UnreadableFile as error:
            message = f"The file {error.what}" if error.what.startswith(("is", "may", "cannot")) else error.what
            name = error.where or str(start)
            self.problems.append(Problem("syntax", message[:1].upper() + message[1:], Location(name, 1, 1, 1, 1)))
            return
        self.read(source)

    def read(self, root: Source) -> None:
        """Read the root and, without recursion, all below it, each file once and in the order of naming."""
        real = None if root.path is None else _real(root.path)
        if real is not None:
            self.folder = real.parent
            self.seen.add(real)
        waiting = [_File(root, real, () if real is None else (real,), 0)]
        while waiting:
            file = waiting.pop()
            self.order.append(file.source)
            self.sources[file.source.name] = file.source
            included = self._interpret(file)
            waiting.extend(reversed(included))

    def _interpret(self, file: _File) -> list[_File]:
        node, problems = parse(file.source, self.shared)
        self.problems.extend(problems)
        if node is None:
            return []
        raw, problems = interpret(node, file.source, included=file.depth > 0, suggest=self.suggest)
        self.problems.extend(problems)
        self.raws.append(raw)
        found = (self._included(file, name, at) for name, at in raw.include)
        return [each for each in found if each is not None]

    # -- overlays ------------------------------------------------------------------------------------------

    def lay(self, files: list[Source], overlays: Sequence[Source], problems: list[Problem]) -> None:
        """Read the files of a map once more, with `overlays` laid over them; `problems` are those that they have."""
        from handoffmap.reading.overlay import lay_over  # most runs have no overlay, and do not pay for it
        from handoffmap.text.stack import Stack, moved

        self.order = [*files, *overlays]
        self.sources.update((overlay.name, overlay) for overlay in overlays)
        self.laid_over = tuple(overlay.name for overlay in overlays)
        self.problems += problems
        stack = Stack(self.order)
        roots: list[Node | None] = []
        for source, begin in zip(self.order, stack.begins, strict=True):
            root = self._root(source)
            roots.append(None if root is None else moved(root, begin))
        tables = [root for root in roots if isinstance(root, Table)]
        if problems or len(tables) < len(roots):  # what is missing would be missed everywhere
            return
        laid = tables[: len(files)]
        for over in tables[len(files) :]:
            laid, problems = lay_over(laid, over, stack, self.suggest)
            self.problems += problems
        for number, root in enumerate(laid):
            raw, problems = interpret(root, stack, included=number > 0, suggest=self.suggest)
            self.problems += problems
            self.raws.append(raw)

    def _root(self, source: Source) -> Node | None:
        """The nodes of one file of a stack; what is wrong with one of the map's own is told already."""
        node, problems = parse(source)
        if source.name in self.laid_over:
            self.problems += problems
        if node is not None and not isinstance(node, Table):
            message = f"An overlay is a mapping with sections such as `write_paths`, not {told_node(node)}"
            self.problems.append(Problem("wrong-type", message, locate(source, node)))
        return node

    # -- include -------------------------------------------------------------------------------------------

    def _included(self, file: _File, name: str, node: Node) -> _File | None:
        """The file that an include names; None where it has been read already, or cannot be."""
        try:
            return self._found(file, name)
        except _NotIncluded as reason:
            self.problems.append(Problem("dangling-reference", str(reason), locate(file.source, node)))
        except (OSError, ValueError):  # a name that no file can have
            message = f"`{name[:60]}` in `include` cannot be the name of a file"
            self.problems.append(Problem("dangling-reference", message, locate(file.source, node)))
        return None

    def _found(self, file: _File, name: str) -> _File | None:
        if file.source.path is None or self.folder is None:
            raise _NotIncluded(f"`{name}` cannot be included here: only a file on the disk has a folder to look in")
        if PurePosixPath(name).is_absolute() or PureWindowsPath(name).is_absolute() or PureWindowsPath(name).drive:
            raise _NotIncluded(f"`{name}` in `include` is an absolute path; name it relative to this file")
        path = file.source.path.parent / name
        real = path.resolve()
        if not real.is_relative_to(self.folder):
            raise _NotIncluded(f"`{name}` in `include` leads out of the folder of the map")
        if real in file.chain:
            raise _NotIncluded(f"`{name}` in `include` leads back to a file that includes this one")
        if real in self.seen:
            return None
        if not real.exists():
            raise _NotIncluded(f"`{name}` in `include` does not exist")
        if not real.is_file():
            raise _NotIncluded(f"`{name}` in `include` is not a file")
        if file.depth >= MAX_INCLUDE_DEPTH:
            raise _NotIncluded(f"`{name}` is included more than {MAX_INCLUDE_DEPTH} files deep")
        self.seen.add(real)
        shown = without_dots(PurePosixPath(file.source.name).parent / PurePosixPath(name))
        try:
            source = self.instead.get(shown) or Source.read(path, shown)
        except UnreadableFile as error:
            raise _NotIncluded(f"`{name}` in `include` {error.what}") from None
        return _File(source, real, (*file.chain, real), file.depth + 1)

    # -- merging -------------------------------------------------------------------------------------------

    def topology(self) -> tuple[Topology | None, list[Problem]]:
        """Merge what was read and look up the names in it."""
        if not self.raws:
            return None, self._in_order()
        merged = self._merged()
        self.problems.extend(check_references(merged, self.suggest))
        if self.problems:
            return None, self._in_order()
        fill_in(merged.write_paths, merged.systems)
        return _finished(merged, tuple(self.order), self.laid_over), []

    def _in_order(self) -> list[Problem]:
        """The problems in the order of reading and then of place."""
        rank = {source.name: number for number, source in enumerate(self.order)}
        self.problems.sort(key=lambda each: (rank.get(each.location.file, 0), each.location, each.slug, each.message))
        return self.problems

    def _merged(self) -> RawTopology:
        """The root's own words, and the entries of all files; an id may stand in one of them only."""
        root, *others = self.raws
        for raw in others:
            for section, called in _SECTIONS:
                mine, theirs = getattr(root, section), getattr(raw, section)
                if theirs is None:
                    continue
                if mine is None:
                    mine = {}
                    setattr(root, section, mine)
                self._merge(mine, theirs, called)
            root.waivers += raw.waivers
            root.lost |= raw.lost
            root.doubtful |= raw.doubtful
            if raw.complete is False:  # a map of which a part is an excerpt is one
                root.complete = False
        root.volume = {**self._figures(root, others), **root.volume}
        return root

    def _figures(self, root: RawTopology, others: Sequence[RawTopology]) -> dict[str, Fraction]:
        """The figures of all parts; where the root leaves one open, no two parts may state it differently."""
        stated: dict[str, tuple[Fraction, Place]] = {}
        for raw in others:
            for key, figure in raw.volume.items():
                first, place = stated.setdefault(key, (figure, raw.place))
                if first != figure and key not in root.volume:
                    message = f"`{key}` of `volume` is stated twice, and differently: also in {place.source.name}"
                    here, there = raw.place.at("volume", key), place.at("volume", key)
                    self.problems.append(Problem("duplicate-id", message, here, mend=_ONE_FIGURE, other=there))
        return {key: figure for key, (figure, _) in stated.items()}

    def _merge(self, mine: dict[str, Any], theirs: dict[str, Any], called: str) -> None:
        for name, entry in theirs.items():
            first = mine.setdefault(name, entry)
            if first is not entry:
                here: Place = entry.place
                message = f"{called} `{name}` is there twice: also in {first.place.source.name}"
                self.problems.append(Problem("duplicate-id", message, here.at(), other=first.place.at()))


_SECTIONS = (
    ("systems", "System"),
    ("events", "Event"),
    ("write_paths", "Write path"),
    ("controls", "Control"),
    ("quantities", "Quantity"),
)
assert {name for name, _ in _SECTIONS} < {each.name for each in fields(RawTopology)}  # noqa: S101 - names held together


_ONE_FIGURE = "State it in one of the files, or in the one that includes them, whose figure counts."


class _NotIncluded(Exception):  # noqa: N818 - told as a problem, never shown as an error
    """Why an include cannot be followed."""


def _real(path: Path) -> Path | None:
    try:
        return path.resolve()
    except (OSError, ValueError):
        return None


def without_dots(path: PurePosixPath) -> str:
    """A path as a person would write it: `a/../b.yaml` is `b.yaml`."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] not in {"..", "/"}:
            parts.pop()
        else:
            parts.append(part)
    return str(PurePosixPath(*parts))


def _finished(merged: RawTopology, sources: tuple[Source, ...], laid_over: tuple[str, ...]) -> Topology:
    """The topology; nobody changes its mappings any more, which their type says."""
    return Topology(
        file=sources[0].name,
        place=merged.place,
        name=merged.name,
        summary=merged.summary,
        notes=merged.notes,
        complete=merged.complete is not False,
        volume=MappingProxyType(merged.volume),
        systems=_by_id(merged.systems),
        events=_by_id(merged.events),
        write_paths=_by_id(merged.write_paths),
        controls=None if merged.controls is None else _by_id(merged.controls),
        waivers=merged.waivers,
        quantities=_by_id(merged.quantities),
        sources=sources,
        laid_over=laid_over,
    )


_Entry = TypeVar("_Entry")


def _by_id(entries: dict[str, _Entry]) -> Mapping[str, _Entry]:
    """Entries in the order of their ids, so that nothing that is told depends on the order of the file."""
    return MappingProxyType({name: entries[name] for name in sorted(entries)})
