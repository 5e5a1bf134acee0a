"""Bytes → **text with places**: the only module that opens topology files.

A `Source` is the text of one file and turns offsets into lines and columns. What makes the bytes unusable
(another encoding, NUL, not a text at all) is kept as `defects`, so that it is told like any other problem of
the file.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from handoffmap.errors import UnreadableFile
from handoffmap.text.problem import Problem

__all__ = ["Location", "Source"]

_STRIDE = 256  # characters between two marks that tell in which line they are set

_BYTE_ORDER_MARKS = (  # the longer ones first: UTF-32's begins like UTF-16's
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
_UTF8_MARK = b"\xef\xbb\xbf"

# First bytes of what people pick by mistake (from the formats' specifications).
_OTHER_FORMATS = (
    (b"PK\x03\x04", "a ZIP archive, as XLSX and DOCX are"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
_PEEK = 4096  # bytes looked at to tell text from other things


@dataclass(slots=True, frozen=True, order=True)
class Location:
    """A stretch of one file, counted from 1; `end_column` is the column after the last character."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Source:
    """The text of one topology file, under the name that the user gave it.

    Offsets count characters of `text` from 0. A byte order mark is no part of `text`.
    """

    def __init__(self, name: str, text: str, path: Path | None = None, defects: tuple[Problem, ...] = ()) -> None:
        self.name = "<stdin>" if name == "-" else name
        self.text = text
        self.path = path
        self.defects = defects

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    @classmethod
    def read(cls, path: str | Path, name: str | None = None) -> Source:
        """Open `path` ("-" is the standard input) and check that it is text; `name` is how places call it.

        Raises `UnreadableFile` when there is nothing to read. Contents that are no UTF-8 text give `defects`.
        """
        shown = str(path) if name is None else name
        if str(path) == "-":
            return cls.from_bytes(shown, sys.stdin.buffer.read())
        try:
            return cls.from_bytes(shown, Path(path).read_bytes(), Path(path))
        except FileNotFoundError:
            raise UnreadableFile("no such file", where=shown, hint="check the path") from None
        except IsADirectoryError:
            raise UnreadableFile("is a folder", where=shown, hint="name a file in it") from None
        except PermissionError:
            raise UnreadableFile("may not be read", where=shown, hint="check its permissions") from None
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise UnreadableFile(f"cannot be read ({reason})", where=shown) from error

    @classmethod
    def from_bytes(cls, name: str, data: bytes, path: Path | None = None) -> Source:
        """Decode what was read; what is no UTF-8 text keeps its defect, and a text as near as can be had."""
        for mark, codec, told in _BYTE_ORDER_MARKS:
            if data.startswith(mark):
                text = data[len(mark) :].decode(codec, "replace")
                return _refused(cls(name, text, path), 0, f"The file is {told}, not UTF-8; save it as UTF-8")
        data = data.removeprefix(_UTF8_MARK)
        defect = _not_text(data)
        if defect is not None:
            offset, message = defect
            return _refused(cls(name, data.decode("utf-8", "replace"), path), offset, message)
        try:
            return cls(name, data.decode("utf-8"), path)
        except UnicodeDecodeError as error:
            offset = len(data[: error.start].decode("utf-8"))
            byte = data[error.start]
            message = f"The byte 0x{byte:02x} is not UTF-8{_in_windows(byte)}; save the file as UTF-8"
            return _refused(cls(name, data.decode("utf-8", "replace"), path), offset, message)

    def location(self, start: int, end: int | None = None) -> Location:
        """Give the lines and columns of the characters from offset `start` up to, not including, `end`."""
        line, column = self.line_and_column(start)
        if end is None or end <= start:
            return Location(self.name, line, column, line, column)
        if start >= 0 and end <= len(self.text) and self._marks.text.find("\n", start, end) < 0:
            return Location(self.name, line, column, line, column + end - start)
        return Location(self.name, line, column, *self.line_and_column(end))

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset; one beyond the text means its end."""
        offset = min(max(offset, 0), len(self.text))
        text, lines, begins = self._marks
        mark = offset // _STRIDE
        begin = text.rfind("\n", mark * _STRIDE, offset) + 1 or begins[mark]
        return lines[mark] + text.count("\n", mark * _STRIDE, offset), offset - begin + 1

    def holding(self, place: Location) -> Source:  # noqa: ARG002 - several files read as one tell them apart
        """The file that a place of this source is in: itself."""
        return self

    def snippet(self, line: int) -> str:
        """The text of a line (from 1) without its break; nothing for a line that is not there."""
        if not 1 <= line <= self.line_count:
            return ""
        text, lines, _ = self._marks
        begin = 0
        if line > 1:
            mark = bisect_left(lines, line) - 1  # the last that is set in a line before it
            begin = mark * _STRIDE
            for _ in range(line - lines[mark]):
                begin = text.find("\n", begin) + 1
        end = text.find("\n", begin)
        return self.text[begin : end if end >= 0 else None].rstrip("\r\n")

    @cached_property
    def line_count(self) -> int:
        """How many lines an editor shows."""
        return self._marks.text.count("\n") + 1

    @cached_property
    def _marks(self) -> _Marks:
        return _marks(self.text)


class _Marks(NamedTuple):
    """Marks set in a text at equal strides: few, so that a large file is not gone through line by line."""

    text: str
    r"""The text, character for character, in which `\n` alone breaks a line, and always does."""
    lines: array[int]
    """The line, from 1, in which each mark is set."""
    begins: array[int]
    """Where that line begins."""


def _marks(text: str) -> _Marks:
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    line, begin = 1, 0
    lines, begins = array("q", [line]), array("q", [begin])
    for mark in range(0, len(text), _STRIDE):
        line += text.count("\n", mark, mark + _STRIDE)
        begin = text.rfind("\n", mark, mark + _STRIDE) + 1 or begin
        lines.append(line)
        begins.append(begin)
    return _Marks(text, lines, begins)


def _not_text(data: bytes) -> tuple[int, str] | None:
    """Offset in characters and message for data that is no text at all, or a text in two-byte units."""
    for magic, told in _OTHER_FORMATS:
        if data.startswith(magic):
            return 0, f"This is not a text file: it looks like {told}"
    at = data.find(0)
    if at < 0:
        return None
    head = data[:_PEEK]
    if len(head) > 1 and (not any(head[1::2]) or not any(head[::2])):
        return 0, "The file looks like UTF-16 without a byte order mark, not UTF-8; save it as UTF-8"
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if odd * 10 > len(head):
        return 0, "This is not a text file: it is binary data"
    offset = len(data[:at].decode("utf-8", "replace"))
    return offset, "A NUL character (a zero byte) is not allowed in YAML; delete it"


def _in_windows(byte: int) -> str:
    """What the byte would be in Windows-1252, the encoding that it most often comes from."""
    character = bytes([byte]).decode("cp1252", "replace")
    return f' ("{character}" in Windows-1252)' if character.isprintable() and character != "\ufffd" else ""


def _refused(source: Source, offset: int, message: str) -> Source:
    """Give the same text with the defect for which it is not read."""
    place = source.location(offset, min(offset + 1, len(source.text)))
    return Source(source.name, source.text, source.path, (Problem("syntax", message, place),))
