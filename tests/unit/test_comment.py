"""Comments are found without reading the file anew, and they are the ones that reading it anew finds."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from handoffmap.text import comment
from handoffmap.text.comment import find_comments
from handoffmap.text.event import EVENT_ERRORS, events
from handoffmap.text.source import Source

MARK = "# handoffmap: allow[x]"
PATTERN = re.compile(r"(?:^|(?<=\s))# handoffmap: allow\[x\]", re.MULTILINE)

PIECES = st.sampled_from(
    [
        "a", "b:", "c: ", ": ", " ", "  ", "\n", "\n  ", "\n    ", "- ", "\n- ", '"', "'", "''", '\\"', "\\", "\\\n",
        "|", ">-", "|2", "{", "}", "[", "]", ", ", ",", "# ", " # say ", MARK, f" {MARK}", f"\n{MARK}", f"\n  {MARK}",
        "\t", "\r\n", "\r", "\x85", "\u2028", "don't", 'say "x', "? ", "&n ", "*n", "!t ", "\n---\n", "%",
    ]
)  # fmt: skip


def by_the_scanner(text: str) -> list[int]:
    """Where PyYAML's own scanner, which is slow, sees what is in no value."""
    tokens = [token for token in yaml.scan(text) if isinstance(token, yaml.ScalarToken)]
    values = [(token.start_mark.index, token.end_mark.index) for token in tokens if MARK in token.value]
    found = (match.start() for match in PATTERN.finditer(text))
    return [place for place in found if not any(start <= place < end for start, end in values)]


@given(st.lists(PIECES, max_size=14).map("".join))
@example(f"a: 'b\n  {MARK}'")
@example(f"a: |\n  {MARK}\nb: c {MARK}")
@example(f'{{a: say "x, b: "y {MARK}"}}')
@example(f"a: |1\n  {MARK}\n{MARK}")
@example(f"a:\n- >\n {MARK}\n- b {MARK}")
@example(f"a: don't, {{b: 'c' {MARK}\n}}")
def test_the_comments_are_those_that_the_scanner_sees(text: str) -> None:
    if re.search(r"[|>][^\n]*# handoffmap", text):
        return  # behind the head of a text, a comment is one; the scanners take it for a part of the text
    try:
        list(events(text))
        expected = by_the_scanner(text)
    except EVENT_ERRORS:
        return  # nothing is judged of a file that cannot be read
    assert [match.start() for match in find_comments(Source("map.yaml", text), PATTERN, "allow[")] == expected


@pytest.mark.parametrize(
    "text",
    [
        f"summary: >-\n  words, and it's\n  more\nwrite_paths:\n  - id: a  {MARK}\n",
        f'paths:\n  - {{id: "a", notes: "don\'t: never", to: \'b\'}}  {MARK}\n  {MARK}\n  - b\n',
        f"a: b\r\nc: {{d: e}}  {MARK}\r\n",
    ],
)
def test_an_ordinary_file_is_not_read_twice(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comment, "_LOADER", None)
    assert list(find_comments(Source("map.yaml", text), PATTERN, "allow["))
