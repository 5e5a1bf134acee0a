"""HM313: the number arrives and what it is about does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Claim
from handoffmap.premises.phrases import listed
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import WritePath
    from handoffmap.premises.survey import Survey


@rule(
    "HM313",
    scope="map",
    severity="note",
    mend="Map the field (`fields`), or state why it need not arrive (`{ignored: reason}`).",
)
def attribute_lost(survey: Survey) -> Iterator[Claim]:
    """A field that the target asks for is dropped on the way, and the write is applied without it.

    The count is right, and the lot, the reason or the owner behind it is gone. When a lot is called back,
    somebody goes through paper to find it, and goods that are held for one customer are sold to another. It
    moves no number, so it turns no verdict.

    Cleared by:

    - the field is mapped, or a reason is stated why it need not arrive (`ignored`)
    - the target refuses or parks a write without it (`on_unmapped: error` or `quarantine`), or the field is a
      key: then the number does not arrive either, which `unmapped-field` tells
    - nothing is said of `on_unmapped`: then `unmapped-field` asks

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: receipts-to-erp
            from: wms
            to: erp
            events: [po_received]
            trigger: queue
            op: adjust
            maps: {on_hand: on_hand}
            fields: {lot: null}
            on_unmapped: drop
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, holds: {on_hand: authoritative}}
          erp: {kind: erp, holds: {on_hand: mirror}}
        events:
          po_received: {at: [wms]}
        write_paths:
          - id: receipts-to-erp
            from: wms
            to: erp
            events: [po_received]
            trigger: queue
            op: adjust
            maps: {on_hand: on_hand}
            fields: {lot: lot_number}
            on_unmapped: drop
            delivery: exactly_once_effect
            handoff: outbox
            guard: none

    References:
    - Dolibarr/dolibarr#14330: stock is exported with its lots and imported without them
    - msupply-foundation/open-msupply#240: the kind of the line is left behind, and a reduction looks like a
      receipt
    """
    for path in survey.graph.enabled:
        lost = [] if path.on_unmapped != "drop" else sorted(dropped_fields(path))
        if lost:
            for cell in survey.written_by(path):
                yield Claim(
                    "attribute-lost",
                    "",
                    BROKEN,
                    f"{listed(lost)} {'is' if len(lost) == 1 else 'are'} mapped to nothing",
                    path,
                    f"{path.id} drops {listed(lost)}, and {path.target} applies the write without",
                    drift=None,
                    keys=("fields", lost[0]),
                    cell=cell,
                )


def dropped_fields(path: WritePath) -> list[str]:
    """The fields, keys aside, that are lost on a path without a stated reason."""
    return [
        name
        for name, mapping in path.fields.items()
        if mapping is not None and mapping.to is None and mapping.ignored is None and not mapping.key
    ]
