"""What a mutant is held against: verdicts on which rules and model agree, and what the tests expect of the rules.

Mutants are of the rules, and the model stays what it is: it is asked only where a verdict has changed.
"""

from __future__ import annotations

import importlib
from collections import Counter
from contextlib import suppress
from functools import cache, partial
from inspect import signature
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import pytest

from handoffmap.check import diagnose
from handoffmap.prove import _witness_of
from handoffmap.verdicts.suppose import judge
from handoffmap.witness import prove_cell, prove_pairs, with_pairs
from handoffmap.witness.proof import completions
from tests.agreement.borrowing import with_borrowed
from tests.agreement.compare import CAP, Invalid, read
from tests.agreement.evidence import lacking
from tests.agreement.generator import generate
from tests.agreement.neighbours import by_hand, neighbour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from handoffmap.finding import Finding
    from handoffmap.model import Cell, Topology
    from handoffmap.verdicts.verdict import Judgement
    from tests.agreement.shapes import Facts

__all__ = ["Drafts", "Trial", "agreed", "called", "drafts", "near", "tables"]

TABLES = (
    "tests.unit.test_feeds",
    "tests.unit.test_graph",
    "tests.unit.test_hearing",
    "tests.unit.test_ledger",
    "tests.unit.test_ordering",
    "tests.unit.test_standing_still",
    "tests.unit.test_states",
    "tests.rules.test_handoff_answers",
    "tests.rules.test_units",
    "tests.rules.test_mapping_answers",
    "tests.rules.test_pages",
    "tests.rules.test_silence_controls_and_timing",
    "tests.rules.test_silence_mapping",
    "tests.rules.test_silence_reach",
    "tests.rules.test_silence_writers_and_delivery",
    "tests.semantics.test_cases",
    "tests.semantics.test_healing",
    "tests.semantics.test_meaning",
    "tests.semantics.test_one_fault",
    "tests.semantics.test_overtaking",
    "tests.semantics.test_rulings",
    "tests.semantics.test_wrong_way",
    "tests.incidents.test_incidents",
    "tests.semantics.test_alike_systems",  # the slow ones last
    "tests.semantics.test_islands",
)
"""Modules of tests about rules and about cases whose verdict was reasoned out beforehand."""

DIRECT = tuple(name for name in TABLES if name.startswith(("tests.unit.", "tests.rules.")) and "silence" not in name)
"""Those that ask one rule or one predicate, a few thousandths of a second each."""


class Trial(NamedTuple):
    """Something that holds of the rules as they are."""

    name: str
    kind: str
    """`agreement`: the model says so. `tables`, `answers`: the tests do. `draft`: nothing is held."""
    run: Callable[[], object]
    """Raises whatever it likes where it does not hold."""
    found: Facts | None = None
    """The map that it is about, where it is one."""


class _Differs(Exception):  # noqa: N818 - an outcome, not an error
    """Something has changed on which rules and model had agreed."""


Key = tuple[str, str | None, str | None, str | None, str | None]


class _Known(NamedTuple):
    """What the rules say of one map as they are."""

    topology: Topology
    verdicts: dict[Cell, tuple[str, str | None]]
    lacking: dict[Cell, set[tuple[str, str | None]]]
    told: frozenset[object]
    findings: dict[Key, Finding]
    """Those that turn a verdict, sure or not."""

    def compare(self) -> None:
        """Whether they still say it, wherever the model bears them out; the model is asked only where they do not.

        Verdicts; the premises that what converges rests on; and findings: whether they are there, and how sure.
        """
        judgement = judge(self.topology)
        for cell, wanted in self.verdicts.items():
            assessed = judgement.cells[cell]
            if (assessed.verdict, assessed.drift) != wanted:
                if _answer(self.topology, cell) == wanted:
                    raise _Differs(cell)
            elif lacking(assessed) - self.lacking[cell]:
                raise _Differs(cell)
        if _told(judgement) != self.told:
            self.hold_findings()

    def hold_findings(self) -> None:
        """Whether each finding that has come, gone, or become surer or less sure, had reason to."""
        now = _findings(self.topology)
        for key in {**self.findings, **now}:
            before, after = _sureness(self.findings.get(key)), _sureness(now.get(key))
            if before != after and _seen(self.topology, self.findings.get(key) or now[key]) == before:
                raise _Differs(key)


def _sureness(finding: Finding | None) -> str:
    return "absent" if finding is None else finding.confidence


def _answer(topology: Topology, cell: Cell) -> tuple[str, str | None] | None:
    """What the model says of a cell; None: it reaches a bound."""
    proof = with_pairs(prove_cell(topology, cell, cap=CAP), prove_pairs(topology, cell))
    return None if proof.bound is not None else (proof.verdict, proof.drift)


def _told(judgement: Judgement) -> frozenset[object]:
    """The claims that turn verdicts, without their words."""
    return frozenset(
        (cell, item.claim.slug, item.claim.path and item.claim.path.id, item.claim.holds, item.drift)
        for cell, assessed in judgement.cells.items()
        for item in assessed.told
        if item.turns and item.claim.message
    )


def _findings(topology: Topology) -> dict[Key, Finding]:
    """The findings that turn a verdict, or may."""
    return {
        (each.slug, each.subject.system, each.subject.quantity, each.subject.write_path, each.subject.control): each
        for each in diagnose(topology).findings
        if each.drift is not None
    }


