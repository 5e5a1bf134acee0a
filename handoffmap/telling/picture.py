"""One picture on demand: what to draw and in which form -> the file's content."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.errors import HandoffmapError
from handoffmap.telling.diagram import draw_event, draw_gap, draw_map
from handoffmap.telling.scene import Scene

if TYPE_CHECKING:
    from handoffmap.finding import Diagnosis, Finding
    from handoffmap.telling.diagram import Drawing

__all__ = ["Picture", "draw_picture"]


class Picture(NamedTuple):
    """A drawn picture."""

    content: str | bytes
    """SVG and DOT are text, PNG is bytes."""
    note: str
    """What is left out or folded together, as a sentence; empty if nothing is."""


def draw_picture(
    diagnosis: Diagnosis, kind: str, form: str, *, event: str | None = None, finding: str | None = None
) -> Picture:
    """Draw the `map`, the way of an `event`, the surroundings of a finding (`gap`) or the `matrix`.

    `form` is `svg`, `png` or `dot`. `finding` is a fingerprint, or a rule's code or slug for the first finding of
    it; None takes the finding to mend first. Raises `LookupError` with a sentence for what the map has not, and
    `HandoffmapError` where no program can lay the picture out.
    """
    if kind == "matrix":
        return _matrix(diagnosis, form)
    drawing = _drawing(diagnosis, kind, event=event, finding=finding)
    if form == "dot":
        return Picture(drawing.dot if drawing.dot.endswith("\n") else f"{drawing.dot}\n", drawing.note)
    return Picture(_laid_out(drawing, form), drawing.note)


def _drawing(diagnosis: Diagnosis, kind: str, *, event: str | None, finding: str | None) -> Drawing:
    scene = Scene(diagnosis)
    if kind == "event":
        if event is None:
            there = ", ".join(sorted(diagnosis.topology.events)) or "it has none"
            raise LookupError(f"Which event? Name one of the map's with --event: {there}.")
        return draw_event(scene, event)
    return draw_gap(scene, _found(diagnosis, finding)) if kind == "gap" else draw_map(scene)


def _found(diagnosis: Diagnosis, name: str | None) -> Finding:
    wanted = None if name is None else name.casefold()
    for finding in diagnosis.findings:  # in the order in which they should be mended
        if wanted is None or wanted in (finding.fingerprint, finding.code.casefold(), finding.slug):
            return finding
    raise LookupError(
        "The map has no finding to draw." if name is None else f"The map has no finding {name!r}."
    )


def _laid_out(drawing: Drawing, form: str) -> str | bytes:
    from handoffmap.telling.layout import render
    from handoffmap.telling.svg import standing_alone

    told = render(drawing, form)
    if told is not None and form == "png":
        return told
    svg = None if told is None else standing_alone(told.decode(errors="replace"), drawing.title)
    if svg is None:
        raise HandoffmapError(
            "no layout program here could draw the picture in time",
            hint="--format dot gives it for another one",
        )
    return svg if svg.endswith("\n") else f"{svg}\n"


def _matrix(diagnosis: Diagnosis, form: str) -> Picture:
    if form != "svg":
        raise LookupError("The matrix is drawn as SVG only.")
    from handoffmap.telling.matrix import draw_matrix

    return Picture(draw_matrix(Scene(diagnosis)), "")
