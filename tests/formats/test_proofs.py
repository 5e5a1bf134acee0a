"""`prove` at the terminal and in JSON: runs in numbers, and a word for every cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from handoffmap.check import check_paths
from handoffmap.cli import main
from handoffmap.prove import prove

if TYPE_CHECKING:
    from click.testing import Result

TOPOLOGIES = Path(__file__).parents[2] / "topologies"
BUNDLED = sorted(TOPOLOGIES.glob("*.yaml"))
THREE = str(TOPOLOGIES / "three_handoffs.yaml")


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["prove", *arguments], input=text)


def proved(path: Path) -> Any:
    result = run(str(path), "--output-format", "json", "--fail-on", "never")
    assert result.exit_code == 0, result.output
    (topology,) = json.loads(result.stdout)["topologies"]
    return topology


def test_the_three_stories_are_told_in_at_most_five_steps_each() -> None:
    stories: dict[str, Any] = {}
    for finding in proved(TOPOLOGIES / "three_handoffs.yaml")["findings"]:
        if finding["witness"] is not None:
            stories.setdefault(finding["slug"], finding["witness"])
    for slug in ("duplicate-delivery", "unmapped-field", "shipment-gap"):
        assert 1 <= len(stories[slug]["steps"]) <= 5, slug
    doubled = stories["duplicate-delivery"]
    assert [step["kind"] for step in doubled["steps"]] == ["event", "repeat", "deliver"]
    assert (doubled["start"], doubled["end"]) == ({"wms.available": 47}, {"wms.available": 45})
    assert doubled["expected"] == {"wms.available": 46}
    leaked = stories["shipment-gap"]
    assert (leaked["end"], leaked["expected"]) == ({"storefront.allocated": 47}, {"storefront.allocated": 46})


def test_the_mended_map_is_proved_cell_by_cell() -> None:
    verdicts = proved(TOPOLOGIES / "three_handoffs.fixed.yaml")["verdicts"]
    assert {verdict["proof"] for verdict in verdicts} == {"proved"}
    assert run(str(TOPOLOGIES / "three_handoffs.fixed.yaml")).exit_code == 0


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_a_run_ends_wrong_and_its_steps_lead_there(path: Path) -> None:
    for finding in proved(path)["findings"]:
        witness = finding["witness"]
        if witness is None:
            continue
        assert finding["confidence"] == "confirmed"
        assert finding["class"] is not None or finding["slug"] == "multiple-allocators"
        cell = f"{witness['cell']['system']}.{witness['cell']['quantity']}"
        assert witness["steps"], finding["message"]
        assert witness["steps"][-1]["values"] == witness["end"]
        wrong = [step for step in witness["steps"] if step["values"].get(cell) != step["expected"].get(cell)]
        assert wrong, finding["message"]


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_no_cell_is_proved_that_drifts_and_none_refuted_that_converges(path: Path) -> None:
    """Two witnesses, each by itself: where both are sure they say the same."""
    for verdict in proved(path)["verdicts"]:
        told = f"{verdict['system']}.{verdict['quantity']}"
        if verdict["proof"] == "proved":
            assert verdict["verdict"] == "converges", told
        if verdict["verdict"] == "converges":
            assert verdict["proof"] in {"proved", "no_counterexample"}, told
        if verdict["verdict"] == "drifts":
            assert verdict["proof"] in {"refuted", "undetermined"}, told
        assert (verdict["witness"] is not None) == (verdict["proof"] == "refuted"), told


def test_a_run_that_needs_a_fault_shows_that_fault_on_that_path() -> None:
    kinds = {"duplicate-delivery": {"repeat", "forget", "replay_late"}, "lost-delivery": {"lose", "replay_late"}}
    kinds |= {"unwatched-dead-letter": kinds["lost-delivery"], "dual-write": {"crash"}}
    seen = set()
    for path in BUNDLED:
        for finding in proved(path)["findings"]:
            if finding["witness"] is None or finding["slug"] not in kinds or finding["slug"] == "dual-write":
                continue
            steps = finding["witness"]["steps"]
            faults = {step["kind"] for step in steps if step["write_path"] == finding["subject"]["write_path"]}
            assert faults & kinds[finding["slug"]], finding["message"]
            seen.add(finding["slug"])
    assert {"duplicate-delivery", "unwatched-dead-letter"} <= seen


def test_one_finding_is_named_by_code_slug_or_fingerprint() -> None:
    report = check_paths([THREE])
    finding = next(each for each in report.diagnoses[0].findings if each.slug == "shipment-gap")
    told = {run(THREE, "--finding", name).stdout for name in ("HM405", "shipment-gap", finding.fingerprint)}
    assert len(told) == 1
    (text,) = told
    assert text.count("HM4") == 1
    assert "Proofs for" not in text


def test_a_finding_that_is_not_there_is_an_error_with_a_suggestion() -> None:
    result = run(THREE, "--finding", "shipment-gab")
    assert result.exit_code == 2
    assert "no finding is called shipment-gab" in result.stderr
    assert "shipment-gap" in result.stderr


def test_a_broken_file_is_not_proved() -> None:
    result = run("-", text="handoffmap: 1\nsystems: {a: {kind: wmss}}\n")
    assert result.exit_code == 2
    assert "HM006" in result.stderr + result.stdout
    assert "proved" not in result.stdout


def test_the_model_is_asked_for_nothing_that_turns_no_count_wrong() -> None:
    diagnosis = check_paths([THREE]).diagnoses[0]
    known = prove(diagnosis)
    for finding in diagnosis.findings:
        sold = finding.slug == "multiple-allocators"
        if (finding.drift is None and not sold) or finding.confidence != "confirmed":
            assert finding.fingerprint not in known.witnesses


def test_two_channels_that_promise_one_piece_are_shown_doing_so() -> None:
    """Theorem T-D: it turns no verdict of a cell, and the pool is short all the same."""
    (finding,) = (
        each
        for each in proved(TOPOLOGIES / "marketplace_first.yaml")["findings"]
        if each["slug"] == "multiple-allocators"
    )
    witness = finding["witness"]
    assert len(witness["steps"]) == 2
    assert (witness["end"], witness["expected"]) == ({"hub.available": 1}, {"hub.available": -1})


def test_the_same_map_gives_the_same_bytes() -> None:
    assert run(THREE).stdout == run(THREE).stdout


def test_the_last_line_tells_how_much_was_searched_and_json_the_same() -> None:
    search = proved(Path(THREE))["search"]
    assert search["slices"] >= len(proved(Path(THREE))["verdicts"])
    assert 0 < search["median"] <= search["p99"] <= search["most"] <= search["states"]
    spread = f"median {search['median']:,}, 99th percentile {search['p99']:,}, most {search['most']:,}"
    last = run(THREE, "--fail-on", "never").output.splitlines()[-1]
    assert last == f"{search['slices']:,} slices, {search['states']:,} states ({spread})"


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_a_slice_of_a_bundled_map_is_small(path: Path) -> None:
    work = prove(check_paths([str(path)]).diagnoses[0]).work
    assert work.median <= 300
    assert work.p99 <= 5_000


def test_a_map_that_nobody_proves_tells_of_no_search() -> None:
    result = CliRunner().invoke(main, ["check", THREE, "--output-format", "json"])
    assert json.loads(result.stdout)["topologies"][0]["search"] is None
