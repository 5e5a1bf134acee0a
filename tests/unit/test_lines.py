"""Which texts are read by lines, and which are left to the events."""

from __future__ import annotations

import pytest

from handoffmap.text import lines
from handoffmap.text.lines import MAX_IN_LINE, MAX_NEW, MAX_OPEN, read_lines
from handoffmap.text.node import Table


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "# c\n\na: b  # c\n",
        "a:\nb:\n  c: [d, {e: f}]\n",
        "a:\n- b\n- c: d\n  e:\nf: g\n",
        "a:\n  -   b: c\n      d: e\n",
        "'a': \"b: c\"\n",
        "  a: b\n  c: é🚚\n",
        "a: |\n  b\n\n   c\n# d\ne: >-\n f\n",
        "a: [b,\nc]\nd: {\n  e: f\n}\n",
    ],
)
def test_everyday_form(text: str) -> None:
    assert isinstance(read_lines(text), Table)


@pytest.mark.parametrize(
    "text",
    [
        "", "# c", "a", "- a", "{a: b}", "a: &x b", "a: !t b", "a: |\n  b", "a: |+\n  b\n", "a: |2\n  b\n",
        "a: 'b\n  c'", "a: b\n  c", "a: | # [\n b: ]\n", "a:\n  b",
        "a: b\na: c", "a: {b: c, b: d}", "a: [b,\n  c]", "<<: {a: b}", "a: {<<: b}", "a:\n  b: c\n d: e", "a:\tb",
        "a: b\r\n", "a: b\n---\nc: d", "--- a: b", "a: b\n...", "? a\n: b", "- - a: b", "a:\n-\n  b: c", "a: *x",
        "a: \x07", "# \x07\na: b", "a: \ud800", "%a: b", "a: b\x85c: d", "a: {b", "a: b: c", "a: - b", ": a",
    ],
)  # fmt: skip
def test_anything_else(text: str) -> None:
    assert read_lines(text) is None


def test_deep_nesting_is_left_to_the_events() -> None:
    assert read_lines("\n".join(f"{' ' * depth}a:" for depth in range(MAX_OPEN + 1))) is not None
    assert read_lines("\n".join(f"{' ' * depth}a:" for depth in range(MAX_OPEN + 2))) is None
    assert read_lines(f"a: {'[' * MAX_IN_LINE}{']' * MAX_IN_LINE}") is not None
    assert read_lines(f"a: {'[' * (MAX_IN_LINE + 2)}{']' * (MAX_IN_LINE + 2)}") is None


def test_a_large_text_that_repeats_nothing_is_left_to_the_events() -> None:
    assert read_lines("".join(f"a{number}: b\n" for number in range(2 * MAX_NEW + 10_000))) is None
    assert read_lines("a:\n" + "- b: c\n" * (MAX_NEW // 10)) is not None


def test_blocks_of_lines_are_read_as_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a:\n- b: [c]\n\n- d\n# e\nf: g"
    whole = repr(read_lines(text))
    for size in range(len(text) + 1):
        monkeypatch.setattr(lines, "_BLOCK", size)
        assert repr(read_lines(text)) == whole
        assert [line for block in lines._blocks(text) for line in block] == text.split("\n")
