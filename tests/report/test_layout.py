"""Running layout engines: few processes, a time limit, and pictures that survive their neighbours."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from handoffmap.telling import layout
from handoffmap.telling.diagram import Drawing

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def drawing(name: str, dot: str | None = None, plain: str | None = None) -> Drawing:
    sound = f'digraph {name} {{ graph [id="{name}"]; a -> b }}'
    return Drawing(name, name, dot or sound, plain or sound, "", empty=False)


def engine(folder: Path, body: str) -> str:
    """A program that stands in for a layout engine and counts its runs."""
    script = folder / "engine.py"
    script.write_text(
        f"#!{sys.executable}\nimport sys, time\n"
        f"with open({str(folder / 'runs')!r}, 'a') as runs: runs.write('x')\n{body}\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    return str(script)


def runs(folder: Path) -> int:
    return len((folder / "runs").read_text(encoding="utf-8"))


def test_many_drawings_take_few_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        "import re\nfor name in re.findall(r'digraph (\\w+)', sys.stdin.read()):\n"
        '    print(f\'<svg xmlns="http://www.w3.org/2000/svg"><g id="{name}" class="graph"/></svg>\')'
    )
    monkeypatch.setattr(layout, "_engines", lambda: [engine(tmp_path, body)])
    names = [f"g{number}" for number in range(30)]
    assert sorted(layout.lay_out([drawing(name) for name in names])) == sorted(names)
    assert runs(tmp_path) == 3


def test_a_drawing_that_breaks_its_batch_is_tried_without_groups() -> None:
    drawings = [drawing("good"), drawing("bad", dot="digraph bad { a -> "), drawing("after")]
    assert set(layout.lay_out(drawings)) == {"good", "bad", "after"}


def test_a_hopeless_drawing_costs_only_itself() -> None:
    drawings = [drawing("good"), drawing("bad", dot="digraph bad { a -> ", plain="digraph bad { a -> ")]
    assert set(layout.lay_out(drawings)) == {"good"}


def test_an_engine_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_engines", lambda: [engine(tmp_path, "time.sleep(60)")])
    started = time.monotonic()
    assert layout.lay_out([drawing(f"g{number}") for number in range(40)], seconds=0.5) == {}
    assert time.monotonic() - started < 15
    assert runs(tmp_path) <= 4


def test_an_engine_that_cannot_run_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = list(layout._engines())
    monkeypatch.setattr(layout, "_engines", lambda: [str(tmp_path / "none"), engine(tmp_path, "sys.exit(1)"), *real])
    assert set(layout.lay_out([drawing("good")])) == {"good"}
    assert layout.render(drawing("good"), "svg") is not None


def test_an_engine_is_found_here() -> None:
    assert list(layout._engines())
