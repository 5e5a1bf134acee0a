"""A mutant put in the place of the function or table that it changes, in a process of its own, and judged there.

Functions keep their identity and get the changed code, so that everybody who has imported one sees it. The model of
the witnesses is never changed.
"""

from __future__ import annotations
import __future__

import ast
import gc
import os
import signal
import sys
from collections import deque
from itertools import islice
from resource import RLIMIT_AS, setrlimit
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.agreement.mutants import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import ModuleType

    from tests.agreement.mutants import Mutant
    from tests.agreement.trials import Trial

__all__ = ["Outcome", "code_of", "function_of", "graft", "outcomes"]

PATIENCE = 10.0
"""Seconds of computing that one trial may take before its mutant is held to go round for ever: they take some
milliseconds each."""
MOST_MEMORY = 3 * 2**30
"""Bytes that a mutant may take up before it is held to grow for ever."""


class Outcome(NamedTuple):
    """What became of one mutant."""

    mutant: Mutant
    killed_by: str | None
    """The trial that failed; None: it survives."""
    kind: str | None
    looked_at: int
    """Trials that come to its place at all."""
    endless: bool = False
    """It was killed because it came to no end."""


def graft(mutant: Mutant) -> Callable[[], None]:
    """Change the running program; what it gives back puts it as it was."""
    module = sys.modules[mutant.module]
    file = str(module.__file__)
    tree = mutant.tree(text_of(module))
    function = function_of(module, mutant.where)
    if function is None:
        return _replace(module, mutant.where[0], tree)
    whole = compile(tree, file, "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)
    before, function.__code__ = function.__code__, code_of(whole, mutant.where)
    _forget(module)

    def back() -> None:
        function.__code__ = before
        _forget(module)

    return back


def _replace(module: ModuleType, name: str, tree: ast.Module) -> Callable[[], None]:
    """Put another table of words in the place of one, wherever it has been imported."""
    (table,) = tree.body
    value = table.value if isinstance(table, ast.Assign | ast.AnnAssign) else None
    assert value is not None
    before = module.__dict__[name]
    code = compile(ast.Expression(value), str(module.__file__), "eval", dont_inherit=True)
    changed = eval(code, dict(module.__dict__))  # noqa: S307 - a table of our own
    places = [
        (other, each)
        for other in list(sys.modules.values())
        if getattr(other, "__name__", "").startswith("handoffmap")
        for each, held in vars(other).items()
        if held is before
    ]

    def put(now: object) -> None:
        for other, each in places:
            setattr(other, each, now)

    put(changed)
    return lambda: put(before)


def _forget(module: ModuleType) -> None:
    """Forget what functions of a module have worked out before."""
    for each in vars(module).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()


def function_of(module: ModuleType, where: tuple[str, ...]) -> FunctionType | None:
    """A function or method of a module, behind a property, a cache or nothing at all; None where it is a table."""
    target: Any = module.__dict__[where[0]]
    if isinstance(target, type):
        target = target.__dict__[where[1]]
    for name in ("fget", "_work_out", "__wrapped__", "__func__"):
        if not isinstance(target, FunctionType):
            target = getattr(target, name, target)
    return target if isinstance(target, FunctionType) else None


def code_of(code: CodeType, where: tuple[str, ...]) -> CodeType:
    """The code of a function of a compiled module."""
    for name in where:
        code = next(each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == name)
    return code


AT_ONCE = 24
"""Mutants that are judged in one process: to fork costs more than to judge."""

Job = tuple["Mutant", "Sequence[Trial]"]


class _Child(NamedTuple):
    jobs: Sequence[Job]
    pipe: int


def outcomes(jobs: Iterable[Job], *, processes: int = 1) -> Iterator[Outcome]:
    """Judge each mutant by its trials, `processes` groups of them at a time, each group in a fork of this process."""
    running: dict[int, _Child] = {}
    gc.collect()
    gc.freeze()  # else the first collection in each fork copies all there is
    rest = iter(jobs)
    todo: list[Job] = []
    while running or todo or (todo := list(islice(rest, AT_ONCE))):
        if todo and len(running) < processes:
            running.update([_forked(todo)])
            todo = []
            continue
        ended, done = _ended(running)
        yield from ended
        todo = [*done, *todo]


def _forked(jobs: Sequence[Job]) -> tuple[int, _Child]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - in the fork
        os.close(reading)
        _run(jobs, writing)
    os.close(writing)
    return child, _Child(jobs, reading)


def _ended(running: dict[int, _Child]) -> tuple[list[Outcome], Sequence[Job]]:
    """What one process has found out, and the jobs that it did not come to."""
    number, status = os.wait()
    jobs, pipe = running.pop(number)
    with os.fdopen(pipe, "rb") as answers:
        told = [int(each) for each in answers.read().split()]
    endless = os.WIFSIGNALED(status)
    found = []
    for (mutant, trials), place in zip(jobs, told, strict=False):
        last = trials[abs(place) - 1] if place else None
        killed = last is not None
        found.append(
            Outcome(
                mutant,
                last.name if last is not None else None,
                last.kind if last is not None else None,
                len(trials),
                endless=killed and place < 0,
            )
        )
    assert endless or len(found) == len(jobs)
    return found, jobs[len(found) :]


def _run(jobs: Sequence[Job], pipe: int) -> None:  # pragma: no cover - in the fork
    """Tell for each mutant which trial failed, counted from one, and 0 where none did; never comes back.

    A mutant that comes to no end is told below zero, and ends the process.
    """
    now = 0

    def endless(*_: object) -> None:
        os.write(pipe, b"-%d " % now)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)

    try:
        signal.signal(signal.SIGPROF, endless)
        setrlimit(RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        gc.disable()
        killers: deque[str] = deque(maxlen=6)
        for mutant, trials in jobs:
            order = sorted(range(len(trials)), key=lambda place: trials[place].name not in killers)
            outcome = 0
            back = graft(mutant)
            for place in order:
                now = place + 1
                signal.setitimer(signal.ITIMER_PROF, PATIENCE)
                if _fails(trials[place]):
                    outcome = now
                    killers.append(trials[place].name)
                    break
            signal.setitimer(signal.ITIMER_PROF, 0)
            back()
            os.write(pipe, b"%d " % outcome)
    finally:
        os._exit(0)


def _fails(trial: Trial) -> bool:  # pragma: no cover - in the fork
    try:
        trial.run()
    except BaseException:  # noqa: BLE001 - whatever goes wrong shows that something is wrong
        return True
    return False
