"""HM504: the record is corrected from a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.cells import corrected_by, written_from
from handoffmap.premises.claim import Ask, Claim
from handoffmap.premises.patience import unsaid_of, unsaid_of_waiting, waits, waits_long_enough
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.finding import DriftClass
    from handoffmap.model import Cell, Control
    from handoffmap.premises.cells import Case


@rule("HM504", scope="cell", premise="TC", mend="Correct the mirror from the authority, or only alert.")
def reconciles_wrong_way(case: Case) -> list[Claim]:
    """A reconciliation writes a mirror's number into the authority.

    Every night the copy's errors become the record, and from there they go out to everybody who trusts it.
    The warehouse has 47, the ERP missed a receipt and says 35, and in the morning 35 is the truth: 12 pieces
    are neither sold nor found again before the next count. What one system had wrong, all of them now have
    wrong.

    Cleared by:

    - the correction goes from the authority to the mirror, as it does if `corrects` is left out
    - the control only reports, alerts or blocks

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version
        controls:
          - id: nightly-erp
            kind: reconciliation
            compare: {authority: wms.on_hand, mirror: erp.on_hand}
            every: 24h
            scope: full
            on_mismatch: correct
            corrects: wms.on_hand
            settle: 1h

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: queue
            op: set
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: version
        controls:
          - id: nightly-erp
            kind: reconciliation
            compare: {authority: wms.on_hand, mirror: erp.on_hand}
            every: 24h
            scope: full
            on_mismatch: correct
            corrects: erp.on_hand
            settle: 1h

    References:
    - https://consolut.com/saphelp-en?article=D-$SCWM$ERP_STOCKCHECK: where the two differ, the warehouse is
      taken to be right
    """
    found = [_perhaps_corrects(case, control) for control in case.reconciliations if _may_correct(case, control)]
    for control in case.corrections:
        wrong = control.corrects is not None and control.corrects == control.authority
        source = written_from(control)
        if not wrong and case.holding.role != "authoritative":
            continue
        unsaid = unsaid_of(control)
        drift = _class_of(case, control, source)
        vague = waits(case, control) is None
        if drift is not None and vague:
            found.append(_perhaps_waits(case, control, drift))
        found.append(
            Claim(
                "reconciles-wrong-way",
                "TC",
                None if unsaid else False,
                f"{control.id} writes {source} into {corrected_by(control)}",
                None,
                f"{control.id} {'may correct' if unsaid else 'corrects'} the authority {case.cell} from {source}",
                drift=None if vague else drift,
                group=control.id,
                keys=("corrects",) if control.corrects is not None else ("compare", "mirror"),
                asks=unsaid,
                own_heal=False,
                control=control.id,
            )
        )
    return found


def _may_correct(case: Case, control: Control) -> bool:
    """Whether a reconciliation would write into an authority, if it wrote at all: nobody has said."""
    if control.on_mismatch is not None or case.holding.role != "authoritative":
        return False
    return corrected_by(control._replace(on_mismatch="correct")) == case.cell


def _perhaps_corrects(case: Case, control: Control) -> Claim:
    supposed = control._replace(on_mismatch="correct")
    source = written_from(supposed)
    return Claim(
        "reconciles-wrong-way",
        "TC",
        None,
        "nobody has said whether it corrects",
        None,
        f"{control.id} may correct the authority {case.cell} from {source}",
        drift=_class_of(case, supposed, source),
        group=control.id,
        asks=(Ask("control", control.id, "on_mismatch"),),
        control=control.id,
        own_heal=False,
    )


def _perhaps_waits(case: Case, control: Control, drift: DriftClass) -> Claim:
    """Nobody has said how long it waits; long enough, it writes nothing that is older."""
    return Claim(
        "",
        "TC",
        None,
        f"nobody has said how long a difference must last before {control.id} corrects it",
        drift=drift,
        asks=unsaid_of_waiting(case, control),
        own_heal=False,
    )


def _class_of(case: Case, control: Control, source: Cell | None) -> DriftClass | None:
    """What comes of it: the mirror is late at the worst, and right in the end if it hears of events by itself.

    What it copies from the authority is gone once that has been written over.
    """
    quantities = {case.cell.quantity, *([source.quantity] if source is not None else [])}
    if waits_long_enough(case, control) or not case.survey.movers_of(sorted(quantities)):
        return None
    if source is None or control.survives_restart is False or case.survey.is_copied(source, case.cell):
        return "permanent"
    whole = [feed.handoff.sends_whole_values for feed in case.feeds]
    if case.changed_by - {"corrections"} == {"values"} and all(whole):
        return None  # it waits for the next full run in any case
    return "transient"
