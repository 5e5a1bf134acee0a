"""`diff` and `--with` on the command line: exit codes, the standard input, and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from handoffmap.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from click.testing import Result

    Run = Callable[..., Result]

ROOT = Path(__file__).parents[2]
OPENING = (Path(__file__).parent / "marketplace.yaml").read_text(encoding="utf-8")
FORMATS = ("text", "markdown", "json")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line in a folder with two maps, overlays, and files that are none."""
    for name, file in (("broken", "three_handoffs"), ("fixed", "three_handoffs.fixed")):
        (tmp_path / f"{name}.yaml").write_text((ROOT / "topologies" / f"{file}.yaml").read_text(encoding="utf-8"))
    (tmp_path / "market.yaml").write_text(OPENING)
    (tmp_path / "clash.yaml").write_text("write_paths:\n  - id: order-to-wms\n    dedupe: none\n")
    (tmp_path / "open.yaml").write_text("write_paths:\n  - {id: order-to-wms, replace: true, handoff: unknown}\n")
    (tmp_path / "invalid.yaml").write_text("handoffmap: 1\nsystems: {wms: {knd: wms}}\n")
    (tmp_path / "none").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*args: str, **extra: Any) -> Result:
        return CliRunner().invoke(main, args, **extra)

    return invoke


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "args, code",
    [
        (("broken.yaml", "broken.yaml", "--fail-on", "note"), 0),
        (("broken.yaml", "fixed.yaml"), 0),
        (("broken.yaml", "fixed.yaml", "--fail-on", "note"), 0),
        (("fixed.yaml", "broken.yaml"), 0),
        (("fixed.yaml", "broken.yaml", "--fail-on", "error"), 1),
        (("fixed.yaml", "broken.yaml", "--fail-on", "never"), 0),
        (("fixed.yaml", "--with", "market.yaml", "--fail-on", "error"), 1),
        (("fixed.yaml", "--with", "open.yaml", "--fail-on", "error"), 0),
        (("fixed.yaml", "--with", "open.yaml", "--fail-on", "error", "--strict"), 1),
        (("broken.yaml", "fixed.yaml", "--with", "market.yaml", "--fail-on", "error"), 1),
        (("invalid.yaml", "fixed.yaml"), 2),
        (("fixed.yaml", "invalid.yaml"), 2),
        (("fixed.yaml", "--with", "invalid.yaml"), 2),
        (("fixed.yaml", "--with", "clash.yaml"), 2),
        (("fixed.yaml", "nowhere.yaml"), 2),
        (("fixed.yaml", "--with", "nowhere.yaml"), 2),
        (("fixed.yaml", "--with", "none"), 2),
        (("fixed.yaml",), 2),
        (("fixed.yaml", "."), 2),
        ((".", "--with", "market.yaml"), 2),
        (("fixed.yaml", "none"), 3),
        (("none", "fixed.yaml"), 3),
    ],
    ids=str,
)
def test_the_exit_codes_are_those_of_every_command(run: Run, args: tuple[str, ...], code: int, form: str) -> None:
    result = run("diff", *args, "--output-format", form)
    assert result.exit_code == code
    assert bool(result.stdout) is (code < 2)
    assert bool(result.stderr) is (code >= 2)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["check", "prove", "report", "questions", "diagram"])
def test_an_overlay_can_be_laid_over_the_map_of_every_command(run: Run, command: str, tmp_path: Path) -> None:
    target = ("-o", "-") if command == "report" else ()
    plain = run(command, "fixed.yaml", *target)
    laid = run(command, "fixed.yaml", *target, "--with", "market.yaml")
    assert laid.exit_code == (1 if command in {"check", "prove"} else 0)
    assert "market" not in plain.stdout
    assert "market" in laid.stdout
    assert laid.stderr == ""


def test_two_overlays_are_laid_in_their_order(run: Run, tmp_path: Path) -> None:
    (tmp_path / "second.yaml").write_text("write_paths: [{id: market-order-to-wms, retry: {horizon: 2d}}]\n")
    assert run("check", "fixed.yaml", "--with", "market.yaml", "--with", "second.yaml").exit_code == 1
    told = json.loads(
        run("check", "fixed.yaml", "--with", "market.yaml", "--with", "second.yaml", "--output-format", "json").stdout
    )
    assert told["topologies"][0]["overlays"] == ["market.yaml", "second.yaml"]
    missing = run("check", "fixed.yaml", "--with", "second.yaml")
    assert missing.exit_code == 2
    assert "HM007" in missing.stdout


