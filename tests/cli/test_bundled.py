"""The whole program on the bundled topologies, as a process: what a user and a CI job see."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.rules import all_rules

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Process = Callable[..., subprocess.CompletedProcess[bytes]]

TOPOLOGIES = Path(__file__).parents[2] / "topologies"


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    """The bundled topologies, copied into the folder that the process runs in."""
    return Path(shutil.copytree(TOPOLOGIES, tmp_path / "topologies"))


def told(process: Process, *args: str, **extra: Any) -> dict[str, Any]:
    result = process("check", "--output-format", "json", *args, **extra)
    assert result.stderr == b""
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_the_broken_stack_fails_and_the_mended_one_passes(process: Process, maps: Path) -> None:
    broken = process("check", "topologies/three_handoffs.yaml")
    assert (broken.returncode, broken.stderr) == (1, b"")
    assert b"error HM201 duplicate-delivery" in broken.stdout
    mended = process("check", "topologies/three_handoffs.fixed.yaml")
    assert (mended.returncode, mended.stderr) == (0, b"")


def test_the_mended_stack_lists_what_holds_every_cell(process: Process, maps: Path) -> None:
    lines = process("check", "topologies/three_handoffs.fixed.yaml").stdout.decode().splitlines()
    (topology,) = told(process, "topologies/three_handoffs.fixed.yaml")["topologies"]
    assert topology["findings"] == topology["questions"] == []
    for verdict in topology["verdicts"]:
        cell = f"{verdict['system']}.{verdict['quantity']}"
        (line,) = [line for line in lines if line.strip().startswith(f"{cell} ")]
        assert "converges" in line
        assert " by " in line
        assert verdict["window"] is not None


@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_the_same_map_gives_the_same_bytes(process: Process, maps: Path, form: str) -> None:
    command = ("check", "topologies", "--verbose", "--output-format", form)
    runs = {process(*command, env={"PYTHONHASHSEED": seed}).stdout for seed in ("0", "1", "4242")}
    assert len(runs) == 1


def test_standard_input_is_judged_like_the_file(process: Process, maps: Path) -> None:
    name = "topologies/three_handoffs.yaml"
    text = (maps / "three_handoffs.yaml").read_bytes()
    by_name, piped = told(process, name), told(process, "-", input=text)
    assert json.dumps(by_name).replace(name, "<stdin>") == json.dumps(piped)


def test_a_folder_is_judged_file_by_file(process: Process, maps: Path) -> None:
    (maps / "values.yaml").write_text("replicas: 3\n", encoding="utf-8")
    document = told(process, "topologies")
    files = sorted(f"topologies/{path.name}" for path in TOPOLOGIES.glob("*.yaml"))
    assert [topology["file"] for topology in document["topologies"]] == files
    assert document["summary"]["skipped"] == 1


def test_an_invalid_file_is_2_with_all_its_problems_and_nothing_written(process: Process, maps: Path) -> None:
    text = (maps / "three_handoffs.yaml").read_text(encoding="utf-8")
    bad = maps / "bad.yaml"
    bad.write_text(text.replace("trigger: webhook", "trigger: webhok"), encoding="utf-8")
    checked = process("check", "topologies/bad.yaml")
    assert checked.returncode == 2
    assert checked.stdout.count(b"HM006 unknown-word") == text.count("trigger: webhook")
    before = sorted(maps.parent.rglob("*"))
    for command in ("report", "questions", "diagram"):
        refused = process(command, "topologies/bad.yaml")
        assert (refused.returncode, refused.stdout) == (2, b"")
        assert b"bad.yaml:" in refused.stderr
    assert sorted(maps.parent.rglob("*")) == before


@pytest.mark.parametrize("name", ["missing.yaml", "empty.yaml"])
def test_a_named_file_without_a_map_is_a_located_problem(process: Process, maps: Path, name: str) -> None:
    (maps.parent / "empty.yaml").touch()
    result = process("check", name, "topologies/three_handoffs.fixed.yaml")
    assert result.returncode == 2
    assert result.stdout.startswith(b"error HM001 syntax: ")
    assert f"--> {name}:1:1\n".encode() in result.stdout


def test_the_report_says_where_it_is_and_keeps_an_old_one_on_failure(process: Process, maps: Path) -> None:
    written = process("report", "topologies/three_handoffs.yaml")
    assert (written.returncode, written.stdout) == (0, b"three_handoffs.report.html\n")
    page = maps.parent / "three_handoffs.report.html"
    old = page.read_bytes()
    assert old.lower().startswith(b"<!doctype html>")
    assert process("report", "topologies/three_handoffs.yaml", "--fail-on", "error").returncode == 1
    assert page.read_bytes() == old
    (maps / "three_handoffs.yaml").write_text("handoffmap: [\n", encoding="utf-8")
    assert process("report", "topologies/three_handoffs.yaml").returncode == 2
    assert page.read_bytes() == old
    markdown = process("report", "topologies/three_handoffs.fixed.yaml", "-o", "gaps.md")
    assert markdown.stdout == b"gaps.md\n"
    assert (maps.parent / "gaps.md").read_bytes().startswith(b"# ")


@pytest.mark.parametrize("form", ["text", "json", "md"])
def test_questions_are_listed_in_every_form(process: Process, maps: Path, form: str) -> None:
    result = process("questions", "topologies/discovery_week_one.yaml", "--format", form)
    assert (result.returncode, result.stderr) == (0, b"")
    (topology,) = told(process, "topologies/discovery_week_one.yaml")["topologies"]
    assert result.stdout.count(b"?") >= len(topology["questions"]) > 5


@pytest.mark.parametrize(
    "options",
    [(), ("--event", "order_captured"), ("--finding", "duplicate-delivery"), ("--kind", "matrix")],
    ids=" ".join,
)
def test_every_kind_of_diagram_is_drawn(process: Process, maps: Path, options: tuple[str, ...]) -> None:
    drawn = process("diagram", "topologies/three_handoffs.yaml", *options)
    assert (drawn.returncode, drawn.stderr) == (0, b"")
    assert drawn.stdout.startswith(b"<svg")
    assert drawn.stdout.rstrip().endswith(b"</svg>")


def test_a_png_can_be_piped(process: Process, maps: Path) -> None:
    drawn = process("diagram", "topologies/three_handoffs.yaml", "--format", "png")
    assert (drawn.returncode, drawn.stderr) == (0, b"")
    assert drawn.stdout.startswith(b"\x89PNG")


@pytest.mark.parametrize("ending", ["svg", "dot"])
def test_a_diagram_takes_the_form_that_its_file_is_named_for(process: Process, maps: Path, ending: str) -> None:
    drawn = process("diagram", "topologies/three_handoffs.yaml", "-o", f"map.{ending}")
    assert (drawn.returncode, drawn.stdout) == (0, f"map.{ending}\n".encode())
    starts = {"svg": b"<svg", "dot": b"digraph"}
    assert (maps.parent / f"map.{ending}").read_bytes().startswith(starts[ending])


@pytest.mark.parametrize("options", [("--event", "nonsense"), ("--finding", "nonsense"), ("--kind", "event")])
def test_a_diagram_of_what_is_not_there_is_a_slip_of_usage(
    process: Process, maps: Path, options: tuple[str, ...]
) -> None:
    drawn = process("diagram", "topologies/three_handoffs.yaml", *options)
    assert (drawn.returncode, drawn.stdout) == (2, b"")
    assert b"internal error" not in drawn.stderr


def test_what_init_makes_can_be_checked(process: Process) -> None:
    assert process("init").returncode == 0
    assert process("check", "topology.yaml").returncode == 0


def test_every_rule_is_listed_and_explained(process: Process) -> None:
    listed = process("rules").stdout.decode().splitlines()
    assert [line.split()[:2] for line in listed] == [[rule.code, rule.slug] for rule in all_rules()]
    document = json.loads(process("rules", "--output-format", "json").stdout)
    assert [rule["code"] for rule in document["rules"]] == [rule.code for rule in all_rules()]
    for name in ("HM201", "hm201", "duplicate-delivery"):
        page = process("explain", name)
        assert page.returncode == 0
        assert page.stdout.startswith(b"HM201 duplicate-delivery")
    unknown = process("explain", "duplicate-delivry")
    assert unknown.returncode == 2
    assert b'Did you mean "duplicate-delivery"?' in unknown.stderr


def test_the_schema_is_json(process: Process) -> None:
    result = process("schema")
    assert result.returncode == 0
    assert json.loads(result.stdout)["$schema"].startswith("https://json-schema.org/")


def test_bundled_maps_are_in_the_usual_order_and_layout(process: Process, maps: Path) -> None:
    result = process("fmt", "--check", str(maps))
    assert (result.returncode, result.stdout) == (0, b"")
