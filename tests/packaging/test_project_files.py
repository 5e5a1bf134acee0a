"""The project's own files keep their promises: one-line commands, declared dependencies, a sound script."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python3 -m venv .*$", README, flags=re.MULTILINE)

# Distributions whose module is named otherwise; graphviz-pure is a program and is not imported.
MODULES = {"pyyaml": "yaml", "graphviz-pure": ""}


def _module(requirement: str) -> str:
    name = re.split(r"[<>=~!\[; ]", requirement, maxsplit=1)[0].lower()
    return MODULES.get(name, name)


def _imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_the_readme_has_one_command_for_the_report_and_one_for_the_tests() -> None:
    report, tests = COMMANDS
    assert report.endswith("/handoffmap report topologies/three_handoffs.yaml")
    assert tests.endswith("/python -m pytest -q")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_readme_command_makes_its_environment_and_installs_into_it(command: str) -> None:
    steps = command.split(" && ")
    assert len(steps) == 3
    assert all(step.startswith(("python3 -m venv .venv", ".venv/bin/")) for step in steps)


def test_the_package_imports_what_it_declares_and_nothing_else() -> None:
    declared = {_module(requirement) for requirement in PROJECT["project"]["dependencies"]} - {""}
    server = ROOT / "handoffmap" / "editor" / "server.py"
    files = set((ROOT / "handoffmap").rglob("*.py")) - {server}
    imported = {name for file in files for name in _imported(file)}
    assert imported - set(sys.stdlib_module_names) - {"handoffmap"} == declared
    # The language server is an extra: what it needs is imported there and nowhere else. lsprotocol comes with pygls.
    extra = {_module(requirement) for requirement in PROJECT["project"]["optional-dependencies"]["lsp"]}
    assert set(_imported(server)) - set(sys.stdlib_module_names) - {"handoffmap"} == extra | {"lsprotocol"}


def test_every_module_of_the_package_has_its_layer() -> None:
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {name for layer in layers for name in re.split(r" [|:] ", layer)}
    modules = {file.stem for file in (ROOT / "handoffmap").glob("*.py")}
    packages = {file.parent.name for file in (ROOT / "handoffmap").glob("*/__init__.py")}
    assert placed == (modules | packages) - {"__init__"}


def test_the_types_are_published() -> None:
    assert (ROOT / "handoffmap" / "py.typed").read_bytes() == b""


@pytest.mark.skipif(shutil.which("bash") is None, reason="the script is bash")
def test_the_ci_script_parses_and_may_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0  # noqa: S607
