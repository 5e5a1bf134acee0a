"""DOT -> pictures, by a `dot` of the system or else by the pip-installed `graphviz-pure`.

Starting an engine costs more than laying out a small graph, so the drawings of one report go through few
processes. Every process has a time limit. What an engine cannot draw is tried once more alone and without
groups; what then still fails has no picture, and the report says so.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handoffmap.telling.diagram import Drawing

__all__ = ["SECONDS", "lay_out", "render"]

SECONDS: Final = 20.0
"""Time limit of one process."""
_AT_ONCE = 12
"""Drawings in one process."""
_PATIENCE = 2
"""Time limits that may be reached before nothing more is tried."""


class _Engine:
    """A layout program and how often it has run out of time."""

    def __init__(self, command: str, seconds: float) -> None:
        self.command = command
        self.seconds = seconds
        self.late = 0

    def run(self, dot: str, form: str) -> bytes:
        """What the program makes of one or several graphs, as far as it came; empty if it cannot run."""
        if self.late >= _PATIENCE:
            return b""
        try:
            done = subprocess.run(
                [self.command, f"-T{form}"],
                input=dot.encode(),
                capture_output=True,
                timeout=self.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            self.late += 1
            return late.stdout or b""
        except OSError:
            self.late = _PATIENCE
            return b""
        return done.stdout


def lay_out(drawings: Sequence[Drawing], seconds: float = SECONDS) -> dict[str, str]:
    """Figure -> SVG for each drawing that could be drawn; `seconds` is the limit of one process."""
    drawn: dict[str, str] = {}
    for command in _engines():
        engine = _Engine(command, seconds)
        waiting = [drawing for drawing in drawings if drawing.figure not in drawn]
        batches = [waiting[start : start + _AT_ONCE] for start in range(0, len(waiting), _AT_ONCE)]
        with ThreadPoolExecutor(max_workers=2) as pool:
            for svgs in pool.map(partial(_batch, engine), batches):
                drawn.update(svgs)
        for drawing in waiting:
            if drawing.figure not in drawn:
                drawn.update(_pictures(engine.run(drawing.plain, "svg"), [drawing.figure]))
        if len(drawn) == len(drawings):
            break
    return drawn


def render(drawing: Drawing, form: str, seconds: float = SECONDS) -> bytes | None:
    """One drawing as `svg` or `png`; None if nothing here can draw it."""
    for command in _engines():
        engine = _Engine(command, seconds)
        for dot in (drawing.dot, drawing.plain):
            told = engine.run(dot, form)
            if told.startswith(b"\x89PNG") if form == "png" else told.rstrip().endswith(b"</svg>"):
                return told
    return None


def _engines() -> Iterable[str]:
    """The layout programs of this machine, the preferred one first."""
    system = shutil.which("dot")
    if system is not None:
        yield system
    beside = Path(sysconfig.get_path("scripts")) / "graphviz-pure"
    for candidate in (beside, beside.with_suffix(".exe")):
        if candidate.is_file():
            yield str(candidate)
            return
    found = shutil.which("graphviz-pure")
    if found is not None:
        yield found


def _batch(engine: _Engine, batch: Sequence[Drawing]) -> dict[str, str]:
    return _pictures(engine.run("\n".join(drawing.dot for drawing in batch), "svg"), [each.figure for each in batch])


_PICTURE = re.compile(rb"<svg\b.*?</svg>", re.DOTALL)
_GRAPH_ID = re.compile(r'<g id="([^"]*)" class="graph')


def _pictures(told: bytes, figures: Sequence[str]) -> dict[str, str]:
    """The whole pictures in an engine's output, by figure. Engines escape text: it cannot hold a tag."""
    found: dict[str, str] = {}
    for match in _PICTURE.finditer(told):
        svg = match.group().decode(errors="replace")
        named = _GRAPH_ID.search(svg)
        # An engine writes the graph's id; where it does not, only a lone picture can be told apart.
        figure = named.group(1) if named is not None and named.group(1) in figures else None
        if figure is None and len(figures) == 1:
            figure = figures[0]
        if figure is not None:
            found[figure] = svg
    return found
