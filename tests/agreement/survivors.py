"""The list of survivors: `python -m tests.agreement.survivors NAMES [--maps 2500] > tests/agreement/survivors.md`.

NAMES is a file with the names of mutants that nothing notices, one a line. Each gets the reason that can be found
mechanically: the type checker refuses it, or what it changes on maps that come to its place.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

from tests.agreement import trials
from tests.agreement.compare import read
from tests.agreement.guards import refused_by_types
from tests.agreement.mutations import all_mutants, modules
from tests.agreement.probing import Seen
from tests.agreement.shades import shade_of

__all__ = ["main"]

REASONS = {
    "types": (
        "Refused by the type checker",
        "`mypy --strict` does not let the change pass: the clause keeps None out, or a kind that has no such fact.",
    ),
    "told": (
        "Told, and not judged",
        "On all maps that come there only words, windows, places or figures change: it is no predicate of a verdict.",
    ),
    "premises": (
        "Which premise is named",
        "Verdicts, findings and questions stay; only which premise is named as held, broken or open changes.",
    ),
    "asked": ("Open: what is asked", "Verdicts and findings stay, and other questions are asked: no test minds which."),
    "finding": (
        "Open: which finding speaks",
        "The verdicts stay, and another rule speaks, or speaks more or less surely: no test minds it on these maps.",
    ),
    "verdict": (
        "Open: a verdict",
        "A verdict changes, or the judging fails, on a map that was no trial or that the model leaves open.",
    ),
    "nothing": (
        "Open: no difference seen",
        "Its condition takes another value on some maps, and nothing said of them changes: a short cut or a twin.",
    ),
    "unseen": (
        "Open: no map seen",
        "No map drawn here comes to its place with another value: a case is missing, or the clause is one too many.",
    ),
}


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="List the mutants that nothing notices, each with a reason.")
    parser.add_argument("names", type=Path)
    parser.add_argument("--maps", type=int, default=2_500, help="random maps, and as many of each kind of neighbours")
    parser.add_argument("--most", type=int, default=40, help="maps that are looked at for one mutant")
    parser.add_argument("--seed", type=int, default=31)
    given = parser.parse_args(arguments)
    names = set(given.names.read_text(encoding="utf-8").splitlines())
    mutants = [mutant for mutant in all_mutants() if mutant.name in names]
    refused = refused_by_types(mutants)
    drawn = trials.drafts(trials.Drafts(given.seed, given.maps, given.maps), written=True)
    left = [mutant for mutant in mutants if mutant.name not in refused]
    seen = Seen(modules(), left, drawn, given.most)
    by: dict[str, list[str]] = defaultdict(list)
    by["types"] = sorted(refused)
    for number, mutant in enumerate(left):
        by[shade_of(mutant, (read(trial.found) for trial in seen.trials[number] if trial.found))].append(mutant.name)
    for shade, (heading, reason) in REASONS.items():
        if by[shade]:
            listed = "\n".join(f"- {name}" for name in sorted(by[shade]))
            sys.stdout.write(f"\n## {heading} ({len(by[shade])})\n\n{reason}\n\n{listed}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
