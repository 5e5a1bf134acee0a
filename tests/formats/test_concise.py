from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.concise import render_concise

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.diagnosis import Report
    from handoffmap.finding import Finding


def test_one_line_a_finding(report: Callable[..., Report], finding: Callable[..., Finding]) -> None:
    broken = finding(code="HM002", slug="unknown-key", message='no key "trigerr"', suggestion="trigger")
    run = report(
        findings=(finding(), finding(confidence="undetermined", message="a\nb\x1b")),
        invalid=(("other.yaml", (broken,)),),
    )
    assert render_concise(run) == (
        'map.yaml:5:13: error HM002 unknown-key: no key "trigerr"; did you mean "trigger"?\n'
        "map.yaml:5:13: error HM201 duplicate-delivery: An order that is delivered twice is taken off twice\n"
        "map.yaml:5:13: undetermined HM201 duplicate-delivery: a\\nb\\x1b\n"
    )


def test_nothing_is_said_where_nothing_was_found(report: Callable[..., Report]) -> None:
    assert not render_concise(report(findings=()))
