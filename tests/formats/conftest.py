"""Runs made by hand, so that the formats are tested without the engine."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from handoffmap.diagnosis import Diagnosis, Report
from handoffmap.finding import CellVerdict, Finding, PremiseNote, Question, Related, Subject
from handoffmap.model import Cell
from handoffmap.text.source import Location, Source

if TYPE_CHECKING:
    from collections.abc import Callable

MAP = """\
handoffmap: 1
name: Two counts
write_paths:
  - id: order-to-wms
    dedupe: none
    maps: {on_hand: null}
"""


def place(line: int, column: int, end_column: int, end_line: int | None = None, file: str = "map.yaml") -> Location:
    return Location(file, line, column, line if end_line is None else end_line, end_column)


def make_finding(**changes: Any) -> Finding:
    duplicate = Finding(
        code="HM201",
        slug="duplicate-delivery",
        severity="error",
        confidence="confirmed",
        drift="permanent",
        message="An order that is delivered twice is taken off twice",
        subject=Subject("wms", "available", "order_captured", "order-to-wms"),
        location=place(5, 13, 17),
        fingerprint="f201",
        premise="TA4",
        why="delivery is at_least_once and dedupe is none",
        mend="dedupe on a key that stays the same across retries",
        direction="under",
        related=(Related(Subject("wms", "allocated"), "is touched too", place(6, 5, 9)),),
        events=("order_captured",),
        cells=(Cell("wms", "available"),),
    )
    return duplicate._replace(**changes)


QUESTION = Question(
    id="q1",
    ask="How long does the WMS remember a receipt?",
    owner="warehouse",
    subject=Subject(write_path="receipt-to-wms"),
    fact="dedupe.retention",
    settles=(Cell("wms", "on_hand"),),
    worth=Fraction(1250, 3),
    location=place(5, 5, 11),
    rank=1,
)

DRIFTING = CellVerdict(
    cell=Cell("wms", "available"),
    verdict="drifts",
    drift="permanent",
    window=None,
    premises=(PremiseNote("TA4", False, "no dedupe", "order-to-wms", place(5, 5, 11)),),
    findings=("f201",),
)
CONVERGING = CellVerdict(
    cell=Cell("erp", "on_hand"),
    verdict="converges",
    drift=None,
    window=Fraction(86_400),
    premises=(
        PremiseNote("TB1", True, "one source", "nightly"),
        PremiseNote("TB6", True, "the full key scope"),
    ),
    findings=(),
)
SHARE = SimpleNamespace(low=Fraction(100), mode=Fraction(1234567, 100), high=Fraction(20_000))


COSTS = SimpleNamespace(
    mode="benchmark", label="One firm's client figures.", total=None, benchmark=11_500, unexplained=SHARE
)


def make_diagnosis(**changes: Any) -> Diagnosis:
    diagnosis = Diagnosis(
        file="map.yaml",
        topology=cast("Any", SimpleNamespace(name="Two counts", waivers=(), laid_over=())),
        graph=cast("Any", None),
        verdicts=(DRIFTING, CONVERGING),
        findings=(make_finding(),),
        questions=(QUESTION,),
        coverage=(),
        gaps=(),
        costs=cast("Any", COSTS),
        scorecard=(("authoritative source", "in place", "The WMS is the record."),),
        shares=cast("Any", {"f201": SHARE}),
    )
    return diagnosis._replace(**changes)


@pytest.fixture
def finding() -> Callable[..., Finding]:
    return make_finding


@pytest.fixture
def diagnosis() -> Callable[..., Diagnosis]:
    return make_diagnosis


@pytest.fixture
def report() -> Callable[..., Report]:
    """A run over one file; keywords change its diagnosis, `text` the file, `invalid` adds broken files."""

    def build(
        *,
        text: str = MAP,
        invalid: tuple[tuple[str, tuple[Finding, ...]], ...] = (),
        judged: bool = True,
        skipped: int = 0,
        **changes: Any,
    ) -> Report:
        return Report(
            diagnoses=(make_diagnosis(**changes),) if judged else (),
            invalid=invalid,
            skipped=skipped,
            sources={"map.yaml": Source("map.yaml", text)},
        )

    return build
