"""A record → **what is known of the map**, as if it had just been judged.

What every run tells is at hand. Premises and coverage are unpacked when somebody goes through them, and the map itself
is read and judged after all where somebody asks for it.
"""

from __future__ import annotations

import json
import zlib
from fractions import Fraction
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from handoffmap.diagnosis import Diagnosis
from handoffmap.finding import CellVerdict, Coverage, Finding, PremiseNote, Question, Related, Subject
from handoffmap.model import Cell, Waiver
from handoffmap.priorities.estimate import Assumption, Category, Costs, Range, Share, Split
from handoffmap.priorities.rank import Gap
from handoffmap.text.source import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from handoffmap.estate.record import Record
    from handoffmap.model import Topology
    from handoffmap.premises.graph import WritePathGraph
    from handoffmap.reading.catalogue import CatalogueFact
    from handoffmap.text.source import Source

__all__ = ["recalled", "recalled_problems"]

T = TypeVar("T")


def recalled_problems(told: Mapping[str, Any]) -> tuple[Finding, ...] | None:
    """What is wrong with the files of a map; None where it could be judged."""
    return tuple(map(_finding, told["invalid"])) if "invalid" in told else None


def recalled(told: Mapping[str, Any], record: Record, sources: Sequence[Source]) -> Diagnosis:
    """What is known of a map; `told`: the record's first part, unpacked, `sources`: its files, the root first."""
    later = cache(lambda: _judged(sources))
    deep = _Deep(record.deep, later)
    findings = tuple(map(_finding, told["findings"]))
    costs = _costs(told["costs"])
    return Diagnosis(
        file=sources[0].name,
        topology=cast(
            "Topology",
            _Later(
                lambda: later().topology,
                file=sources[0].name,
                name=told["name"],
                waivers=tuple(map(_waiver, told["waivers"])),
                sources=tuple(sources),
                laid_over=(),
            ),
        ),
        graph=cast("WritePathGraph", _Later(lambda: later().graph)),
        verdicts=tuple(_verdict(row, number, deep) for number, row in enumerate(told["verdicts"])),
        findings=findings,
        questions=tuple(map(_question, told["questions"])),
        coverage=_Each(deep.coverage),
        gaps=tuple(
            Gap(findings[number], costs.shares.get(findings[number].fingerprint), position, because)
            for number, position, because in told["gaps"]
        ),
        costs=costs,
        scorecard=tuple((control, standing, because) for control, standing, because in told["scorecard"]),
        shares=costs.shares,
        stated=_Each(lambda: later().stated) if told["stated"] is None else tuple(told["stated"]),
    )


def _judged(sources: Sequence[Source]) -> Diagnosis:
    """The map judged once more, from the texts that the record was made of."""
    from handoffmap.check import check_sources

    (diagnosis,) = check_sources(sources[:1], instead={source.name: source for source in sources}).diagnoses
    return diagnosis


class _Later:
    """Something of which some is at hand; whatever else is asked of it is fetched first."""

    def __init__(self, whole: Callable[[], object], **known: object) -> None:
        self.__dict__.update(known)
        self._whole = whole

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole(), name)


# -- what is packed apart --------------------------------------------------------------------------------------


class _Deep:
    """Premises, places and coverage: unpacked once, or worked out anew where the record was made without them."""

    def __init__(self, packed: bytes, later: Callable[[], Diagnosis]) -> None:
        self._unpacked = cache(lambda: json.loads(zlib.decompress(packed))) if packed else None
        self._later = later

    def premises(self, number: int) -> Iterable[PremiseNote]:
        if self._unpacked is None:
            return self._later().verdicts[number].premises
        rows = self._unpacked()[0][number][0]
        return (PremiseNote(premise, holds, because, path, _location(at)) for premise, holds, because, path, at in rows)

    def place(self, number: int) -> Location | None:
        if self._unpacked is None:
            stated = self._later().verdicts[number].place
            return None if stated is None else stated.at()
        place: Location | None = _location(self._unpacked()[0][number][1])
        return place

    def coverage(self) -> Iterable[Coverage]:
        if self._unpacked is None:
            return self._later().coverage
        return (
            Coverage(event, Cell(*cell), arrival, path, _number(late), origin, detail)
            for event, cell, arrival, path, late, origin, detail in self._unpacked()[1]
        )


