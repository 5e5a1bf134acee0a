"""`check --watch`: a run, and another one after a change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from handoffmap.cli.watching import watching
from handoffmap.diagnosis import Report
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_it_runs_again_when_a_file_has_changed_and_not_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("one", encoding="utf-8")
    report = Report((), (), 0, {"map.yaml": Source("map.yaml", "one", path)})
    waited, codes = [], iter([1, 0])

    def wait(_seconds: float) -> None:
        waited.append(1)
        if len(waited) == 3:
            path.write_text("another", encoding="utf-8")
            os.utime(path, ns=(1, 1))

    assert watching(lambda: (report, next(codes)), wait, rounds=2) == 0
    assert len(waited) == 3
    assert "watching 1 file; Ctrl-C ends it" in capsys.readouterr().err


def test_ctrl_c_ends_it_with_the_last_exit_code(tmp_path: Path) -> None:
    def wait(_seconds: float) -> None:
        raise KeyboardInterrupt

    assert watching(lambda: (Report((), (), 0, {}), 1), wait) == 1
