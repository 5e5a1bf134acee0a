"""Maps shared out to worker processes, started alike on every system: a fresh interpreter, spoken to through pipes.

Forking would be quicker where it can be done, and is not safe where a plugin has started threads; a pool of Python's
own needs semaphores that not every machine has, and a main module that can be imported again.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap import errors
from handoffmap.errors import WorkerDied
from handoffmap.estate.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from handoffmap.errors import HandoffmapError
    from handoffmap.estate.means import Means
    from handoffmap.text.source import Source

    Take = Callable[[int, Record | HandoffmapError | None], None]

__all__ = ["crew_size", "share_out"]

SHARE = 1_000_000
"""Characters of maps that are worth a worker of their own: it takes a fifth of a second to start, these take three."""
MOST = 12
"""Workers that one process keeps busy: reading an answer takes a twelfth of the time of judging a map."""
_ROUNDS = 8
"""Parts in which each worker gets its share, so that none waits for long at the end."""
_START = "import sys; sys.path[:] = sys.argv[1:]; from handoffmap.estate.worker import main; main()"
_GRANT = Path("/sys/fs/cgroup/cpu.max")
"""Where Linux says how much time a container gets in each period (cgroups, version 2)."""
_TICK = 0.2
"""Seconds after which a wait is looked up from, where an interrupt does not end it by itself."""


class _Came(NamedTuple):
    """What a worker has said of the map of a number."""

    number: int
    answer: Record | HandoffmapError | None
    """None: the worker could not say."""


def crew_size(sources: Sequence[Source], means: Means) -> int:
    """How many processes judge these maps; 1: this one alone."""
    if means.workers is not None:
        wanted = means.workers
    else:
        wanted = min(_cores(), sum(len(source.text) for source in sources) // SHARE, MOST)
    return max(1, min(wanted, len(sources))) if _can_start() else 1


def _cores() -> int:
    """Cores that this process may run on, or as many as the time comes to that it is granted."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        granted, period = _GRANT.read_text("ascii").split()
        return max(1, min(there, -(-int(granted) // int(period))))
    except (OSError, ValueError):  # no container, or one without a limit
        return there


def _can_start() -> bool:
    """Whether there is an interpreter to start: not inside a program that was packed into one file."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


def share_out(sources: Sequence[Source], size: int, means: Means, take: Take) -> None:
    """Let `size` workers judge maps; `take` gets what is said of the map of each number, here and as it comes.

    Where no worker can be started, nothing is said. Raises `WorkerDied` where one ends before it is done. However this
    is left, no worker stays behind.
    """
    parts = deque(_parts(sources, size))
    came: queue.SimpleQueue[_Came | WorkerDied] = queue.SimpleQueue()
    begin = {
        "files": [(file.name, file.text) for file in means.own.files],
        "packages": means.own.packages,
        "whole": means.whole,
    }
    workers: list[tuple[subprocess.Popen[bytes], threading.Thread]] = []
    try:
        for _ in range(size):
            try:
                worker = _started()
            except OSError:  # no more processes: fewer workers, or none
                break
            serving = threading.Thread(target=_serve, args=(worker, begin, parts, sources, came), daemon=True)
            workers.append((worker, serving))
            serving.start()
        for _ in sources if workers else ():
            got = _next(came)
            if isinstance(got, WorkerDied):
                raise got
            take(got.number, got.answer)
    finally:
        for worker, _ in workers:
            worker.kill()
        for worker, serving in workers:
            worker.wait()
            serving.join(_TICK)  # its pipe is closed now


def _parts(sources: Sequence[Source], size: int) -> Iterator[list[int]]:
    """Numbers of maps that are handed over together, the large ones first, so that the small ones even it out."""
    order = sorted(range(len(sources)), key=lambda number: -len(sources[number].text))
    most = sum(len(source.text) for source in sources) // (size * _ROUNDS)
    part: list[int] = []
    weight = 0
    for number in order:
        part.append(number)
        weight += len(sources[number].text)
        if weight >= most:
            yield part
            part, weight = [], 0
    if part:
        yield part


def _started() -> subprocess.Popen[bytes]:
    """A worker that neither looks for modules in the working folder nor hears Ctrl-C: its starter ends it."""
    command = [sys.executable, "-P", "-c", _START, *sys.path]
    own_group: dict[str, Any] = {"process_group": 0}
    if sys.platform == "win32":
        own_group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **own_group)


def _next(came: queue.SimpleQueue[_Came | WorkerDied]) -> _Came | WorkerDied:
    while True:
        try:
            return came.get(timeout=_TICK)
        except queue.Empty:
            continue


def _serve(
    worker: subprocess.Popen[bytes],
    begin: dict[str, Any],
    parts: deque[list[int]],
    sources: Sequence[Source],
    came: queue.SimpleQueue[_Came | WorkerDied],
) -> None:
    """Hand parts to one worker and gather what it says, until none is left or it is no more."""
    assert worker.stdin is not None  # noqa: S101 - both are pipes
    assert worker.stdout is not None  # noqa: S101
    asked = ""
    try:
        worker.stdin.write(_line(begin))
        while parts:
            try:
                part = parts.popleft()
            except IndexError:  # another worker was quicker
                break
            jobs = [(sources[number].name, sources[number].text, _path(sources[number])) for number in part]
            worker.stdin.write(_line(jobs))
            worker.stdin.flush()
            for number in part:
                asked = sources[number].name
                came.put(_Came(number, _read(worker)))
    except Exception:  # noqa: BLE001 - a pipe is closed, or what was said is cut off; silence would be waited on for ever
        came.put(WorkerDied(f"a worker {_end(worker)}", where=asked or None, hint="run with --workers 1"))
    finally:
        with suppress(OSError):
            worker.stdin.close()
        worker.stdout.close()


def _line(value: object) -> bytes:
    return json.dumps(value).encode("ascii") + b"\n"


def _path(source: Source) -> str | None:
    return None if source.path is None else str(source.path)


def _read(worker: subprocess.Popen[bytes]) -> Record | HandoffmapError | None:
    """One answer. Raises `ValueError` where it is cut off."""
    assert worker.stdout is not None  # noqa: S101
    head = json.loads(worker.stdout.readline())
    if "failed" in head:
        kind, what, where, hint = head["failed"]
        error: HandoffmapError = getattr(errors, kind)(what, where=where, hint=hint)
        return error
    if "crashed" in head:
        return None
    told, deep = (worker.stdout.read(size) for size in head["sizes"])
    if [len(told), len(deep)] != head["sizes"]:
        raise ValueError
    return Record(told, deep)


def _end(worker: subprocess.Popen[bytes]) -> str:
    """How a worker that says nothing more has ended."""
    try:
        code = worker.wait(_TICK)
    except subprocess.TimeoutExpired:
        return "said what cannot be understood"
    if code < 0:
        import signal

        return f"was ended by signal {-code} ({signal.Signals(-code).name})"
    return f"has ended with code {code} before it was done"
