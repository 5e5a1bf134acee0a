"""What one map comes to, as bytes: what a worker hands over and what the cache keeps.

JSON, since what is read from a disk may have been put there by somebody: reading it runs nothing. The first part is
what every run tells; premises and coverage, which few ask for, are made on demand and packed apart.
"""

from __future__ import annotations

import json
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from handoffmap.text.source import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from handoffmap.diagnosis import Diagnosis, Report
    from handoffmap.estate.way import Way
    from handoffmap.finding import Finding
    from handoffmap.text.source import Source

__all__ = ["Record", "record_of", "text_digest"]

_FAST = 1
"""How hard zlib tries: premises repeat themselves, and shrink to a tenth at once."""


class Record(NamedTuple):
    """One judged map."""

    told: bytes
    """JSON: the findings and what stands beside them."""
    deep: bytes
    """JSON, packed: premises and place of each verdict, and the coverage; empty where nobody was expected to ask."""


def record_of(report: Report, root: Source, ways: Iterable[Way], *, whole: bool) -> Record:
    """The record of a run over one map; `ways`: where the includes of its files have led.

    `whole`: with premises and coverage. A map of which no finding may be left to tell has them always, since its
    verdicts are told then.
    """
    parts = [
        (source.name, str(source.path), text_digest(source.text))
        for source in report.sources.values()
        if source.name != root.name
    ]
    about: dict[str, Any] = {"parts": parts, "ways": list(ways)}
    if not report.diagnoses:
        about["invalid"] = [_plain(finding) for _, problems in report.invalid for finding in problems]
        return Record(_dumped(about), b"")
    (diagnosis,) = report.diagnoses
    about.update(_told(diagnosis))
    if diagnosis.findings and not whole and not _may_be_waived(diagnosis):
        return Record(_dumped(about), b"")
    deep = ([(list(each.premises), _place(each.place)) for each in diagnosis.verdicts], list(diagnosis.coverage))
    return Record(_dumped(about), zlib.compress(_dumped(deep), _FAST))


def text_digest(text: str) -> str:
    """What tells one text from another."""
    from hashlib import blake2b

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _told(diagnosis: Diagnosis) -> Iterator[tuple[str, Any]]:
    topology = diagnosis.topology
    yield "name", topology.name
    yield "waivers", [_with(each, place=_place(each.place)) for each in topology.waivers]
    yield "stated", list(diagnosis.stated) if topology.waivers else None
    yield "findings", [_plain(finding) for finding in diagnosis.findings]
    yield "verdicts", [_with(each, premises=None, place=None) for each in diagnosis.verdicts]
    yield "questions", diagnosis.questions
    number = {id(finding): place for place, finding in enumerate(diagnosis.findings)}
    yield "gaps", [(number[id(gap.finding)], gap.position, gap.because) for gap in diagnosis.gaps]
    yield "costs", diagnosis.costs
    yield "scorecard", diagnosis.scorecard


def _may_be_waived(diagnosis: Diagnosis) -> bool:
    return bool(diagnosis.topology.waivers) or any("allow[" in each.text for each in diagnosis.topology.sources)


def _with(row: Any, **facts: object) -> Any:
    """A row of which some is told in another form."""
    return row._replace(**facts)


def _plain(finding: Finding) -> Any:
    """A finding whose documented facts are named by their place in the catalogue."""
    if not finding.catalogue:
        return finding
    from handoffmap.reading.products import PRODUCT_FACTS

    facts = [(fact.product, PRODUCT_FACTS[fact.product].index(fact)) for fact in finding.catalogue]
    return _with(finding, catalogue=facts)


def _place(place: Any) -> Location | None:
    return None if place is None else place.at()


def _dumped(value: object) -> bytes:
    """JSON with tuples as lists; ASCII, so that half a character of a file's name survives too."""
    return json.dumps(value, default=_encoded, separators=(",", ":")).encode("ascii")


def _encoded(value: object) -> object:
    if isinstance(value, Location):
        return (value.file, value.line, value.column, value.end_line, value.end_column)
    if isinstance(value, Fraction):
        return (value.numerator, value.denominator)
    mapping: Mapping[str, object] = value  # type: ignore[assignment]  # all that is left is frozen mappings
    return dict(mapping)
