"""What is **answered** about small maps as a whole: verdicts, findings, questions, premises; words and figures are not.

The model speaks of verdicts only. That the right rule speaks, as surely as it may, that the fact is asked for on which
it hangs, and that the premise is named which is broken, is held here: each map of the corpus is one on which some
clause of a rule decides one of these. A map comes in only where rules and model agree on all of its verdicts.

`HANDOFFMAP_WRITE_GOLDENS=1 pytest tests/agreement/test_answers.py` writes the answers anew.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from handoffmap.check import diagnose
from tests.agreement.compare import read
from tests.agreement.trials import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Topology

__all__ = ["COLLECTED", "SAID", "answers", "corpus", "trials"]

HERE = Path(__file__).parent
COLLECTED = HERE / "answers" / "maps.jsonl"
"""One map a line, by its name."""
SAID = HERE / "answers" / "said.json"
"""What is said of each."""

Facts = dict[str, Any]


def corpus() -> dict[str, Facts]:
    """Name -> map: the regressions, and those that were collected."""
    files = sorted((HERE / "regressions").glob("*.yaml"))
    written = {path.stem: yaml.safe_load(path.read_bytes()) for path in files if path.stem != "expected"}
    return written | collected()


def collected() -> dict[str, Facts]:
    """Name -> map, of those that were collected only."""
    lines = COLLECTED.read_text(encoding="utf-8").splitlines()
    return {entry["name"]: entry["map"] for entry in map(json.loads, lines)}


def answers(topology: Topology) -> dict[str, list[str]]:
    """What is said of a map, in an order of its own."""
    found = diagnose(topology)
    return {
        "verdicts": [
            " ".join(map(str, (each.cell, each.verdict, each.drift, each.window, *each.upstream)))
            for each in found.verdicts
        ],
        "findings": sorted(
            f"{each.slug} {each.subject} {each.confidence} {each.drift} {each.direction} {each.window}"
            for each in found.findings
            if each.premise
        ),
        "questions": sorted(each.id for each in found.questions),
        "premises": sorted(
            {
                f"{each.cell} {note.premise} {note.holds} {note.write_path or ''}".strip()
                for each in found.verdicts
                for note in each.premises
            }
        ),
    }


def trials() -> Iterator[Trial]:
    """One trial for each map of the corpus: that all is said of it that was said before."""
    for name, found in corpus().items():
        topology = read(found)
        yield Trial(f"answers to {name}", "answers", partial(_hold, topology, answers(topology)), found)


def _hold(topology: Topology, before: dict[str, list[str]]) -> None:
    assert answers(topology) == before
