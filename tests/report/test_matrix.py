"""The coverage matrix: a sign for each event and count, told in words too, cut where it would not fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from handoffmap.telling.matrix import ACROSS, PANELS, SYMBOLS, draw_matrix
from handoffmap.telling.scene import Scene
from handoffmap.telling.wording import ARRIVALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.diagnosis import Diagnosis


def test_every_entry_has_its_sign_and_its_words(three: Diagnosis) -> None:
    matrix = draw_matrix(Scene(three))
    assert len(matrix.panels) == 1
    assert not matrix.note
    titles = re.findall(r"<title>([^<]* → [^<]*)</title>", matrix.panels[0])
    assert len(titles) == len(list(three.coverage))
    assert any("po_received → wms.on_hand: is dropped on the way (at receipt-to-wms)" in each for each in titles)
    assert any("it happens here" in each for each in titles)


def test_signs_differ_in_shape_and_not_in_colour_alone() -> None:
    assert set(SYMBOLS) == set(ARRIVALS)
    shapes = {re.sub(r'(fill|stroke|class)="[^"]*"', "", sign) for sign in SYMBOLS.values()}
    assert len(shapes) == len(SYMBOLS)


def test_a_wide_map_is_cut_with_trouble_first(estate: Diagnosis) -> None:
    matrix = draw_matrix(Scene(estate))
    assert len(matrix.panels) == PANELS
    assert f"{len(list(estate.coverage)) - ACROSS * PANELS:,} counts more are left out" in matrix.note
    assert all("can arrive more than once" in panel for panel in matrix.panels)


def test_hostile_names_stay_text(poisoned: Diagnosis) -> None:
    for panel in draw_matrix(Scene(poisoned)).panels:
        tags = {str(element.tag).rpartition("}")[2] for element in ET.fromstring(panel).iter()}  # noqa: S314 - our own
        assert tags <= {"svg", "g", "a", "path", "rect", "circle", "text", "tspan", "title"}


def test_a_map_without_counts_has_no_matrix(diagnose: Callable[..., Diagnosis]) -> None:
    diagnosis = diagnose("handoffmap: 1\nsystems:\n  wms: {kind: wms, holds: [on_hand]}\n")
    assert draw_matrix(Scene(diagnosis)).panels == ()
