"""A change of one fact in the text: what it does to the lines that it touches, and to no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from handoffmap.remedy.data import data_of, flow_text, same, to_data
from handoffmap.remedy.edit import Edit, applied
from handoffmap.remedy.patch import CannotPatch, patched
from handoffmap.text.parse import parse
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.remedy.data import Data, Value

PATH = Edit("write_paths", "p", ("handoff",), "outbox")


def change(text: str, *edits: Edit) -> str:
    source = Source("map.yaml", text)
    result = patched(source, edits).text
    wanted: Data = data(text)
    for edit in edits:
        wanted = applied(wanted, edit)
    assert same(data(result), wanted)
    return result


def data(text: str) -> Data:
    root, problems = parse(Source("map.yaml", text))
    assert root is not None
    assert not problems
    return data_of(root)


def on_path(*keys: str, to: Value, action: str = "set") -> Edit:
    return Edit("write_paths", "p", keys, to, action)  # type: ignore[arg-type]


# ── a value that is there ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("before", "edit", "after"), [
    ("dedupe: none   # why\n", on_path("dedupe", "key", to=["event_id"]), "dedupe: {key: [event_id]}   # why\n"),
    ("guard: 'none'\n", on_path("guard", to="version"), "guard: version\n"),
    ("guard:\n", on_path("guard", to="version"), "guard: version\n"),
    ("guard:   # nobody knows\n", on_path("guard", to="version"), "guard: version   # nobody knows\n"),
    ("maps: {a: b, c: null}  # x\n", on_path("maps", "c", to="c"), "maps: {a: b, c: c}  # x\n"),
    ("maps:\n      a: b # one\n      c: ~ # two\n", on_path("maps", "c", to="c"),
     "maps:\n      a: b # one\n      c: c # two\n"),
    ("schedule: 24h\n", on_path("schedule", "every", to="1h"), "schedule: {every: 1h}\n"),
    ("notes: |\n      one\n      two\n    guard: none\n", on_path("guard", to="version"),
     "notes: |\n      one\n      two\n    guard: version\n"),
    ("maps: {a: a}\n", on_path("maps", "a", "unit_factor", to="1/12"), "maps: {a: {to: a, unit_factor: 1/12}}\n"),
])  # fmt: skip
def test_a_value_is_replaced_where_it_stands(before: str, edit: Edit, after: str) -> None:
    head = "# top\nwrite_paths:\n  - id: p # first\n    "
    tail = "  # end of p\n  - id: q\n    to: b\n"
    assert change(head + before + tail, edit) == head + after + tail


# ── a key that is not there ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("before", "after"), [
    ("write_paths:\n  - id: p\n    from: a # x\n  # about q\n  - id: q\n",
     "write_paths:\n  - id: p\n    from: a # x\n    handoff: outbox\n  # about q\n  - id: q\n"),
    ("write_paths:\n- id: p\n  from: a\n- id: q\n",
     "write_paths:\n- id: p\n  from: a\n  handoff: outbox\n- id: q\n"),
    ("write_paths:\n  - {id: p, from: a}\n  - {id: q}\n",
     "write_paths:\n  - {id: p, from: a, handoff: outbox}\n  - {id: q}\n"),
    ("write_paths: [{id: p, from: a}, {id: q}]\n", "write_paths: [{id: p, from: a, handoff: outbox}, {id: q}]\n"),
    ("write_paths:\n  p:\n    from: a\n  q: {from: b}\n",
     "write_paths:\n  p:\n    from: a\n    handoff: outbox\n  q: {from: b}\n"),
    ("write_paths:\n  p: {from: a}\n", "write_paths:\n  p: {from: a, handoff: outbox}\n"),
    ("write_paths:\n  p: {}\n", "write_paths:\n  p: {handoff: outbox}\n"),
    ("write_paths:\n  - id: p\n    maps:\n      a: b\n",
     "write_paths:\n  - id: p\n    maps:\n      a: b\n    handoff: outbox\n"),
    ("write_paths:\n  - id: p\n    from: a", "write_paths:\n  - id: p\n    from: a\n    handoff: outbox"),
    ('{"write_paths": [{"id": "p", "from": "a",}]}', '{"write_paths": [{"id": "p", "from": "a", handoff: outbox,}]}'),
])  # fmt: skip
def test_a_key_is_added_in_the_style_of_its_entry(before: str, after: str) -> None:
    assert change(before, PATH) == after


def test_line_breaks_stay_what_they_are() -> None:
    before = "write_paths:\r\n  - id: p\r\n    from: a # x\r\n  - id: q\r\n"
    assert change(before, PATH) == before.replace("# x\r\n", "# x\r\n    handoff: outbox\r\n")


def test_tabs_between_a_key_and_its_value_stay() -> None:
    before = "write_paths:\n  - id:\tp\n    guard:\tnone\t# why\n    from:\ta\n"
    after = change(before, on_path("guard", to="version"), PATH)
    assert after == "write_paths:\n  - id:\tp\n    guard:\tversion\t# why\n    from:\ta\n    handoff: outbox\n"


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("before", "after"), [
    ("events: [a]   # why\n", "events: [a, b]   # why\n"),
    ("events: a\n", "events: [a, b]\n"),
    ("events: []\n", "events: [b]\n"),
    ("events:\n      - a # one\n", "events:\n      - a # one\n      - b\n"),
    ("events: [\n      a, # one\n    ]\n", "events: [\n      a, b, # one\n    ]\n"),
])  # fmt: skip
def test_a_word_is_added_to_a_list(before: str, after: str) -> None:
    head = "write_paths:\n  - id: p\n    "
    assert change(head + before, on_path("events", to="b", action="add")) == head + after


@pytest.mark.parametrize(("before", "after"), [
    ("events: [a, b, c] # why\n", "events: [a, c] # why\n"),
    ("events: [b, c]\n", "events: [c]\n"),
    ("events: [a, b]\n", "events: [a]\n"),
    ("events: [b]\n", "events: []\n"),
    ("events:\n      - a # one\n      - b # two\n      - c\n", "events:\n      - a # one\n      - c\n"),
])  # fmt: skip
def test_a_word_is_taken_out_of_a_list(before: str, after: str) -> None:
    head = "write_paths:\n  - id: p\n    "
    assert change(head + before, on_path("events", to="b", action="drop")) == head + after


@pytest.mark.parametrize(("before", "after"), [
    ("    from: a\n    base: cached # old\n    to: b\n", "    from: a\n    to: b\n"),
    ("    from: a\n    base: cached", "    from: a\n"),
])  # fmt: skip
def test_a_key_is_taken_out_with_its_line(before: str, after: str) -> None:
    head = "write_paths:\n  - id: p\n"
    assert change(head + before, on_path("base", to=None, action="remove")) == head + after


@pytest.mark.parametrize(("before", "after"), [
    ("{id: p, base: cached, to: b}", "{id: p, to: b}"),
    ("{base: cached, id: p}", "{id: p}"),
    ("{id: p, base: cached}", "{id: p}"),
])  # fmt: skip
def test_a_key_is_taken_out_of_brackets(before: str, after: str) -> None:
    assert (
        change(f"write_paths: [{before}]\n", on_path("base", to=None, action="remove")) == f"write_paths: [{after}]\n"
    )


# ── new entries ───────────────────────────────────────────────────────────────────────────────────

GATE = Edit("controls", "g", (), {"kind": "gate", "reads": "a.b"}, "new")


@pytest.mark.parametrize(("before", "after"), [
    ("name: x\ncontrols:\n  - id: c # one\n    kind: gate\n# end\n",
     "name: x\ncontrols:\n  - id: c # one\n    kind: gate\n  - id: g\n    kind: gate\n    reads: a.b\n# end\n"),
    ("controls: []   # none\nname: x\n", "controls:    # none\n  - id: g\n    kind: gate\n    reads: a.b\nname: x\n"),
    ("controls:\nname: x\n", "controls:\n  - id: g\n    kind: gate\n    reads: a.b\nname: x\n"),
    ("name: x\n", "name: x\ncontrols:\n  - id: g\n    kind: gate\n    reads: a.b\n"),
    ("name: x", "name: x\ncontrols:\n  - id: g\n    kind: gate\n    reads: a.b"),
    ("controls:\n  c: {kind: gate}\n", "controls:\n  c: {kind: gate}\n  g:\n    kind: gate\n    reads: a.b\n"),
    ("controls: [{id: c}]\n", "controls: [{id: c}, {id: g, kind: gate, reads: a.b}]\n"),
    ("{name: x}\n", "{name: x, controls: [{id: g, kind: gate, reads: a.b}]}\n"),
])  # fmt: skip
def test_a_new_entry_is_put_behind_the_others(before: str, after: str) -> None:
    assert change(before, GATE) == after


# ── what other entries share ──────────────────────────────────────────────────────────────────────


def test_a_value_named_by_an_alias_is_written_out_where_it_changes_only() -> None:
    before = (
        "write_paths:\n  - id: q\n    dedupe: &d {key: [a], retention: 1d} # here\n"
        "  - id: p\n    dedupe: *d # there\n    to: b\n"
    )
    after = change(before, on_path("dedupe", "retention", to="forever"))
    assert after == before.replace("*d # there", "{key: [a], retention: forever} # there")


def test_a_fact_brought_in_by_a_merge_is_overridden() -> None:
    before = "write_paths:\n  - &base\n    id: q\n    guard: none\n  - <<: *base\n    id: p\n    to: b\n"
    assert change(before, on_path("guard", to="version")) == before + "    guard: version\n"


def test_what_an_alias_names_is_not_changed_behind_its_back() -> None:
    text = "write_paths:\n  - id: p\n    dedupe: &d {key: [a]}\n  - id: q\n    dedupe: *d\n"
    with pytest.raises(CannotPatch):
        patched(Source("map.yaml", text), [on_path("dedupe", "key", to=["b"])])


def test_an_entry_of_another_file_is_not_made_up() -> None:
    with pytest.raises(CannotPatch, match="does not state p"):
        patched(Source("map.yaml", "write_paths:\n  - id: q\n"), [PATH])


# ── short forms and hostile words ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("before", "after"), [
    ("holds: {on_hand: mirror}", "holds: {on_hand: {role: mirror, tolerates: 1h}}"),
    ("holds: [on_hand, available]", "holds: {on_hand: {tolerates: 1h}, available: {}}"),
    ("holds: {on_hand: {role: mirror}}", "holds: {on_hand: {role: mirror, tolerates: 1h}}"),
])  # fmt: skip
def test_a_short_form_is_made_a_long_one(before: str, after: str) -> None:
    edit = Edit("systems", "wms", ("holds", "on_hand", "tolerates"), "1h")
    head = "systems:\n  wms:\n    "
    assert change(f"{head}{before} # x\n", edit) == f"{head}{after} # x\n"


HOSTILE = [
    "a: b", "- a", "#x", "a #b", "{a}", "[a", "a, b", "'", '"', "\\", "null", "~", "true", "12", "1.5", "", " a ", "*x",
    "&x", "!t", "a\nb", "a\tb", "\u202e", "\x1b[31m", "é", "𝄞", "%a", "@a", "`a`", "? a", "a:", "<<", "---", "...", "=",
    "on", "0017", "1e3", "\u2028", "|", ">",
]  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE)
def test_any_word_is_written_so_that_it_is_read_as_itself(word: str) -> None:
    value = to_data({"key": word, word or "empty": [word, {"x": word}]})
    block = data(f"a: {flow_text(value)}\n")
    flow = data(f"{{a: {flow_text(value)}}}\n")
    assert isinstance(block, dict)
    assert isinstance(flow, dict)
    assert same(block["a"], value)
    assert same(flow["a"], value)


@pytest.mark.parametrize("word", HOSTILE)
def test_any_word_can_be_set_beside_any_other(word: str) -> None:
    before = f"write_paths:\n  - id: p\n    owner: {flow_text(to_data(word))} # x\n    notes: >-\n      a\n\n      b\n"
    change(before, PATH, on_path("owner", to="x"), on_path("handler", to=word))
    change(before, on_path("notes", to=word))
