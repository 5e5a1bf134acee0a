"""Maps on which rules and model once differed: the verdict that each must have, on both roads."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.agreement.compare import compare

HERE = Path(__file__).parent / "regressions"
EXPECTED: dict[str, dict[str, str]] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))


def test_every_map_has_its_expectation() -> None:
    assert {path.stem for path in HERE.glob("*.yaml")} - {"expected"} == set(EXPECTED)


@pytest.mark.parametrize("stem", sorted(EXPECTED))
def test_both_roads_come_to_the_verdict(stem: str) -> None:
    compared = compare(yaml.safe_load((HERE / f"{stem}.yaml").read_text(encoding="utf-8")))
    assert compared.disagreements == ()
    assert compared.bounds == 0
    told = {
        str(each.cell): f"drifts {each.drift or 'open'}" if each.verdict == "drifts" else each.verdict
        for each in compared.diagnosis.verdicts
    }
    assert told == EXPECTED[stem]