def _seen(topology: Topology, finding: Finding) -> str | None:
    """How sure the model is of a finding: whether it has a run of just this one, whatever is unknown; None: no telling.

    `confirmed` in all completions of the unknown facts, `undetermined` in some of them, `absent` in none.
    """
    if not topology.complete or not finding.cells:
        return None
    try:
        stated = list(completions(topology, finding.cells[0]))
    except ValueError:  # too many facts are unknown
        return None
    runs = [_witness_of(each, finding, None) is not None for each in stated]
    return "confirmed" if all(runs) else "undetermined" if any(runs) else "absent"


def agreed(name: str, found: Facts) -> Trial:
    """That the rules go on saying what the model says, wherever they do."""
    topology = read(found)
    judgement = judge(topology)
    known = _Known(
        topology,
        {cell: (found.verdict, found.drift) for cell, found in judgement.cells.items()},
        {cell: lacking(found) for cell, found in judgement.cells.items()},
        _told(judgement),
        _findings(topology),
    )
    return Trial(name, "agreement", known.compare, found)


class Drafts(NamedTuple):
    """How many maps of which series."""

    seed: int
    maps: int
    neighbours: int
    first: int = 0
    """The number of the first of each."""


def drafts(wanted: Drafts, *, written: bool = False) -> Iterator[Trial]:
    """Maps that are only judged, and held against nothing: to see what comes to which place.

    Those `written` by hand, neighbours of those, as many with facts borrowed from others, and random ones.
    """
    names = list(_by_hand())
    if written:
        yield from _drafted(names)
    numbers = range(wanted.first, wanted.first + wanted.neighbours)
    yield from _drafted(f"{names[number % len(names)]} > {wanted.seed * 1_000_003 + number}" for number in numbers)
    yield from _drafted(f"{names[number % len(names)]} ~ {wanted.seed * 1_000_003 + number}" for number in numbers)
    numbers = range(wanted.first, wanted.first + wanted.maps)
    yield from _drafted(f"map {number} of series {wanted.seed}" for number in numbers)


def _drafted(names: Iterable[str]) -> Iterator[Trial]:
    for name in names:
        found = _facts(name)
        with suppress(Invalid):
            yield Trial(name, "draft", partial(judge, read(found)), found)


def near(trials: Iterable[Trial], seed: int, count: int) -> Iterator[Trial]:
    """Trials of so many neighbours of the maps of others: more of what comes to one place."""
    known = [(trial.name, trial.found) for trial in trials if trial.found is not None]
    for number in range(seed, seed + count) if known else ():
        name, found = known[number % len(known)]
        with suppress(Invalid):
            yield agreed(f"{name} > {number}", neighbour(found, number))


def called(name: str) -> Trial:
    """The trial of a map by its name. Raises `Invalid` where the reader refuses it, KeyError where there is none."""
    return agreed(name, _facts(name))


def _facts(name: str) -> Facts:
    """A map by its name."""
    whole, _, beside = name.rpartition(" > ")
    if whole:
        return neighbour(_facts(whole), int(beside))
    whole, _, beside = name.rpartition(" ~ ")
    if whole:
        return with_borrowed(_facts(whole), int(beside))
    match name.split():
        case ["map", number, "of", "series", seed]:
            return generate(int(seed), int(number))
        case _:
            return _by_hand()[name]


@cache
def _by_hand() -> dict[str, Facts]:
    """The maps written by hand, by names that stay when others are added."""
    return {f"hand {crc32(repr(found).encode()):08x}": found for found in by_hand()}


def tables(names: Iterable[str] = TABLES) -> Iterator[Trial]:
    """One trial for each case of the tests about rules and meaning, as pytest would run it."""
    for name in names:
        module = importlib.import_module(name)
        for test in vars(module).values():
            if getattr(test, "__name__", "").startswith("test_") and test.__module__ == name:
                yield from _apart(_cases(test))


def _apart(trials: Iterable[Trial]) -> Iterator[Trial]:
    """Give those of one name a number each."""
    names = Counter[str]()
    for trial in trials:
        names[trial.name] += 1
        yield trial._replace(name=f"{trial.name} #{names[trial.name]}") if names[trial.name] > 1 else trial


def _cases(test: Callable[..., None]) -> Iterator[Trial]:
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    if len(signature(test).parameters) > sum(len(_names(mark.args[0])) for mark in marks):
        return  # it wants a fixture
    columns = [
        [_arguments(mark.args[0], row) for row in mark.args[1] if not getattr(row, "marks", ())] for mark in marks
    ]
    for row in product(*columns):
        arguments = {name: value for part in row for name, value in part.items()}
        said = ", ".join(str(value) if len(str(value)) < 60 else "..." for value in arguments.values())
        yield Trial(f"{test.__module__}.{test.__name__}[{said}]", "tables", partial(_tried, test, arguments))


def _tried(test: Callable[..., None], arguments: dict[str, Any]) -> None:
    """Call a test; one that skips itself says nothing."""
    with suppress(pytest.skip.Exception):
        test(**arguments)


def _names(names: str | tuple[str, ...]) -> list[str]:
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)


def _arguments(names: str | tuple[str, ...], row: Any) -> dict[str, Any]:
    split = _names(names)
    values = getattr(row, "values", row)
    if callable(values) or (len(split) == 1 and not hasattr(row, "marks")):
        values = (row,)
    return dict(zip(split, values, strict=True))
