"""The page: whole, safe, self-contained, the same on every run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoffmap.reading.catalogue import CatalogueFact
from handoffmap.telling.anchor import anchor
from handoffmap.telling.fault_table import WRITES, tell_faults
from handoffmap.telling.html import render_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.diagnosis import Diagnosis

ROOT = Path(__file__).resolve().parents[2]


class Page(HTMLParser):
    """What a browser would make of a page, as far as these tests ask."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.rows: list[str] = []
        self._table: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag == "table":
            self._table = attributes.get("id")
        if tag == "tr" and self._table == "handoff-table" and attributes.get("id"):
            self.rows.append(str(attributes["id"]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.tags if attributes.get("id")]

    @property
    def goals(self) -> list[str]:
        return [str(attributes["href"]) for _, attributes in self.tags if attributes.get("href")]


def test_every_write_path_has_its_row_and_no_other_has(three: Diagnosis) -> None:
    rows = Page(render_html(three)).rows
    assert sorted(rows) == sorted(anchor("path", key) for key in three.topology.write_paths)


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "topologies").glob("*.yaml")))
def test_no_bundled_map_loses_an_edge(file: str, diagnose: Callable[..., Diagnosis]) -> None:
    text = (ROOT / "topologies" / file).read_text(encoding="utf-8")
    diagnosis = diagnose(text)
    rows = Page(render_html(diagnosis)).rows
    assert sorted(rows) == sorted(anchor("path", key) for key in diagnosis.topology.write_paths)


def test_ids_are_unique_and_every_link_inside_leads_somewhere(three: Diagnosis, poisoned: Diagnosis) -> None:
    for diagnosis in (three, poisoned):
        page = Page(render_html(diagnosis))
        assert len(page.ids) == len(set(page.ids))
        inside = {goal[1:] for goal in page.goals if goal.startswith("#")}
        assert inside - set(page.ids) == set()


def test_each_gap_is_told_in_full_exactly_once(three: Diagnosis) -> None:
    page = Page(render_html(three))
    articles = [attributes["id"] for tag, attributes in page.tags if tag == "article"]
    assert sorted(map(str, articles)) == sorted(anchor("gap", gap.finding.fingerprint) for gap in three.gaps)
    told = "".join(page.words)
    assert all(told.count(gap.finding.mend.split("`")[0]) == 1 for gap in three.gaps[:5])


def test_hostile_names_stay_text(poisoned: Diagnosis) -> None:
    text = render_html(poisoned)
    page = Page(text)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not {"img", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert all(goal.startswith(("#", "https://")) for goal in page.goals)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>alert(1)</script>" in "".join(page.words)
    assert "{{ 7 * 7 }}" in text
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) > 10
    assert not any(
        "<script" in picture or "onerror=alert" in re.sub("&lt;.*?&gt;", "", picture) for picture in pictures
    )


def test_the_page_needs_no_network(three: Diagnosis) -> None:
    text = render_html(three)
    assert "default-src 'none'" in text
    assert not [attributes for _, attributes in Page(text).tags if "src" in attributes]
    assert "url(" not in text
    assert "@import" not in text
    assert "fetch(" not in text


def test_an_empty_map_has_no_empty_sections(diagnose: Callable[..., Diagnosis]) -> None:
    diagnosis = diagnose("handoffmap: 1\nsystems:\n  wms: {kind: wms, holds: [on_hand]}\n")._replace(scorecard=())
    page = Page(render_html(diagnosis))
    sections = [attributes.get("id") for tag, attributes in page.tags if tag == "section"]
    assert sections == [None, "map", "assumptions"]
    told = "".join(page.words)
    assert "What it costs" not in told
    assert "$" not in told
    assert "No cost was computed" in told


def test_the_benchmark_never_stands_without_its_label(three: Diagnosis) -> None:
    told = "".join(Page(render_html(three)).words)
    assert "One firm's client figure, not a measurement of this business" in told
    assert "Not explained by handoffs" in told
    assert "TkTurners" in told


