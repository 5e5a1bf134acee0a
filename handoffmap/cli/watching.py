"""`check --watch`: the same run again whenever one of its files changes."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from handoffmap.cli.printing import say_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoffmap.diagnosis import Report

__all__ = ["watching"]

_PAUSE = 0.3
"""Seconds between two looks at the files."""


def watching(
    once: Callable[[], tuple[Report, int]], wait: Callable[[float], None] = time.sleep, rounds: int | None = None
) -> int:
    """Run, wait for a change, run again; the last exit code once somebody interrupts, or after so many rounds."""
    code = 0
    try:
        while rounds is None or rounds > 0:
            report, code = once()
            rounds = None if rounds is None else rounds - 1
            if rounds == 0:
                break
            files = [str(source.path) for source in report.sources.values() if source.path is not None]
            say_error(f"watching {len(files):,} file{'' if len(files) == 1 else 's'}; Ctrl-C ends it")
            before = _stamps(files)
            while _stamps(files) == before:
                wait(_PAUSE)
    except KeyboardInterrupt:
        pass
    return code


def _stamps(files: Iterable[str]) -> list[tuple[int, int] | None]:
    """When each file was changed last, and how long it is; None where it is gone."""
    stamps: list[tuple[int, int] | None] = []
    for file in files:
        try:
            found = os.stat(file)  # noqa: PTH116 - asked several times a second
        except OSError:
            stamps.append(None)
        else:
            stamps.append((found.st_mtime_ns, found.st_size))
    return stamps
