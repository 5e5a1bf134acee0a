"""The pictures of one report: which are drawn, and what is left out."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from handoffmap.telling.diagram import draw_event, draw_gap, draw_map
from handoffmap.telling.layout import lay_out
from handoffmap.telling.svg import for_report
from handoffmap.telling.wording import count
from handoffmap.vocabulary import BUILT_IN_EVENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.telling.diagram import Drawing
    from handoffmap.telling.scene import Scene

__all__ = ["Figure", "Gallery", "hang"]

MOST_EVENTS: Final = 12
MOST_GAPS: Final = 15
_PAGE: Final = 640.0
"""Points: what an upright page shows without shrinking the words much."""
_TROUBLE = frozenset({"never", "dropped", "repeated"})


class Figure(NamedTuple):
    """One picture with its words; `svg` is empty where nothing could draw it, and `dot` then tells it."""

    title: str
    svg: str
    note: str
    dot: str
    wide: bool = False
    """Too wide for a page that stands upright."""


class Gallery(NamedTuple):
    """All pictures of a report that need a layout engine."""

    map: Figure | None
    events: tuple[Figure, ...]
    gaps: Mapping[str, Figure]
    """Anchor of a gap -> its surroundings."""
    note: str
    """What has no picture, as a sentence; empty if everything has."""


def hang(scene: Scene) -> Gallery:
    """Choose, draw and lay out the pictures."""
    whole = draw_map(scene)
    events, gaps = _events(scene), _gaps(scene)
    drawings = [drawing for drawing in (whole, *events, *gaps) if not drawing.empty]
    svgs = lay_out(drawings)
    figures = {drawing.figure: _figure(drawing, svgs.get(drawing.figure, "")) for drawing in drawings}
    left = [
        (len(scene.topology.events) - len(events), "event"),
        (sum(gap.finding.drift is not None for gap in scene.diagnosis.gaps) - len(gaps), "gap"),
    ]
    told = " and ".join(count(number, thing) for number, thing in left if number > 0)
    note = (
        f"{told[0].upper()}{told[1:]} without a picture of their own: those with most at stake are drawn."
        if told
        else ""
    )
    return Gallery(
        map=figures.get(whole.figure),
        events=tuple(figures[each.figure] for each in events if each.figure in figures),
        gaps={each.figure: figures[each.figure] for each in gaps if each.figure in figures},
        note=note,
    )


def _events(scene: Scene) -> list[Drawing]:
    """The events with the most trouble if there are too many, told in the order of the vocabulary."""
    trouble = Counter(entry.event for entry in scene.coverage if entry.arrival in _TROUBLE)
    known = {name: place for place, name in enumerate(BUILT_IN_EVENTS)}
    chosen = sorted(scene.topology.events, key=lambda name: (-trouble[name], known.get(name, len(known)), name))
    chosen = sorted(chosen[:MOST_EVENTS], key=lambda name: (known.get(name, len(known)), name))
    return [draw_event(scene, name) for name in chosen]


def _gaps(scene: Scene) -> list[Drawing]:
    drifting = [gap.finding for gap in scene.diagnosis.gaps if gap.finding.drift is not None]
    return [drawing for drawing in (draw_gap(scene, each) for each in drifting[:MOST_GAPS]) if not drawing.empty]


def _figure(drawing: Drawing, svg: str) -> Figure:
    clean = for_report(svg, drawing.figure, drawing.title) if svg else None
    return Figure(drawing.title, clean or "", drawing.note, drawing.dot, wide=clean is not None and _is_wide(clean))


def _is_wide(svg: str) -> bool:
    size = re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg)
    return size is not None and float(size[1]) > max(_PAGE, float(size[2]))
