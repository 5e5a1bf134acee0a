"""Settings of a project, and what a command line says besides: selection, severity, thresholds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from handoffmap.cli import main

if TYPE_CHECKING:
    from click.testing import Result

MAP = (Path(__file__).resolve().parents[2] / "topologies" / "three_handoffs.yaml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "maps").mkdir()
    monkeypatch.chdir(tmp_path / "maps")
    Path("map.yaml").write_text(MAP, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def codes(*arguments: str) -> set[str]:
    document = json.loads(run("check", "map.yaml", *arguments, "--output-format", "json").stdout)
    return {finding["code"] for finding in document["topologies"][0]["findings"]}


ALL = {"HM011", "HM201", "HM203", "HM301", "HM401", "HM405", "HM406", "HM501"}


@pytest.mark.parametrize(
    "options, told",
    [
        ((), ALL),
        (("--select", "HM201"), {"HM201"}),
        (("--select", "duplicate-delivery,HM5"), {"HM201", "HM501"}),
        (("--select", "HM2xx"), {"HM201", "HM203"}),
        (("--select", "HM2-HM3"), {"HM201", "HM203", "HM301"}),
        (("--select", "HM401-HM405"), {"HM401", "HM405"}),
        (("--select", "HM2", "--ignore", "hm203"), {"HM201"}),
        (("--select", "HM2", "--extend-select", "HM501"), {"HM201", "HM203", "HM501"}),
        (("--ignore", "HM4", "--ignore", "HM0"), {"HM201", "HM203", "HM301", "HM501"}),
        (("--min-confidence", "confirmed"), ALL - {"HM203"}),
    ],
)
def test_rules_are_selected_by_code_slug_prefix_or_range(options: tuple[str, ...], told: set[str]) -> None:
    assert codes(*options) == told


def test_an_unknown_rule_is_2_with_the_one_that_was_meant() -> None:
    result = run("check", "map.yaml", "--select", "duplicate-delivry")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'did you mean "duplicate-delivery"?' in result.stderr


@pytest.mark.parametrize("name", ["handoffmap.toml", "pyproject.toml"])
def test_settings_are_found_upward_and_the_command_line_comes_first(folder: Path, name: str) -> None:
    head = "[tool.handoffmap]\n" if name == "pyproject.toml" else ""
    (folder / name).write_text(f'{head}select = ["HM5"]\nfail-on = "never"\n', encoding="utf-8")
    assert codes() == {"HM501"}
    assert run("check", "map.yaml").exit_code == 0
    assert run("check", "map.yaml", "--fail-on", "warning").exit_code == 1
    assert codes("--isolated") == ALL
    assert codes("--select", "HM201") == {"HM201"}


def test_the_nearest_file_counts_and_none_is_merged(folder: Path) -> None:
    (folder / "handoffmap.toml").write_text('select = ["HM5"]\n', encoding="utf-8")
    Path("handoffmap.toml").write_text('ignore = ["HM4"]\n', encoding="utf-8")
    assert codes() == {"HM011", "HM201", "HM203", "HM301", "HM501"}


def test_nothing_is_looked_for_beyond_the_repository(folder: Path) -> None:
    (folder / "maps" / ".git").mkdir()
    (folder / "handoffmap.toml").write_text('select = ["HM5"]\n', encoding="utf-8")
    assert codes() == ALL


def test_a_team_gives_severities_of_its_own() -> None:
    Path("handoffmap.toml").write_text(
        'severity = {HM4 = "note", count-gap = "error", HM501 = "error"}\n', encoding="utf-8"
    )
    document = json.loads(run("check", "map.yaml", "--output-format", "json").stdout)
    found = {(each["code"], each["severity"]) for each in document["topologies"][0]["findings"]}
    assert {("HM406", "error"), ("HM501", "error"), ("HM401", "note"), ("HM405", "note")} <= found


def test_every_mistake_in_the_settings_is_told_with_its_line_in_one_run() -> None:
    Path("handoffmap.toml").write_text('selct = ["HM5"]\nfail-on = "eror"\nstrict = "yes"\n', encoding="utf-8")
    result = run("check", "map.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'handoffmap.toml:1: there is no setting `selct`; did you mean "select"?' in result.stderr
    assert "handoffmap.toml:2: `fail-on` takes the severity at which a run fails" in result.stderr
    assert 'did you mean "error"?' in result.stderr
    assert "handoffmap.toml:3: `strict` takes true" in result.stderr


@pytest.mark.parametrize("text", ["select = [", "\x00"])
def test_what_is_no_toml_is_2(text: str) -> None:
    Path("handoffmap.toml").write_text(text, encoding="utf-8")
    result = run("check", "map.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be read as TOML" in result.stderr


def test_settings_are_shown_with_their_file() -> None:
    Path("handoffmap.toml").write_text('ignore = ["HM4"]\n', encoding="utf-8")
    shown = run("config", "show").output
    assert shown.startswith("# handoffmap.toml\n")
    assert 'ignore = ["HM4"]' in shown
    document: dict[str, Any] = json.loads(run("config", "show", "--output-format", "json").output)
    assert document["settings"]["ignore"] == ["HM4"]


def test_statistics_count_what_each_rule_says() -> None:
    told = run("check", "map.yaml", "--statistics").output
    assert "         2             0  HM406 count-gap\n" in told


def test_personas_change_who_reads_and_not_what_is_found() -> None:
    ci, architect, discovery = (
        run("check", "map.yaml", "--persona", who).output for who in ("ci", "architect", "discovery")
    )
    assert "Verdicts for" in architect
    assert "Verdicts for" not in ci
    assert discovery.startswith("3 open questions")
    assert ci.splitlines()[-1] == architect.splitlines()[-1] == discovery.splitlines()[-1]
