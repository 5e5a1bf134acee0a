"""What a mutant is held against: verdicts on which rules and model agree, and what the tests expect of the rules.

The model's answers are worked out once: mutants are of the rules, and the model stays what it is.
"""

from __future__ import annotations

import importlib
import sys
from collections import defaultdict
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from handoffmap.verdicts.verdict import judge
from tests.agreement.compare import Invalid, compare
from tests.agreement.generator import generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import CodeType, FrameType, ModuleType

    from handoffmap.model import Cell, Topology
    from tests.agreement.compare import Compared

__all__ = ["Trial", "agreed", "by_line", "maps", "regressions", "tables"]

HERE = Path(__file__).parent
TABLES = (
    "tests.rules.test_pages",
    "tests.rules.test_silence_controls_and_timing",
    "tests.rules.test_silence_mapping",
    "tests.rules.test_silence_reach",
    "tests.rules.test_silence_writers_and_delivery",
    "tests.semantics.test_cases",
    "tests.semantics.test_meaning",
    "tests.semantics.test_rulings",
)
"""Modules of tests about rules and about cases whose verdict was reasoned out beforehand."""


class Trial(NamedTuple):
    """Something that holds of the rules as they are."""

    name: str
    kind: str
    """`agreement`: the model says so. `tables`: the tests do."""
    run: Callable[[], None]
    """Raises whatever it likes where it does not hold."""


def _holds(topology: Topology, expected: Mapping[Cell, tuple[str, str | None]]) -> None:
    """Whether the rules say what was agreed on, of the cells of one map of which they and the model did."""
    cells = judge(topology).cells
    for cell, wanted in expected.items():
        assessed = cells[cell]
        assert (assessed.verdict, assessed.drift) == wanted, cell


def agreed(name: str, compared: Compared) -> Trial:
    """That the rules go on saying what the model says, wherever they do."""
    differing = {each.cell for each in compared.disagreements}
    expected = {
        each.cell: (each.verdict, each.drift)
        for each in compared.diagnosis.verdicts
        if str(each.cell) not in differing and compared.proofs[each.cell].bound is None
    }
    return Trial(name, "agreement", partial(_holds, compared.topology, expected))


def maps(seed: int, first: int, count: int) -> Iterator[Trial]:
    """One trial for each random map."""
    for number in range(first, first + count):
        try:
            yield agreed(f"map {number} of series {seed}", compare(generate(seed, number)))
        except Invalid:
            continue


def regressions() -> Iterator[Trial]:
    """One trial for each map on which both roads once differed."""
    for path in sorted((HERE / "regressions").glob("*.yaml")):
        if path.stem != "expected":
            yield agreed(f"regression {path.stem}", compare(yaml.safe_load(path.read_text(encoding="utf-8"))))


def tables() -> Iterator[Trial]:
    """One trial for each case of the tests about rules and meaning, as pytest would run it."""
    for name in TABLES:
        module = importlib.import_module(name)
        for test in vars(module).values():
            if getattr(test, "__name__", "").startswith("test_") and test.__module__ == name:
                yield from _cases(test)


def _cases(test: Callable[..., None]) -> Iterator[Trial]:
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    columns = [[_arguments(mark.args[0], row) for row in mark.args[1]] for mark in marks]
    for row in product(*columns):
        arguments = {name: value for part in row for name, value in part.items()}
        said = ", ".join(str(value) if len(str(value)) < 60 else "..." for value in arguments.values())
        yield Trial(f"{test.__name__}[{said}]", "tables", partial(test, **arguments))


def _arguments(names: str | tuple[str, ...], row: Any) -> dict[str, Any]:
    split = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    values = getattr(row, "values", row)
    if callable(values) or (len(split) == 1 and not hasattr(row, "marks")):
        values = (row,)
    return dict(zip(split, values, strict=True))


# -- which trial comes to which line -----------------------------------------------------------------------


def by_line(trials: Iterable[Trial], modules: Iterable[ModuleType]) -> dict[tuple[str, int], list[Trial]]:
    """(module, line) -> the trials that come to it, in their order. Runs each of them once; all of them must hold."""
    watched = {str(module.__file__): module.__name__ for module in modules}
    found: dict[tuple[str, int], list[Trial]] = defaultdict(list)
    for trial in trials:
        for place in _lines_of(trial, watched):
            found[place].append(trial)
    return found


def _lines_of(trial: Trial, watched: dict[str, str]) -> set[tuple[str, int]]:
    seen: dict[CodeType, set[int]] = {}

    def entered(frame: FrameType, _: str, __: Any) -> Callable[[FrameType, str, Any], Any] | None:
        code = frame.f_code
        if code.co_filename not in watched:
            return None
        lines = seen.setdefault(code, set())

        def stepped(frame: FrameType, _: str, __: Any) -> Any:
            lines.add(frame.f_lineno)
            return stepped

        return stepped

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        trial.run()
    finally:
        sys.settrace(before)
    return {(watched[code.co_filename], line) for code, lines in seen.items() for line in lines}
