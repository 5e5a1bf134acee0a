"""HM020: a waiver without reason or end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.policy.standing import Standing


@rule("HM020", scope="waiver", severity="error", mend="Say why it is lived with, and until when (`reason`, `until`).")
def reasonless_waiver(standing: Standing) -> str | None:
    """A waiver lacks a reason or an end, and waives nothing.

    What nobody gave a reason for nobody can judge later, and what has no end is never looked at again:
    drift that was to be lived with for a quarter is lived with for years. The finding that it names goes
    on counting.

    Cleared by:
    - a `reason` and an `until` at the entry, or `until 2027-03-31: reason` in the comment

    Flagged::

        handoffmap: 1
        systems:
          till: {kind: pos, owner: stores, holds: {}}
          ledger: {kind: inventory_hub, owner: retail-it, holds: {on_hand: authoritative}}
        events:
          pos_sale: {at: [till]}
        write_paths:
          - id: sale-to-ledger  # handoffmap: allow[lost-delivery]
            from: till
            to: ledger
            events: [pos_sale]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            delivery: at_most_once

    Use instead::

        handoffmap: 1
        systems:
          till: {kind: pos, owner: stores, holds: {}}
          ledger: {kind: inventory_hub, owner: retail-it, holds: {on_hand: authoritative}}
        events:
          pos_sale: {at: [till]}
        write_paths:
          - id: sale-to-ledger  # handoffmap: allow[lost-delivery] until 2099-06-30: a queue comes
            from: till
            to: ledger
            events: [pos_sale]
            trigger: webhook
            op: adjust
            maps: {on_hand: on_hand}
            delivery: at_most_once

    References:
    - google.github.io/osv-scanner/configuration
    """
    if standing.is_complete:
        return None
    waiver = standing.waiver
    lacks = "an end date" if waiver.reason else "a reason" if standing.end is not None else "a reason and an end date"
    wrong = f" (`{waiver.until}` is no date)" if waiver.until and standing.end is None else ""
    return f"the waiver of {waiver.told} lacks {lacks}{wrong} and waives nothing"
