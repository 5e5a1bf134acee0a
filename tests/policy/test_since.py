"""`--since`: only what was not there at a revision of git counts, and the work tree stays as it is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from handoffmap.cli import main

if TYPE_CHECKING:
    from click.testing import Result

MAP = (Path(__file__).resolve().parents[2] / "topologies" / "three_handoffs.yaml").read_text(encoding="utf-8")
WORSE = "delivery: at_most_once".join(MAP.rsplit("delivery: at_least_once", 1))


def git(*arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, env=environment)  # noqa: S607


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    Path("maps").mkdir()
    Path("maps/stack.yaml").write_text(MAP, encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


@pytest.mark.parametrize("below", [False, True], ids=["at the root", "in a folder below"])
def test_what_was_there_does_not_count(repository: Path, monkeypatch: pytest.MonkeyPatch, below: bool) -> None:
    path = "maps/stack.yaml"
    if below:
        monkeypatch.chdir(repository / "maps")
        path = "stack.yaml"
    assert check(path).exit_code == 1
    assert check(path, "--since", "HEAD").exit_code == 0
    assert "12 known" in check(str(Path(path).resolve()), "--since", "main").output


def test_what_is_new_counts_and_the_work_tree_is_untouched(repository: Path) -> None:
    path = Path("maps/stack.yaml")
    path.write_text(WORSE, encoding="utf-8")
    result = check("maps", "--since", "HEAD")
    assert result.exit_code == 1
    assert path.read_text(encoding="utf-8") == WORSE
    assert sorted(each.name for each in Path().iterdir()) == [".git", "maps"]


def test_a_file_that_was_not_there_is_all_new(repository: Path) -> None:
    Path("maps/other.yaml").write_text(MAP, encoding="utf-8")
    assert check("maps/other.yaml", "--since", "HEAD").exit_code == 1


def test_a_revision_that_is_not_there_is_2(repository: Path) -> None:
    for revision in ("nowhere", "--output=x", "HEAD~9"):
        result = check("maps", f"--since={revision}")
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"there is no revision {revision!r}" in result.stderr


def test_a_folder_outside_git_is_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    Path("map.yaml").write_text(MAP, encoding="utf-8")
    result = check("map.yaml", "--since", "HEAD")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no git repository" in result.stderr
