"""Where the includes of a map lead: what was true when it was judged has to be true when it is taken up again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.reading.discover import include_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from handoffmap.text.source import Source

__all__ = ["Way", "real_way", "ways_of"]


class Way(NamedTuple):
    """Where one `include` leads."""

    path: str
    """As it is put together from the file that names it."""
    real: str
    """The file behind it, links followed, seen from the folder of the map."""


def ways_of(root: Source, sources: Iterable[Source]) -> Iterator[Way]:
    """Where the includes of all files of a map lead; none for a map that is not on a disk."""
    if root.path is not None:
        for source in sources:
            for path in include_paths(source):
                yield Way(path, real_way(root, path))


def real_way(root: Source, path: str) -> str:
    """The file behind a path, as seen from the folder of a map's root."""
    folder = os.path.dirname(os.path.realpath(str(root.path)))  # noqa: PTH120 - text in, text out
    try:
        return os.path.relpath(os.path.realpath(path), folder)
    except ValueError:  # another drive, or a NUL in the name: the reader has told of it
        return path
