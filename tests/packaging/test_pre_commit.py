"""A real run of pre-commit, with this project as the source of its hooks (pip fetches what the hooks need)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pre_commit", reason="the test extra has it")

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ("pyproject.toml", "README.md", ".pre-commit-hooks.yaml", "handoffmap", "templates", "topologies")


def call(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "GIT_"))}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "PRE_COMMIT_HOME": str(folder.parent / "home")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def committed(folder: Path) -> str:
    """The folder as a repository of its own, with one commit."""
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "all")):
        assert call(folder, "git", *arguments).returncode == 0
    return call(folder, "git", "rev-parse", "HEAD").stdout.strip()


def test_the_hooks_run_as_a_user_would_run_them(tmp_path: Path) -> None:
    source, project = tmp_path / "source", tmp_path / "project"
    source.mkdir()
    for name in PROJECT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    revision = committed(source)
    maps = project / "topologies"
    maps.mkdir(parents=True)
    shutil.copy(ROOT / "topologies" / "three_handoffs.fixed.yaml", maps / "stack.yaml")
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {source}\n    rev: {revision}\n    hooks: [{{id: handoffmap}}, {{id: handoffmap-fmt}}]\n",
        encoding="utf-8",
    )
    committed(project)
    run = (sys.executable, "-m", "pre_commit", "run", "--all-files")
    clean = call(project, *run)
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert clean.stdout.count("Passed") == 2

    shutil.copy(ROOT / "topologies" / "three_handoffs.yaml", maps / "broken.yaml")
    (maps / "untidy.yaml").write_text("name: b\nhandoffmap: 1\nsystems: {}\n", encoding="utf-8")
    call(project, "git", "add", ".")
    found = call(project, *run)
    assert found.returncode == 1
    assert "topologies/broken.yaml:" in found.stdout
    assert "HM201 duplicate-delivery" in found.stdout
    assert "files were modified by this hook" in found.stdout
    assert (maps / "untidy.yaml").read_text(encoding="utf-8").startswith("handoffmap: 1\n")
