"""Workers: what befalls one of them is told as if there were none, or told at all; nobody waits for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoffmap.errors import WorkerDied
from handoffmap.estate import crew
from handoffmap.estate.crew import SHARE, crew_size, share_out
from handoffmap.estate.means import Means, Own
from handoffmap.estate.record import Record
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from handoffmap.errors import HandoffmapError

CHECKOUT = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
MAPS = [Source(f"{number}.yaml", "handoffmap: 1\n") for number in range(5)]
PLUGIN = """\
import os, signal, sys, time
from handoffmap.own.found import Found, own_rule

@own_rule("HM950", severity="note")
def named(topology):
    '''A map has a name.'''
    print("said by a rule", flush=True)
    if topology.name == os.environ.get("VICTIM"):
        DEED
    yield Found(f"it is called {topology.name}", topology.place.at())
"""


def of_size(*sizes: int) -> list[Source]:
    return [Source(f"{number}.yaml", "x" * size) for number, size in enumerate(sizes)]


@pytest.mark.parametrize(
    "sizes, cores, asked, size",
    [
        ((SHARE, SHARE - 1), 8, None, 1),
        ((SHARE, SHARE), 8, None, 2),
        ((SHARE, SHARE), 1, None, 1),
        ((10 * SHARE,), 8, None, 1),
        ((SHARE,) * 100, 4, None, 4),
        ((SHARE,) * 100, 64, None, crew.MOST),
        ((1, 1, 1), 1, 2, 2),
        ((1, 1), 8, 9, 2),
        ((SHARE,) * 100, 8, 1, 1),
        ((), 8, None, 1),
    ],
)
def test_workers_are_as_many_as_pay_or_as_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, sizes: tuple[int, ...], cores: int, asked: int | None, size: int
) -> None:
    monkeypatch.setattr(crew, "_cores", lambda: cores)
    assert crew_size(of_size(*sizes), Means(workers=asked)) == size


@pytest.mark.parametrize(
    "grant, cores", [("max 100000", 64), ("150000 100000", 2), ("50000 100000", 1), ("9900000 100000", 64), ("?", 64)]
)
def test_a_container_starts_no_more_than_it_is_granted_time_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grant: str, cores: int
) -> None:
    (tmp_path / "cpu.max").write_text(f"{grant}\n", encoding="utf-8")
    monkeypatch.setattr(crew, "_GRANT", tmp_path / "cpu.max")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(64), raising=False)
    assert crew._cores() == cores


def test_a_program_packed_into_one_file_starts_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert crew_size(of_size(SHARE, SHARE), Means(workers=2)) == 1


def test_each_map_is_handed_over_once_and_large_ones_first() -> None:
    sources = of_size(5, 900, 10, 300, 20, 300)
    parts = list(crew._parts(sources, 2))
    order = [number for part in parts for number in part]
    assert sorted(order) == list(range(6))
    assert order[:3] == [1, 3, 5]


def answers_of(sources: list[Source], size: int, means: Means) -> list[Record | HandoffmapError | None]:
    answers: dict[int, Record | HandoffmapError | None] = {}
    share_out(sources, size, means, answers.__setitem__)
    return [answers[number] for number in sorted(answers)]


def test_every_map_has_its_answer() -> None:
    sources = [Source(f"{number}.yaml", f"handoffmap: 1\nname: n{number}\n" + "#" * number) for number in range(7)]
    answers = answers_of(sources, 2, Means())
    for source, answer in zip(sources, answers, strict=True):
        assert isinstance(answer, Record)
        assert f'"name":"n{source.name[0]}"'.encode() in answer.told


def test_where_no_process_can_be_started_nobody_has_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(crew, "_started", refuse)
    assert answers_of(MAPS, 2, Means()) == []


@POSIX
@pytest.mark.parametrize(
    "code, told",
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "was ended by signal 11 (SIGSEGV)"),
        ("import os; os._exit(7)", "has ended with code 7 before it was done"),
        ("pass", "has ended with code 0 before it was done"),
        ("import sys; sys.stdin.readline(); print('{\"sizes\": [9, 9]}x')", "has ended with code 0 before it was done"),
        ("import time; print('hello', flush=True); time.sleep(60)", "said what cannot be understood"),
    ],
)
def test_a_worker_that_ends_too_early_is_told_of(monkeypatch: pytest.MonkeyPatch, code: str, told: str) -> None:
    monkeypatch.setattr(crew, "_START", code)
    begin = time.monotonic()
    with pytest.raises(WorkerDied, match="run with --workers 1") as raised:
        answers_of(MAPS, 2, Means())
    assert told in str(raised.value)
    assert time.monotonic() - begin < 20


def test_a_worker_does_not_take_modules_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("yaml", "json", "click", "signal"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    assert all(isinstance(answer, Record) for answer in answers_of(MAPS, 2, Means()))


def test_rules_that_a_worker_cannot_load_are_its_answer() -> None:
    answers = answers_of(MAPS, 2, Means(own=Own(files=(Source("own.yaml", "rules: 7"),))))
    assert all("own.yaml" in str(answer) for answer in answers)


@pytest.fixture
def installed(estate: Path) -> Callable[[str], None]:
    """Install a plugin beside the maps, which does a deed to the map that is called like `$VICTIM`."""

    def install(deed: str) -> None:
        metadata = estate / "packages" / "own_rules-1.0.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: own-rules\nVersion: 1.0\n", encoding="utf-8")
        (metadata / "entry_points.txt").write_text("[handoffmap.rules]\nown = own_rules\n", encoding="utf-8")
        (estate / "packages" / "own_rules.py").write_text(PLUGIN.replace("DEED", deed), encoding="utf-8")

    return install


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join((str(CHECKOUT), "packages"))
    return subprocess.run(
        [sys.executable, "-m", "handoffmap", "check", "maps/shared.yaml", "maps/shared too.yaml", *arguments],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


VICTIM = "Of two teams, too"
PLAIN = ("--no-cache", "--workers", "1")
TWO = ("--no-cache", "--workers", "2")


@pytest.mark.parametrize("deed", ["raise RuntimeError('not today')", "yield 7", "raise SystemExit(0)", "1/0"])
def test_a_plugin_that_fails_in_a_worker_is_told_of_as_without_one(installed: Callable[[str], None], deed: str) -> None:
    installed(deed)
    plain, two = run(*PLAIN, VICTIM=VICTIM), run(*TWO, VICTIM=VICTIM)
    assert (two.returncode, two.stdout) == (2, "")
    assert "rule HM950 named" in two.stderr
    assert two.stderr.splitlines()[-1] == plain.stderr.splitlines()[-1]
    assert "Traceback" not in two.stderr


def test_a_plugin_is_asked_by_workers_and_nothing_is_kept_of_it(installed: Callable[[str], None]) -> None:
    installed("pass")
    plain, two = run(*PLAIN), run("--cache-dir", "kept", "--workers", "2")
    assert "it is called Of two teams" in two.stdout
    assert two.stdout == plain.stdout.replace("said by a rule\n", "")
    assert "said by a rule" in two.stderr
    assert two.returncode == plain.returncode
    assert not Path("kept").exists()
    run("--cache-dir", "kept", "--no-plugins")
    assert list(Path("kept").glob("*.record"))


@POSIX
def test_a_worker_that_dies_of_a_plugin_is_told_of(installed: Callable[[str], None]) -> None:
    installed("os.kill(os.getpid(), signal.SIGKILL)")
    two = run(*TWO, VICTIM=VICTIM)
    assert (two.returncode, two.stdout) == (2, "")
    assert "a worker was ended by signal 9 (SIGKILL); run with --workers 1" in two.stderr
    assert "Traceback" not in two.stderr


def test_what_crashes_in_a_worker_crashes_here_with_its_own_words(
    check: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("handoffmap.estate.many.share_out", lambda *_: None)
    monkeypatch.setattr("handoffmap.estate.judging.check_sources", crash)
    result = check("maps", *TWO)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "internal error: RecursionError: too deep; --debug" in result.stderr


def started() -> subprocess.Popen[str]:
    """A run with two workers, at the head of a process group of its own as under a shell."""
    command = [sys.executable, "-m", "handoffmap", "check", "maps/shared.yaml", "maps/shared too.yaml", *TWO]
    paths = os.pathsep.join((str(CHECKOUT), "packages"))
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": paths, "VICTIM": VICTIM},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def said_to_be_there(estate: Path) -> int:
    """The number of the worker that is busy with the plugin's deed, once it is."""
    there = estate / "there"
    end = time.monotonic() + 60
    while not (there.exists() and there.read_text("utf-8")) and time.monotonic() < end:
        time.sleep(0.05)
    return int(there.read_text("utf-8"))


