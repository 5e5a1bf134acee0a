"""The **reconciliations** of a slice that mend something: by themselves, or because somebody acts on what they tell."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from handoffmap.witness.slices import landing
from handoffmap.witness.tables import ControlSpec, Sum, plain
from handoffmap.witness.waiting import settles_long_enough

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.model import Cell, Control, Topology
    from handoffmap.witness.numbering import Numbering

    NeverWrong = Callable[[Topology, Cell], bool]

__all__ = ["control_specs"]


def control_specs(numbering: Numbering, never_wrong: NeverWrong) -> tuple[ControlSpec, ...]:
    """The controls that mend something; `never_wrong` tells whether a cell of a map is always right."""
    found = [
        control for control in numbering.up.controls if _runs(control) and _comparable(numbering, control, never_wrong)
    ]
    return tuple(_control(numbering, index, control) for index, control in enumerate(found))


def _comparable(numbering: Numbering, control: Control, never_wrong: NeverWrong) -> bool:
    """Whether what it does makes sense to who does it: a person mends no cell by one of another scope."""
    if control.on_mismatch == "correct" or control.authority is None or control.mirror is None:
        return True
    if numbering.truths.expectation(control.authority) is None:
        return False  # nothing is expected of it, so nobody mends by it
    if numbering.truths.number_of(control.authority) != numbering.truths.number_of(control.mirror):
        return False
    one, other = (numbering.topology.systems[c.system].holds[c.quantity] for c in (control.authority, control.mirror))
    if (one.buffer or 0, one.statuses) != (other.buffer or 0, other.statuses):
        return False
    # By an authority that may be wrong itself nobody mends.
    return never_wrong(_without(numbering.topology, control), control.authority)


def _without(topology: Topology, control: Control) -> Topology:
    others = {name: each for name, each in (topology.controls or {}).items() if name != control.id}
    return topology._replace(controls=others)


def _control(numbering: Numbering, index: int, control: Control) -> ControlSpec:
    assert control.authority is not None  # noqa: S101 - `upstream` takes no other
    assert control.mirror is not None  # noqa: S101 - same
    corrected = control.corrects or control.mirror
    other = control.mirror if corrected == control.authority else control.authority
    landed, _ = landing(numbering.topology, *corrected)
    scale = Fraction(numbering.units.scale(*other)) / numbering.units.scale(*corrected)
    shown = numbering.shows(other)
    terms = tuple((cell, plain(factor * scale)) for cell, factor in shown.terms)
    cells = [cell for cell, _ in (*terms, *numbering.shows(corrected).terms)]
    return ControlSpec(
        number=index,
        id=control.id,
        reads=Sum(terms, plain(shown.constant * scale)),
        cell=numbering.number[landed],
        settles=settles_long_enough(numbering.topology, control) is True,
        acts=control.on_mismatch == "correct",
        recurs=control.survives_restart is not False,
        systems=frozenset({numbering.system[control.authority.system], numbering.system[control.mirror.system]}),
        touches=frozenset(cells),
    )


def _runs(control: Control) -> bool:
    """Whether a reconciliation mends anything: known interval, full scope, and somebody who acts."""
    if control.every is None or control.scope != "full" or control.measure == "totals":
        return False
    if control.on_mismatch == "correct":
        return True
    if control.survives_restart is False or control.corrects not in {None, control.mirror}:
        return False  # nobody counts on it, or knows which side to mend
    if control.authority is None or control.mirror is None or control.authority.quantity != control.mirror.quantity:
        return False  # nobody mends one quantity by another
    return control.on_mismatch in {"alert", "report"} and control.last_success_monitored is True
