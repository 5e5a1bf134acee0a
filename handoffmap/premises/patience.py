"""How long a correction **waits**: a difference that is only lag must be over before anything is written.

A correction acts rightly when nothing is under way to either of its cells, which takes as long as their longest ways.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.cells import written_from
from handoffmap.premises.claim import Ask
from handoffmap.premises.lag import at_least, window_of

if TYPE_CHECKING:
    from handoffmap.model import Cell, Control
    from handoffmap.premises.cells import Case

__all__ = ["moves_with", "unsaid_of", "unsaid_of_waiting", "waits", "waits_long_enough"]


def waits(case: Case, control: Control) -> bool | None:
    """Whether a correction acts only when nothing is under way to either cell; None: nobody has said."""
    source = written_from(control)
    windows = [window_of(cell, case.survey) for cell in (case.cell, source) if cell is not None]
    if control.settle is None:
        return None
    if not control.settle or any(window is not None and control.settle < window for window in windows):
        return False
    if control.settle < at_least(case):
        return False
    return None if None in windows else True


def waits_long_enough(case: Case, control: Control) -> bool:
    """Whether it certainly does."""
    return waits(case, control) is True


def unsaid_of_waiting(case: Case, control: Control) -> tuple[Ask, ...]:
    """The facts on which it hangs whether a correction waits long enough."""
    if control.settle is None:
        return (Ask("control", control.id, "settle"),)
    asks = tuple(Ask("path", path.id, "latency") for _, path in sorted(case.deltas.items()) if path.latency is None)
    return asks or _unmapped(case, written_from(control)) or (Ask("control", control.id, "settle"),)


def _unmapped(case: Case, source: Cell | None) -> tuple[Ask, ...]:
    """Where nobody has said what lands at either end of a correction, and so how long that is under way."""
    ends = [case, case.survey.case(source)] if source is not None else [case]
    return tuple(dict.fromkeys(Ask("path", path.id, "maps") for end in ends for path in end.unclear))


def unsaid_of(control: Control) -> tuple[Ask, ...]:
    """The facts on which it hangs whether a correction runs again and again, over everything."""
    return tuple(Ask("control", control.id, fact) for fact in ("scope", "every") if getattr(control, fact) is None)


def moves_with(case: Case, source: Cell | None) -> bool:
    """Whether all that ever changes a cell changes another one in the same step, so that nothing is ever between."""
    return (
        source is not None
        and case.changed_by - {"corrections"} == {"amounts"}
        and all(each.source == source.system and case.survey.handoff(each).one_step for each in case.deltas.values())
    )
