"""The incidents told in the numbers of their public records, and their mended forms proved.

A record leaves most facts open. Here they are answered in the safe way, the same for a map and its mended form, so
that the incident's own defect is all that is left; `end_values.yaml` has the numbers and where they stand.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from handoffmap.check import check_sources
from handoffmap.model import Cell
from handoffmap.prove import prove
from handoffmap.text.source import Source
from handoffmap.witness import Figures
from tests.incidents.answered import answered

if TYPE_CHECKING:
    from handoffmap.diagnosis import CellProof, Diagnosis
    from handoffmap.witness import Run

HERE = Path(__file__).parent
INCIDENTS = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))["incidents"]
TABLE: dict[str, Any] = yaml.safe_load((HERE / "end_values.yaml").read_text(encoding="utf-8"))
WITH_RUN = [name for name, entry in TABLE["not_told"].items() if "cell" in entry]


@cache
def diagnosis_of(stem: str) -> Diagnosis:
    """A map with its open facts answered."""
    name, _, mended = stem.partition(".")
    answers = TABLE["answers"].get(name, {})
    facts = yaml.safe_load((HERE / f"{stem}.yaml").read_text(encoding="utf-8"))
    found = answered(facts, None if mended and answers.get("base") else answers)
    report = check_sources([Source(f"{stem}.yaml", yaml.safe_dump(found, sort_keys=False))])
    assert not report.invalid, [finding.message for _, found in report.invalid for finding in found]
    return report.diagnoses[0]


@cache
def proofs_of(stem: str) -> dict[str, CellProof]:
    """Every cell's proof in the search's own numbers."""
    return {str(cell): proof for cell, proof in prove(diagnosis_of(stem)).cells.items()}


def concerned(name: str) -> list[str]:
    """The cells that an incident is about: those of its row here, else those that it is expected to be flagged on."""
    named = [row["cell"] for row in TABLE["told"] if row["incident"] == name]
    found: list[str] = named or [TABLE["not_told"][name].get("cell")] * ("cell" in TABLE["not_told"].get(name, {}))
    return sorted(set(found or INCIDENTS[name]["cells"]))


def run_of(name: str, cell: str, figures: Figures | None = None) -> Run:
    """The run by which `prove` refutes a cell."""
    proof = {str(key): each for key, each in prove(diagnosis_of(name), figures).cells.items()}[cell]
    assert proof.word == "refuted", (proof.word, proof.because)
    assert proof.witness is not None
    return proof.witness.run


def end_of(run: Run, cell: str) -> tuple[Fraction | str, Fraction | str]:
    """What the cell shows in the end, and what it ought to show."""
    shown, right = dict(run.end)[cell], dict(run.expected)[cell]
    if run.steps:
        assert (dict(run.steps[-1].values)[cell], dict(run.steps[-1].expected)[cell]) == (shown, right)
    return shown, right


def test_every_incident_has_its_numbers_or_the_reason_why_not() -> None:
    told = {row["incident"] for row in TABLE["told"]}
    assert told.isdisjoint(TABLE["not_told"])
    assert told | set(TABLE["not_told"]) == set(INCIDENTS)


@pytest.mark.parametrize("row", TABLE["told"], ids=lambda row: f"{row['incident']}-{row['shows']}-{row['cell']}")
def test_the_run_ends_in_the_numbers_of_the_record(row: dict[str, Any]) -> None:
    figures = Figures(row.get("start", {}), tuple(row.get("amounts", ())), tuple(row.get("script", ())))
    run = run_of(row["incident"], row["cell"], figures)
    shown, right = end_of(run, row["cell"])
    assert shown == _told(row["shows"])
    assert right == _told(row["ought"]) if "ought" in row else right != shown
    for quantity, number in row.get("start", {}).items():
        found = [value for cell, value in run.start if cell.endswith(f".{quantity}")]
        assert not found or number in found
    happened = [step for step in run.steps if step.kind == "event"]
    assert [step.event for step in happened] == row.get("script", [step.event for step in happened])
    assert [step.amount for step in happened][: len(row.get("amounts", ()))] == row.get("amounts", [])[: len(happened)]


@pytest.mark.parametrize("row", TABLE["told"], ids=lambda row: f"{row['incident']}-{row['shows']}-{row['cell']}")
def test_the_numbers_of_the_record_turn_no_verdict(row: dict[str, Any]) -> None:
    assert proofs_of(row["incident"])[row["cell"]].word == "refuted"
    assert diagnosis_of(row["incident"]).proved is None


@pytest.mark.parametrize("name", WITH_RUN)
def test_where_the_record_has_no_numbers_the_difference_is_what_it_says(name: str) -> None:
    entry = TABLE["not_told"][name]
    run = run_of(name, entry["cell"])
    shown, right = end_of(run, entry["cell"])
    assert shown != right
    if "off" in entry:
        assert shown - right == entry["off"]  # type: ignore[operator]  # counts, no words


@pytest.mark.parametrize("name", INCIDENTS)
def test_mended_it_is_proved(name: str) -> None:
    left = TABLE["not_proved"].get(name, {})
    for cell in concerned(name):
        proof = proofs_of(f"{name}.fixed").get(cell)
        if proof is None:
            continue  # the fix has taken the cell out of the map
        if cell in left.get("cells", ()):
            assert proof.word == "refuted"
            assert proof.witness is not None
            assert proof.witness.run.drift == left["drift"]
            found = diagnosis_of(f"{name}.fixed").findings
            assert any(each.slug == left["left"] and Cell(*cell.split(".")) in each.cells for each in found)
        else:
            assert (proof.word, proof.witness) == ("proved", None), (cell, proof.because)


def test_at_least_one_concerned_cell_is_left_in_each_mended_form() -> None:
    for name in INCIDENTS:
        assert any(cell in proofs_of(f"{name}.fixed") for cell in concerned(name)), name


def _told(number: float | str) -> Fraction | str:
    return number if isinstance(number, str) else Fraction(str(number))