def test_a_clash_is_told_with_both_places(run: Run) -> None:
    for args in (("check", "fixed.yaml"), ("diff", "fixed.yaml"), ("report", "fixed.yaml")):
        result = run(*args, "--with", "clash.yaml")
        assert result.exit_code == 2
        told = result.stdout or result.stderr
        assert (
            "error HM005 duplicate-id: `dedupe` of write path `order-to-wms` is stated otherwise in fixed.yaml:68\n"
            in told
        )
        assert "mend: Say the same in both, or let the overlay win" in told
        assert " --> clash.yaml:3:13" in told
        assert "see: stands here too (fixed.yaml:68:13)" in told
        assert "3 |     dedupe: none" in told


def test_what_is_wrong_with_both_maps_is_told_in_one_run_and_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "worse.yaml").write_text("handoffmap: 1\nsystems: {wms: {kind: wmss}}\n")
    result = run("diff", "invalid.yaml", "worse.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("HM002") == 1
    assert result.stderr.count("HM006") == 1
    assert run("diff", "invalid.yaml", "--with", "market.yaml").stderr.count("HM002") == 1


def test_either_side_or_an_overlay_may_come_from_the_standard_input(run: Run, tmp_path: Path) -> None:
    broken = (tmp_path / "broken.yaml").read_text()
    old, new = run("diff", "-", "fixed.yaml", input=broken), run("diff", "fixed.yaml", "-", input=broken)
    assert old.stdout.startswith("From <stdin> to fixed.yaml:\n")
    assert new.stdout.startswith("From fixed.yaml to <stdin>:\n")
    assert "6 cells closed" in old.stdout
    assert "6 cells opened" in new.stdout
    over = run("diff", "fixed.yaml", "--with", "-", input=OPENING)
    assert over.stdout.startswith("From fixed.yaml to fixed.yaml with <stdin>:\n")
    both = run("diff", "-", "--with", "market.yaml", input=broken)
    assert both.stdout.startswith("From <stdin> to <stdin> with market.yaml:\n")
    assert "  opened  market.available" in both.stdout
    assert "market.available" in run("check", "fixed.yaml", "--with", "-", input=OPENING).stdout


@pytest.mark.parametrize("args", [("diff", "-", "-"), ("diff", "-", "--with", "-"), ("check", "-", "--with", "-")])
def test_the_standard_input_is_one_file(run: Run, args: tuple[str, ...]) -> None:
    result = run(*args, input="handoffmap: 1\n")
    assert result.exit_code == 2
    assert "The standard input can be read once" in result.stderr


def test_an_overlay_in_the_folder_of_the_map_is_not_a_map(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / "map.yaml").write_text((tmp_path / "fixed.yaml").read_text())
    (folder / "market.yaml").write_text("handoffmap: 1\n" + OPENING)
    assert run("check", "stack", "--with", "stack/market.yaml").exit_code == 1
    assert "1 file" in run("check", "stack", "--with", "stack/market.yaml").stdout


def test_a_result_goes_to_a_file_and_never_over_an_input(run: Run, tmp_path: Path) -> None:
    result = run("diff", "fixed.yaml", "--with", "market.yaml", "--output-format", "markdown", "-o", "told.md")
    assert result.stdout == "told.md\n"
    assert (tmp_path / "told.md").read_text().startswith("### What this changes: 5 cells and ")
    for target in ("fixed.yaml", "market.yaml"):
        refused = run("diff", "fixed.yaml", "--with", "market.yaml", "-o", target)
        assert refused.exit_code == 2
        assert "is an input" in refused.stderr
        assert run("check", "fixed.yaml", "--with", "market.yaml", "--output", f"json={target}").exit_code == 2


def test_colour_is_for_terminals_and_for_who_asks(run: Run) -> None:
    assert "\x1b" not in run("diff", "broken.yaml", "fixed.yaml").stdout
    assert "\x1b" in run("diff", "broken.yaml", "fixed.yaml", "--color", "always").stdout
    assert "\x1b" not in run("diff", "broken.yaml", "fixed.yaml", "--output-format", "json", "--color", "always").stdout


def test_the_same_bytes_on_every_run(run: Run) -> None:
    for form in FORMATS:
        args = ("diff", "fixed.yaml", "--with", "market.yaml", "--output-format", form)
        assert run(*args).stdout == run(*args).stdout
