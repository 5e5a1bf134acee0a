"""A difference in text, Markdown and JSON: as the golden files say, and deaf to what names in a map would do.

After a wanted change: HANDOFFMAP_WRITE_GOLDENS=1 python -m pytest tests/whatif
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from click.testing import CliRunner

from handoffmap.check import check_sources
from handoffmap.cli import main
from handoffmap.difference import MapChange, compare
from handoffmap.model import Cell
from handoffmap.telling.formats import render_difference
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis
    from handoffmap.difference import Difference

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
ENDINGS = {"text": "txt", "markdown": "md", "json": "json"}
CASES = {
    "mended": ("topologies/three_handoffs.yaml", "topologies/three_handoffs.fixed.yaml"),
    "broken": ("topologies/three_handoffs.fixed.yaml", "topologies/three_handoffs.yaml"),
    "marketplace": ("topologies/three_handoffs.fixed.yaml", "--with", "tests/whatif/marketplace.yaml"),
    "same": ("topologies/three_handoffs.yaml", "topologies/three_handoffs.yaml"),
}


@pytest.mark.parametrize("form", ENDINGS)
@pytest.mark.parametrize("case", CASES)
def test_the_output_is_the_golden_one(case: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, ["diff", *CASES[case], "--output-format", form])
    assert result.exit_code == 0
    golden = GOLDEN / f"{case}.{ENDINGS[form]}"
    if os.environ.get("HANDOFFMAP_WRITE_GOLDENS"):
        golden.write_text(result.stdout, encoding="utf-8", newline="\n")
    assert result.stdout == golden.read_text(encoding="utf-8")


def judged(file: str, *overlays: str) -> Diagnosis:
    sources = [Source(name, (ROOT / name).read_text(encoding="utf-8")) for name in (file, *overlays)]
    return check_sources(sources[:1], sources[1:]).diagnoses[0]


def test_the_json_has_its_keys_and_says_null_for_what_is_not_there() -> None:
    told = json.loads(render_difference(marketplace(), "json"))
    assert list(told) == [
        "schema_version", "tool", "old", "new", "entries", "verdicts", "findings", "questions", "scorecard", "costs",
        "summary",
    ]  # fmt: skip
    assert told["old"] == {
        "file": "topologies/three_handoffs.fixed.yaml",
        "name": "Three handoffs, mended",
        "overlays": [],
    }
    assert told["new"]["overlays"] == ["tests/whatif/marketplace.yaml"]
    cell = told["verdicts"][0]
    assert list(cell) == ["system", "quantity", "change", "trend", "severity", "old", "new"]
    assert (cell["system"], cell["old"], cell["new"]) == (
        "market",
        None,
        {"verdict": "drifts", "class": "permanent", "window": None},
    )
    finding = told["findings"][0]
    assert list(finding) == ["change", "trend", "what", "old", "new", "waiver"]
    assert (finding["change"], finding["old"], finding["what"]) == ("opened", None, [])
    assert {"code", "severity", "confidence", "class", "fingerprint", "location", "cost"} <= set(finding["new"])
    assert told["summary"]["verdicts"]["opened"] == len(told["verdicts"])
    assert told["summary"]["findings"]["opened"] == len(told["findings"])
    assert told["summary"]["same"] is False


def marketplace() -> Difference:
    base = "topologies/three_handoffs.fixed.yaml"
    return compare(judged(base), judged(base, "tests/whatif/marketplace.yaml"))


def test_colour_changes_nothing_but_the_colour() -> None:
    difference = marketplace()
    plain, coloured = render_difference(difference, "text"), render_difference(difference, "text", colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain != coloured


def test_a_form_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        render_difference(marketplace(), "xml")


def test_what_has_changed_of_a_finding_is_told() -> None:
    old = judged("topologies/three_handoffs.yaml")
    first = old.findings[0]
    new = old._replace(
        findings=(
            first._replace(severity="warning", drift="transient", window=7200, cells=(Cell("a", "b"),), events=()),
            *old.findings[1:],
        )
    )
    text = render_difference(compare(old, new), "text")
    assert "  better  warning HM" in text
    for line in ("severity: error -> warning", "class: permanent -> transient", "window: not known -> 2 h",
                 "cells: also a.b; no longer ", "events: no longer "):  # fmt: skip
        assert f"\n          {line}" in text
    markdown = render_difference(compare(new, old), "markdown")
    assert "severity: warning → error" in markdown


def test_a_long_difference_is_cut_in_markdown_and_says_so() -> None:
    whole = judged("topologies/three_handoffs.yaml")
    many = tuple(whole.findings[0]._replace(fingerprint=f"{number:016}") for number in range(80))
    questions = tuple(
        whole.questions[0]._replace(subject=whole.questions[0].subject._replace(write_path=str(number)))
        for number in range(70)
    )
    difference = compare(whole._replace(findings=(), questions=()), whole._replace(findings=many, questions=questions))
    told = render_difference(difference, "markdown")
    assert told.count("\n| **opened** |") == 50
    assert "\nand 30 more\n" in told
    assert "\n- and 20 more\n" in told
    text = render_difference(difference, "text")
    assert text.count("  opened  error") == 80
    assert "  opened  60 more; --output-format json lists them all\n" in text


# ── hostile names ─────────────────────────────────────────────────────────────────────────────────

HOSTILE = (
    "<script>alert(1)</script>",
    "</details></summary><img src=x onerror=alert(1)>",
    "\x1b[31mred\x1b]0;title\x07 \x9b31m",
    "\u202egnp.exe\u202c\u200b",
    "a|b||c",
    "`tick` ``two`` ```three```",
    "one\ntwo\r\nthree\u2028four\x85five",
    "# heading\n\n- item\n\n| a | b |\n|---|---|",
    "[link](javascript:alert(1)) ![image](https://evil.example/x.png) @everyone",
    "odd ` number",
    "half\ud800",
)


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def poisoned(request: pytest.FixtureRequest) -> Difference:
    """A difference in which every text that comes from a file is hostile."""
    evil = cast("str", request.param)

    def bitten(diagnosis: Diagnosis, name: str) -> Diagnosis:
        subject = diagnosis.findings[0].subject._replace(system=evil, write_path=evil, event=None)
        place = diagnosis.findings[0].location
        bad = type(place)(f"{evil}{name}", 1, 1, 1, 1)
        return diagnosis._replace(
            file=f"{evil}{name}",
            topology=diagnosis.topology._replace(name=evil, laid_over=(evil,)),
            verdicts=tuple(one._replace(cell=Cell(evil, one.cell.quantity + name)) for one in diagnosis.verdicts),
            findings=tuple(
                one._replace(message=f"{evil} {name}", subject=subject, location=bad, cells=(Cell(evil, name),),
                             events=(evil + name,), fingerprint=one.fingerprint)
                for one in diagnosis.findings
            ),
            questions=tuple(
                one._replace(ask=f"{evil}?", owner=evil, subject=subject._replace(field=name), location=bad)
                for one in diagnosis.questions
            ),
            graph=cast("Any", type("Graph", (), {"cells": _AnyCell(), "allocators": ()})()),
        )  # fmt: skip

    old, new = judged("topologies/three_handoffs.yaml"), judged("topologies/three_handoffs.fixed.yaml")
    difference = compare(bitten(old, "x"), bitten(old._replace(costs=new.costs), "y"))
    return difference._replace(entries=(MapChange("systems", (evil,), (evil,)),))


class _AnyCell(dict[Any, Any]):
    def __missing__(self, key: Any) -> Any:
        return type("Holding", (), {"role": "mirror"})()


def test_nothing_acts_on_a_terminal(poisoned: Difference) -> None:
    told = render_difference(poisoned, "text")
    assert all(character == "\n" or character.isprintable() for character in told)
    assert len(told.splitlines()) == told.count("\n")
    assert told.splitlines()[-1].startswith("3 cells opened, 3 closed; 12 findings")
    told.encode("utf-8")


def test_nothing_acts_in_markdown(poisoned: Difference) -> None:
    told = render_difference(poisoned, "markdown")
    assert all(character == "\n" or character.isprintable() for character in told)
    outside = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", told)
    assert set(re.findall(r"<(/?\w+)", outside)) <= {"details", "/details", "summary", "/summary"}
    assert not re.search(r"(?<!\\)(?:!?\[|@everyone)", outside)
    assert "://" not in outside.replace("\\://", "")
    shapes = [re.sub(r"\\.", "", line).count("|") for line in outside.split("\n") if line.startswith("|")]
    assert set(shapes) == {5}
    assert [line for line in told.split("\n") if line.startswith("#")] == [told.split("\n", 1)[0]]


def test_nothing_acts_in_json(poisoned: Difference) -> None:
    told = render_difference(poisoned, "json")
    assert told.isascii()
    assert json.loads(told)["entries"][0]["added"] == list(poisoned.entries[0].added)
