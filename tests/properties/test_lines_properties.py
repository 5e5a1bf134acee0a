"""Read by lines, a text gives what it gives event by event, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handoffmap.text import event, lines, parse
from handoffmap.text.node import Items, Scalar, Table
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.text.node import Node

ROOT = Path(__file__).parents[2]
BUNDLED = sorted((ROOT / "topologies").glob("*.yaml"))

WORDS = st.sampled_from(
    [
        "a", "b: ", "c:", "d: e", "f: [g, h]", "i: {j: k, l: }", "'m': n", 'o: "p: q"', "r # s", "t: # u", "v: w # x",
        "[y: z]", "{a: {b: [c]}}", "- ", "- - ", "-   ", "-", "? ", ": ", ", ", "# c", "[", "}", "'", '"', "&x ", "*x",
        "<<: ", "!t ", "|", "k: >", "---", "...", "%", "@", "~", "\\", "\t", "\r", "\x85", "\u2028", "\ufeff", "\x07",
        "l: |", "m: >-\n    n\n\n  o", "p: [q,\n  r]", "s: | # [", "- |\n    t", "u: {\n",
        "|+", "\n", "é: 🚚", "a:b", "- a: b", "--- a: b", "{a: b, a: c}", "a: b: c",
    ]
)  # fmt: skip
LINE = st.tuples(st.sampled_from([0, 0, 0, 2, 2, 4, 1, 3]), st.lists(WORDS, max_size=2).map("".join))
KEYED = st.tuples(
    st.sampled_from(["", "", "- "]), st.sampled_from([":", ": v", ": {w: x}", ": # y", ": ''", ": |\n  z", ": [\n]"])
)


@pytest.fixture(params=["installed", "python"], autouse=True, scope="module")
def parser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run everything with the C parser, where there is one, and with PyYAML's own."""
    patch = pytest.MonkeyPatch()
    if request.param == "python":
        patch.setattr(event, "PARSER", event._PythonParser)
    yield
    patch.undo()


def same(text: str) -> bool:
    """Whether the text is of the form that is read by lines; if it is, it gives the same nodes without problems."""
    root = lines.read_lines(text)
    if root is None:
        return False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "read_lines", lambda *_: None)
        other, problems = parse.parse(Source("f", text))
    assert not problems
    assert other is not None
    assert plain(root) == plain(other)
    for key in root.entries if isinstance(root, Table) else ():
        shared = lines.read_lines(text, key)
        assert shared is not None
        assert plain(shared) == plain(other)
    return True


def plain(node: Node, key: int = 0, base: int = 0) -> Any:
    """A node as comparable data, with the offset of everything in it; `key` is where its key stands."""
    if node.start < 0:
        base, start = key, key + ~node.start
    else:
        start = base + node.start
    if isinstance(node, Scalar):
        return start, node.text, node.plain
    if isinstance(node, Items):
        return start, [plain(each, 0, base) for each in node.items]
    assert isinstance(node, Table)
    keys = {key: base + node.key_start(key) for key in node.entries}
    return start, [(name, keys[name], plain(value, keys[name], base)) for name, value in node.entries.items()]


@given(st.lists(LINE, max_size=8))
@example([(0, "a:"), (0, "- b"), (0, "c: d")])
@example([(0, "a:"), (2, "- b: c"), (4, "d:"), (4, "- e"), (0, "f: g")])
@example([(0, "a: b"), (2, "c")])
@example([(0, "--- a: b")])
@example([(0, "a:"), (0, "- b: |"), (0, "  - c"), (0, "- |\n    d")])
def test_lines_of_any_kind(parts: list[tuple[int, str]]) -> None:
    same("".join(f"{' ' * indent}{words}\n" for indent, words in parts))


@given(st.lists(st.tuples(st.sampled_from([0, 0, 2, 2, -2, -4, 1]), KEYED), max_size=10))
def test_lines_with_keys(parts: list[tuple[int, tuple[str, str]]]) -> None:
    indent, written = 0, []
    for number, (step, (dash, rest)) in enumerate(parts):
        indent = max(0, indent + step)
        written.append(f"{' ' * indent}{dash}k{number}{rest}")
    same("\n".join(written))


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_the_bundled_maps_are_of_this_form(path: Path) -> None:
    assert same(path.read_text(encoding="utf-8"))


@given(st.sampled_from(BUNDLED), st.data())
def test_a_spoiled_map(path: Path, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8").partition("\nwrite_paths:")[0]  # short enough for the slow parser
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 4))
    same(text[:at] + data.draw(WORDS) + text[at + cut :])
