"""Where results go: standard output, files, and what happens when they cannot."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from handoffmap import cli

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from handoffmap.finding import Finding

    Run = Callable[..., Result]
    Judged = Callable[..., None]
    MakeFinding = Callable[..., Finding]
    Process = Callable[..., subprocess.CompletedProcess[bytes]]


def test_one_run_feeds_the_log_and_any_number_of_files(run: Run, judged: Judged, finding: MakeFinding) -> None:
    judged(finding("error"))
    result = run("check", "map.yaml", "--output", "json=run.json", "--output", "concise=run.txt")
    assert result.stdout.startswith("error HM201 duplicate-delivery: taken off twice\n")
    assert json.loads(Path("run.json").read_text(encoding="utf-8"))["schema_version"] == 1
    told = Path("run.txt").read_text(encoding="utf-8")
    assert told == "map.yaml:1:1: error HM201 duplicate-delivery: taken off twice\n"


@pytest.mark.parametrize(
    "args",
    [
        ("check", "map.yaml", "--output", "text=map.yaml"),
        ("check", "map.yaml", "--output", "json=./sub/../map.yaml"),
        ("check", "map.yaml", "--output", "json=link.yaml"),
        ("questions", "map.yaml", "-o", "map.yaml"),
        ("report", "map.yaml", "-o", "map.yaml"),
        ("diagram", "map.yaml", "-o", "map.yaml"),
    ],
    ids=" ".join,
)
def test_an_input_is_never_overwritten(run: Run, judged: Judged, args: tuple[str, ...]) -> None:
    Path("map.yaml").write_text("handoffmap: 1\n", encoding="utf-8")
    Path("link.yaml").symlink_to("map.yaml")
    Path("sub").mkdir()
    judged()
    result = run(*args)
    assert result.exit_code == 2
    assert "is an input" in result.stderr
    assert Path("map.yaml").read_text(encoding="utf-8") == "handoffmap: 1\n"


def test_two_outputs_may_not_share_a_file(run: Run, judged: Judged) -> None:
    judged()
    result = run("check", "map.yaml", "--output", "json=a", "--output", "text=./a")
    assert result.exit_code == 2
    assert not Path("a").exists()


@pytest.mark.parametrize("target", ["missing/out.json", "folder"])
def test_a_file_that_cannot_be_written_is_2(run: Run, judged: Judged, target: str) -> None:
    Path("folder").mkdir()
    judged()
    result = run("check", "map.yaml", "--output", f"json={target}")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"handoffmap: {target}: ")


@pytest.mark.parametrize("target", [None, "-"])
def test_questions_go_to_standard_output_or_a_file(run: Run, judged: Judged, target: str | None) -> None:
    judged()
    options = () if target is None else ("-o", target)
    assert run("questions", "map.yaml", *options).stdout.startswith("No open questions about map.yaml")
    assert run("questions", "map.yaml", "-o", "asked.txt").stdout == "asked.txt\n"
    assert Path("asked.txt").read_text(encoding="utf-8").startswith("No open questions")


@pytest.mark.parametrize(
    "options, environment, coloured",
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": ""}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_and_for_who_asks(
    run: Run,
    judged: Judged,
    finding: MakeFinding,
    options: tuple[str, ...],
    environment: dict[str, str],
    coloured: bool,
) -> None:
    judged(finding("error"))
    result = run("check", "map.yaml", *options, env=environment, color=True)
    assert ("\x1b[" in result.stdout) is coloured


def test_files_have_no_colour(run: Run, judged: Judged, finding: MakeFinding) -> None:
    judged(finding("error"))
    run("check", "map.yaml", "--color", "always", "--output", "text=run.txt")
    assert "\x1b" not in Path("run.txt").read_text(encoding="utf-8")


def test_a_reader_that_leaves_is_no_error(process: Process) -> None:
    code = "import sys; sys.exit(0)"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as reader:
        reader.wait()
        result = process("init", "three_handoffs", "-o", "-", stdout=reader.stdin)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_2_and_one_line(process: Process) -> None:
    with Path("/dev/full").open("wb") as full:
        result = process("init", "three_handoffs", "-o", "-", stdout=full)
    assert result.returncode == 2
    assert result.stderr == b"handoffmap: standard output cannot be written (No space left on device)\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_of_any_encoding_is_written_to(process: Process, encoding: str) -> None:
    result = process("init", "-o", "-", env={"PYTHONIOENCODING": encoding})
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"handoffmap: 1" in result.stdout


def test_one_output_that_cannot_be_written_leaves_the_others_as_they_should_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run fails, the log has its findings, and every other file is whole."""
    monkeypatch.chdir(tmp_path)
    root = Path(__file__).resolve().parents[2]
    shutil.copy(root / "topologies" / "three_handoffs.yaml", "map.yaml")
    files = {"json": "a.json", "sarif": "missing/b.sarif", "junit": "c.xml", "gitlab": "d.json"}
    outputs = [word for form, file in files.items() for word in ("--output", f"{form}={file}")]
    result = CliRunner().invoke(cli.main, ["check", "map.yaml", "--isolated", *outputs])
    assert result.exit_code == 2
    assert "missing/b.sarif: the folder does not exist" in result.stderr
    assert "HM201 duplicate-delivery" in result.stdout
    assert json.loads(Path("a.json").read_text(encoding="utf-8"))["topologies"]
    assert json.loads(Path("d.json").read_text(encoding="utf-8"))
    assert Path("c.xml").read_text(encoding="utf-8").rstrip().endswith("</testsuites>")
    assert sorted(each.name for each in Path().iterdir()) == ["a.json", "c.xml", "d.json", "map.yaml"]
