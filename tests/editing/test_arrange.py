"""The usual order and layout: comments and meaning stay, and a second time changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffmap.cli import main
from handoffmap.editing.arrange import arranged
from handoffmap.editing.meaning import same_meaning

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = sorted((ROOT / "topologies").glob("*.yaml"))
UNTIDY = """\
# head

handoffmap: 1
write_paths:
# about a
- to: wms   # target
  # why from
  from: shop
  id: a
  maps:
      available: available
      # odd
      allocated:   {unit_factor: 2,to: allocated}
  notes: |
    keep
      this  \x20

    # not a comment
  events: [order_captured,
     order_cancelled]
  trigger: webhook
-   {from: shop,   id: b, to: wms, op: adjust, maps: {available: available}, "events": ['order_captured']}
# tail of list


systems:
    wms:
        holds: {available: authoritative}
        owner: "ware # house"
        kind: wms
    shop: {holds: {available: mirror}, kind: storefront, owner: web}
events: {order_captured: {at: [shop]}, order_cancelled: {at: [shop]}}
name: odd
# end
"""
TIDY = """\
# head

handoffmap: 1
name: odd
# tail of list

systems:
  wms:
    kind: wms
    owner: "ware # house"
    holds: {available: authoritative}
  shop: {kind: storefront, owner: web, holds: {available: mirror}}
events: {order_captured: {at: [shop]}, order_cancelled: {at: [shop]}}
write_paths:
  # about a
  - id: a
    # why from
    from: shop
    to: wms   # target
    events: [order_captured,
       order_cancelled]
    trigger: webhook
    maps:
      available: available
      # odd
      allocated:   {to: allocated, unit_factor: 2}
    notes: |
      keep
        this  \x20

      # not a comment
  - {id: b, from: shop, to: wms, "events": ['order_captured'], op: adjust, maps: {available: available}}
# end
"""


def test_order_and_layout_become_the_usual_ones_and_comments_go_along() -> None:
    assert arranged(UNTIDY) == TIDY


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_bundled_maps_say_the_same_afterwards_and_a_second_time_changes_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    once = arranged(text)
    assert same_meaning(text, once)
    assert arranged(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "- a\n- b\n",
        "",
        "{handoffmap: 1, systems: {}}\n",
        "a: &x {b: 1}\nc: *x\n",
        "handoffmap: 1\r\nname: x\r\n",
        "systems: {a: {kind: wms}, <<: {b: 1}}\n",
    ],
)
def test_nothing_is_lost_whatever_the_text(text: str) -> None:
    once = arranged(text)
    assert arranged(once) == once
    assert once == text or same_meaning(text.replace("\r\n", "\n"), once)


WORDS = st.sampled_from(["name", "handoffmap", "systems", "events", "notes", "write_paths", "x", "id", "from", "to"])
VALUES = st.recursive(
    st.sampled_from(["1", "a b", "'q # r'", '"x: y"', "[a, b]", "{to: b, id: c}", "|\n    text\n"]),
    lambda inner: st.lists(inner, max_size=2).map(lambda each: "[" + ", ".join(v for v in each if "\n" not in v) + "]"),
    max_leaves=4,
)


@given(st.lists(st.tuples(WORDS, VALUES, st.sampled_from(["", "  # c", "\n# above"])), unique_by=lambda each: each[0]))
@settings(max_examples=200, deadline=None)
def test_any_mapping_keeps_its_meaning_and_its_comments(entries: list[tuple[str, str, str]]) -> None:
    lines = []
    for key, value, remark in entries:
        above, beside = ("# above\n", "") if remark.startswith("\n") else ("", remark if "\n" not in value else "")
        lines.append(f"{above}{key}: {value}{beside}".rstrip("\n"))
    text = "\n".join(lines) + "\n"
    once = arranged(text)
    assert same_meaning(text, once) or once == text
    assert arranged(once) == once


def test_check_and_diff_change_nothing_and_tell(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(UNTIDY, encoding="utf-8")
    run = CliRunner().invoke
    assert run(main, ["fmt", "--check", str(path)]).exit_code == 1
    told = run(main, ["fmt", "--diff", str(path)])
    assert (told.exit_code, "-  id: a\n" in told.output) == (1, True)
    assert path.read_text(encoding="utf-8") == UNTIDY
    assert run(main, ["fmt", str(path)]).exit_code == 0
    assert path.read_text(encoding="utf-8") == TIDY
    assert run(main, ["fmt", "--check", str(path)]).output == ""
    assert run(main, ["fmt", "-"], input=UNTIDY).output == TIDY


def test_a_broken_file_is_2_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("handoffmap: 1\nname: [\n", encoding="utf-8")
    told = CliRunner().invoke(main, ["fmt", str(path)])
    assert (told.exit_code, path.read_text(encoding="utf-8")) == (2, "handoffmap: 1\nname: [\n")
