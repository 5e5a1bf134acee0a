"""HM021: a waiver of what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.policy.standing import Standing


@rule("HM021", scope="waiver", severity="warning", mend="Correct the name, or take the waiver out.")
def orphaned_waiver(standing: Standing) -> str | None:
    """A waiver names a rule, a path or a cell that is not there.

    A name was changed or mistyped, so that the waiver holds for nothing, and what it was meant for is
    told again or was never waived. Whoever reads the list believes that a decision stands which does not.

    Cleared by:
    - a `rule` that `handoffmap rules` lists
    - a `subject` that meets a name of the map; `*` and `?` stand for any letters

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          netsuite: {kind: erp, owner: finance, holds: {on_hand: {role: mirror, tolerates: 24h}}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - id: stock-to-books
            from: wms
            to: netsuite
            trigger: schedule
            op: set
            maps: {on_hand: on_hand}
            schedule: {every: 24h, covers: full}
            order: total
        controls: []
        waivers:
          - rule: no-reconciliation
            subject: erp.on_hand
            reason: finance compares by hand at the end of each month
            owner: finance
            until: 2099-12-31

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          netsuite: {kind: erp, owner: finance, holds: {on_hand: {role: mirror, tolerates: 24h}}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - id: stock-to-books
            from: wms
            to: netsuite
            trigger: schedule
            op: set
            maps: {on_hand: on_hand}
            schedule: {every: 24h, covers: full}
            order: total
        controls: []
        waivers:
          - rule: no-reconciliation
            subject: netsuite.on_hand
            reason: finance compares by hand at the end of each month
            owner: finance
            until: 2099-12-31

    References:
    - google.github.io/osv-scanner/configuration
    """
    if not standing.names_a_rule:
        return f"the waiver is of {standing.waiver.told}, and no rule is called that"
    if not standing.names_a_subject:
        return f"the waiver of {standing.waiver.told} is about {standing.waiver.subject}, which is not in the map"
    return None
