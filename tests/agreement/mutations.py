"""The mutation run: `python -m tests.agreement.mutations [--sample 0.05] [--module NAME] [--maps 1500]`.

Every rule whose findings turn a verdict, and the premises that rules share, are changed in one small place at a time
(`mutants` says how), and each change has to be noticed: by a verdict on which rules and model had agreed, on random
maps and on the regressions, by what is answered about the maps of the corpus, by what the tests expect of the rules and
of the cases that were reasoned out, or by the type checker, which is asked last.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from handoffmap import premises, verdicts
from tests.agreement import answers, trials
from tests.agreement.guards import refused_by_types
from tests.agreement.hunting import Hunt
from tests.agreement.mutants import OPERATORS, mutants_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import ModuleType

    from tests.agreement.grafting import Outcome
    from tests.agreement.mutants import Mutant

__all__ = ["PREMISES", "RULES", "main"]

TELLING = frozenset({"assessed", "claim", "conclusions", "once", "phrases"})
"""Modules of premises and verdicts that put together or into words what others find out."""
PREMISES = tuple(
    f"{package.__name__.removeprefix('handoffmap.')}.{found.name}"
    for package in (premises, verdicts)
    for found in pkgutil.iter_modules(package.__path__)
    if found.name not in TELLING
)
RULES = (
    "multiple_writers", "ungated_write", "manual_override", "set_on_derived", "authority_overwritten",
    "duplicate_delivery", "duplicate_route", "lost_delivery", "dual_write", "reordered_state", "reordered_lifecycle",
    "lost_update", "snapshot_over_in_flight", "set_adjust_mix", "echo_loop", "dedupe_key_too_coarse",
    "dedupe_key_unstable", "dedupe_window_short", "replay_double_count", "blind_overwrite", "clamp_at_zero",
    "stale_write_back", "ack_before_commit", "count_while_moving", "read_before_commit", "refused_delta",
    "unmapped_field", "quantity_mismatch", "unit_mismatch", "item_key_mismatch", "location_mismatch", "null_as_zero",
    "operation_mismatch", "precision_loss", "kit_not_exploded", "status_collapse", "buffer_misuse",
    "double_reservation", "unsynchronized", "trigger_gap", "missing_compensation", "double_compensation",
    "shipment_gap", "count_gap", "reservation_leak", "derived_not_recomputed", "disabled_path",
    "lifecycle_guard_missing", "transfer_limbo", "reconciles_wrong_way", "poll_window_gap", "watermark_defect",
    "unwatched_dead_letter", "subscription_lapse",
)  # fmt: skip
"""Rules that turn a verdict, by their files."""

TOLD_ONLY = frozenset(
    {
        ("silence", "_read_names"), ("cells", "Case.changes"), ("conflict", "_doubts_about"),
        ("inherited", "_standing"), ("silence", "_doubts"), ("conflict", "_unsaid"),
        ("heal", "unsaid_of_whole"), ("unit_mismatch", "_unit_asks"), ("lost_delivery", "unsaid_of_runs"),
        ("reach", "_dropped_field"), ("cells", "Handoff.kind"), ("streams", "kind_of"), ("streams", "_about_kits"),
    }
)  # fmt: skip
"""Functions that put words or questions together."""


def modules(names: Iterable[str] = ()) -> list[ModuleType]:
    """The modules that are changed: all of them, or those of these names."""
    wanted = set(names)
    found = [f"handoffmap.{name}" for name in PREMISES] + [f"handoffmap.rules.{name}" for name in RULES]
    return [importlib.import_module(each) for each in found if not wanted or each.rpartition(".")[2] in wanted]


def all_mutants(names: Iterable[str] = (), share: float = 1.0) -> Iterator[Mutant]:
    """The mutants of these modules; of a share, those that their names draw."""
    for module in modules(names):
        for mutant in mutants_of(module):
            told_only = (module.__name__.rpartition(".")[2], ".".join(mutant.where)) in TOLD_ONLY
            if not told_only and crc32(mutant.name.encode()) < share * 2**32:
                yield mutant


def told(found: Sequence[Outcome]) -> str:
    """The figures, and every survivor by its name."""
    lines: list[str] = []
    mutants, killed = Counter[str](), Counter[str]()
    for each in found:
        module = each.mutant.module.removeprefix("handoffmap.")
        mutants[module] += 1
        killed[module] += each.killed_by is not None
    lines.extend(f"  {killed[name]:5} of {mutants[name]:5} killed in {name}" for name in mutants)
    for operator in OPERATORS:
        made = [each for each in found if each.mutant.operator == operator]
        noticed = sum(each.killed_by is not None for each in made)
        lines.append(f"  {noticed:5} of {len(made):5} killed of those that {operator}")
    by = Counter(each.kind for each in found if each.killed_by is not None)
    endless = [each.mutant.name for each in found if each.endless]
    lines.extend(f"ENDLESS {name}" for name in endless)
    lines.extend(
        f"SURVIVES {each.mutant.name} (lines {min(each.mutant.lines)}; {each.looked_at} trials)"
        for each in found
        if each.killed_by is None
    )
    total = sum(killed.values())
    share = 100 * total / max(len(found), 1)
    lines.append(f"{total} of {len(found)} mutants killed ({share:.1f} %), by {dict(by)}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 where at least 95 % are killed."""
    parser = argparse.ArgumentParser(description="Change the rules in one place at a time, and see that it is noticed.")
    parser.add_argument("--maps", type=int, default=1_500, help="random maps for all mutants")
    parser.add_argument("--neighbours", type=int, default=3_000, help="neighbours of the maps written by hand")
    parser.add_argument("--more", type=int, default=20_000, help="maps, and neighbours, for those that survive these")
    parser.add_argument("--near", type=int, default=250, help="neighbours of what comes to the place of one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=float, default=1.0, help="share of the mutants")
    parser.add_argument("--module", action="append", default=[], help="mutants of this module only; may be given again")
    parser.add_argument("--only", type=Path, help="a file with the names of mutants, one a line: no others are tried")
    parser.add_argument("--again", type=Path, help="error output of an earlier run: its killers go first")
    parser.add_argument("--no-types", dest="types", action="store_false", help="do not ask the type checker")
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args(arguments)
    began = time.perf_counter()
    names = set(given.only.read_text(encoding="utf-8").splitlines()) if given.only else None
    mutants = [each for each in all_mutants(given.module, given.sample) if names is None or each.name in names]
    hunt = Hunt(modules(), mutants, processes=given.processes)
    held = list(answers.trials())
    tables = [*held, *trials.tables()]
    if given.again:
        hunt.again(_killers(given.again), tables)
    hunt.among(held, len(held), most=40)
    drafts = list(trials.drafts(trials.Drafts(given.seed, given.maps, given.neighbours), written=True))
    random.Random(given.seed).shuffle(drafts)  # noqa: S311 - a test's choices, no secret
    hunt.among(drafts, len(drafts) // 3)
    hunt.among(tables, len(tables), most=60)
    direct = list(trials.tables(trials.DIRECT))  # so many come to a place that sixty of them are no fair draw
    hunt.among(direct, len(direct), most=len(direct))
    hunt.among(held, len(held), most=len(held))  # those that come to the place often, one after another
    hunt.among(trials.drafts(trials.Drafts(given.seed + 1, given.more, given.more)), 5_000, most=60)
    hunt.beside(given.near)
    left = [each.mutant for each in hunt.found if each.killed_by is None]
    refused = refused_by_types(left) if given.types else set()
    found = [
        each._replace(killed_by="mypy --strict", kind="types") if each.mutant.name in refused else each
        for each in hunt.found
    ]
    sys.stdout.write(f"{told(found)}\n")
    sys.stderr.write(f"{time.perf_counter() - began:.0f} s\n")
    return 0 if sum(each.killed_by is not None for each in found) >= 0.95 * len(mutants) else 1


def _killers(file: Path) -> dict[str, str]:
    """Mutant -> what killed it, by their names."""
    lines = [line.partition("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    return {mutant: killer for killer, tab, mutant in lines if tab and killer != "-"}


if __name__ == "__main__":
    sys.exit(main())
