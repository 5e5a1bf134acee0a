"""What a mutant that nothing notices changes at all, told mechanically: so that a survivor is not named by opinion.

| shade | what changes on the maps that come to its place |
|---|---|
| `verdict` | a verdict, but where the model does not bear out the rules as they are |
| `finding` | which rule speaks, of what, how surely; the verdicts stay |
| `asked` | which questions are asked |
| `premises` | which premise is named as held, broken or open |
| `told` | words, windows, places and figures |
| `nothing` | nothing |
| `unseen` | no map comes to its place with another value |
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from handoffmap.check import diagnose
from handoffmap.diagnosis import Report
from handoffmap.telling.json_v1 import render_json
from tests.agreement.grafting import graft

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.model import Topology
    from tests.agreement.mutants import Mutant

__all__ = ["SHADES", "shade_of"]

SHADES = ("verdict", "finding", "asked", "premises", "told", "nothing", "unseen")


def shade_of(mutant: Mutant, maps: Iterable[Topology]) -> str:
    """The first of the shades that any of the maps shows."""
    before = [(topology, _said(topology)) for topology in maps]
    if not before:
        return "unseen"
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - in the fork
        os.close(reading)
        try:
            graft(mutant)
            shades = (_first_difference(said, _said(topology)) for topology, said in before)
            os.write(writing, b"%d" % min(shades))
        finally:  # what raises tells nothing, which is read as the first of them
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as answer:
        return SHADES[int(answer.read() or 0)]


def _first_difference(one: tuple[object, ...], other: tuple[object, ...]) -> int:
    return next((place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]), len(one))


def _said(topology: Topology) -> tuple[object, ...]:
    """What is said of a map, from what counts most to what counts least."""
    found = diagnose(topology)
    return (
        {each.cell: (each.verdict, each.drift) for each in found.verdicts},
        {(each.slug, each.subject, each.confidence, each.drift) for each in found.findings},
        {each.id for each in found.questions},
        {(each.cell, note.premise, note.holds, note.write_path) for each in found.verdicts for note in each.premises},
        (render_json(Report((found,), (), 0, {})), tuple(found.coverage)),
    )