def is_gone(process: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat")
            if state.exists() and state.read_text("utf-8").rpartition(")")[2].split()[0] == "Z":
                return True  # dead, and nobody has asked for its exit code
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


@POSIX
def test_workers_end_by_themselves_where_their_run_is_killed(installed: Callable[[str], None], estate: Path) -> None:
    installed("open('there', 'w').write(str(os.getpid())); time.sleep(2)")
    process = started()
    worker = said_to_be_there(estate)
    process.kill()
    process.communicate(timeout=30)
    assert is_gone(worker, 30)


@POSIX
def test_ctrl_c_ends_the_run_and_its_workers_with_a_word(installed: Callable[[str], None], estate: Path) -> None:
    installed("open('there', 'w').write(str(os.getpid())); time.sleep(60)")
    for _ in range(3):  # where the machine stands still for so long, the limit of the rule is reached first
        process = started()
        worker = said_to_be_there(estate)
        os.killpg(process.pid, signal.SIGINT)  # what a terminal does
        out, err = process.communicate(timeout=30)
        if "has not answered within 10 seconds" not in err:
            break
        (estate / "there").unlink()
    assert (process.returncode, out) == (2, "")
    assert err.splitlines()[-1] == "handoffmap: interrupted"
    assert "Traceback" not in err
    assert is_gone(worker, 5)
