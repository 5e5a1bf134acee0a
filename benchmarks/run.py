"""Measures handoffmap against floors taken on the same machine, and prints ratios.

A millisecond says little on a shared machine; a ratio to `import click`, or to reading the same bytes with
PyYAML's C parser and throwing them away, says the same everywhere. Each pair is measured in turn, several
times, and the median of the ratios is told beside its bound. The package is compiled first, as pip compiles what it
installs.

    python -m benchmarks.run
        start-up, and maps of up to 5,000 write paths: about a minute
    python -m benchmarks.run --sizes 10000 100000 --growth 10000 100000
        the long run, some minutes
    python -m benchmarks.run --skip-start --sizes 1000 5000 --shape star
        the hostile shape: every spoke's orders go to every other spoke
    python -m benchmarks.run --skip-start --sizes --no-growth --skip-prove --maps 500
        an estate: one run over many maps against single runs, two workers against one, a warm cache against a cold one

Needs a POSIX system (peak memory is read from `wait4`). Exit code 1 with `--enforce` if a bound is broken.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from benchmarks.generate import Pools, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROOT = Path(__file__).resolve().parents[1]
_CHECK = [sys.executable, "-m", "handoffmap", "check"]
_DRAIN = """
import sys, yaml
with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
for event in yaml.parse(text, Loader=yaml.CLoader):
    pass
"""
_DRAIN_ALL = """
import sys, time, yaml
start, cpu = time.perf_counter(), time.process_time()
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for event in yaml.parse(text, Loader=yaml.CLoader):
        pass