def test_own_numbers_carry_no_dollar_and_no_benchmark(diagnose: Callable[..., Diagnosis]) -> None:
    diagnosis = diagnose(
        """handoffmap: 1
volume: {orders_per_month: 2000, cost_per_pick_failure: 30, hourly_rate: 40, minutes_per_exception: 15}
systems:
  shop: {kind: storefront, holds: {available: {role: mirror}}}
events: {order_captured: {at: [shop]}}
""",
        {"slug": "x", "code": "HM401", "system": "shop", "quantity": "available", "event": "order_captured"},
    )
    told = "".join(Page(render_html(diagnosis)).words)
    assert "Computed from the figures that the file states" in told
    assert "a month" in told
    assert "not estimated: volume does not state average_order_value and margin" in told.replace("`", "")
    assert "$" not in told
    assert "TkTurners" not in told
    assert "Not explained by handoffs" not in told


def test_documented_facts_lead_to_public_pages_only(three: Diagnosis) -> None:
    def fact(source: str) -> CatalogueFact:
        return CatalogueFact("shopify", "webhook_out", "delivery", "at_least_once", "Again.", source, "2026")

    first = three.gaps[0]
    finding = first.finding._replace(catalogue=(fact("https://example.org/a"), fact("javascript:alert(1)")))
    page = Page(render_html(three._replace(gaps=(first._replace(finding=finding), *three.gaps[1:]))))
    assert "https://example.org/a" in page.goals
    assert not [goal for goal in page.goals if goal.startswith("javascript")]


def test_shuffling_the_file_changes_places_only(three: Diagnosis) -> None:
    topology = three.topology
    shuffled = three._replace(
        topology=topology._replace(
            systems=dict(reversed(list(topology.systems.items()))),
            events=dict(reversed(list(topology.events.items()))),
            write_paths=dict(reversed(list(topology.write_paths.items()))),
        ),
        coverage=tuple(reversed(list(three.coverage))),
        verdicts=tuple(reversed(three.verdicts)),
    )
    assert render_html(shuffled) == render_html(three)


_RENDER = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("made", "tests/report/conftest.py")
made = importlib.util.module_from_spec(spec); spec.loader.exec_module(made)
from handoffmap.telling.fault_table import WRITES, tell_faults
from handoffmap.telling.html import render_html
from handoffmap.telling.markdown import render_markdown
from handoffmap.reading.load import load
topology, _ = load(made.THREE_HANDOFFS)
diagnosis = made.three_handoffs(topology)
sys.stdout.buffer.write((render_html(diagnosis) + render_markdown(diagnosis)).encode())
"""


def test_the_hash_seed_changes_no_byte() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", _RENDER],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(told) == 1
    assert len(told.pop()) > 50_000


def test_five_thousand_handoffs_render_in_time_and_size(estate: Diagnosis) -> None:
    started = time.process_time()
    text = render_html(estate)
    assert time.process_time() - started < 30  # some three seconds where nothing else runs
    page = Page(text)
    assert len(page.rows) == len(estate.topology.write_paths) == 5000
    assert len(text) < 15_000_000
    assert "do not fit one legible picture" in text
    assert "without a picture of their own" in text


def test_a_picture_that_nothing_can_draw_is_replaced_by_words(
    three: Diagnosis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoffmap.telling.layout._engines", lambda: ())
    text = render_html(three)
    assert "No layout engine of this machine could draw this picture" in text
    assert "digraph" in text
    assert 'class="matrix"' in text
    assert len(Page(text).rows) == len(three.topology.write_paths)


def test_the_table_of_faults_marks_what_the_map_uses(three: Diagnosis) -> None:
    page = render_html(three)
    section = page[page.index('<section id="faults">') : page.index('<section id="assumptions">')]
    assert section.count("<tr") == 1 + len(WRITES)
    used = [row for row in section.split("<tr ")[1:] if row.startswith('class="used"')]
    assert [("op: adjust" in row, "not on this map" in row) for row in used] == [(True, False)]
    assert all(anchor("path", key) in used[0] for key in three.topology.write_paths)
    told = {row.stated: row for row in tell_faults(three.topology)}
    assert used[0].count("stays wrong") == sum(field.word == "permanent" for field in told["op: adjust"].fields)


def test_a_map_without_paths_has_no_table_of_faults(diagnose: Callable[..., Diagnosis]) -> None:
    page = render_html(diagnose("handoffmap: 1\nsystems: {wms: {kind: wms, holds: {on_hand: authoritative}}}\n"))
    assert 'id="faults"' not in page
    assert '"#faults"' not in page
