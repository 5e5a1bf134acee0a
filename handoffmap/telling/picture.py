"""One picture by itself, for a file or a pipe: a drawing of the map as SVG, PNG or DOT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.anchor import shown
from handoffmap.telling.scene import Scene

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Finding
    from handoffmap.telling.diagram import Drawing

__all__ = ["draw_picture"]


def draw_picture(
    diagnosis: Diagnosis, kind: str, form: str, *, event: str | None = None, finding: str | None = None
) -> str | bytes:
    """A picture of `kind` map, event, gap or matrix in `form` svg, png (bytes) or dot.

    `finding` is a fingerprint, code or slug. Raises `LookupError` with a sentence for a user if the map has
    no such event or finding, if the kind has no such form, or if nothing on this machine can lay the
    drawing out.
    """
    scene = Scene(diagnosis)
    if kind == "matrix":
        return _matrix(scene, form)
    drawing = _drawing(scene, kind, event, finding)
    if form == "dot":
        return drawing.dot
    from handoffmap.telling.layout import render
    from handoffmap.telling.svg import standing_alone

    told = render(drawing, form)
    picture = told if told is None or form == "png" else standing_alone(told.decode(errors="replace"), drawing.title)
    if picture is None:
        raise LookupError(
            "No layout engine could draw this in time: install Graphviz or the package graphviz-pure, "
            "or ask for --format dot."
        )
    return picture


def _matrix(scene: Scene, form: str) -> str:
    from handoffmap.telling.matrix import draw_matrix

    if form != "svg":
        raise LookupError(f"The matrix is drawn as svg, not as {form}.")
    panels = draw_matrix(scene).panels
    if not panels:
        raise LookupError("No event of this map moves a count: there is no matrix.")
    if len(panels) == 1:
        return f"{panels[0]}\n"
    return _stacked(panels)


def _stacked(panels: tuple[str, ...]) -> str:
    """Several panels in one picture, below each other."""
    import re

    parts, top, wide = [], 0, 0
    for panel in panels:
        size = re.search(r'viewBox="0 0 (\d+) (\d+)"', panel)
        if size is None:  # our own writing always has it
            raise LookupError("A panel of the matrix has no size.")
        width, height = int(size[1]), int(size[2])
        parts.append(panel.replace("<svg ", f'<svg y="{top}" width="{width}" height="{height}" ', 1))
        top, wide = top + height, max(wide, width)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {top}">{"".join(parts)}</svg>\n'


def _drawing(scene: Scene, kind: str, event: str | None, finding: str | None) -> Drawing:
    from handoffmap.telling.diagram import draw_event, draw_gap, draw_map

    if kind == "map":
        return draw_map(scene)
    if kind == "event":
        events = sorted(scene.topology.events)
        if event is None and len(events) != 1:
            raise LookupError(f"Name the event to follow: {', '.join(map(shown, events)) or 'the map has none'}.")
        return draw_event(scene, event if event is not None else events[0])
    return draw_gap(scene, _finding(scene.diagnosis, finding))


def _finding(diagnosis: Diagnosis, name: str | None) -> Finding:
    """The first finding with this fingerprint, code or slug; without a name the first of all."""
    for each in diagnosis.findings:
        if name is None or name in {each.fingerprint, each.code, each.slug}:
            return each
    raise LookupError("The map has no finding to draw." if name is None else f"The map has no finding {shown(name)!r}.")
