"""Where judged maps are kept: nothing damaged or foreign is taken, nothing is half there, nobody is in the way."""

from __future__ import annotations

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoffmap import __version__
from handoffmap.estate import shelf as module
from handoffmap.estate.record import Record
from handoffmap.estate.shelf import Shelf
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

MAP = Source("map.yaml", "handoffmap: 1\n")
RECORD = Record(b'{"told": 1}', b"\x00deep\n")
PLAIN = ("--no-cache", "--workers", "1")
KEPT = ("--cache-dir", "kept", "--workers", "1")


def kept(folder: Path, source: Source = MAP, record: Record = RECORD) -> Path:
    shelf = Shelf(folder, ())
    shelf.keep(source, record)
    assert shelf.trouble is None
    (file,) = folder.glob("*.record")
    return file


def test_what_is_kept_is_found_by_name_text_rules_and_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(tmp_path)
    assert Shelf(tmp_path, ()).find(MAP) == RECORD
    assert Shelf(tmp_path, ()).find(Source("other.yaml", MAP.text)) is None
    assert Shelf(tmp_path, ()).find(Source(MAP.name, MAP.text + "\n")) is None
    assert Shelf(tmp_path, ()).find(Source("map.yam", "l" + MAP.text)) is None
    assert Shelf(tmp_path, [Source("rules.yaml", "rules: []")]).find(MAP) is None
    monkeypatch.setattr(module, "__version__", "0.0.0")
    assert Shelf(tmp_path, ()).find(MAP) is None


def test_a_program_that_was_changed_is_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "handoffmap"
    (package / "estate").mkdir(parents=True)
    (package / "estate" / "shelf.py").write_text("one", encoding="utf-8")
    monkeypatch.setattr(module, "__file__", str(package / "estate" / "shelf.py"))
    one = module._own_files()
    assert module._own_files() == one
    (package / "rule.py").write_text("two", encoding="utf-8")
    two = module._own_files()
    assert two != one
    listed = tmp_path / f"handoffmap-{__version__}.dist-info" / "RECORD"
    listed.parent.mkdir()
    listed.write_text("handoffmap/rule.py,sha256=x,3\n", encoding="utf-8")
    installed = module._own_files()
    (package / "rule.py").write_text("three", encoding="utf-8")  # nobody edits what is installed
    assert module._own_files() == installed
    assert installed not in {one, two}


@pytest.mark.parametrize("length", range(0, 75, 5))
def test_what_is_cut_off_is_as_good_as_missing(tmp_path: Path, length: int) -> None:
    file = kept(tmp_path)
    data = file.read_bytes()
    assert length < len(data)
    file.write_bytes(data[:length])
    assert Shelf(tmp_path, ()).find(MAP) is None


def test_a_byte_that_was_changed_anywhere_is_noticed(tmp_path: Path) -> None:
    file = kept(tmp_path)
    data = file.read_bytes()
    for place in range(len(data)):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert Shelf(tmp_path, ()).find(MAP) is None, place


@pytest.mark.parametrize("told", [b"", b"[]", b"{}", b'{"parts": [], "ways": []}', b"\xff", b"[" * 100_000])
def test_a_record_that_something_else_has_written_is_made_anew(
    check: Callable[..., Result], told: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = check("maps/three_handoffs.yaml", *PLAIN)
    check("maps/three_handoffs.yaml", *KEPT)
    (file,) = Path("kept").glob("*.record")
    right = file.read_bytes()
    file.write_bytes(module._packed(Record(told, b"")))
    again = check("maps/three_handoffs.yaml", *KEPT)
    assert (again.output, again.exit_code) == (plain.output, plain.exit_code)
    assert file.read_bytes() == right


def test_a_folder_in_which_nothing_can_be_kept_is_told_of_if_it_was_named(
    check: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("file").write_text("", encoding="utf-8")
    plain = check("maps/three_handoffs.yaml", *PLAIN)
    result = check("maps/three_handoffs.yaml", "--cache-dir", "file")
    assert (result.stdout, result.exit_code) == (plain.stdout, 1)
    assert "file: nothing can be kept there (" in result.stderr
    monkeypatch.setenv("HANDOFFMAP_CACHE_DIR", "file")
    monkeypatch.setattr("handoffmap.estate.means.LEAST", 0)
    result = check("maps/three_handoffs.yaml", "maps/shared.yaml")
    assert (result.stderr, result.exit_code) == ("", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_the_folder_is_for_its_owner_and_nobody_else(tmp_path: Path) -> None:
    file = kept(tmp_path / "a" / "b")
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_git_and_backups_leave_it_alone(tmp_path: Path) -> None:
    kept(tmp_path)
    assert (tmp_path / ".gitignore").read_text("utf-8").splitlines()[-1] == "*"
    assert (tmp_path / "CACHEDIR.TAG").read_text("utf-8").startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    before = sorted(each.name for each in tmp_path.iterdir())
    shelf = Shelf(tmp_path, ())
    shelf.keep(Source("other.yaml", ""), RECORD)
    assert shelf.trouble is not None
    assert sorted(each.name for each in tmp_path.iterdir()) == before


def test_many_writers_and_readers_at_once_see_whole_records_only(tmp_path: Path) -> None:
    sources = [Source(f"{number}.yaml", "x") for number in range(5)]
    record = Record(b"t" * 100_000, b"d" * 100_000)

    def write_and_read(number: int) -> bool:
        shelf = Shelf(tmp_path, ())
        for source in sources:
            if number % 2:
                shelf.keep(source, record)
            if shelf.find(source) not in {None, record}:
                return False
        return shelf.trouble is None

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write_and_read, range(40)))
    assert len(list(tmp_path.glob("*.record"))) == 5
    assert not list(tmp_path.glob("*.tmp"))


def test_what_nobody_has_wanted_for_a_month_goes(tmp_path: Path) -> None:
    day = 24 * 3600
    shelf = Shelf(tmp_path, ())
    names = ("wanted", "old", "new")
    for name in names:
        shelf.keep(Source(name, ""), RECORD)
    left = tmp_path / "cut off.tmp"
    left.write_bytes(b"")
    strange = tmp_path / "notes.txt"
    strange.write_bytes(b"")
    long_ago = shelf._file(Source("new", "")).stat().st_mtime - 31 * day
    for file in (*map(shelf._file, (Source("wanted", ""), Source("old", ""))), left, strange):
        os.utime(file, (long_ago, long_ago))
    Shelf(tmp_path, ()).sweep()  # a run that has kept nothing does not sweep
    assert left.exists()
    assert Shelf(tmp_path, ()).find(Source("wanted", "")) == RECORD
    shelf.sweep()
    assert [shelf.find(Source(name, "")) is not None for name in names] == [True, False, True]
    assert not left.exists()
    assert strange.exists()
    os.utime(shelf._file(Source("wanted", "")), (long_ago, long_ago))
    shelf.sweep()  # once a day
    assert shelf.find(Source("wanted", "")) == RECORD
