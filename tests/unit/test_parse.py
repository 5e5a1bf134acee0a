"""Nodes with places from good files, located problems in plain words from bad ones."""

from __future__ import annotations

import gc
import sys
import time
from importlib import reload
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.text import event
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.parse import (
    MAX_DEPTH,
    find_outer_scalars,
    find_topology_key,
    locate,
    locate_entry,
    locate_key,
    parse,
    paused_gc,
)
from handoffmap.text.source import Location, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.text.node import Node
    from handoffmap.text.problem import Problem


@pytest.fixture(params=["installed", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run everything with the C parser, where there is one, and with PyYAML's own."""
    if request.param == "python":
        monkeypatch.setattr(event, "PARSER", event._PythonParser)
    return str(request.param)


def plain_data(node: Node | None) -> Any:
    if isinstance(node, Table):
        return {key: plain_data(inner) for key, inner in node.entries.items()}
    if isinstance(node, Items):
        return [plain_data(inner) for inner in node.items]
    assert isinstance(node, Scalar)
    return node.text


def read(text: str) -> Any:
    root, problems = parse(Source("f", text))
    assert problems == []
    return plain_data(root)


def table(text: str) -> tuple[Source, Table]:
    source = Source("f", text)
    root, _ = parse(source)
    assert isinstance(root, Table)
    return source, root


def told(problem: Problem) -> tuple[int, int, str]:
    """Line, column and message without the parser's own words."""
    return problem.location.line, problem.location.column, problem.message.split(" (YAML:")[0]


def problems_of(text: str) -> list[tuple[int, int, str]]:
    return [told(problem) for problem in parse(Source("f", text))[1]]


# -- good files -------------------------------------------------------------------------------------


def test_everything_stays_text_as_it_was_written() -> None:
    text = "a: 0017\nb: [on, 12:30:45, 1_000]\nc: {d: 2026-04-01, e: ~}\nf:\non: yes\n1: 2\n"
    expected = {
        "a": "0017",
        "b": ["on", "12:30:45", "1_000"],
        "c": {"d": "2026-04-01", "e": "~"},
        "f": "",
        "on": "yes",
        "1": "2",
    }
    assert read(text) == expected


def test_a_scalar_knows_whether_it_was_plain() -> None:
    _, root = table("a: x\nb: 'x'\nc: \"x\"\nd: |\n  x\ne: >-\n  x\nf:\ng: ''\n")
    plain = {key: node.plain for key, node in root.entries.items() if isinstance(node, Scalar)}
    assert plain == {"a": True, "b": False, "c": False, "d": False, "e": False, "f": True, "g": False}


def test_json_is_yaml() -> None:
    assert read('{"a": [1, {"b": null}], "c": "\\u00e9"}') == {"a": ["1", {"b": "null"}], "c": "é"}


def test_aliases_share_a_node() -> None:
    _, root = table("a: &x {k: 1}\nb: *x\nc: &s s\n*s : 2\n")
    assert root.entries["b"] is root.entries["a"]
    assert plain_data(root)["s"] == "2"


def test_an_anchor_may_be_set_anew() -> None:
    assert read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == {"a": "1", "b": "1", "c": "2", "d": "2"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y:\n  <<: *x\n  b: 3\n", {"b": "3", "a": "1"}),
        ("y:\n  b: 3\n  <<: *x\n", {"b": "3", "a": "1"}),
        ("y: {<<: [{a: 9}, *x]}\n", {"a": "9", "b": "2"}),
        ("y: {<<: {c: 4}}\n", {"c": "4"}),
        ("y: {'<<': 1}\n", {"<<": "1"}),
    ],
    ids=["before", "after", "several", "in-place", "quoted-is-a-name"],
)
def test_a_merge_key_brings_in_what_is_not_set(text: str, expected: dict[str, str]) -> None:
    assert read("x: &x {a: 1, b: 2}\n" + text)["y"] == expected


def test_merged_keys_keep_their_places() -> None:
    source, root = table("x: &x\n  a: 1\ny:\n  <<: *x\n  b: 3\nz:\n  <<: *x\n")
    merged = root.entries["y"]
    assert isinstance(merged, Table)
    assert list(merged.keys) == list(merged.entries) == ["b", "a"]
    assert locate_key(source, merged, "a").line == 2
    assert locate_key(source, merged, "b").line == 5


def test_repeated_words_are_one_string() -> None:
    _, root = table("a: 'long words'\nb: long words\n")
    first, second = root.entries.values()
    assert isinstance(first, Scalar)
    assert isinstance(second, Scalar)
    assert first.text is second.text


# -- places -----------------------------------------------------------------------------------------

EVERYTHING = """\
plain: two words
folded: three
  words here
single: 'it''s'
double: "a \\" b"   # comment
literal: |
  one

  two
folding: >2-
    indented
  three
# comment
empty:
anchored: &a [1, 2]
flow: {x: [1, "]"], y: it's}   # }
block:
  - k: v
    l: w
  # comment
  - m
indentless:
- 1
- 2
last: end
"""
SPANS = {
    "plain": (1, 8, 1, 17),
    "folded": (2, 9, 3, 13),
    "single": (4, 9, 4, 16),
    "double": (5, 9, 5, 17),
    "literal": (6, 10, 9, 6),
    "folding": (10, 10, 12, 8),
    "empty": (14, 7, 14, 7),
    "anchored": (15, 14, 15, 20),
    "flow": (16, 7, 16, 29),
    "block": (18, 3, 21, 6),
    "indentless": (23, 1, 24, 4),
    "last": (25, 7, 25, 10),
}


@pytest.mark.parametrize("key", SPANS)
def test_a_span_runs_from_the_first_to_the_last_character(key: str) -> None:
    source, root = table(EVERYTHING)
    assert locate(source, root.entries[key]) == Location("f", *SPANS[key])


def test_the_span_of_the_whole_file() -> None:
    source, root = table(EVERYTHING)
    assert locate(source, root) == Location("f", 1, 1, 25, 10)


def test_the_span_of_a_list_longer_than_what_is_looked_at_first() -> None:
    items = "".join(f"  - number {number}\n" for number in range(20_000))
    source, root = table(f"a:\n{items}b: 1\n")
    assert locate(source, root.entries["a"]) == Location("f", 2, 3, 20_001, 17)


def test_keys_have_spans_too() -> None:
    source, root = table("a b: 1\n'c''d': 2\n? e\n: 3\nf: &f g\n*f : 4\n")
    spans = {
        key: (place.line, place.column, place.end_column)
        for key in root.entries
        for place in [locate_key(source, root, key)]
    }
    assert spans == {"a b": (1, 1, 4), "c'd": (2, 1, 7), "e": (3, 3, 4), "f": (5, 1, 2), "g": (6, 1, 3)}
    with pytest.raises(KeyError):
        locate_key(source, root, "z")


def test_keys_of_a_large_table_are_found_as_well() -> None:
    source, root = table("".join(f"k{number}: v\n" for number in range(1000)))
    assert root.keys is root.keys
    assert locate_key(source, root, "k999") == Location("f", 1000, 1, 1000, 5)


@pytest.mark.parametrize(
    ("keys", "line"),
    [(("dedupe", "key"), 3), (("dedupe", "no"), 2), (("no",), 1), ((), 1), (("id", "no"), 1)],
)
def test_the_place_of_an_entry_is_that_of_the_closest_key(keys: tuple[str, ...], line: int) -> None:
    source, root = table("id: x\ndedupe:\n  key: [a]\n")
    place = locate_entry(source, root, 4, 1, keys)
    assert place.line == line
    assert place.end_column > place.column


def test_lines_and_columns_survive_windows_breaks_and_other_scripts() -> None:
    source, root = table('a: "é🚚\u2028x"\r\nü: {b: ö}\r\n')
    assert locate_key(source, root, "ü") == Location("f", 2, 1, 2, 2)
    flow = root.entries["ü"]
    assert isinstance(flow, Table)
    assert locate(source, flow.entries["b"]) == Location("f", 2, 8, 2, 9)


# -- bad files --------------------------------------------------------------------------------------

BAD: dict[str, tuple[str, list[tuple[int, int, str]]]] = {
    "empty": ("", [(1, 1, "The file is empty; a topology starts with `handoffmap: 1`")]),
    "comments": (
        "# x\n---\n",
        [(1, 1, "The file holds nothing but comments; a topology starts with `handoffmap: 1`")],
    ),
    "tab": ("a:\n\tb: 1\n", [(2, 1, "A tab is used for indentation; YAML wants spaces")]),
    "tab-deeper": ("a:\n  b: 1\n\tc: 2\n", [(3, 1, "A tab is used for indentation; YAML wants spaces")]),
    "open-quote": ('a: "b\nc: 1\n', [(1, 4, "This quote is never closed; end the text with the same quote")]),
    "quote-closed-early": (
        "a: 'it's'\n",
        [
            (
                1,
                8,
                "Something follows here behind the end of a value; put the whole value in one pair of quotes",
            )
        ],
    ),
    "open-bracket": ("a: {b: 1\n", [(1, 4, "This bracket is never closed; end it with `]` or `}`")]),
    "missing-comma": ("a: {b: 1 c: 2}\n", [(1, 11, "A comma or the closing bracket is missing before this")]),
    "bracket-open-over-a-line": (
        "a: [1, 2\nb: 3\n",
        [(2, 2, "A comma or the closing bracket is missing before this")],
    ),
    "stray-bracket": (
        "a: ]\n",
        [(1, 4, "A value is missing before this, or this bracket or comma is too many")],
    ),
    "two-colons": ("a: b: c\n", [(1, 5, "A second `: ` in one value; put the text that holds it in quotes")]),
    "too-deep-line": (
        "a: b\n  c: d\n",
        [
            (
                2,
                4,
                ("This line is indented deeper than the value above allows; align it with the keys it belongs to"),
            )
        ],
    ),
    "uneven": (
        "a:\n  b: 1\n c: 2\n",
        [
            (
                3,
                2,
                ("This line does not line up with the keys above; give all keys of one mapping the same indentation"),
            )
        ],
    ),
    "key-in-list": (
        "- a\nb: 1\n",
        [
            (
                2,
                1,
                ("This line does not belong to the list above; start it with `- ` or align it with the list's key"),
            )
        ],
    ),
    "no-colon": (
        "a: 1\nb\nc: 2\n",
        [
            (
                2,
                1,
                ("This line is no `key: value`; add the colon and a space, or indent it as part of the text above"),
            )
        ],
    ),
    "outdented": (
        "  a: 1\nb: 2\n",
        [(2, 1, "The mapping above ended before this line; align it with the other keys of the file")],
    ),
    "list-behind-key": (
        "a: - b\n",
        [(1, 4, "A list cannot start here with `- `; put it on a line of its own, under its key")],
    ),
    "at-sign": ("a: @b\n", [(1, 4, "A value cannot begin with `@`; put it in quotes")]),
    "star": (
        "a: *.csv\n",
        [
            (
                1,
                4,
                "`*` and `&` have a meaning of their own in YAML; put a text that begins with one in quotes",
            )
        ],
    ),
    "greater": (
        "a: > 5\n",
        [(1, 4, "`|` and `>` start a text on the lines below; put a value that begins with one in quotes")],
    ),
    "control-character": (
        "a: b\x07\n",
        [(1, 5, "The control character U+0007 is not allowed in YAML; delete it")],
    ),
    "surrogate": ("a: \ud800\n", [(1, 4, "Half a character (a lone surrogate) is not text; delete it")]),
    "directive": (
        "%YAML 9.1\n---\na: 1\n",
        [
            (
                1,
                1,
                ("A line that begins with `%` instructs YAML parsers, and this one is not understood; delete it"),
            )
        ],
    ),
    "tag": (
        "a: !!python/object:os.system x\nb: !t {c: !!str 0017}\n",
        [
            (1, 4, "The tag `!!python/object:os.system` is not allowed in a topology; write the value alone"),
            (2, 4, "The tag `!t` is not allowed in a topology; write the value alone"),
            (
                2,
                11,
                "The tag `!!str` is not allowed in a topology; put the value in quotes to keep it a text",
            ),
        ],
    ),
    "complex-keys": (
        "[a]: 1\n{b: 2}: 3\nc: 4\n",
        [
            (1, 1, "A key must be a plain word, not a list or a mapping; put it in quotes if it is text"),
            (2, 1, "A key must be a plain word, not a list or a mapping; put it in quotes if it is text"),
        ],
    ),
    "second-document": (
        "a: 1\n---\nb: 2\n",
        [
            (
                2,
                1,
                (
                    "A second document starts here; a topology is one document:"
                    " put it in a file of its own and `include` it"
                ),
            )
        ],
    ),
    "unknown-alias": (
        "a: *x\n<<: *y\n",
        [
            (1, 4, "The alias `*x` has no anchor `&x` before it in the file"),
            (2, 5, "The alias `*y` has no anchor `&y` before it in the file"),
        ],
    ),
    "cyclic-alias": (
        "a: &a [1, *a]\n",
        [(1, 11, "The alias `*a` stands inside the value that it names, which would never end")],
    ),
    "bad-merge": (
        "a: {<<: 5}\n",
        [(1, 5, "`<<` merges mappings: name one by its anchor (`<<: *name`), or a list of such")],
    ),
    "too-deep": (
        "[" * 100_000,
        [(1, 101, "This is nested more than 100 levels deep; a topology never needs that")],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_in_plain_words(name: str) -> None:
    text, expected = BAD[name]
    assert problems_of(text) == expected


def test_the_parsers_own_words_stay_for_those_who_look_them_up(parser: str) -> None:
    _, (problem,) = parse(Source("f", "a: @b\n"))
    own = (
        "found character that"
        if parser == "installed" and sys.modules.get("yaml._yaml")
        else "found character '@' that"
    )
    assert problem.message.endswith(f"(YAML: while scanning for the next token: {own} cannot start any token)")


def test_a_syntax_error_names_where_the_construct_began() -> None:
    _, (problem,) = parse(Source("f", "a: [1,\n  2\nb: 3\n"))
    assert problem.other == Location("f", 1, 4, 1, 5)


def test_repeated_keys_are_told_with_both_places_and_the_first_counts() -> None:
    source = Source("f", "a: {x: 1, x: 2}\nb: 1\na: 3\n")
    root, problems = parse(source)
    assert [(problem.slug, *told(problem)) for problem in problems] == [
        ("duplicate-id", 1, 11, "The key `x` is already set on line 1; keep one of the two"),
        ("duplicate-id", 3, 1, "The key `a` is already set on line 1; keep one of the two"),
    ]
    assert [problem.other and problem.other.column for problem in problems] == [5, 1]
    assert plain_data(root) == {"a": {"x": "1"}, "b": "1"}


def test_repeated_keys_before_a_syntax_error_are_told_too() -> None:
    root, problems = parse(Source("f", "a: 1\na: 2\nb: @\n"))
    assert root is None
    assert [(problem.slug, problem.location.line) for problem in problems] == [
        ("duplicate-id", 2),
        ("syntax", 3),
    ]


def test_a_repeated_merge_key_shows_the_way() -> None:
    assert problems_of("a: &a {}\nb: {<<: *a, <<: *a}\n") == [
        (2, 13, "The key `<<` is set twice; merge several mappings with `<<: [*one, *two]`")
    ]


def test_what_could_be_understood_is_kept_beside_the_problems() -> None:
    root, _ = parse(Source("f", "[a]: 1\nb: !t 2\nc: *x\n---\nd\n"))
    assert plain_data(root) == {"b": "2", "c": ""}


def test_a_file_that_is_no_text_is_not_read() -> None:
    source = Source.from_bytes("f", b"a: \xff\n")
    assert parse(source) == (None, list(source.defects))


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None


def bomb(levels: int) -> Iterator[str]:
    yield "a0: &a0 [l, l, l, l, l, l, l, l, l]\n"
    for level in range(1, levels):
        yield f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n"


def test_an_alias_bomb_is_refused_at_once() -> None:
    started = time.perf_counter()
    root, problems = parse(Source("f", "".join(bomb(9))))
    assert root is None
    assert [told(problem)[2] for problem in problems] == [
        "The aliases of this file stand for too many values; write them out instead"
    ]
    assert time.perf_counter() - started < 1


def test_a_bomb_of_merges_is_refused_at_once() -> None:
    base = "a0: &a0 {" + ", ".join(f"k{number}: v" for number in range(1000)) + "}\n"
    merges = "".join(f"b{number}: {{<<: *a0}}\n" for number in range(1000))
    root, problems = parse(Source("f", base + merges))
    assert root is None
    assert len(problems) == 1


def test_defaults_named_by_every_path_are_no_bomb() -> None:
    defaults = "d: &d {" + ", ".join(f"key{number}: [a, b]" for number in range(15)) + "}\n"
    paths = "".join(f"p{number}: {{<<: *d, from: a, to: b}}\n" for number in range(1000))
    assert len(read(defaults + paths)) == 1001


def test_many_repeated_keys_take_no_longer_than_they_should() -> None:
    text = "".join(f"k{number}: v\n" for number in range(5_000)) * 2
    started = time.perf_counter()
    _, problems = parse(Source("f", text))
    assert len(problems) == 5_000
    assert time.perf_counter() - started < 5


def test_absurd_escapes_are_refused() -> None:
    for text in ('a: "\\UFFFFFFFF"', 'a: "\\ud83d\\ude00"', 'a: "\\q"'):
        root, problems = parse(Source("f", text))
        assert root is None
        assert len(problems) == 1


def test_a_long_name_from_the_file_is_cut_in_messages() -> None:
    ((_, _, message),) = problems_of(f"a: *{'x' * 10_000}\n")
    assert len(message) < 250


# -- the rest ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
def test_the_garbage_collector_is_left_as_it_was(running: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if running else gc.disable)()
        parse(Source("f", "a: @"))
        assert gc.isenabled() is running
        with paused_gc():
            assert not gc.isenabled()
        assert gc.isenabled() is running
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize(
    "text",
    [
        "handoffmap: 1\n",
        "# c\n---\nname: x\nhandoffmap: 1\n",
        "'handoffmap': 1",
        "handoffmap:",
        '{"name": {"handoffmap": 2}, "handoffmap": 1}',
        "{name: x, handoffmap: 1}",
        "  name: x\n  handoffmap: 1\n",
        "handoffmap: 1\nbroken: @\n",
    ],
)
def test_is_a_topology(text: str) -> None:
    assert find_topology_key(Source("f", text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name: handoffmap: 1\n",
        "a:\n  handoffmap: 1\n",
        "handoffmap:1\n",
        "handoffmaps: 1\n",
        "{a: {handoffmap: 1}}",
        "[handoffmap]",
        "handoffmap",
        "a: @\n  handoffmap: 1",
        "[" * 1000 + "handoffmap",
        '{"a": "\\UFFFFFFFF", handoffmap: 1}',
    ],
)
def test_is_no_topology(text: str) -> None:
    assert not find_topology_key(Source("f", text))


def test_without_libyaml_the_python_parser_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "yaml.cyaml", None)
        reload(event)
        assert event.PARSER is event._PythonParser
    reload(event)


@pytest.mark.parametrize(
    "text, found",
    [
        ("include: a.yaml\nsystems: {}", ("a.yaml",)),
        ("handoffmap: 1\ninclude: [a.yaml, 'b c.yaml']\n", ("a.yaml", "b c.yaml")),
        ("systems: {include: no}\ninclude:\n  - a.yaml\n  - b.yaml\nname: x", ("a.yaml", "b.yaml")),
        ("include: [a.yaml]\nname: [broken", ("a.yaml",)),
        ("include: [[deeper], {x: y}, a.yaml]", ("a.yaml",)),
        ("include: {a: b}\nname: x", ()),
        ("include: []", ()),
        ("[include, a.yaml]: x\ninclude: b.yaml", ("b.yaml",)),
        ("name: include\n", None),
        ("- include: a.yaml", None),
        ("name: &n a.yaml\ninclude: *n", None),
        ("name: &n a.yaml\ninclude: [*n]", None),
        ("include: [a.yaml", None),
        ("", None),
    ],
)
def test_an_entry_of_the_outermost_mapping_is_read_no_further_than_to_its_end(
    text: str, found: tuple[str, ...] | None
) -> None:
    assert find_outer_scalars(Source("f", text), "include") == found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{a: " * 1_200, (1, 401)),
        ("a:\n" + "".join(f"{' ' * level}-\n" for level in range(1, 1_200)), (101, 101)),
        ("- " * 1_200 + "a", (1, 201)),
    ],
    ids=["braces", "lines", "dashes"],
)
def test_deeper_than_a_parser_goes_is_told_where_it_is_deeper_than_a_topology_goes(
    text: str, place: tuple[int, int]
) -> None:
    assert problems_of(text) == [(*place, "This is nested more than 100 levels deep; a topology never needs that")]
