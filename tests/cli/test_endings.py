"""The ending of an output file asks for a form; one that cannot be written is refused, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from handoffmap.cli import main
from handoffmap.telling.resources import topology

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("command", "name"), [("diagram", "map.gif"), ("report", "map.pdf")])
def test_an_ending_that_is_no_form_is_refused(tmp_path: Path, command: str, name: str) -> None:
    path, target = tmp_path / "map.yaml", tmp_path / name
    path.write_text(topology("three_handoffs"), encoding="utf-8")
    result = CliRunner().invoke(main, [command, str(path), "-o", str(target)])
    assert result.exit_code == 2
    assert "none of the forms that can be written" in result.output
    assert not target.exists()


def test_what_is_waived_is_told_and_does_not_count(tmp_path: Path) -> None:
    text = topology("three_handoffs")
    waiver = "waivers:\n  - {rule: HM501, subject: storefront.available, reason: known, until: 2027-01-01}\n"
    path = tmp_path / "waived.yaml"
    path.write_text(text + waiver, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(path), "--today", "2026-12-31"])
    assert "HM501 no-reconciliation storefront.available: known (1 day left)" in result.output
    assert result.output.endswith("; 1 waived\n")
