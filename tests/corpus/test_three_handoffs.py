"""The engine held against expected_three_handoffs.md, which was written down before it existed.

The tables of that page stand here as data. Where the two part, one of them is wrong: mend that one, not
this file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from handoffmap.check import check_paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Finding, Question, Subject

BROKEN = "topologies/three_handoffs.yaml"
MENDED = "topologies/three_handoffs.fixed.yaml"


class Row(NamedTuple):
    """One line of the page's tables of findings."""

    code: str
    slug: str
    subject: str
    drift: str | None
    severity: str
    confidence: str
    line: int
    related: tuple[str, ...] = ()


CONFIRMED, UNDETERMINED = "confirmed", "undetermined"

ROWS = [
    Row("HM201", "duplicate-delivery", "order-to-wms wms.available", "permanent", "error", CONFIRMED, 74,
        ("wms.allocated",)),
    Row("HM301", "unmapped-field", "receipt-to-wms wms.on_hand field on_hand", "permanent", "error",
        CONFIRMED, 89, ("wms.available",)),
    Row("HM405", "shipment-gap", "storefront.allocated", "permanent", "error", CONFIRMED, 32),
    Row("HM401", "unsynchronized", "storefront.available", "permanent", "error", CONFIRMED, 31),
    Row("HM406", "count-gap", "storefront.available", "permanent", "error", CONFIRMED, 31),
    Row("HM406", "count-gap", "erp.on_hand", "permanent", "warning", CONFIRMED, 47),
    Row("HM401", "unsynchronized", "erp.on_hand", "permanent", "warning", CONFIRMED, 47),
    Row("HM501", "no-reconciliation", "storefront.available", None, "warning", CONFIRMED, 31),
    Row("HM501", "no-reconciliation", "storefront.allocated", None, "warning", CONFIRMED, 32),
    Row("HM011", "undocumented-event", "order_cancelled", None, "note", CONFIRMED, 55),
    Row("HM201", "duplicate-delivery", "shipment-to-erp erp.on_hand", "permanent", "warning",
        UNDETERMINED, 109),
    Row("HM203", "lost-delivery", "shipment-to-erp erp.on_hand", "permanent", "warning", UNDETERMINED, 109),
]  # fmt: skip

EVENTS = {
    ("shipment-gap", "storefront.allocated"): {"shipment_confirmed"},
    ("unsynchronized", "storefront.available"): {"po_received"},
    ("count-gap", "storefront.available"): {"cycle_counted"},
    ("count-gap", "erp.on_hand"): {"cycle_counted"},
    ("unsynchronized", "erp.on_hand"): {"return_received"},
    ("undocumented-event", "order_cancelled"): {"order_cancelled", "shipment_voided"},
}

QUESTIONS_BEHIND = {
    ("duplicate-delivery", "shipment-to-erp erp.on_hand"): {"delivery", "dedupe"},
    ("lost-delivery", "shipment-to-erp erp.on_hand"): {"delivery", "dead_letter"},
}

QUESTIONS = {
    # fact -> who can answer
    "delivery": {"logistics", "finance"},
    "dedupe": {"finance"},
    "dead_letter": {"finance"},
}

# Each is permanent and has no window; because of these.
VERDICTS = {
    "storefront.available": {"unsynchronized", "count-gap"},
    "storefront.allocated": {"shipment-gap"},
    "wms.on_hand": {"unmapped-field"},
    "wms.available": {"duplicate-delivery", "unmapped-field"},
    "wms.allocated": {"duplicate-delivery"},
    "erp.on_hand": {"count-gap", "unsynchronized"},
}

CELLS = (
    "storefront.available", "storefront.allocated", "wms.on_hand", "wms.available", "wms.allocated",
    "erp.on_hand",
)  # fmt: skip

COVERAGE = """
order_captured     | 1 (own) | 1 (own) |         | 2+      | 2+ |
shipment_confirmed |         | 0       | 1       |         | 1  | ?
po_received        | 0       |         | drop    | drop    |    | 1 (own)
return_received    |         |         | 1 (own) |         |    | 0
cycle_counted      | 0       |         | 1 (own) | 1 (own) |    | 0
"""

SIGNS = {"once": "1", "never": "0", "repeated": "2+", "dropped": "drop", "unknown": "?", "state": "state"}

# cell -> the slowest walk's lag in seconds, and the letters of the theorem that proves it
MENDED_CELLS = {
    "wms.on_hand": (120, "TA"),
    "wms.available": (60, "TA"),
    "wms.allocated": (120, "TA"),
    "storefront.available": (90, "TA"),
    "storefront.allocated": (150, "TA"),
    "erp.on_hand": (180, "TB"),
}


def diagnosis_of(file: str) -> Diagnosis:
    report = check_paths([file])
    assert not report.invalid
    (diagnosis,) = report.diagnoses
    return diagnosis


@pytest.fixture
def broken(from_the_checkout: Path) -> Diagnosis:
    return diagnosis_of(BROKEN)


@pytest.fixture
def mended(from_the_checkout: Path) -> Diagnosis:
    return diagnosis_of(MENDED)


def row_of(finding: Finding) -> Row:
    return Row(
        finding.code,
        finding.slug,
        str(finding.subject),
        finding.drift,
        finding.severity,
        finding.confidence,
        finding.location.line,
        tuple(
            str(related.subject._replace(event=None))
            for related in finding.related
            if related.subject.system is not None
        ),
    )


def fact_of(question: Question, subject: Subject) -> str:
    assert question.subject.write_path == subject.write_path
    return question.fact


