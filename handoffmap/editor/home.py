"""The map that a part belongs to: looked for upward, from the part's own folder to where the project ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from handoffmap.reading.discover import include_paths
from handoffmap.text.parse import find_topology_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handoffmap.text.source import Source

__all__ = ["map_of"]

_MOST_FILES = 1_000
"""Files that are read for it; somebody is typing meanwhile."""
_ENDINGS = (".yaml", ".yml")


def map_of(part: str, read: Callable[[str], Source | None], folders: tuple[str, ...] = ()) -> str | None:
    """The file of the map that includes a part, directly or through others; None where there is none.

    The nearest folder comes first, in it the first by name. `read` gives the text of a file, None where it cannot be
    read. `folders` are those of the editor's workspace: the search ends with the one that the part is in, or with the
    root of its repository; without either it stays in the part's own folder.
    """
    sought = os.path.realpath(part)
    search = _Search(read)
    for file in _files_upward(Path(part), folders):
        if search.left < 0:
            return None
        if os.path.realpath(file) != sought and search.facts(file)[0] and search.leads(file, sought):
            return file
    return None


class _Search:
    """What has been read of the files so far."""

    def __init__(self, read: Callable[[str], Source | None]) -> None:
        self.left = _MOST_FILES
        self._read = read
        self._known: dict[str, tuple[bool, tuple[str, ...]]] = {}

    def facts(self, file: str) -> tuple[bool, tuple[str, ...]]:
        """Whether a file is a map that includes others, and which."""
        if file not in self._known:
            self.left -= 1
            source = self._read(file) if self.left >= 0 else None
            includes = () if source is None else tuple(map(os.path.realpath, include_paths(source)))
            self._known[file] = (source is not None and bool(includes) and find_topology_key(source), includes)
        return self._known[file]

    def leads(self, file: str, sought: str) -> bool:
        """Whether a file includes another one, directly or through others."""
        waiting, seen = [file], {file}
        while waiting:
            includes = self.facts(waiting.pop())[1]
            if sought in includes:
                return True
            below = {each for each in includes if each not in seen and Path(each).is_file()}
            seen |= below
            waiting += sorted(below)
        return False


def _files_upward(part: Path, folders: tuple[str, ...]) -> Iterator[str]:
    """The YAML files of each folder from the part's own upward, then those anywhere below the last one."""
    ends = {Path(os.path.realpath(folder)) for folder in folders}
    ways: list[Path] = []
    for folder in part.parents:
        ways.append(folder)
        if Path(os.path.realpath(folder)) in ends or (folder / ".git").exists():
            break
    else:
        ways = ways[:1]  # no project: nothing above is known to have to do with it
    for folder in ways:
        yield from _yaml_files(folder)
    for folder_name, inner, _ in os.walk(ways[-1]):
        inner[:] = sorted(name for name in inner if not name.startswith(".") and name != "node_modules")
        if Path(folder_name) not in ways:
            yield from _yaml_files(Path(folder_name))


def _yaml_files(folder: Path) -> list[str]:
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.name.lower().endswith(_ENDINGS))
    except OSError:
        return []
    return [str(folder / name) for name in names if not name.startswith(".")]
