"""The long run: `python -m tests.agreement.run --maps 20000 --seed N [--keep DIR] [--alone]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.agreement.alone import alone
from tests.agreement.compare import Invalid, compare
from tests.agreement.generator import generate, shape_of
from tests.agreement.shrink import shrunk

if TYPE_CHECKING:
    from handoffmap.model import Topology
    from tests.agreement.compare import Compared, Disagreement

COMPARED = frozenset({"HM504", "HM603", "HM604", "HM606", "HM609"})
"""Rules of the later groups that turn a verdict, too."""

__all__ = ["Tally", "main", "run"]

LIKE_NONE = frozenset({"not seen", "not by its own fault", "stays"})
"""Outcomes of a finding looked at alone that speak against it, against the model, or against what is taken as safe."""


class Tally:
    """What a run has covered."""

    def __init__(self) -> None:
        self.maps = 0
        self.cells = 0
        self.states = 0
        self.bounds = 0
        self.invalid: Counter[str] = Counter()
        self.covered: dict[str, Counter[str]] = {
            name: Counter()
            for name in ("rule", "op", "delivery", "trigger", "payload", "guard", "verdict", "class", "unknown facts")
        }
        self.alone: Counter[str] = Counter()
        self.unlike: list[str] = []
        """Findings that the model does not see alone, or that stay once they are made safe."""
        self.disagreeing: list[tuple[int, Disagreement, dict[str, Any]]] = []

    def add(self, number: int, found: dict[str, Any], compared: Compared) -> None:
        """Count one map."""
        self.maps += 1
        self.bounds += compared.bounds
        self._facts(compared.topology)
        for finding in compared.diagnosis.findings:
            if finding.code in COMPARED or "HM1" <= finding.code < "HM5":
                self.covered["rule"][f"{finding.code} {finding.slug} {finding.confidence}"] += 1
        for verdict in compared.diagnosis.verdicts:
            self.cells += 1
            self.covered["verdict"][verdict.verdict] += 1
            self.covered["class"][str(verdict.drift)] += verdict.verdict == "drifts"
        for proof in compared.proofs.values():
            self.states += proof.states
            self.covered["unknown facts"][str(len(proof.unknown))] += 1
        self.disagreeing.extend((number, each, found) for each in compared.disagreements)

    def _facts(self, topology: Topology) -> None:
        for path in topology.write_paths.values():
            for name in ("op", "delivery", "trigger", "payload", "guard"):
                self.covered[name][str(getattr(path, name))] += 1

    def hear_alone(self, number: int, found: dict[str, Any], compared: Compared) -> None:
        """Look at each finding of one map alone, where both roads agree on the map."""
        if compared.disagreements:
            return
        for each in alone(found, compared):
            self.alone[f"{each.slug} {each.outcome}"] += 1
            if each.outcome in LIKE_NONE:
                self.unlike.append(f"map {number}: {each.slug} of {each.path} at {each.cell}: {each.outcome}")

    def told(self) -> str:
        """All of it, as text."""
        lines = [
            (
                f"maps {self.maps}, cells {self.cells}, states {self.states}, bounds reached {self.bounds}, "
                f"refused by the reader {sum(self.invalid.values())}, disagreements {len(self.disagreeing)}"
            )
        ]
        for name, counts in self.covered.items():
            lines.append(f"{name}:")
            lines.extend(f"  {count:7} {what}" for what, count in sorted(counts.items()))
        lines.extend(f"refused {count}: {what}" for what, count in self.invalid.most_common())
        if self.alone:
            lines.append(f"findings looked at alone: {sum(self.alone.values())}")
            lines.extend(f"  {count:7} {slug}" for slug, count in sorted(self.alone.items()))
            lines.extend(f"ALONE {each}" for each in self.unlike)
        kinds = Counter(each.kind for _, each, _ in self.disagreeing)
        lines.extend(f"DISAGREE {count}: {kind}" for kind, count in kinds.most_common())
        return "\n".join(lines)


def run(
    seed: int, maps: int, *, first: int = 0, each_alone: bool = False, shapes: frozenset[str] | None = None
) -> Tally:
    """Generate and compare maps `first` to `first + maps - 1` of a series, those of some `shapes` only or all."""
    tally = Tally()
    for number in range(first, first + maps):
        if shapes is not None and shape_of(seed, number) not in shapes:
            continue
        found = generate(seed, number)
        try:
            compared = compare(found)
        except Invalid as refused:
            tally.invalid[str(refused)[:120]] += 1
            continue
        tally.add(number, found, compared)
        if each_alone:
            tally.hear_alone(number, found, compared)
    return tally


def _kept(tally: Tally, folder: Path | None, most: int) -> None:
    """Shrink the first few of each kind, print them, and write them down."""
    shown: Counter[str] = Counter()
    for number, each, found in tally.disagreeing:
        shown[each.kind] += 1
        if shown[each.kind] > most:
            continue
        small, last = shrunk(found, each)
        text = yaml.safe_dump(small, sort_keys=False)
        head = "\n".join(f"# {line}" for line in (f"map {number}: {last.cell} {last.kind}", *last.why))
        sys.stdout.write(f"{head}\n{text}\n")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number}-{last.cell}.yaml").write_text(f"{head}\n{text}", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 where both roads agree on every cell, 1 where they do not."""
    parser = argparse.ArgumentParser(description="Hold the rules against the witness model on random topologies.")
    parser.add_argument("--maps", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first map of the series")
    parser.add_argument("--keep", type=Path, help="a folder for shrunk disagreements")
    parser.add_argument("--most", type=int, default=3, help="disagreements of each kind that are shrunk and shown")
    parser.add_argument("--alone", action="store_true", help="look at each finding alone, too")
    parser.add_argument("--shape", action="append", help="look at maps of this shape only (may be given again)")
    given = parser.parse_args(arguments)
    began = time.perf_counter()
    shapes = frozenset(given.shape) if given.shape else None
    tally = run(given.seed, given.maps, first=given.first, each_alone=given.alone, shapes=shapes)
    sys.stdout.write(f"{tally.told()}\n")
    sys.stderr.write(f"{time.perf_counter() - began:.1f} s\n")
    _kept(tally, given.keep, given.most)
    return 1 if tally.disagreeing else 0


if __name__ == "__main__":
    sys.exit(main())
