"""The hash of a line, against the vectors that GitHub's upload action is tested with."""

from __future__ import annotations

import pytest

from handoffmap.telling.line_hash import line_hashes

GREETING = [
    "e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1",
]  # fmt: skip
VECTORS = {
    "nothing": ("", ["c129715d7a2bc9a3:1"]),
    "short lines": (
        " a\nb\n  \t\tc\n d",
        ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
    ),
    "no break at the end": (
        " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
        [
            "8b7cf3e952e7aeb2:1", "b1ae1287ec4718d9:1", "bff680108adb0fcc:1", "c6805c5e1288b612:1",
            "b86d3392aea1be30:1", "e6ceba753e1a442:1",
        ],
    ),
    "line feeds": (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETING),
    "carriage returns": (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETING),
    "both": (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETING),
    "mixed": (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETING),
    "lines alike": (
        "Lorem ipsum dolor sit amet.\n" * 10,
        [
            "a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4",
            "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6", "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("text, hashes", VECTORS.values(), ids=VECTORS)
def test_the_hashes_are_those_of_the_public_vectors(text: str, hashes: list[str]) -> None:
    assert list(line_hashes(text, frozenset(range(1, 20))).values()) == hashes


def test_only_lines_that_are_asked_for_are_hashed() -> None:
    assert line_hashes("a\nb\n", frozenset({2})) == {2: list(line_hashes("a\nb\n", frozenset({1, 2})).values())[1]}
    assert line_hashes("a\n", frozenset({9})) == {}


def test_letters_outside_the_first_plane_count_as_two() -> None:
    (one,) = line_hashes("📦" * 50 + "a", frozenset({1})).values()
    (other,) = line_hashes("📦" * 50 + "b", frozenset({1})).values()
    assert one == other  # the hundred characters are used up
