from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from handoffmap import __version__
from handoffmap.finding import Coverage
from handoffmap.model import Cell
from handoffmap.priorities.rank import Gap
from handoffmap.telling.json_v1 import render_json, render_questions_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.diagnosis import Diagnosis, Report
    from handoffmap.finding import Finding

    MakeReport = Callable[..., Report]

TOPOLOGY = ["file", "name", "scorecard", "verdicts", "findings", "questions", "waived"]
VERDICT = ["system", "quantity", "verdict", "class", "window", "proof", "premises", "findings"]
FINDING = [
    "code", "slug", "severity", "confidence", "class", "message", "premise", "subject", "location", "related",
    "witness", "remedies", "cost", "fingerprint",
]  # fmt: skip
SUBJECT = ["system", "quantity", "event", "write_path", "field", "control"]
LOCATION = ["file", "line", "column", "end_line", "end_column"]
QUESTION = ["id", "ask", "subject", "fact", "settles", "worth", "location"]


def told(report: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(render_json(report))
    return document


def test_the_pinned_keys_come_first_and_in_order(report: MakeReport) -> None:
    document = told(report())
    assert list(document) == ["schema_version", "tool", "topologies", "summary", "gone"]
    assert document["schema_version"] == 1
    assert document["tool"] == {"name": "handoffmap", "version": __version__}
    topology = document["topologies"][0]
    assert list(topology)[: len(TOPOLOGY)] == TOPOLOGY
    finding, verdict, question = topology["findings"][0], topology["verdicts"][0], topology["questions"][0]
    assert list(finding)[: len(FINDING)] == FINDING
    assert list(finding["subject"]) == SUBJECT
    assert list(finding["location"]) == LOCATION
    assert list(finding["related"][0]["subject"]) == SUBJECT
    assert list(verdict)[: len(VERDICT)] == VERDICT
    assert list(question)[: len(QUESTION)] == QUESTION


def test_what_is_missing_is_null(report: MakeReport, finding: Callable[..., Finding]) -> None:
    bare = finding(drift=None, premise=None, why="", mend="", direction=None, fingerprint="other")
    entry = told(report(findings=(bare,)))["topologies"][0]["findings"][0]
    for key in ("class", "premise", "why", "mend", "direction", "window", "witness", "remedies", "cost"):
        assert entry[key] is None, key
    assert entry["subject"]["control"] is None
    assert told(report())["topologies"][0]["verdicts"][0]["proof"] is None


def test_figures_are_plain_numbers_with_their_basis(report: MakeReport) -> None:
    topology = told(report())["topologies"][0]
    assert topology["verdicts"][0]["window"] == 86_400
    assert topology["questions"][0]["worth"] == 416.666667
    assert topology["findings"][0]["cost"] == {
        "low": 100, "mode": 12_345.67, "high": 20_000, "per_orders": 1000,
        "basis": "benchmark", "label": "One firm's client figures.",
    }  # fmt: skip


def test_coverage_and_rank_come_along(report: MakeReport, finding: Callable[..., Finding]) -> None:
    gap = Gap(finding(), cast("Any", None), 1, "because it costs most")
    arrival = Coverage("order_captured", Cell("wms", "available"), "repeated", "order-to-wms", Fraction(30))
    topology = told(report(gaps=(gap,), coverage=(arrival,)))["topologies"][0]
    assert topology["findings"][0]["rank"] == {"position": 1, "because": "because it costs most"}
    assert topology["coverage"] == [
        {
            "event": "order_captured", "system": "wms", "quantity": "available", "arrival": "repeated",
            "write_path": "order-to-wms", "late": 30, "origin": False, "detail": None,
        }
    ]  # fmt: skip


def test_verdicts_are_in_the_order_of_names(report: MakeReport) -> None:
    verdicts = report().diagnoses[0].verdicts
    assert render_json(report(verdicts=verdicts)) == render_json(report(verdicts=verdicts[::-1]))


def test_a_file_that_could_not_be_judged_is_there_with_its_findings(
    report: MakeReport, finding: Callable[..., Finding]
) -> None:
    document = told(report(invalid=(("a.yaml", (finding(code="HM001", slug="syntax"),)),), skipped=3))
    assert [(entry["file"], entry["valid"]) for entry in document["topologies"]] == [
        ("a.yaml", False),
        ("map.yaml", True),
    ]
    assert list(document["topologies"][0]) == list(document["topologies"][1])
    assert document["summary"] == {
        "files": 2, "invalid": 1, "skipped": 3, "errors": 2, "warnings": 0, "notes": 0, "undetermined": 0,
        "cells": {"converges": 1, "drifts": 1, "undetermined": 0}, "questions": 1, "waived": 0, "known": 0,
    }  # fmt: skip


def test_text_is_ascii_whatever_a_name_holds(report: MakeReport, finding: Callable[..., Finding]) -> None:
    message = "\x1b[31m \u202e \u2028 Süd \ud800"
    text = render_json(report(findings=(finding(message=message),)))
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["topologies"][0]["findings"][0]["message"] == message


def test_a_finding_takes_one_line(report: MakeReport, finding: Callable[..., Finding]) -> None:
    text = render_json(report(findings=(finding(), finding(fingerprint="g"))))
    assert [line.strip()[:16] for line in text.splitlines()].count('{"code": "HM201"') == 2
    assert text.endswith("}\n")


def test_nothing_checked_is_an_empty_document(report: MakeReport) -> None:
    assert told(report(judged=False))["topologies"] == []


def test_questions_alone_carry_their_owner(diagnosis: Callable[..., Diagnosis]) -> None:
    document = json.loads(render_questions_json([diagnosis()]))
    (question,) = document["topologies"][0]["questions"]
    assert (question["fact"], question["owner"]) == ("dedupe.retention", "warehouse")
