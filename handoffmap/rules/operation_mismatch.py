"""HM307: a difference is written as if it were the value, or a value added as if it were a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.model import Cell
from handoffmap.premises.cells import corrected_by, written_from
from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.premises.graph import confused, flow_of
from handoffmap.premises.patience import unsaid_of
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Write


@rule(
    "HM307",
    scope="write",
    premise="TA2",
    mend="Let payload and op agree: a `delta` is adjusted, a `state` is set, and the sign is the source's.",
)
def operation_mismatch(write: Write, case: Case) -> Answer | None:
    """A difference is written as the value, a value is added as a difference, or the sign is lost on the way.

    Each of the three makes a number that has nothing to do with the shelf. A correction by -3 turns 47 into
    -3; a count of 44 added to 47 makes 91; a reduction that arrives as an addition is wrong by twice its
    size. It happens with the very first message, and all that is computed from the cell goes with it:
    allocations, reorder points, the books.

    Cleared by:

    - payload and op agree: a delta is added, a state is set (or compared and set)
    - the absolute number is the event's own (`base: event`), or the target's plus the amount (`base: target`)
    - the sign is the source's (`sign: same`, or nothing said)

    Flagged::

        handoffmap: 1
        systems:
          site: {kind: application, holds: {on_hand: mirror}}
          central: {kind: erp, holds: {on_hand: authoritative}}
        events:
          inventory_adjusted: {at: [site]}
        write_paths:
          - id: adjustment-to-central
            from: site
            to: central
            events: [inventory_adjusted]
            trigger: queue
            payload: delta
            op: set
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          site: {kind: application, holds: {on_hand: mirror}}
          central: {kind: erp, holds: {on_hand: authoritative}}
        events:
          inventory_adjusted: {at: [site]}
        write_paths:
          - id: adjustment-to-central
            from: site
            to: central
            events: [inventory_adjusted]
            trigger: queue
            payload: delta
            op: adjust
            maps: {on_hand: on_hand}
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - msupply-foundation/open-msupply#240: a reduction of stock arrives typed as an increase
    - https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities: set for the source
      of truth, adjust for all others
    """
    path = write.path
    slug = "operation-mismatch"
    premise = "TA2" if path.payload == "delta" else "TB5"
    if confused(path):
        what = "sets the cell to a difference" if path.payload == "delta" else "adds a whole value to the cell"
        whole = path.payload != "delta"
        grows = whole and (case.survey.handoff(path).sends_whole_values or _is_read_again(write, case))
        return Claim(
            slug,
            premise,
            BROKEN,
            f"the payload is a {path.payload} and the op is {path.op}",
            path,
            f"{path.id} {what} ({case.cell})",
            keys=("op",),
            drift="divergent" if grows else "permanent",
        )
    if write.mapping.sign == "negated" and write.left == case.cell.quantity and not _turned_before(write, case):
        return Claim(
            slug,
            premise,
            BROKEN,
            "the sign is turned over on the way",
            path,
            f"{path.id} takes off {case.cell} what it should add, and adds what it should take off",
            keys=("maps", write.left),
        )
    if path.op is None and path.base in {None, "event"}:  # an op tells the payload
        fact = "payload" if path.payload is None and path.base is None else "op"
        whole = path.payload != "delta" and case.survey.handoff(path).sends_whole_values is not False
        whole = whole and Cell(path.source, write.left) in case.graph.cells
        return Claim(
            slug,
            premise,
            None,
            "nobody has said whether it carries a difference or a value, and what the target does with it",
            path,
            f"{path.id} may add a value to {case.cell}, or set it to a difference",
            asks=(Ask("path", path.id, fact),),
            keys=("payload",) if path.payload is not None else ("op",),
            drift="divergent" if whole else "permanent",
        )
    return held(slug, premise, "payload and op agree", path)


def _is_read_again(write: Write, case: Case) -> bool:
    """Whether a correction writes the sum over what is added to it, and that is sent and added, again and again."""
    source = Cell(write.path.source, write.left)
    return _sends_corrections(write, case) and any(
        corrected_by(control) == source and written_from(control) == case.cell and not unsaid_of(control)
        for control in case.survey.reconciliations_of(source)
    )


def _sends_corrections(write: Write, case: Case) -> bool:
    """Whether a path sends what its own target corrects its source by: no event, of no class, a local change there.

    A tag knows where such a change came from, but for what a run sends.
    """
    path = write.path
    if path.events is not None or path.only or "local" not in (path.fires_for or ("local",)):
        return False
    return path.origin_tag is not True or case.survey.handoff(path).pulled


def _turned_before(write: Write, case: Case) -> bool:
    """Whether the amount has been turned over on its way to the source, so that it has to be turned back.

    Amounts go on as they came, whether the source holds them or not; values are read as they stand there.
    """
    source = write.path.source
    if case.graph.systems[source].holds and flow_of(write.path) != "delta":
        return False
    before = [(path.maps or {}).get(write.left) for path in case.graph.paths_into(source)]
    return any(mapping is not None and mapping.sign == "negated" for mapping in before)
