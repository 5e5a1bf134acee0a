"""Theorem T-D and the buffers, in the report and in `prove`: words, formula, inputs, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from handoffmap.check import check_sources
from handoffmap.priorities.buffers import buffer_risks
from handoffmap.priorities.poisson import more_than
from handoffmap.prove import prove
from handoffmap.telling.html import render_html
from handoffmap.telling.markdown import render_markdown
from handoffmap.telling.oversold import THEOREM, buffer_lines
from handoffmap.telling.proofs import render_proofs
from handoffmap.text.source import Source
from tests.semantics.small_maps import SHOP, SITE, WMS, delta, nightly, system, topology

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.diagnosis import Diagnosis, Report
    from tests.semantics.small_maps import Facts

VOLUME = {"days_between_sales": 0.5}
GATE = {"id": "gate", "kind": "gate", "at": "order", "reads": "wms.available", "on_mismatch": "block"}


def judged(facts: Facts) -> Report:
    report = check_sources([Source("map.yaml", yaml.safe_dump(facts, sort_keys=False))])
    assert not report.invalid
    return report._replace(diagnoses=tuple(_proved(report)))


def _proved(report: Report) -> Iterator[Diagnosis]:
    for diagnosis in report.diagnoses:
        yield diagnosis._replace(proved=prove(diagnosis))


def buffered(buffer: float = 2, every: str = "12h", **top: Any) -> Report:
    """A shop that hears every twelve hours what the warehouse has, less what it holds back."""
    site = system("storefront", "mirror", "available", each={"buffer": buffer})
    maps = {"available": {"to": "available", "minus": ["safety_stock"]}}
    path = nightly("stock", "wms", "site", schedule={"every": every, "covers": "full"}, latency="0s", maps=maps)
    wms = system("wms", "authoritative", "available", "safety_stock")
    return judged(topology({"wms": wms, "site": site}, {"pos_sale": {"at": ["wms"]}}, [path], **top))


def rivals(controls: list[Facts] | None = None, **top: Any) -> Report:
    systems = {"north": SHOP, "south": SHOP, "wms": WMS, "site": SITE}
    paths = [delta(name, name, "wms", "pos_sale") for name in ("north", "south")]
    return judged(topology(systems, {"pos_sale": {"at": ["north", "south"]}}, paths, controls, **top))


# ── the theorem ───────────────────────────────────────────────────────────────────────────────────


def test_the_theorem_is_told_with_the_premise_that_fails() -> None:
    report = rivals()
    (diagnosis,) = report.diagnoses
    here = "no gate at the order reads wms.available and blocks; north and south neither reserve"
    for text in (render_html(diagnosis), render_markdown(diagnosis), render_proofs(report)):
        assert THEOREM in text
        assert here in text


def test_controls_that_nobody_has_stated_are_not_said_to_be_missing() -> None:
    assert "no gate at the order is stated" in render_proofs(rivals(controls_unsaid=True))


def test_where_one_gate_decides_there_is_no_theorem() -> None:
    report = rivals([GATE])
    assert THEOREM not in render_proofs(report)
    assert THEOREM not in render_html(report.diagnoses[0])


# ── buffers ───────────────────────────────────────────────────────────────────────────────────────


def risk_of(report: Report) -> Any:
    (diagnosis,) = report.diagnoses
    (risk,) = buffer_risks(diagnosis.topology, diagnosis.verdicts)
    return risk


def test_a_buffer_is_weighed_against_the_sales_of_its_window() -> None:
    report = buffered(volume=VOLUME)
    (diagnosis,) = report.diagnoses
    assert diagnosis.proved is not None
    assert {proof.word for proof in diagnosis.proved.cells.values()} == {"proved"}
    risk = risk_of(report)
    assert risk.expected == 1.0  # two sales a day for half a day
    assert risk.probability == more_than(2, 1.0)
    assert [each.source for each in risk.inputs][-1] == "assumption"
    told = "P(X > 2), X ~ Poisson(1) = 8 %"
    assert told in render_proofs(report)
    assert "the file's `volume`" in render_proofs(report)
    row = next(line for line in render_markdown(report.diagnoses[0]).splitlines() if "Poisson" in line)
    assert row.startswith("| [site.available](#")
    assert "| 2 | 12 h | 1 | 8 % |" in row
    assert told.replace(">", "&gt;") in render_html(report.diagnoses[0])


def test_a_longer_window_and_a_smaller_buffer_are_worse() -> None:
    chances = [risk_of(buffered(buffer, every, volume=VOLUME)).probability for buffer, every in
               ((3, "6h"), (2, "6h"), (2, "12h"), (1, "12h"), (1, "24h"))]  # fmt: skip
    assert chances == sorted(chances)
    assert len(set(chances)) == len(chances)


def test_what_is_missing_is_named_and_no_number_is_shown() -> None:
    report = buffered()
    risk = risk_of(report)
    assert (risk.expected, risk.probability) == (None, None)
    (line,) = buffer_lines(report.diagnoses[0])
    assert line.sum_up.startswith("not computed; missing: `days_between_sales` under `volume`")
    assert line.sum_up in render_proofs(report)
    assert "Poisson" not in render_proofs(report)


def test_no_buffer_lasts_where_a_count_stays_wrong() -> None:
    site = system("storefront", "mirror", "available", each={"buffer": 2})
    report = judged(topology({"wms": WMS, "site": site}, {"pos_sale": {"at": ["wms"]}}, [], volume=VOLUME))
    assert risk_of(report).missing == ("the count drifts for good, and no buffer lasts that long",)


def test_figures_beyond_any_stock_are_not_computed() -> None:
    assert risk_of(buffered(10**12, volume=VOLUME)).probability is None
    assert risk_of(buffered(volume={"days_between_sales": 0})).probability is None


def test_a_map_without_buffers_says_nothing_of_them() -> None:
    report = rivals()
    assert buffer_lines(report.diagnoses[0]) == ()
    assert "Buffers of" not in render_proofs(report)
    assert 'id="buffers"' not in render_html(report.diagnoses[0])
