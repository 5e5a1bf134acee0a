"""Files are opened, decoded and measured; what cannot be read says why and where."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from handoffmap.errors import HandoffmapError, UnreadableFile
from handoffmap.text.source import Location, Source

if TYPE_CHECKING:
    from pathlib import Path


def defect(data: bytes) -> tuple[int, int, str]:
    source = Source.from_bytes("map.yaml", data)
    (problem,) = source.defects
    assert problem.slug == "syntax"
    assert problem.location.file == "map.yaml"
    return problem.location.line, problem.location.column, problem.message


def test_a_byte_order_mark_is_no_text() -> None:
    source = Source.from_bytes("f", b"\xef\xbb\xbfa: 1\n")
    assert (source.text, source.defects) == ("a: 1\n", ())


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        ("a: é\n".encode("utf-16"), 1, 1, "The file is UTF-16, not UTF-8; save it as UTF-8"),
        ("a: 1\n".encode("utf-32"), 1, 1, "The file is UTF-32, not UTF-8; save it as UTF-8"),
        (
            "a: 1\n".encode("utf-16-le"),
            1,
            1,
            "The file looks like UTF-16 without a byte order mark, not UTF-8; save it as UTF-8",
        ),
        (
            b"a: 1\nb: \xc3\xa9 caf\xe9\n",
            2,
            9,
            'The byte 0xe9 is not UTF-8 ("é" in Windows-1252); save the file as UTF-8',
        ),
        (b"a: \x81", 1, 4, "The byte 0x81 is not UTF-8; save the file as UTF-8"),
        (b"a: 1\nb: \x00x\n", 2, 4, "A NUL character (a zero byte) is not allowed in YAML; delete it"),
        (
            b"PK\x03\x04....",
            1,
            1,
            "This is not a text file: it looks like a ZIP archive, as XLSX and DOCX are",
        ),
        (bytes(range(256)), 1, 1, "This is not a text file: it is binary data"),
    ],
    ids=["utf-16", "utf-32", "no-mark", "windows-1252", "stray-byte", "nul", "xlsx", "binary"],
)
def test_what_is_no_utf8_text_is_refused_where_it_ends(data: bytes, line: int, column: int, message: str) -> None:
    assert defect(data) == (line, column, message)


def test_utf16_keeps_a_text_to_show() -> None:
    assert Source.from_bytes("f", "handoffmap: 1\n".encode("utf-16")).snippet(1) == "handoffmap: 1"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old-mac"])
def test_lines_are_those_of_an_editor(line_break: str) -> None:
    source = Source("f", line_break.join(["ab", "", "cé\u2028d", ""]))
    assert source.line_count == 4
    assert [source.snippet(line) for line in range(6)] == ["", "ab", "", "cé\u2028d", "", ""]
    start = source.text.index("d")
    assert source.location(start, start + 1) == Location("f", 3, 4, 3, 5)
    assert source.line_and_column(10**9) == (4, 1)


def test_places_sort_as_they_stand() -> None:
    assert min([Location("b", 1, 1, 1, 2), Location("a", 2, 1, 2, 2), Location("a", 1, 9, 1, 10)]).column == 9


def test_reading_a_file(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_bytes(b"a: 1\n")
    source = Source.read(path)
    assert (source.name, source.text, source.path) == (str(path), "a: 1\n", path)
    assert Source.read(path, "shown").name == "shown"


def test_a_dash_is_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a: 1\n")))
    source = Source.read("-")
    assert (source.name, source.text, source.path) == ("<stdin>", "a: 1\n", None)


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file; check the path"):
        Source.read(tmp_path / "gone.yaml")
    with pytest.raises(UnreadableFile, match="is a folder; name a file in it"):
        Source.read(tmp_path)
    with pytest.raises(UnreadableFile, match="cannot be read"):
        Source.read("a\0b")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_protected_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.touch(mode=0)
    with pytest.raises(UnreadableFile, match="may not be read"):
        Source.read(path)


def test_an_error_says_what_where_and_what_to_do() -> None:
    error = UnreadableFile("is a folder", where="maps", hint="name a file in it")
    assert isinstance(error, HandoffmapError)
    assert error.exit_code == 2
    assert str(error) == "maps: is a folder; name a file in it"
    assert str(HandoffmapError("no")) == "no"
