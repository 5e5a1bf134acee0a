from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.telling.formats import Manner
from handoffmap.telling.text import render_findings
from handoffmap.telling.text import render_text as rendered
from handoffmap.text.source import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.diagnosis import Report
    from handoffmap.finding import Finding

    MakeFinding = Callable[..., Finding]
    MakeReport = Callable[..., Report]

ANSI = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = ("\x1b[31mred\x1b[0m", "a\u202eb", "one\ntwo", "bell\a", "zero\u200bwidth", "\x9b2J", "half\ud800")


def render_text(report: Report, **manner: Any) -> str:
    return rendered(report, Manner(**manner))


def test_a_run_is_told_block_by_block_and_summed_up(report: MakeReport) -> None:
    assert render_text(report(skipped=2)) == (
        "error HM201 duplicate-delivery: An order that is delivered twice is taken off twice\n"
        " --> map.yaml:5:13\n"
        "  |\n"
        "5 |     dedupe: none\n"
        "  |             ^^^^\n"
        "  = why: delivery is at_least_once and dedupe is none\n"
        "  = drift: permanent, the count is too low\n"
        "  = mend: dedupe on a key that stays the same across retries\n"
        "  = see: wms.allocated is touched too (map.yaml:6:5)\n"
        "\n"
        "1 open question about map.yaml:\n"
        "  1. How long does the WMS remember a receipt?\n"
        "     ask warehouse; fills in dedupe.retention, settles 1 cell; map.yaml:5:5\n"
        "\n"
        "1 error, 0 warnings, 0 notes; 2 cells: 1 converge, 1 drift, 0 undetermined; "
        "1 file (2 others skipped)\n"
    )


def test_an_undetermined_finding_takes_two_lines_until_all_is_asked_for(
    report: MakeReport, finding: MakeFinding
) -> None:
    run = report(findings=(finding(confidence="undetermined"),), questions=())
    short = render_text(run)
    assert short.startswith(
        "undetermined HM201 duplicate-delivery (error if it proves true): "
        "An order that is delivered twice is taken off twice\n  --> map.yaml:5:13\n"
    )
    assert "= why" not in short
    assert "0 errors, 0 warnings, 0 notes, 1 undetermined;" in short
    assert "= why" in render_text(run, verbose=True)


def test_a_map_without_findings_lists_what_holds_it(report: MakeReport, finding: MakeFinding) -> None:
    clean = report(findings=(), questions=())
    assert "  erp.on_hand    converges  within 24 h  by TB1, TB6\n" in render_text(clean)
    assert "Verdicts" not in render_text(report(findings=(finding(),)))


def test_verbose_gives_each_premise_its_line(report: MakeReport) -> None:
    told = render_text(report(), verbose=True)
    assert "      TA4  broken [order-to-wms] no dedupe\n" in told
    assert "      TB6  holds  the full key scope\n" in told


def test_the_first_five_questions_are_told_and_the_way_to_the_others(report: MakeReport) -> None:
    question = report().diagnoses[0].questions[0]
    told = render_text(report(questions=(question,) * 7))
    assert "7 open questions about map.yaml; the first 5 (all of them: handoffmap questions map.yaml):" in told
    assert told.count("How long does") == 5


def test_a_broken_file_is_told_with_words_and_a_suggestion(report: MakeReport, finding: MakeFinding) -> None:
    problem = finding(
        code="HM006", slug="unknown-word", message="no such word", drift=None, why="", mend="",
        related=(), allowed=("none", "version"), suggestion="none",
    )  # fmt: skip
    told = render_findings((problem,), report().sources)
    assert '  = help: did you mean "none"?\n  = allowed: none, version\n' in told


def test_colour_changes_nothing_but_colour(report: MakeReport) -> None:
    assert "\x1b[" not in render_text(report())
    coloured = render_text(report(), colour=True)
    assert coloured != render_text(report())
    assert ANSI.sub("", coloured) == render_text(report())


@pytest.mark.parametrize("bad", HOSTILE, ids=ascii)
def test_a_hostile_name_reaches_no_terminal(report: MakeReport, finding: MakeFinding, bad: str) -> None:
    from handoffmap.finding import CellVerdict, PremiseNote, Question, Related, Subject
    from handoffmap.model import Cell

    subject, cell = Subject(bad, bad, bad, bad, bad, bad), Cell(bad, bad)
    place = Location(bad, 1, 1, 1, 3)
    hostile = finding(
        message=bad, why=bad, mend=bad, subject=subject, location=Location("map.yaml", 1, 1, 1, 3),
        related=(Related(subject, bad, place),), allowed=(bad,), suggestion=bad, asks=(bad,),
    )  # fmt: skip
    verdict = CellVerdict(
        cell, "drifts", None, None, (PremiseNote("TA1", None, bad, bad),), findings=(), upstream=(cell,)
    )
    told = render_text(
        report(
            text=f"{bad}: {bad}",
            file=bad,
            findings=(hostile, hostile._replace(confidence="undetermined")),
            verdicts=(verdict,),
            questions=(Question(bad, bad, bad, subject, bad, (cell,), None, place),),
            invalid=((bad, (hostile,)),),
        ),
        verbose=True,
    )
    assert all(line.isprintable() for line in told.split("\n"))
