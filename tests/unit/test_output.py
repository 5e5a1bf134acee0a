"""A result replaces the old file whole, or leaves it as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handoffmap.cli.output import write_text_atomically
from handoffmap.errors import UnwritableOutput


def test_writes_utf8_with_the_line_breaks_given(tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    write_text_atomically(path, "é\r\nb\n")
    assert path.read_bytes() == b"\xc3\xa9\r\nb\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.html"]


def test_replaces_and_keeps_permissions(tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    path.write_text("old")
    path.chmod(0o640)
    write_text_atomically(str(path), "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    write_text_atomically(tmp_path / "a", "")
    (tmp_path / "b").touch()
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_text_atomically(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.html"
    path.write_text("old")

    def full(_: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UnwritableOutput, match="No space left on device"):
        write_text_atomically(path, "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.html"]


def test_half_a_character_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    path.write_text("old")
    with pytest.raises(UnwritableOutput):
        write_text_atomically(path, "\ud800")
    assert path.read_text() == "old"


def test_says_what_is_in_the_way(tmp_path: Path) -> None:
    with pytest.raises(UnwritableOutput, match="is a folder; name a file"):
        write_text_atomically(tmp_path, "")
    with pytest.raises(UnwritableOutput, match="the folder does not exist; make it first"):
        write_text_atomically(tmp_path / "no" / "out.html", "")
    (tmp_path / "file").touch()
    with pytest.raises(UnwritableOutput, match="Not a directory"):
        write_text_atomically(tmp_path / "file" / "out.html", "")
    with pytest.raises(UnwritableOutput):
        write_text_atomically("a\0b", "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_protected_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(UnwritableOutput, match="Permission denied"):
        write_text_atomically(path, "new")
    assert path.read_text() == "old"


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no such device")
def test_a_device_is_written_to_and_stays_one() -> None:
    write_text_atomically("/dev/null", "x")
    assert not Path("/dev/null").is_file()
