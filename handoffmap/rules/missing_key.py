"""HM007: a key that has to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.text.problem import Problem


@rule("HM007", scope="file", severity="error", mend="Add the key that the message names.")
def missing_key(problem: Problem) -> bool:
    """An entry lacks a key without which it means nothing.

    A path without an end, an event without a place or a system without a kind says nothing about stock:
    no unit can be followed along it. Every other fact may be left out and is asked for; these few may
    not.

    Cleared by:
    - `kind` for a system and a control, `at` for an event, `id`, `from` and `to` for a path, `handoffmap`
      for the file

    Flagged::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: stock-to-erp, from: wms, trigger: queue, op: set, maps: {on_hand: on_hand}}

    Use instead::

        handoffmap: 1
        systems:
          wms: {kind: wms, owner: warehouse, holds: {on_hand: authoritative}}
          erp: {kind: erp, owner: finance, holds: {on_hand: mirror}}
        events:
          cycle_counted: {at: [wms]}
        write_paths:
          - {id: stock-to-erp, from: wms, to: erp, trigger: queue, op: set, maps: {on_hand: on_hand}}

    References:
    - https://json-schema.org/draft/2020-12/json-schema-validation#section-6.5.3
    """
    return problem.slug == "missing-key"
