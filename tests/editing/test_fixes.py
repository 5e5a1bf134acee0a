"""`check --fix`: what is safe is written, what is only likely is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from handoffmap.cli import main

if TYPE_CHECKING:
    from click.testing import Result

MAP = (Path(__file__).resolve().parents[2] / "topologies" / "three_handoffs.yaml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fixed(text: str, *options: str) -> tuple[Result, str]:
    path = Path("map.yaml")
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "map.yaml", "--fix", "--today", "2026-11-23", *options])
    return result, path.read_text(encoding="utf-8")


def test_a_word_that_is_only_spelt_otherwise_is_written_as_the_vocabulary_has_it() -> None:
    result, text = fixed(MAP.replace("delivery: at_least_once", "delivery: At-Least-Once"))
    assert text == MAP
    assert result.exit_code == 1  # the findings of the mended map, not of the broken one
    assert "map.yaml:73: fixed: write `at_least_once`" in result.stderr


def test_a_word_that_is_only_likely_is_shown_and_left() -> None:
    wrong = MAP.replace("trigger: batch_file", "trigger: bach_file")
    result, text = fixed(wrong)
    assert (text, result.exit_code) == (wrong, 2)
    assert "not fixed, since something else may be meant: write `batch_file`" in result.stderr


@pytest.mark.parametrize(
    "before, after",
    [
        ("", ""),
        ("  - {rule: HM501, subject: storefront.available, reason: r, until: 2027-01-01}\n", None),
    ],
    ids=["the only one", "one of two"],
)
def test_an_unused_waiver_goes_and_the_others_stay(before: str, after: str | None) -> None:
    unused = "  - rule: HM303\n    subject: '*'\n    reason: nothing\n    until: 2027-01-01\n"
    _result, text = fixed(f"{MAP}waivers:\n{before}{unused}")
    assert text == f"{MAP}waivers:{' []' if after == '' else ''}\n{before}"


def test_an_unused_comment_goes_and_its_line_stays() -> None:
    marked = "  - id: order-to-wms  # handoffmap: allow[HM303] until 2027-01-01: nothing"
    _result, text = fixed(MAP.replace("  - id: order-to-wms", marked))
    assert text == MAP


def test_nothing_to_fix_changes_nothing() -> None:
    result, text = fixed(MAP)
    assert (text, result.stderr) == (MAP, "")
