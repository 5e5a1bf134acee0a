"""The script of the GitHub action, run as GitHub runs it: inputs in the environment, a summary file, an output file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(tmp_path: Path) -> Any:
    maps = tmp_path / "maps"
    maps.mkdir()
    text = (ROOT / "topologies" / "three_handoffs.yaml").read_text(encoding="utf-8")
    (maps / "stack.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)

    def start(**inputs: str) -> tuple[subprocess.CompletedProcess[str], str, str]:
        summary, output = tmp_path / "summary.md", tmp_path / "output.txt"
        summary.write_text("# before\n", encoding="utf-8")
        output.write_text("", encoding="utf-8")
        environment = {
            "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(output),
            **{f"HANDOFFMAP_{name}": value for name, value in inputs.items()},
        }
        done = subprocess.run(
            ["bash", str(ROOT / ".ci" / "action")],  # noqa: S607
            check=False, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120,
        )  # fmt: skip
        return done, summary.read_text(encoding="utf-8"), output.read_text(encoding="utf-8")

    return start


def test_it_annotates_writes_the_summary_and_the_sarif(run: Any, tmp_path: Path) -> None:
    done, summary, output = run(PATHS="maps\n", SARIF="out.sarif")
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=maps/stack.yaml,line=")
    assert summary.startswith("# before\n### handoffmap: 5 findings to mend\n")
    assert output == "exit-code=1\nsarif=out.sarif\n"
    document = json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8"))
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in document["runs"][0]["results"]
    }
    assert uris == {"maps/stack.yaml"}


def test_options_are_lines_and_nothing_is_taken_apart_by_blanks(run: Any) -> None:
    done, _, output = run(PATHS="maps/stack.yaml", ARGS="--fail-on=never\n--select=HM201, HM203\n", SARIF="")
    assert (done.returncode, output) == (0, "exit-code=0\n")
    assert all("HM20" in line for line in done.stdout.splitlines())


def test_what_cannot_be_done_is_2(run: Any) -> None:
    done, _, output = run(PATHS="maps", ARGS="--select=nothing", SARIF="")
    assert (done.returncode, output) == (2, "exit-code=2\n")


def test_the_action_hands_over_every_input() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    handed = json.dumps(action["runs"]["steps"])
    for name, facts in action["inputs"].items():
        assert facts["description"]
        assert f"inputs.{name}" in handed


def test_the_hooks_name_commands_that_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    from handoffmap.cli.program import COMMANDS

    assert {hook["entry"] for hook in hooks} == {"handoffmap check", "handoffmap fmt"}
    assert {hook["entry"].split()[1] for hook in hooks} <= set(COMMANDS)
