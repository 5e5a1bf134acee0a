"""Whatever a file holds, it is read without a traceback, and every span says where its text is."""

from __future__ import annotations

import gc
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from handoffmap.text import event, span
from handoffmap.text.parse import Items, Scalar, Table, find_topology_key, locate, locate_key, parse
from handoffmap.text.scalars import boolean, duration, fraction, integer, kind, number, value
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.text.node import Node

# Pieces that YAML has a meaning for, so that random files get further than their first line.
PIECES = st.sampled_from(
    [
        "a", "b: ", "- ", ": ", ", ", "[", "]", "{", "}", "'", '"', "\n", "\n  ", "\n    ", "\t",
        "\r\n", "\r", "&x ", "*x", "<<: ", "!t ", "# c", "|", ">", "|2", "---\n", "...\n", "? ", "%", "@",
        "`", "\\", "~", "0017", "\x85", "\u2028", "\ufeff", "\x00", "\x07", "é", "🚚",
    ]
)  # fmt: skip
YAML_LIKE = st.lists(PIECES, max_size=40).map("".join)

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
SCALARS = st.one_of(
    WORDS,
    st.sampled_from(["", "a b", "it's", 'say "so"', "x: y", "# no", "0017", "~", "a\nb\n", " lead", "é🚚"]),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(SCALARS, inner, max_size=4)),
    max_leaves=20,
)
STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([True, False, None]),
        "default_style": st.sampled_from([None, "'", '"', "|", ">"]),
        "indent": st.sampled_from([2, 4, 7]),
        "width": st.sampled_from([12, 80, 4000]),
        "allow_unicode": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n", "\r"]),
    }
)


@pytest.fixture(params=["installed", "python"], autouse=True, scope="module")
def parser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run everything with the C parser, where there is one, and with PyYAML's own."""
    patch = pytest.MonkeyPatch()
    if request.param == "python":
        patch.setattr(event, "PARSER", event._PythonParser)
    yield
    patch.undo()


def every_node(root: Node | None) -> Iterator[Node]:
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Table):
            waiting.extend(node.entries.values())
        elif isinstance(node, Items):
            waiting.extend(node.items)


def cut(source: Source, node: Node) -> str:
    """Give the text under the node's span."""
    place = locate(source, node)
    lines = [source.snippet(line) for line in range(place.line, place.end_line + 1)]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


def check_reading(source: Source) -> None:
    root, problems = parse(source)
    assert root is not None or problems
    assert gc.isenabled()
    for problem in problems:
        assert 1 <= problem.location.line <= source.line_count
        assert 1 <= problem.location.column <= len(source.snippet(problem.location.line)) + 2
        assert (problem.location.line, problem.location.column) <= (
            problem.location.end_line,
            problem.location.end_column,
        )
    for node in every_node(root):
        place = locate(source, node)
        assert 1 <= place.line <= place.end_line <= source.line_count
        if isinstance(node, Table):
            assert list(node.keys) == list(node.entries)
            for key in node.entries:
                locate_key(source, node, key)
        if isinstance(node, Scalar):
            value(node)
    find_topology_key(source)


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbfa: 1")
@example(b"\xff\xfea\x00")
@example(b"a: \xff")
def test_any_bytes_are_read_or_refused_with_a_place(data: bytes) -> None:
    check_reading(Source.from_bytes("f", data))


@given(st.one_of(st.text(), YAML_LIKE))
@example("\ufeff\ufeffa: 1")
@example('a: "\\UFFFFFFFF"')
@example("a: &x [*x]\n<<: *x")
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    check_reading(Source("f", text))


@given(st.text(alphabet="0123456789.eE+-/wdhms_: tru", max_size=50))
@example("9" * 5000)
def test_any_scalar_has_a_meaning_or_none(text: str) -> None:
    node = Scalar(0, text, plain=True)
    kind(node), value(node), boolean(node), integer(node), number(node), duration(text), fraction(text)


@given(DATA, STYLES)
def test_nodes_are_what_pyyaml_composes(data: Any, style: dict[str, Any]) -> None:
    text = yaml.dump(data, **style)
    root, problems = parse(Source("f", text))
    composed = yaml.compose(text, Loader=yaml.SafeLoader)
    assert not problems
    compare(root, composed)


def compare(node: Any, composed: Any) -> None:
    assert node.start == composed.start_mark.index
    if isinstance(node, Scalar):
        assert (node.text, node.plain) == (composed.value, composed.style is None)
    elif isinstance(node, Items):
        assert len(node.items) == len(composed.value)
        for inner, other in zip(node.items, composed.value, strict=True):
            compare(inner, other)
    else:
        assert list(node.keys.items()) == [(key.value, key.start_mark.index) for key, _ in composed.value]
        for inner, (_, other) in zip(node.entries.values(), composed.value, strict=True):
            compare(inner, other)


@given(DATA, STYLES, st.sampled_from([span._WINDOWS, (1, 2, 3, 5, 8, 13, 21, 34, 55)]))
def test_a_span_cuts_out_the_text_of_its_node(data: Any, style: dict[str, Any], windows: tuple[int, ...]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(span, "_WINDOWS", windows)
        check_spans(data, style)


def check_spans(data: Any, style: dict[str, Any]) -> None:
    text = yaml.dump(data, **style)
    source = Source("f", text)
    root, _ = parse(source)
    composed = yaml.compose(text, Loader=yaml.SafeLoader)
    for node, other in zip(every_node(root), every_composed(composed), strict=False):
        start, end = other.start_mark.index, other.end_mark.index
        if (isinstance(other, yaml.CollectionNode) and not other.flow_style) or getattr(other, "style", None) in (
            "|",
            ">",
        ):
            written = text[start:end].rstrip()  # PyYAML's blocks end where the next thing starts
            assert "\n".join(cut(source, node).splitlines()).rstrip() == "\n".join(written.splitlines())
        else:
            assert source.location(start, end) == locate(source, node)


def every_composed(root: Any) -> Iterator[Any]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, yaml.MappingNode):
            waiting.extend(inner for _, inner in node.value)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=8))
def test_each_repetition_of_a_key_is_told_with_both_places(names: list[str]) -> None:
    source = Source("f", "".join(f"{name}: {number}\n" for number, name in zip(count(), names, strict=False)))
    root, problems = parse(source)
    assert isinstance(root, Table)
    assert [problem.location.line for problem in problems] == [
        line for line, name in enumerate(names, 1) if name in names[: line - 1]
    ]
    assert all(
        problem.other and problem.other.line == names.index(names[problem.location.line - 1]) + 1
        for problem in problems
    )
    assert list(root.entries) == list(dict.fromkeys(names))
