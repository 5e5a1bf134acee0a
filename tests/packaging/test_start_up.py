"""Start-up is a feature: what a command does not need, it does not load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"networkx", "jinja2", "graphviz", "yaml", "importlib.metadata", "importlib.resources"}

LOADED = """
import sys
from handoffmap.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
sys.stderr.write(" ".join(sys.modules))
"""


def _loaded(*arguments: str) -> set[str]:
    command = [sys.executable, "-c", LOADED.format(arguments=list(arguments))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("report", "--help")], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not _loaded(*arguments) & HEAVY


def test_check_loads_neither_templates_nor_drawing() -> None:
    loaded = _loaded("check", str(ROOT / "topologies" / "three_handoffs.yaml"))
    assert "yaml" in loaded  # the probe sees what a command loads
    assert not loaded & {"jinja2", "graphviz"}
