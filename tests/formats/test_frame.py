from __future__ import annotations

import pytest

from handoffmap.telling.frame import code_frame
from handoffmap.telling.pen import Pen
from handoffmap.text.source import Location, Source


def frame(text: str, line: int, column: int, end_line: int, end_column: int) -> list[str]:
    place = Location("map.yaml", line, column, end_line, end_column)
    return code_frame(Source("map.yaml", text), place, len(str(line)), Pen(colour=False))


@pytest.mark.parametrize(
    "text, column, end, expected",
    [
        pytest.param("maps: null", 7, 11, ["1 | maps: null", "  |       ^^^^"], id="plain"),
        pytest.param("\tmaps", 2, 6, ["1 |     maps", "  |     ^^^^"], id="a tab is four blanks wide"),
        pytest.param("数量: x", 5, 6, ["1 | 数量: x", "  |       ^"], id="wide characters take two columns"),
        pytest.param("a\x1bb: x", 6, 7, ["1 | a\\x1bb: x", "  |         ^"], id="an escape is shown, carets follow"),
        pytest.param("maps:", 6, 6, ["1 | maps:", "  |      ^"], id="an empty place at the end of the line"),
        pytest.param("maps:", 40, 45, ["1 | maps:", "  |      ^"], id="a place beyond the line"),
    ],
)
def test_carets_stand_below_what_is_meant(text: str, column: int, end: int, expected: list[str]) -> None:
    assert frame(text, 1, column, 1, end) == ["  |", *expected]


def test_a_long_line_is_cut_around_the_place() -> None:
    lines = frame("x" * 1_000_000 + "NAME" + "y" * 1_000_000, 1, 1_000_001, 1, 1_000_005)
    assert len(lines[1]) < 200
    assert lines[1].count("NAME") == 1
    assert lines[2].index("^") == lines[1].index("NAME")
    assert lines[2].count("^") == 4


def test_a_stretch_over_lines_is_shown_by_its_first_three() -> None:
    assert frame("a: {\n  b: 1,\n  c: 2,\n  d: 3,\n  }", 1, 4, 5, 4) == [
        "  |",
        "1 | a: {",
        "  |    ^",
        "2 |   b: 1,",
        "  |   ^^^^^",
        "3 |   c: 2,",
        "  |   ^^^^^",
        "... to line 5",
    ]
