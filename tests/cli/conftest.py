"""The command line run in this process on judgements made by hand, and as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from click.testing import CliRunner

from handoffmap.cli import main
from handoffmap.diagnosis import Diagnosis, Report
from handoffmap.finding import Finding, Subject
from handoffmap.text.source import Location, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click.testing import Result

    Run = Callable[..., Result]

CHECKOUT = Path(__file__).parents[2]


COSTS = SimpleNamespace(mode="benchmark", label="", total=None, benchmark=None, unexplained=None)


def a_finding(severity: str, confidence: str = "confirmed") -> Finding:
    return Finding(
        code="HM201",
        slug="duplicate-delivery",
        severity=cast("Any", severity),
        confidence=cast("Any", confidence),
        drift=None,
        message="taken off twice",
        subject=Subject(write_path="order-to-wms"),
        location=Location("map.yaml", 1, 1, 1, 11),
        fingerprint=f"{severity}-{confidence}",
    )


def a_diagnosis(file: str, *findings: Finding) -> Diagnosis:
    return Diagnosis(
        file=file,
        topology=cast("Any", SimpleNamespace(name=None, waivers=(), laid_over=(), sources=())),
        graph=cast("Any", None),
        verdicts=(),
        findings=findings,
        questions=(),
        coverage=(),
        gaps=(),
        costs=cast("Any", COSTS),
        scorecard=(),
        shares={},
    )


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let every check of this test come out as told: findings of one file, broken files, files skipped."""

    def prepare(
        *findings: Finding,
        invalid: bool = False,
        files: Sequence[str] = ("map.yaml",),
        skipped: int = 0,
        crash: BaseException | None = None,
    ) -> None:
        def check_paths(paths: Sequence[str], **_given: object) -> Report:
            if crash is not None:
                raise crash
            broken = (("bad.yaml", (a_finding("error")._replace(code="HM001", slug="syntax"),)),)
            return Report(
                diagnoses=tuple(a_diagnosis(file, *findings) for file in files),
                invalid=broken if invalid else (),
                skipped=skipped,
                sources={file: Source(file, "handoffmap: 1\n", Path(file)) for file in files},
            )

        stub = ModuleType("handoffmap.check")
        stub.check_paths = check_paths  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "handoffmap.check", stub)

    return prepare


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*args: str, **extra: Any) -> Result:
        return CliRunner().invoke(main, args, **extra)

    return invoke


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """The command line as a process, in an empty folder; keywords are those of `subprocess.run`."""

    def start(*args: str, **extra: Any) -> subprocess.CompletedProcess[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.endswith("_COLOR")}
        environment |= {"PYTHONPATH": str(CHECKOUT)} | extra.pop("env", {})
        options: dict[str, Any] = {
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "cwd": tmp_path,
        } | extra
        command = [sys.executable, "-m", "handoffmap", *args]
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            command, env=environment, check=False, timeout=60, **options
        )
        return done

    return start


@pytest.fixture
def finding() -> Callable[..., Finding]:
    return a_finding
