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
from resource import RLIMIT_AS, setrlimit
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.agreement.mutants import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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


def graft(mutant: Mutant) -> None:
    """Change the running program: meant for a process that ends soon."""
    module = sys.modules[mutant.module]
    file = str(module.__file__)
    tree = mutant.tree(text_of(module))
    function = function_of(module, mutant.where)
    if function is not None:
        whole = compile(tree, file, "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)
        function.__code__ = code_of(whole, mutant.where)
        return
    target = module.__dict__[mutant.where[0]]
    (table,) = tree.body
    value = table.value if isinstance(table, ast.Assign | ast.AnnAssign) else None
    assert value is not None
    changed = eval(compile(ast.Expression(value), file, "eval", dont_inherit=True), dict(module.__dict__))  # noqa: S307
    for other in list(sys.modules.values()):
        if getattr(other, "__name__", "").startswith("handoffmap"):
            for name in [name for name, held in vars(other).items() if held is target]:
                setattr(other, name, changed)


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


class _Child(NamedTuple):
    mutant: Mutant
    trials: Sequence[Trial]
    pipe: int


def outcomes(jobs: Iterable[tuple[Mutant, Sequence[Trial]]], *, processes: int = 1) -> Iterator[Outcome]:
    """Judge each mutant by its trials, `processes` at a time, each in a fork of this process."""
    running: dict[int, _Child] = {}
    gc.collect()
    gc.freeze()  # else the first collection in each fork copies all there is
    for mutant, trials in jobs:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:  # pragma: no cover - in the fork
            os.close(reading)
            _run(mutant, trials, writing)
        os.close(writing)
        running[child] = _Child(mutant, trials, reading)
        while len(running) >= processes:
            yield _ended(running)
    while running:
        yield _ended(running)


def _ended(running: dict[int, _Child]) -> Outcome:
    number, status = os.wait()
    mutant, trials, pipe = running.pop(number)
    with os.fdopen(pipe, "rb") as answers:
        told = answers.read().split()
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == SURVIVED:
        return Outcome(mutant, None, None, len(trials))
    last = trials[int(told[-1]) if told else 0]
    return Outcome(mutant, last.name, last.kind, len(trials), endless=os.WIFSIGNALED(status))


SURVIVED, KILLED = 0, 1


def _run(mutant: Mutant, trials: Sequence[Trial], pipe: int) -> None:  # pragma: no cover - in the fork
    """Run the trials until one fails, and tell the place of each before; never comes back."""
    outcome = KILLED
    try:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        setrlimit(RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        gc.disable()
        graft(mutant)
        for place, trial in enumerate(trials):
            os.write(pipe, b"%d " % place)
            signal.setitimer(signal.ITIMER_PROF, PATIENCE)
            trial.run()
        outcome = SURVIVED
    except BaseException:  # noqa: BLE001, S110 - whatever goes wrong shows that something is wrong
        pass
    finally:
        os._exit(outcome)
