"""What a run over many maps may use: processes, a cache, rules of a team's own; and from which size on that pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from handoffmap.rules import Rule
    from handoffmap.text.source import Source

__all__ = ["LEAST", "Means", "Own", "pays"]

LEAST = 100_000
"""Characters of maps below which nothing is kept: judging them takes less than a tenth of a second."""


class Own(NamedTuple):
    """Rules of a team's own, and where they are from, so that another process can find them too."""

    rules: tuple[Rule, ...] = ()
    files: tuple[Source, ...] = ()
    """Those that are written as data."""
    packages: bool = False
    """Whether installed packages bring some: nobody knows what their answers hang on."""


class Means(NamedTuple):
    """What a run may use."""

    workers: int | None = None
    """Processes that judge; None: as many as pay."""
    folder: Path | None = None
    """Where judged maps are kept; None: nowhere."""
    insisted: bool = False
    """Whether somebody has named the folder: then also little is kept."""
    own: Own = Own()
    whole: bool = False
    """Whether every premise and the whole coverage are going to be told."""


def pays(sources: Sequence[Source], means: Means) -> bool:
    """Whether a run is large enough to look for what is kept of it, or to be shared out."""
    if means.folder is not None and means.insisted:
        return bool(sources)
    if len(sources) < 2 or (means.folder is None and means.workers == 1):
        return False
    return (means.workers or 0) > 1 or sum(len(source.text) for source in sources) >= LEAST