print(time.perf_counter() - start, time.process_time() - cpu)
"""
# In one process, imports aside: `check` runs once on a small map first, which loads what it loads.
_GROWTH = """
import gc, os, sys, time, yaml
from handoffmap.cli import main
small, large, warm = sys.argv[1:4]
log = os.dup(1)
def check(path):
    os.dup2(os.open(path + ".txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    start = time.perf_counter()
    try:
        main(["check", path])
    except SystemExit as stop:
        if stop.code not in (0, 1):
            raise
    sys.stdout.flush()
    return time.perf_counter() - start
def drain(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    start = time.perf_counter()
    for event in yaml.parse(text, Loader=yaml.CLoader):
        pass
    return time.perf_counter() - start
check(warm)
took = []
for path in (small, large):
    for measure in (check, drain):
        gc.collect()
        took.append(measure(path))
os.write(log, " ".join(map(repr, took)).encode())
"""
# In one process, imports aside: both commands on the bundled map with the most write paths, by turns.
_PROVE = """
import gc, os, sys, time
from handoffmap.check import check_paths
from handoffmap.cli import main
from handoffmap.prove import prove
rounds, *files = sys.argv[1:]
log = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
def timed(command, path):
    gc.collect()
    start = time.perf_counter()
    try:
        main([command, path])
    except SystemExit as stop:
        if stop.code not in (0, 1):
            raise
    sys.stdout.flush()
    return time.perf_counter() - start
sizes = {path: len(check_paths([path]).diagnoses[0].topology.write_paths) for path in files}
largest = max(files, key=lambda path: (sizes[path], path))
for command in ("check", "prove"):
    timed(command, min(files, key=sizes.get))
for _ in range(int(rounds)):
    took = timed("check", largest), timed("prove", largest)
    diagnosis = check_paths([largest]).diagnoses[0]
    gc.collect()
    start = time.perf_counter()
    work = prove(diagnosis).work
    speed = work.states / (time.perf_counter() - start)
    os.write(log, (" ".join(map(repr, (*took, speed))) + "\\n").encode())
os.write(log, f"{os.path.basename(largest)} {work.slices} {work.states} {work.median} {work.p99}".encode())
"""


@dataclass(slots=True, frozen=True)
class _Run:
    seconds: float
    megabytes: float  # peak resident memory, of the greediest process
    cpu: float  # seconds of all processes


@dataclass(slots=True)
class _Bounds:
    """Tells figures beside their bounds, and remembers whether one was broken."""

    broken: int = 0

    def tell(self, what: str, figure: float, bound: float | None, detail: str = "", unit: str = "x") -> None:
        verdict = ""
        if bound is not None:
            verdict = f"at most {bound:g}{unit}: {'ok' if figure <= bound else 'BROKEN'}"
            self.broken += figure > bound
        print(f"{what:<46} {figure:>8.2f}{unit:<3} {verdict:<22} {detail}", flush=True)


def main() -> int:
    """Run what the options ask for; 1 if a bound was broken and `--enforce` was given."""
    given = _options()
    _compile()
    bounds = _Bounds()
    with tempfile.TemporaryDirectory(prefix="handoffmap-bench-") as scratch:
        folder = Path(scratch) if given.keep is None else given.keep
        folder.mkdir(parents=True, exist_ok=True)

        def topology(paths: int) -> Path:
            return _topology(folder, paths, given.pools, given.shape, given.seed)

        if not given.skip_start:
            _start_up(bounds, given.start_rounds)
        for paths in given.sizes:
            _size(bounds, topology(paths), paths, given.rounds if paths > 1000 else max(given.rounds, 5))
        if not given.skip_prove:
            _prove(bounds, max(given.rounds, 5))
        if given.growth:
            small, large = given.growth
            _growth(bounds, topology(small), topology(large), topology(10), given.growth, given.rounds)
        if given.maps:
            _many(bounds, folder, given)
    if bounds.broken:
        print(f"{bounds.broken} bound(s) broken")
    return 1 if bounds.broken and given.enforce else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[10, 100, 1000, 5000], metavar="PATHS")
    parser.add_argument(
        "--growth",
        type=int,
        nargs=2,
        default=[500, 5000],
        metavar=("SMALL", "LARGE"),
        help="time per path of LARGE against SMALL in one process",
    )
    parser.add_argument("--no-growth", dest="growth", action="store_const", const=None)
    parser.add_argument("--rounds", type=int, default=3, help="pairs per size (small ones: at least 5)")
    parser.add_argument("--start-rounds", type=int, default=11, help="pairs measured for start-up")
    parser.add_argument("--skip-start", action="store_true", help="leave start-up out")
    parser.add_argument("--skip-prove", action="store_true", help="leave `prove` out")
    parser.add_argument("--maps", type=int, metavar="N", help="one run over N maps of 100 paths, in several ways")
    parser.add_argument("--sample", type=int, default=25, metavar="N", help="of those maps, so many are run one by one")
    parser.add_argument("--pools", choices=get_args(Pools), default="own")
    parser.add_argument("--shape", choices=get_args(Shape), default="estate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave topologies and outputs there")
    parser.add_argument("--enforce", action="store_true", help="exit 1 if a bound is broken")
    return parser.parse_args()


def _compile() -> None:
    """Write the bytecode, as an installation does: where Python may write none, each start would compile anew."""
    compileall.compile_dir(str(_ROOT / "handoffmap"), quiet=1)


def _start_up(bounds: _Bounds, rounds: int) -> None:
    help_page = [sys.executable, "-m", "handoffmap", "--help"]
    click = [sys.executable, "-c", "import click"]
    runs = _interleaved([lambda: _run(help_page), lambda: _run(click)], rounds)
    bounds.tell("--help / import click", _ratio(runs), 1.5, _words(runs))
    example = [*_CHECK, str(_ROOT / "topologies" / "three_handoffs.yaml")]
    imports = [sys.executable, "-c", "import click, yaml, networkx"]
    runs = _interleaved([lambda: _run(example), lambda: _run(imports)], rounds)
    bounds.tell("check three_handoffs / its imports", _ratio(runs), 1.3, _words(runs))


def _many(bounds: _Bounds, folder: Path, given: argparse.Namespace) -> None:
    """One run over a folder of maps: one by one, by workers, and with what an earlier run has kept."""
    estate = folder / "estate"
    estate.mkdir(exist_ok=True)
    files = [_topology(estate, 100, given.pools, given.shape, seed) for seed in range(1, given.maps + 1)]
    sample = files[:: max(1, len(files) // given.sample)]
    many = [*_CHECK, str(estate)]
    kept = folder / "kept"

    def cold() -> _Run:
        shutil.rmtree(kept, ignore_errors=True)
        return _run([*many, "--workers", "1", "--cache-dir", str(kept)], folder / "cold.txt")

    def one_by_one() -> _Run:
        runs = [_run([*_CHECK, str(file)], folder / "one.txt") for file in sample]
        times = [sum(getattr(run, name) for run in runs) * len(files) / len(sample) for name in ("seconds", "cpu")]
        return _Run(times[0], max(run.megabytes for run in runs), times[1])

    def drain() -> _Run:
        done = subprocess.run(
            [sys.executable, "-c", _DRAIN_ALL, *map(str, files)], capture_output=True, text=True, check=True
        )
        seconds, cpu = map(float, done.stdout.split())
        return _Run(seconds, 0.0, cpu)

    measures = {
        "one": lambda: _run([*many, "--workers", "1", "--no-cache"], folder / "plain.txt"),
        "two": lambda: _run([*many, "--workers", "2", "--no-cache"], folder / "two.txt"),
        "cold": cold,
        "warm": lambda: _run([*many, "--workers", "1", "--cache-dir", str(kept)], folder / "warm.txt"),
        "one by one": one_by_one,
        "drain": drain,
    }
    runs = dict(zip(measures, _interleaved(list(measures.values()), given.rounds), strict=True))
    for mine, other, bound in (
        ("one", "one by one", 0.6),
        ("one", "drain", None),
        ("two", "one", 1.4),
        ("cold", "one", 1.25),
        ("warm", "cold", 0.35),
        ("warm", "drain", None),
    ):
        pair = [runs[mine], runs[other]]
        # Processor time is what other people's work leaves alone; what workers are for is the time on the wall.
        cpu = statistics.median(run.cpu / floor.cpu for run, floor in zip(*pair, strict=True))
        detail = f"time on the wall {_ratio(pair):.2f}x, {_words(pair)}"
        judged = bound if given.maps >= 200 else None  # below, start-up is most of it
        bounds.tell(f"{given.maps:,} maps: {mine} / {other}, processor time", cpu, judged, detail)
    for name in ("one", "two", "warm"):
        bounds.tell(f"{given.maps:,} maps: {name}, peak memory", max(r.megabytes for r in runs[name]), None, unit="MB")
    told = {(folder / f"{name}.txt").read_bytes() for name in ("plain", "two", "cold", "warm")}
    same = "the same bytes each time" if len(told) == 1 else "BYTES DIFFER"
    print(f"{given.maps:,} maps: {len(sample)} of them were run one by one, which stands for all; {same}")
    bounds.broken += len(told) > 1


def _size(bounds: _Bounds, file: Path, paths: int, rounds: int) -> None:
    out = file.with_suffix(".txt")
    drain = [sys.executable, "-c", _DRAIN, str(file)]
    runs = _interleaved([lambda: _run([*_CHECK, str(file)], out), lambda: _run(drain)], rounds)
    # Start-up is most of a small map's time and is judged above; the bound is for maps where reading weighs.
    bound = 4.0 if paths >= 100_000 else None
    detail = f"{_words(runs)}, {out.stat().st_size / 1e6:.1f} MB of text, {_verdicts(file, paths)}"
    bounds.tell(f"check {paths:,} paths / drain of its YAML", _ratio(runs), bound, detail)
    peak = max(run.megabytes for run in runs[0])
    bound = 2000.0 if paths >= 100_000 else 200.0 if paths <= 5000 else None
    bounds.tell(f"check {paths:,} paths, peak memory", peak, bound, unit="MB")


def _growth(bounds: _Bounds, small: Path, large: Path, warm: Path, sizes: Sequence[int], rounds: int) -> None:
    """Time per path at the large size over that at the small one, relative to the drain's own growth."""
    ratios, ours, floors = [], [], []
    for _ in range(rounds):
        command = [sys.executable, "-c", _GROWTH, str(small), str(large), str(warm)]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
        check_small, drain_small, check_large, drain_large = map(float, done.stdout.split())
        ours.append(check_large / check_small * sizes[0] / sizes[1])
        floors.append(drain_large / drain_small * sizes[0] / sizes[1])
        ratios.append(ours[-1] / floors[-1])
    detail = f"check {statistics.median(ours):.2f}, drain {statistics.median(floors):.2f}"
    what = f"time per path, {sizes[1]:,} / {sizes[0]:,} paths"
    bounds.tell(what, statistics.median(ratios), 1.3, detail)


def _prove(bounds: _Bounds, rounds: int) -> None:
    """`prove` against `check` of the same map, and what the search looks at in a second."""
    files = sorted(map(str, (_ROOT / "topologies").glob("*.yaml")))
    command = [sys.executable, "-c", _PROVE, str(rounds), *files]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    *lines, told = done.stdout.splitlines()
    figures = [tuple(map(float, line.split())) for line in lines]
    name, slices, states, median, p99 = told.split()
    check, prove, speed = (statistics.median(column) for column in zip(*figures, strict=True))
    detail = f"{prove * 1000:,.0f} ms / {check * 1000:,.0f} ms, {name}"
    ratio = statistics.median(prove / check for check, prove, _ in figures)
    bounds.tell("prove / check, largest bundled map", ratio, 5.0, detail)
    detail = f"{slices} slices, {states} states, {speed:,.0f} states a second"
    bounds.tell("prove, states of a slice, median", float(median), 300.0, detail, unit="")
    bounds.tell("prove, states of a slice, 99th percentile", float(p99), 5000.0, unit="")


def _verdicts(file: Path, paths: int) -> str:
    """What share of the cells drifts: a benchmark of a map without findings would measure nothing."""
    if paths > 5000:
        return "verdicts not counted"
    command = [*_CHECK, str(file), "--output-format", "json"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, check=False)
    (told,) = json.loads(done.stdout)["topologies"]
    verdicts = [cell["verdict"] for cell in told["verdicts"]]
    counts = ((word, verdicts.count(word)) for word in ("converges", "drifts", "undetermined"))
    return " ".join(f"{word} {count / max(len(verdicts), 1):.0%}" for word, count in counts)


# ── measuring ─────────────────────────────────────────────────────────────────────────────────────


def _interleaved(measures: Sequence[Callable[[], _Run]], rounds: int) -> list[list[_Run]]:
    """Each measure in turn, `rounds` times, after one round that only warms the caches."""
    runs: list[list[_Run]] = [[] for _ in measures]
    for number in range(rounds + 1):
        for measure, kept in zip(measures, runs, strict=True):
            run = measure()
            if number:
                kept.append(run)
    return runs


def _run(command: list[str], out: Path | None = None) -> _Run:
    """One process, its output to a file or to nowhere. Raises if it neither passed nor found something."""
    with Path(out or os.devnull).open("wb") as target, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=target, stderr=errors, cwd=_ROOT)
        # wait4 rather than wait: it tells this child's peak memory, not that of the greediest child so far.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        code = process.returncode = os.waitstatus_to_exitcode(status)
        if code not in (0, 1) or (code == 1 and command[: len(_CHECK)] != _CHECK):
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)} exited {code}:\n{errors.read().decode(errors='replace')}")
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return _Run(seconds, usage.ru_maxrss / unit, usage.ru_utime + usage.ru_stime)


def _ratio(runs: list[list[_Run]]) -> float:
    ours, floors = runs
    return statistics.median(our.seconds / floor.seconds for our, floor in zip(ours, floors, strict=True))


def _words(runs: list[list[_Run]]) -> str:
    ours, floor = (statistics.median(run.seconds for run in kept) for kept in runs)
    return f"{ours * 1000:,.0f} ms / {floor * 1000:,.0f} ms"


def _topology(folder: Path, paths: int, pools: Pools, shape: Shape, seed: int) -> Path:
    """A generated file, made once. By a process of its own: a child's peak memory starts at its parent's."""
    file = folder / f"{shape}-{pools}-{seed}-{paths}.yaml"
    if not file.exists():
        command = [sys.executable, "-m", "benchmarks.generate", str(paths), "--output", str(file)]
        command += ["--pools", pools, "--shape", shape, "--seed", str(seed)]
        subprocess.run(command, cwd=_ROOT, check=True)
    return file


if __name__ == "__main__":
    sys.exit(main())
