"""HM003: a value of the wrong kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.text.problem import Problem


@rule("HM003", scope="file", severity="error", mend="Write the value in the form that the message names.")
def wrong_type(problem: Problem) -> bool:
    """A value is of another kind than its key takes.

    What is written has a meaning only in the form that the key takes: `every: 15` may be minutes or
    hours, and a window read 60 times too short hides a night of stale stock. Nothing is guessed; the file
    is refused with the form that is wanted.

    Cleared by:
    - durations with a unit (`30s`, `15m`, `24h`, `14d`), numbers without one
    - `true` and `false` for facts that hold or do not hold; `on`, `off`, `yes` and `no` are words here
    - `unknown`, or nothing after the key, for a fact that nobody has stated

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: schedule
            schedule: {every: 15, covers: full}
            op: set
            maps: {on_hand: on_hand}

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - id: stock-to-erp
            from: wms
            to: erp
            trigger: schedule
            schedule: {every: 15m, covers: full}
            op: set
            maps: {on_hand: on_hand}

    References:
    - https://yaml.org/spec/1.2.2/#103-core-schema
    """
    return problem.slug == "wrong-type"
