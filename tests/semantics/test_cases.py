"""The cases that decide whether the meaning is right: each a whole topology with one defect, and mended.

`expected.yaml` was written by reasoning from the meaning of a topology, before any of them ran. Cells that
it does not name converge.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from handoffmap.check import check_paths

if TYPE_CHECKING:
    from handoffmap.finding import CellVerdict

HERE = Path(__file__).parent
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
CONVERGES = {"verdict": "converges", "class": None}


def verdicts_of(stem: str) -> dict[str, CellVerdict]:
    """Cell -> verdict of one case."""
    report = check_paths([str(HERE / "cases" / f"{stem}.yaml")])
    assert not report.invalid, [finding.message for _, found in report.invalid for finding in found]
    return {str(verdict.cell): verdict for verdict in report.diagnoses[0].verdicts}


def told(verdict: CellVerdict) -> list[str]:
    """What stands against a cell, for the message of a red test."""
    return [
        f"{note.premise}: {note.because} ({note.write_path})" for note in verdict.premises if note.holds is not True
    ]


def test_every_case_is_expected_and_the_other_way_round() -> None:
    assert sorted(EXPECTED) == sorted(path.stem for path in (HERE / "cases").glob("*.yaml"))


@pytest.mark.parametrize("stem", sorted(EXPECTED))
def test_verdict_and_class(stem: str) -> None:
    found = verdicts_of(stem)
    expected = EXPECTED[stem]["cells"]
    assert set(expected) <= set(found)
    for cell, verdict in found.items():
        wanted = expected.get(cell, CONVERGES)
        got = {"verdict": verdict.verdict, "class": verdict.drift}
        assert got == {key: wanted[key] for key in got}, (cell, EXPECTED[stem]["by"], told(verdict))
        if wanted.get("window") is not None:
            assert verdict.window == wanted["window"], cell


@pytest.mark.parametrize("stem", sorted(EXPECTED))
def test_what_converges_says_by_which_premises(stem: str) -> None:
    for cell, verdict in verdicts_of(stem).items():
        if verdict.verdict == "converges":
            assert verdict.premises, cell
            assert all(note.holds is True and note.premise for note in verdict.premises), (
                cell,
                told(verdict),
            )


@pytest.mark.parametrize("stem", sorted(stem for stem, case in EXPECTED.items() if "mended" in stem))
def test_a_mended_case_has_nothing_against_any_cell(stem: str) -> None:
    assert EXPECTED[stem]["cells"] == {}


def test_every_drifting_case_but_one_is_mended() -> None:
    """The ninth converges as it stands."""
    mended = {stem[:2] for stem in EXPECTED if "mended" in stem and stem[0].isdigit()}
    assert mended == {f"{number:02}" for number in range(1, 26)} - {"09"}
