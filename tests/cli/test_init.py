from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoffmap.cli.starter import bundled_names, starter

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    Run = Callable[..., Result]

TOPOLOGIES = Path(__file__).parents[2] / "topologies"


@pytest.mark.parametrize("name", ["three_handoffs", "three_handoffs.yaml", "three_handoffs.fixed"])
def test_a_bundled_topology_is_copied_to_the_byte(run: Run, name: str) -> None:
    result = run("init", name)
    stem = name.removesuffix(".yaml")
    assert result.stdout == f"{stem}.yaml\n"
    assert Path(f"{stem}.yaml").read_bytes() == (TOPOLOGIES / f"{stem}.yaml").read_bytes()


def test_without_a_name_it_is_an_empty_one_with_comments(run: Run) -> None:
    assert run("init").stdout == "topology.yaml\n"
    assert Path("topology.yaml").read_text(encoding="utf-8") == starter()
    assert run("init", "-o", "-").stdout == starter()


def test_the_list_names_what_can_be_copied(run: Run) -> None:
    assert [line.split()[0] for line in run("init", "--list").stdout.splitlines()] == bundled_names()


def test_what_is_there_is_kept_unless_forced(run: Run) -> None:
    Path("map.yaml").write_text("mine", encoding="utf-8")
    result = run("init", "-o", "map.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "map.yaml is already there" in result.stderr
    assert Path("map.yaml").read_text(encoding="utf-8") == "mine"
    assert run("init", "-o", "map.yaml", "--force").exit_code == 0
    assert Path("map.yaml").read_text(encoding="utf-8") == starter()


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "..", "", ".yaml", "three_handoffs\0", "a\x1b[2Jb"])
def test_a_name_that_is_not_listed_reaches_no_file(run: Run, name: str) -> None:
    result = run("init", name)
    assert result.exit_code == 2
    assert "There is no bundled topology" in result.stderr
    assert "\x1b" not in result.stderr
    assert not list(Path().iterdir())


def test_a_slip_of_the_pen_gets_a_suggestion(run: Run) -> None:
    assert 'Did you mean "three_handoffs"?' in run("init", "three_handofs").stderr