# ── the broken stack ──────────────────────────────────────────────────────────────────────────────


def test_exactly_the_findings_that_were_expected(broken: Diagnosis) -> None:
    assert sorted(map(row_of, broken.findings), key=repr) == sorted(ROWS, key=repr)


def test_confirmed_ones_come_first_and_the_worst_of_them_before_the_rest(broken: Diagnosis) -> None:
    order = [f"{finding.confidence} {finding.severity}" for finding in broken.findings]
    ranks = ["confirmed error", "confirmed warning", "confirmed note", "undetermined warning"]
    assert sorted(order, key=ranks.index) == order


@pytest.mark.parametrize(("slug", "subject"), EVENTS, ids=" ".join)
def test_a_gap_names_its_events(broken: Diagnosis, slug: str, subject: str) -> None:
    (finding,) = [found for found in broken.findings if found.slug == slug and str(found.subject) == subject]
    assert set(finding.events) == EVENTS[slug, subject]


def test_every_cell_drifts_for_good_because_of_what_was_expected(broken: Diagnosis) -> None:
    by_name = {finding.fingerprint: finding for finding in broken.findings}
    told = {}
    for verdict in broken.verdicts:
        assert (verdict.verdict, verdict.drift, verdict.window) == ("drifts", "permanent", None)
        told[str(verdict.cell)] = {
            by_name[name].slug
            for name in verdict.findings
            if by_name[name].confidence == "confirmed" and by_name[name].drift is not None
        }
    assert told == VERDICTS


def test_the_coverage_table(broken: Diagnosis) -> None:
    lines = [[part.strip() for part in line.split("|")] for line in COVERAGE.strip().splitlines()]
    expected = {(event, cell): sign for event, *signs in lines for cell, sign in zip(CELLS, signs, strict=True) if sign}
    told = {
        (entry.event, str(entry.cell)): SIGNS[entry.arrival] + (" (own)" if entry.origin else "")
        for entry in broken.coverage
    }
    assert told == expected


def test_what_is_late_is_late_by_the_latencies_on_the_way(broken: Diagnosis) -> None:
    late = {(entry.event, str(entry.cell)): entry.late for entry in broken.coverage if entry.path and entry.late}
    assert late == {
        ("order_captured", "wms.available"): 30,
        ("order_captured", "wms.allocated"): 30,
        ("shipment_confirmed", "wms.on_hand"): 120,
        ("shipment_confirmed", "wms.allocated"): 120,
        ("shipment_confirmed", "erp.on_hand"): 24 * 3600 + 15 * 60,
    }


def test_exactly_three_questions_and_whom_to_ask(broken: Diagnosis) -> None:
    assert {question.fact for question in broken.questions} == set(QUESTIONS)
    assert len(broken.questions) == len(QUESTIONS)
    for question in broken.questions:
        assert question.subject.write_path == "shipment-to-erp"
        assert [str(cell) for cell in question.settles] == ["erp.on_hand"]
        assert question.owner in QUESTIONS[question.fact]
        assert question.ask.endswith("?")
        assert question.location.line == 109
    # `delivery` settles both undetermined findings, and comes first.
    assert [question.rank for question in broken.questions] == [1, 2, 3]
    assert broken.questions[0].fact == "delivery"


@pytest.mark.parametrize(("slug", "subject"), QUESTIONS_BEHIND, ids=" ".join)
def test_an_undetermined_finding_names_what_it_hangs_on(broken: Diagnosis, slug: str, subject: str) -> None:
    (finding,) = [found for found in broken.findings if found.slug == slug and str(found.subject) == subject]
    asked = {question.id: question for question in broken.questions}
    facts = {fact_of(asked[name], finding.subject) for name in finding.asks}
    assert facts == QUESTIONS_BEHIND[slug, subject]


# ── the mended stack ──────────────────────────────────────────────────────────────────────────────


def test_mended_there_is_nothing_to_say_and_nothing_to_ask(mended: Diagnosis) -> None:
    assert (mended.findings, mended.questions, mended.gaps) == ((), (), ())


def test_mended_every_cell_converges_by_its_theorem_within_its_lag(mended: Diagnosis) -> None:
    told: dict[str, tuple[object, set[str]]] = {}
    for verdict in mended.verdicts:
        assert (verdict.verdict, verdict.drift) == ("converges", None)
        assert all(note.holds for note in verdict.premises)
        told[str(verdict.cell)] = (verdict.window, {note.premise[:2] for note in verdict.premises})
    assert told == {cell: (lag, {theorem}) for cell, (lag, theorem) in MENDED_CELLS.items()}


def test_mended_every_event_arrives_exactly_once_or_as_a_whole_value(mended: Diagnosis) -> None:
    for entry in mended.coverage:
        wanted = "state" if entry.cell.system == "erp" else "once"
        assert entry.arrival == wanted, entry


# ── what a user sees ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("golden", "options", "code"), [
    ("three_handoffs.txt", (BROKEN,), 1),
    ("three_handoffs.concise", (BROKEN, "--output-format", "concise"), 1),
    ("three_handoffs.json", (BROKEN, "--output-format", "json"), 1),
    ("three_handoffs.fixed.txt", (MENDED, "-v"), 0),
    ("three_handoffs.fixed.concise", (MENDED, "--output-format", "concise"), 0),
    ("three_handoffs.fixed.json", (MENDED, "--output-format", "json"), 0),
])  # fmt: skip
def test_the_output_is_the_golden_one(
    as_in_golden: Callable[..., None], golden: str, options: tuple[str, ...], code: int
) -> None:
    as_in_golden(golden, "check", *options, code=code)
