"""The wheel by itself does the job: built here without the network, unpacked, and run in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _build(source: Path, target: str, into: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = into.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)  # noqa: S202  # it was built a moment ago
    return folder


def _run(unpacked: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The wheel's command line, with nothing of the checkout on its path and no program to be found."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment |= {"PYTHONPATH": str(unpacked), "PATH": str(folder)}
    command = [sys.executable, "-m", "handoffmap", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("folder", ["templates", "topologies"])
def test_the_wheel_carries_every_file_of_the_outer_folders(unpacked: Path, folder: str) -> None:
    in_checkout = {file.name for file in (ROOT / folder).iterdir() if not file.name.startswith(".")}
    assert in_checkout
    assert in_checkout <= {file.name for file in (unpacked / "handoffmap" / folder).iterdir()}


def test_the_wheel_carries_types_and_no_tests(unpacked: Path) -> None:
    assert (unpacked / "handoffmap" / "py.typed").exists()
    outside = {entry.name for entry in unpacked.iterdir() if not entry.name.endswith(".dist-info")}
    assert outside == {"handoffmap"}


def test_the_wheel_names_its_command(unpacked: Path) -> None:
    (entry_points,) = unpacked.glob("*.dist-info/entry_points.txt")
    assert "handoffmap = handoffmap.cli:main" in entry_points.read_text("utf-8").splitlines()


def test_a_wheel_made_from_the_source_archive_is_the_same(wheel: Path, tmp_path: Path) -> None:
    archive = _build(ROOT, "sdist", tmp_path / "sdist")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    again = _build(source, "wheel", tmp_path / "again")
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        assert {entry.filename: entry.CRC for entry in first.infolist()} == {
            entry.filename: entry.CRC for entry in second.infolist()
        }


def test_the_wheel_checks_its_own_topology(unpacked: Path, tmp_path: Path) -> None:
    bundled = unpacked / "handoffmap" / "topologies"
    assert _run(unpacked, tmp_path, "check", str(bundled / "three_handoffs.yaml")).returncode == 1
    assert _run(unpacked, tmp_path, "check", str(bundled / "three_handoffs.fixed.yaml")).returncode == 0


def test_the_wheel_renders_a_report_with_diagrams_where_there_is_only_python(unpacked: Path, tmp_path: Path) -> None:
    bundled = unpacked / "handoffmap" / "topologies" / "three_handoffs.yaml"
    done = _run(unpacked, tmp_path, "report", str(bundled))
    assert (done.returncode, done.stderr) == (0, "")
    (written,) = tmp_path.iterdir()
    assert written.name == "three_handoffs.report.html"
    assert written.name in done.stdout
    assert "<svg" in written.read_text("utf-8")
