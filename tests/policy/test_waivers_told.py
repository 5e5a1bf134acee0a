"""A waived finding in what people read: in a place of its own, with why and for how long, and nowhere as a gap."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from handoffmap import cli

THREE = (Path(__file__).resolve().parents[2] / "topologies" / "three_handoffs.yaml").read_text(encoding="utf-8")
WAIVERS = """\
waivers:
  - rule: duplicate-delivery
    subject: order-to-wms
    reason: the <b>new</b> middleware comes
    owner: ecommerce
    ticket: INV-12
    until: 2027-03-31
  - {rule: duplicate-delivery, subject: shipment-to-erp, reason: nobody knows, until: 2027-01-31}
"""
DAY = ("--today", "2027-01-30", "--isolated")


@pytest.fixture
def waived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "map.yaml"
    file.write_text(THREE + WAIVERS, encoding="utf-8")
    (tmp_path / "plain.yaml").write_text(THREE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return file


def told(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(cli.main, list(arguments))
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.mark.parametrize("form", ["html", "md"])
def test_the_report_lists_what_is_lived_with_apart(waived: Path, form: str) -> None:
    told("report", str(waived), "-o", f"out.{form}", *DAY)
    text = Path(f"out.{form}").read_text(encoding="utf-8")
    begin = text.index("What is lived with, and until when")
    section = text[begin : text.index("<section" if form == "html" else "\n## ", begin)]
    for fact in ("INV-12", "ecommerce", "2027-03-31", "60 days left", "1 day left", "map.yaml:", "&lt;b&gt;new"):
        assert fact in section
    assert section.index("nobody knows") < section.index("middleware comes")  # what ends first, first
    assert "2 findings are waived" in text[:begin]
    assert "as of 2027-01-30" in text
    gaps = text[text.index("first to mend first") :].split("What is lived with")[0]
    assert "order-to-wms can deliver a message twice" not in gaps
    assert "W2" in text[begin + len(section) :]  # its row among the handoffs leads there


def test_without_its_waivers_the_report_counts_them_again(waived: Path) -> None:
    told("report", str(waived), "-o", "out.md", "--no-waivers", "--isolated")
    text = Path("out.md").read_text(encoding="utf-8")
    assert "lived with" not in text
    assert "order-to-wms can deliver a message twice" in text


def test_a_waiver_that_has_ended_is_a_gap_of_the_report(waived: Path) -> None:
    told("report", str(waived), "-o", "out.md", "--today", "2027-02-01", "--isolated")
    text = Path("out.md").read_text(encoding="utf-8")
    assert "the waiver of duplicate-delivery ended on 2027-01-31" in text
    assert "a decision that does not stand" in text


def test_what_fails_a_report_is_not_what_is_waived(waived: Path) -> None:
    only = ("--select", "HM201", "--fail-on", "error")
    told("report", str(waived), *only, *DAY)
    told("report", str(waived), *only, "--no-waivers", "--isolated", code=1)


def test_a_question_on_which_only_waived_findings_hang_is_asked_last(waived: Path) -> None:
    text = told("questions", str(waived), *DAY)
    last = text.split("\n  3. ")[1]
    assert last.startswith("If erp gets the same message of shipment-to-erp twice")
    assert "waived   all that hangs on it, until 2027-01-31" in last
    assert text.count("all that hangs on it") == 1
    assert "all that hangs on it is waived until 2027" in told("questions", str(waived), "--format", "md", *DAY)
    asked = json.loads(told("questions", str(waived), "--format", "json", *DAY))["topologies"][0]["questions"]
    assert [each["rank"] for each in asked] == [1, 2, 3]


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_nothing_is_planned_for_what_is_lived_with(waived: Path, form: str) -> None:
    full = told("plan", str(waived), "--no-waivers", "--isolated", "--output-format", form)
    text = told("plan", str(waived), *DAY, "--output-format", form)
    if form == "json":
        whole, made = (json.loads(each)["topologies"][0] for each in (full, text))
        assert whole["waived"] == []
        assert [each["waiver"]["ticket"] for each in made["waived"]] == ["INV-12", None]
        cleared = {finding["fingerprint"] for step in made["steps"] for finding in step["clears"]}
        assert made["waived"][0]["fingerprint"] not in cleared
        assert len(made["steps"]) == len(whole["steps"]) - 1
    else:
        step = "HM201 duplicate-delivery of order-to-wms"
        assert (step in full, step in text, "Waived" in full) == (True, False, False)
        assert "duplicate-delivery order-to-wms" in text[text.index("Waived") :]


def test_a_difference_says_what_is_waived_and_does_not_fail_for_it(waived: Path) -> None:
    text = told("diff", "plain.yaml", str(waived), "--fail-on", "note", *DAY)
    assert "waived until 2027-03-31: the <b>new</b> middleware comes" in text
    told("diff", str(waived), "plain.yaml", "--fail-on", "error", *DAY, code=1)  # the other way it counts again
    assert "no longer waived" in told("diff", str(waived), "plain.yaml", *DAY)
    data = json.loads(told("diff", "plain.yaml", str(waived), "--output-format", "json", *DAY))
    assert {each["waiver"]["until"] for each in data["findings"] if each["waiver"]} == {"2027-03-31", "2027-01-31"}


def test_a_path_that_comes_with_its_waiver_does_not_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding and the drift of the cell that it brings are both lived with."""
    monkeypatch.chdir(tmp_path)
    fixed = (Path(__file__).resolve().parents[2] / "topologies" / "three_handoffs.fixed.yaml").read_text("utf-8")
    broken = fixed.replace("stable_across_retries: true", "stable_across_retries: false", 1)
    assert broken != fixed
    Path("old.yaml").write_text(fixed, encoding="utf-8")
    Path("new.yaml").write_text(broken, encoding="utf-8")
    told("diff", "old.yaml", "new.yaml", "--fail-on", "warning", "--isolated", code=1)
    waiver = 'waivers:\n  - {rule: HM212, subject: "*", reason: soon, until: 2027-03-31}\n'
    Path("new.yaml").write_text(broken + waiver, encoding="utf-8")
    told("diff", "old.yaml", "new.yaml", "--fail-on", "warning", *DAY)