class _Each(Generic[T]):
    """What is gone through when somebody does, as often as somebody does."""

    def __init__(self, fetch: Callable[[], Iterable[T]]) -> None:
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        return iter(self._fetch())


class _Stated(NamedTuple):
    """A place that is known, or can be."""

    fetch: Callable[[], Location | None]

    def at(self) -> Any:
        return self.fetch()


# -- rows ------------------------------------------------------------------------------------------------------


def _waiver(row: Sequence[Any]) -> Waiver:
    facts = _named(Waiver, row)
    facts["place"] = _Stated(partial(_location, facts["place"]))
    return Waiver(**facts)


def _named(kind: Any, row: Sequence[Any]) -> dict[str, Any]:
    """The fields of a row by their names: what is no more than a word or a number stays as it is."""
    return dict(zip(kind._fields, row, strict=True))


def _finding(row: Sequence[Any]) -> Finding:
    facts = _named(Finding, row)
    facts["subject"] = Subject(*facts["subject"])
    facts["location"] = _location(facts["location"])
    facts["window"] = _number(facts["window"])
    facts["related"] = tuple(Related(Subject(*subject), why, _location(at)) for subject, why, at in facts["related"])
    facts["cells"] = tuple(Cell(*cell) for cell in facts["cells"])
    facts["catalogue"] = tuple(map(_fact, facts["catalogue"]))
    for name in ("events", "asks", "allowed"):
        facts[name] = tuple(facts[name])
    return Finding(**facts)


def _fact(row: Sequence[Any]) -> CatalogueFact:
    from handoffmap.reading.products import PRODUCT_FACTS

    product, number = row
    fact: CatalogueFact = PRODUCT_FACTS[product][number]
    return fact


def _verdict(row: Sequence[Any], number: int, deep: _Deep) -> CellVerdict:
    facts = _named(CellVerdict, row)
    facts["cell"] = Cell(*facts["cell"])
    facts["window"] = _number(facts["window"])
    facts["premises"] = _Each(partial(deep.premises, number))
    facts["findings"] = tuple(facts["findings"])
    facts["upstream"] = tuple(Cell(*cell) for cell in facts["upstream"])
    facts["place"] = _Stated(partial(deep.place, number))
    return CellVerdict(**facts)


def _question(row: Sequence[Any]) -> Question:
    facts = _named(Question, row)
    facts["subject"] = Subject(*facts["subject"])
    facts["settles"] = tuple(Cell(*cell) for cell in facts["settles"])
    facts["worth"] = _number(facts["worth"])
    facts["location"] = _location(facts["location"])
    return Question(**facts)


def _costs(row: Sequence[Any]) -> Costs:
    facts = _named(Costs, row)
    facts["total"] = _range(facts["total"])
    facts["categories"] = tuple(
        Category(key, name, _range(cost), _number(benchmark), tuple(missing))
        for key, name, cost, benchmark, missing in facts["categories"]
    )
    facts["benchmark"] = _number(facts["benchmark"])
    facts["unexplained"] = _range(facts["unexplained"])
    facts["orders_per_month"] = _number(facts["orders_per_month"])
    facts["shares"] = {name: _share(share) for name, share in facts["shares"].items()}
    facts["worth"] = {name: _number(worth) for name, worth in facts["worth"].items()}
    facts["stability"] = facts["stability"] and tuple(facts["stability"])
    facts["assumptions"] = tuple(Assumption(*each) for each in facts["assumptions"])
    return Costs(**facts)


def _range(row: Sequence[Any] | None) -> Range | None:
    return None if row is None else Range(*map(_number, row))


def _share(row: Sequence[Any]) -> Share:
    low, mode, high, split, shared_with = row
    return Share(_number(low), _number(mode), _number(high), Split(*map(_number, split)), shared_with)


def _number(value: Any) -> Any:
    """An exact number: a fraction is a pair."""
    return Fraction(*value) if isinstance(value, list) else value


def _location(row: Sequence[Any] | None) -> Any:
    return None if row is None else Location(*row)
