"""What the user named → **the files to judge**: files, folders, globs and the standard input.

A file that is named is judged whatever it holds. In folders and globs the files with a top-level key
`handoffmap` are topologies, save those that another one includes: they are read as parts of it.
"""

from __future__ import annotations

import os
import re
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.errors import UnreadableFile
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import find_outer_scalars, find_topology_key, parse
from handoffmap.text.problem import Problem
from handoffmap.text.source import Location, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Discovery", "discover", "discover_all", "include_paths", "read_overlays"]

_ENDINGS = (".yaml", ".yml")
_INCLUDES = re.compile(r"""^["']?include["']?[ \t]*:""", re.MULTILINE)


class Discovery(NamedTuple):
    """The files to judge, each once, in the order in which they were named (in folders: by name)."""

    sources: tuple[Source, ...]
    """One that could not be read is there too, without text and with the reason among its `defects`."""
    skipped: int
    """YAML files in folders and globs that are neither topologies nor parts of one."""


class _Candidate(NamedTuple):
    """A YAML file that was found and not named."""

    source: Source
    topology: bool
    includes: tuple[str, ...]
    """Real paths of the files that it includes."""


def discover(paths: Sequence[str], *, stdin: bytes | None = None) -> Discovery:
    """Read what `paths` lead to; `stdin` holds the bytes for the path `-`.

    A glob that meets nothing gives nothing; a named file that is missing gives a source with a defect.
    """
    named: dict[str, Source] = {}
    found: dict[str, _Candidate] = {}
    for path in paths:
        if path == "-":
            named.setdefault("-", Source.from_bytes("-", stdin or b""))
        elif _is_named(path):
            named.setdefault(_real(path), _read(path))
        else:
            for file in _yaml_files(path):
                real = _real(file)
                if real not in found:
                    found[real] = _candidate(file)
    roots, parts = _roots(found)
    # A dict keeps the place of the first mention, so a file that is named and found is judged once.
    sources = {**named, **{real: found[real].source for real in roots if real not in named}}
    for real in _named_parts(named, found):
        del sources[real]
    skipped = sum(not candidate.topology and real not in parts for real, candidate in found.items())
    return Discovery(tuple(sources.values()), skipped)


def discover_all(paths: Sequence[str], *, stdin: bytes | None = None) -> tuple[Source, ...]:
    """Read every file that `paths` lead to and that belongs to a map: topologies and the parts that they include."""
    named = {"-" if path == "-" else _real(path) for path in paths if path == "-" or _is_named(path)}
    sources: dict[str, Source] = {}
    for path in paths:
        if path == "-":
            sources.setdefault("-", Source.from_bytes("-", stdin or b""))
        elif _is_named(path):
            sources.setdefault(_real(path), _read(path))
    found = {
        _real(file): _candidate(file)
        for path in paths
        if path != "-" and not _is_named(path)
        for file in _yaml_files(path)
    }
    roots, parts = _roots(found)
    for real in sorted({*roots, *(part for part in parts if part in found)}, key=list(found).index):
        if real not in named:
            sources.setdefault(real, _read(found[real].source.name))
    return tuple(sources.values())


def read_overlays(paths: Sequence[str], *, stdin: bytes | None = None) -> tuple[Source, ...]:
    """Read files that are laid over a map, each as it is named; what cannot be read has its reason as a defect."""
    return tuple(Source.from_bytes("-", stdin or b"") if path == "-" else _read(path) for path in paths)


def _is_named(path: str) -> bool:
    """Whether a path means one file, be it there or not."""
    if Path(path).is_dir():
        return False
    try:
        return os.path.lexists(path) or not any(mark in path for mark in "*?[")
    except ValueError:  # a NUL in the path: reading it says so
        return True


def _yaml_files(path: str) -> Iterator[str]:
    """The YAML files of a folder, or those that a glob meets, by name; hidden ones stay hidden."""
    if not Path(path).is_dir():
        for match in sorted(glob(path, recursive=True)):  # noqa: PTH207 - Path.glob refuses absolute patterns
            if Path(match).is_dir():
                # `**` meets the folders' files by itself; only a pattern for the folder means its content
                yield from () if "**" in path else _yaml_files(match)
            elif match.lower().endswith(_ENDINGS):
                yield match
        return
    for folder, inner, files in os.walk(path):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(files):
            if name.lower().endswith(_ENDINGS) and not name.startswith("."):
                yield str(Path(folder, name))


def _read(path: str) -> Source:
    try:
        return Source.read(path)
    except UnreadableFile as error:
        message = error.what[:1].upper() + error.what[1:] + (f"; {error.hint}" if error.hint else "")
        return Source(path, "", None, (Problem("syntax", message, Location(path, 1, 1, 1, 1)),))


def _candidate(file: str) -> _Candidate:
    source = _read(file)
    if source.defects and not source.text:  # unreadable: it may be a topology, and silence would hide that
        return _Candidate(source, topology=True, includes=())
    includes = tuple(map(_real, include_paths(source)))
    if find_topology_key(source):
        return _Candidate(source, topology=True, includes=includes)
    # The text of what is no topology is not kept: a folder may hold much of it.
    return _Candidate(Source(source.name, ""), topology=False, includes=includes)


def include_paths(source: Source) -> tuple[str, ...]:
    """The files that a file includes, as paths from the working folder, be they there or not."""
    if source.path is None or not _INCLUDES.search(source.text):
        return ()
    names = find_outer_scalars(source, "include")
    if names is None:
        node, _problems = parse(source)
        listed = node.entries.get("include") if isinstance(node, Table) else None
        entries = listed.items if isinstance(listed, Items) else [listed]
        names = tuple(entry.text for entry in entries if isinstance(entry, Scalar))
    folder = source.path.parent
    return tuple(str(folder / name) for name in names)


def _real(path: str | Path) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # a NUL in the name; reading it says so
        return str(path)


def _named_parts(named: dict[str, Source], found: dict[str, _Candidate]) -> list[str]:
    """Named files that are no maps and that a map of this run includes: hooks name whatever has changed."""
    if len(named) + len(found) < 2:
        return []
    ways = {real: tuple(map(_real, include_paths(source))) for real, source in named.items()}
    if not any(ways.values()) and not any(candidate.includes for candidate in found.values()):
        return []
    known = {
        real: _Candidate(source, bool(source.defects) or find_topology_key(source), ways[real])
        for real, source in named.items()
    }
    every = {**found, **known}
    parts = _reached((real for real, candidate in every.items() if candidate.topology), every)
    return [real for real, candidate in known.items() if real in parts and not candidate.topology]


def _roots(found: dict[str, _Candidate]) -> tuple[list[str], set[str]]:
    """The topologies that no other one includes, and all files that are part of one."""
    included = {part for real, candidate in found.items() for part in candidate.includes if part != real}
    topologies = [real for real, candidate in found.items() if candidate.topology]
    roots = [real for real in topologies if real not in included]
    parts = _reached(roots, found)
    for real in topologies:  # files that include each other in a circle: the first of them stands for all
        if real not in parts and real not in roots:
            roots.append(real)
            parts |= _reached([real], found)
    order = {real: place for place, real in enumerate(found)}
    return sorted(roots, key=order.__getitem__), parts


def _reached(roots: Iterable[str], found: dict[str, _Candidate]) -> set[str]:
    """All files that some files include, directly or not."""
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        candidate = found.get(waiting.pop())
        fresh = [part for part in candidate.includes if part not in reached] if candidate is not None else []
        reached.update(fresh)
        waiting += fresh
    return reached
