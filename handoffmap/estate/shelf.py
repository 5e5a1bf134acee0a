"""Where judged maps are kept: a file each, named by all that its content hangs on.

That is the map's text and name, the texts of a team's own rules, and the program. What included files held is noted
inside and compared. Nothing is ever half there: a file is written beside its place and moved into it, and carries a
digest of itself, so that whatever is cut off, changed or from elsewhere is as good as missing. Two runs at once write
the same bytes to the same names.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from handoffmap import __version__
from handoffmap.estate.record import Record
from handoffmap.text.event import READER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.text.source import Source

__all__ = ["Shelf"]

_MARK = b"handoffmap record 1 "
"""Begins a file; the number is that of its form."""
_ENDING = ".record"
_OURS = (_ENDING, ".tmp")
_SIDE = {
    ".gitignore": "# Made by handoffmap; may be deleted at any time.\n*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of handoffmap: backups may leave it out.\n",
}
"""Files beside the records: git is to leave them alone, and backups may (bford.info/cachedir)."""
_SWEPT = "swept"
"""A file whose age says when the folder was last swept."""
_DAY = 24 * 3600
_LASTS = 30 * _DAY
"""Seconds for which a record is kept that nobody has wanted."""


class Shelf:
    """A folder of records; where it cannot be read or written, it is empty and stays so."""

    def __init__(self, folder: Path, rules: Iterable[Source]) -> None:
        self.folder = folder
        self.trouble: OSError | None = None
        """Why nothing could be kept, where that is so."""
        self._latest: Path | None = None
        self._basis = "\n".join((_program(), *(file.text for file in rules))).encode("utf-8", "surrogatepass")

    def find(self, root: Source) -> Record | None:
        """What is kept of a map with this name and text; None: nothing that can be used."""
        file = self._file(root)
        try:
            record = _unpacked(file.read_bytes())
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(file)  # wanted today
        return record

    def keep(self, root: Source, record: Record) -> None:
        """Keep what a map with this name and text has come to."""
        if self.trouble is not None:
            return
        file = self._file(root)
        try:
            if self._latest is None:
                self._prepare()
            _move_in(file, _packed(record))
        except OSError as trouble:
            if not file.is_file():  # else another run has it open, which Windows minds, or has just put it there
                self.trouble = trouble
        else:
            self._latest = file

    def sweep(self) -> None:
        """Take out what nobody has wanted for a month; once a day, and only where something has been kept."""
        if self._latest is None:
            return
        with contextlib.suppress(OSError):
            now = self._latest.stat().st_mtime  # by the file system's own clock, which dates the records too
            mark = self.folder / _SWEPT
            if mark.exists() and now - mark.stat().st_mtime < _DAY:
                return
            mark.touch()
            with os.scandir(self.folder) as entries:
                old = [entry.path for entry in entries if entry.name.endswith(_OURS) and _age(entry, now) > _LASTS]
            for path in old:
                Path(path).unlink(missing_ok=True)

    def _file(self, root: Source) -> Path:
        hashed = blake2b(self._basis, digest_size=20)
        for part in (root.name, root.text):
            data = part.encode("utf-8", "surrogatepass")
            hashed.update(b"%d:" % len(data) + data)
        return self.folder / (hashed.hexdigest() + _ENDING)

    def _prepare(self) -> None:
        """Make the folder, for nobody else to look into, with what tells git and backups to leave it alone."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in _SIDE.items():
            file = self.folder / name
            if not file.exists():
                _move_in(file, text.encode())


def _age(entry: os.DirEntry[str], now: float) -> float:
    return now - entry.stat().st_mtime


def _packed(record: Record) -> bytes:
    sizes = b"%d %d " % (len(record.told), len(record.deep))
    return b"".join((_MARK, sizes, _digest(record), b"\n", record.told, record.deep))


def _unpacked(data: bytes) -> Record | None:
    head, _, body = data.partition(b"\n")
    if not head.startswith(_MARK):
        return None
    try:
        told, deep, digest = head.removeprefix(_MARK).split(b" ")
        record = Record(body[: int(told)], body[int(told) :])
        whole = len(record.deep) == int(deep)
    except ValueError:
        return None
    return record if whole and digest == _digest(record) else None


def _digest(record: Record) -> bytes:
    return blake2b(b"%d:" % len(record.told) + record.told + record.deep, digest_size=16).hexdigest().encode()


def _move_in(file: Path, data: bytes) -> None:
    """Put a file into its place in one step; what cannot be moved leaves nothing behind."""
    handle, temporary = tempfile.mkstemp(suffix=".tmp", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        Path(temporary).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _program() -> str:
    """What tells one program from another that would say something else: its files, Python, and what reads YAML."""
    return f"{__version__}\n{sys.version}\n{READER}\n{_own_files()}"


def _own_files() -> str:
    """A digest of the program's files: of the list that the installation has written, or of the files themselves."""
    package = Path(__file__).resolve().parents[1]
    hashed = blake2b(digest_size=16)
    listed = package.parent / f"handoffmap-{__version__}.dist-info" / "RECORD"
    try:
        hashed.update(listed.read_bytes())
    except OSError:  # a checkout, in which anything may have changed
        for file in sorted(package.rglob("*.py")):
            data = file.read_bytes()
            hashed.update(b"%s %d:" % (str(file.relative_to(package)).encode("utf-8", "surrogatepass"), len(data)))
            hashed.update(data)
    return hashed.hexdigest()
