"""Runs over many maps: what they may use (`--workers`, `--cache-dir`, `--no-cache`), and when they use it."""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from handoffmap.cli.printing import say_error, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from handoffmap.diagnosis import Report
    from handoffmap.estate.means import Means, Own
    from handoffmap.text.source import Source

__all__ = ["Allowed", "judged", "means_of", "means_options"]


class Allowed(NamedTuple):
    """What the command line says of it."""

    workers: int | None
    cache_dir: str | None
    no_cache: bool


def means_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options and hand them over as one argument, `allowed`."""

    @functools.wraps(command)
    def gathered(**given: Any) -> int:
        allowed = Allowed(**{name: given.pop(name) for name in Allowed._fields})
        return command(allowed=allowed, **given)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


def means_of(allowed: Allowed, own: Own, *, whole: bool) -> Means:
    """What a run may use; `whole`: every premise is going to be told."""
    from pathlib import Path

    from handoffmap.estate.means import Means

    if allowed.no_cache and allowed.cache_dir is not None:
        raise click.UsageError("--cache-dir and --no-cache contradict each other: give one of them.")
    named = allowed.cache_dir
    folder = None if allowed.no_cache else _usual_folder() if named is None else Path(named)
    # Absolute, since `--since` looks at files from another folder.
    return Means(allowed.workers, folder and folder.absolute(), named is not None, own, whole)


def judged(means: Means, sources: Sequence[Source], overlays: Sequence[Source]) -> Report:
    """Judge maps that have been read: in the plain way where there is one or little, else with all that may be used."""
    from handoffmap.estate.means import pays

    if overlays or not pays(sources, means):
        from handoffmap.check import check_sources

        return check_sources(sources, overlays)
    from handoffmap.estate.many import check_many

    many = check_many(sources, means)
    if many.trouble is not None and means.insisted:
        say_error(visible(f"{means.folder}: nothing can be kept there ({many.trouble.strerror})"))
    return many.report


def _usual_folder() -> Path | None:
    """Where a user's caches lie on this system; None where there is no such place.

    Never in the project: whoever may change that could put answers there.
    """
    from pathlib import Path

    named = os.environ.get("HANDOFFMAP_CACHE_DIR")
    if named:
        return Path(named)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local, "handoffmap", "Cache") if local else None
    try:
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "handoffmap"
        own = os.environ.get("XDG_CACHE_HOME", "")
        return Path(own if os.path.isabs(own) else Path.home() / ".cache", "handoffmap")  # noqa: PTH117 - text
    except RuntimeError:  # a user without a home
        return None


_OPTIONS = (
    click.option(
        "--workers",
        type=click.IntRange(1),
        metavar="N",
        help="Judge maps in N processes.  [default: as many as there are cores, where that pays]",
    ),
    click.option("--cache-dir", metavar="DIR", help="Keep judged maps in DIR, and few of them too."),
    click.option("--no-cache", is_flag=True, help="Keep nothing, and use nothing that is kept."),
)
