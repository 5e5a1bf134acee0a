"""Pictures: every handoff its own line, marks besides colours, hostile names as text, order of the file
without effect.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from handoffmap.telling.anchor import anchor
from handoffmap.telling.diagram import draw_event, draw_gap, draw_map
from handoffmap.telling.layout import lay_out, render
from handoffmap.telling.picture import draw_picture
from handoffmap.telling.scene import Scene
from handoffmap.telling.svg import for_report, standing_alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.telling.diagram import Drawing


def edges(svg: str) -> list[str]:
    """Ids of the lines of a picture."""
    return [
        element.get("id", "")
        for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}g")  # noqa: S314 - our own
        if "handoff" in element.get("class", "").split()
    ]


def drawn(drawing: Drawing) -> str:
    told = render(drawing, "svg")
    assert told is not None
    svg = standing_alone(told.decode(), drawing.title)
    assert svg is not None
    return svg


def test_the_map_has_every_handoff_as_a_line_of_its_own(three: Diagnosis) -> None:
    lines = edges(drawn(draw_map(Scene(three))))
    assert sorted(lines) == sorted(anchor("path", key) for key in three.topology.write_paths)


def test_parallel_handoffs_stay_apart(diagnose: Callable[..., Diagnosis]) -> None:
    diagnosis = diagnose(
        """handoffmap: 1
systems:
  a: {kind: erp, holds: [on_hand]}
  b: {kind: wms, holds: [on_hand]}
write_paths:
  - {id: one, from: a, to: b, op: set, maps: {on_hand: on_hand}}
  - {id: two, from: a, to: b, op: set, maps: {on_hand: on_hand}}
  - {id: self, from: b, to: b, op: set, handler: second, maps: {on_hand: on_hand}, enabled: false}
"""
    )
    svg = drawn(draw_map(Scene(diagnosis)))
    assert sorted(edges(svg)) == ["path.one", "path.self", "path.two"]
    assert "handoff off" in svg


def test_standing_shows_as_mark_and_line_and_colour(three: Diagnosis) -> None:
    scene = Scene(three)
    assert scene.standings == {
        "order-to-wms": "error",
        "receipt-to-wms": "error",
        "shipment-to-erp": "question",
        "shipment-to-wms": "fine",
    }
    dot = draw_map(scene).dot
    assert "✖ order-to-wms" in dot
    assert "? shipment-to-erp" in dot
    assert re.search(r"penwidth=2\.4.*style=solid", dot)
    assert "style=dotted" in dot
    assert "★ on_hand" in dot


def test_relays_are_told_on_the_line_and_are_no_boxes(three: Diagnosis) -> None:
    scene = Scene(three)
    assert scene.relays == {"ipaas"}
    dot = draw_map(scene).dot
    assert "via ipaas" in dot
    assert '"system.ipaas"' not in dot


def test_a_large_map_is_folded_and_says_so(estate: Diagnosis) -> None:
    drawing = draw_map(Scene(estate))
    assert "2,550 systems with 5,000 handoffs do not fit one legible picture" in drawing.note
    assert "grouped by owner" in drawing.note
    svg = drawn(drawing)
    assert svg.count('class="node system group"') == 9
    assert sum(int(number.replace(",", "")) for number in re.findall(r">([\d,]+) handoffs? inside<", svg)) == 5000


def test_an_event_shows_where_it_never_arrives(three: Diagnosis) -> None:
    drawing = draw_event(Scene(three), "po_received")
    svg = drawn(drawing)
    assert edges(svg) == ["path.receipt-to-wms"]
    assert "● happens here" in svg
    assert "▼ on_hand" in svg
    assert "✖ available" in svg
    with pytest.raises(LookupError, match="no event 'lunch'"):
        draw_event(Scene(three), "lunch")


def test_a_large_event_keeps_what_has_trouble(estate: Diagnosis) -> None:
    drawing = draw_event(Scene(estate), "pos_sale")
    assert "left out" in drawing.note
    assert 1 < drawing.dot.count("tooltip=") < 200


def test_a_gap_draws_the_line_that_is_missing(three: Diagnosis) -> None:
    scene = Scene(three)
    gap = next(each for each in three.findings if each.slug == "shipment-gap")
    svg = drawn(draw_gap(scene, gap))
    assert "no handoff brings" in svg
    assert "missing error" in svg
    assert draw_gap(scene, next(each for each in three.findings if each.code == "HM011")).empty


def test_hostile_names_make_no_nodes_and_no_markup(poisoned: Diagnosis, three: Diagnosis) -> None:
    bad, good = Scene(poisoned), Scene(three)
    for evil, plain in (
        (draw_map(bad), draw_map(good)),
        *((draw_event(bad, name), draw_event(good, name)) for name in sorted(three.topology.events)),
        *(
            (draw_gap(bad, one), draw_gap(good, two))
            for one, two in zip(poisoned.findings, three.findings, strict=True)
        ),
    ):
        if plain.empty:
            continue
        assert "label=<" not in evil.dot
        assert "\x1b" not in evil.dot
        svg, twin = drawn(evil), drawn(plain)
        for thing in ('class="node', 'class="edge'):
            assert svg.count(thing) == twin.count(thing)
        tags = {str(element.tag).rpartition("}")[2] for element in ET.fromstring(svg).iter()}  # noqa: S314 - our own
        assert tags <= {"svg", "g", "a", "path", "polygon", "polyline", "ellipse", "text", "title"}
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in drawn(draw_map(bad))


def test_the_order_of_the_file_changes_nothing(three: Diagnosis) -> None:
    topology = three.topology
    turned = three._replace(
        topology=topology._replace(
            systems=dict(reversed(list(topology.systems.items()))),
            write_paths=dict(reversed(list(topology.write_paths.items()))),
        ),
        coverage=tuple(reversed(list(three.coverage))),
    )
    for draw in (draw_map, lambda scene: draw_event(scene, "order_captured")):
        assert draw(Scene(turned)).dot == draw(Scene(three)).dot


def test_the_same_drawing_gives_the_same_bytes(three: Diagnosis) -> None:
    drawing = draw_map(Scene(three))
    assert len({lay_out([drawing])["map"] for _ in range(3)}) == 1


def test_in_the_report_ids_are_the_figures_own(three: Diagnosis) -> None:
    drawing = draw_map(Scene(three))
    told = for_report(lay_out([drawing])["map"], "map", drawing.title)
    assert told is not None
    assert 'id="map:path.order-to-wms"' in told
    assert 'href="#path.order-to-wms"' in told
    assert "xlink" not in told
    assert "<!--" not in told
    assert for_report("<svg", "map", "x") is None


@pytest.mark.parametrize(
    "kind, form, begins",
    [("map", "svg", "<svg"), ("map", "dot", "digraph"), ("event", "dot", "digraph"), ("gap", "svg", "<svg"),
     ("matrix", "svg", "<svg")],
)  # fmt: skip
def test_pictures_by_themselves(three: Diagnosis, kind: str, form: str, begins: str) -> None:
    event = "order_captured" if kind == "event" else None
    told = draw_picture(three, kind, form, event=event)
    assert isinstance(told, str)
    assert told.startswith(begins)


def test_a_picture_as_png(three: Diagnosis) -> None:
    told = draw_picture(three, "map", "png")
    assert isinstance(told, bytes)
    assert told.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "wanted, says",
    [
        ({"kind": "event"}, "Name the event to follow: cycle_counted"),
        ({"kind": "event", "event": "x\x1b[0m"}, r"no event 'x\\\\x1b"),
        ({"kind": "gap", "finding": "HM999"}, "no finding 'HM999'"),
        ({"kind": "matrix", "form": "png"}, "drawn as svg"),
    ],
)
def test_what_cannot_be_drawn_is_said(three: Diagnosis, wanted: dict[str, str], says: str) -> None:
    asked = {"form": "svg", **wanted}
    with pytest.raises(LookupError, match=says):
        draw_picture(three, asked["kind"], asked["form"], event=asked.get("event"), finding=asked.get("finding"))


def test_a_gap_is_found_by_fingerprint_code_or_slug(three: Diagnosis) -> None:
    finding = next(each for each in three.findings if each.code == "HM405")
    told = {draw_picture(three, "gap", "dot", finding=name) for name in ("HM405", "shipment-gap", finding.fingerprint)}
    assert len(told) == 1


def test_without_an_engine_a_picture_says_what_to_install(three: Diagnosis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handoffmap.telling.layout._engines", lambda: ())
    with pytest.raises(LookupError, match="graphviz-pure"):
        draw_picture(three, "map", "svg")
