"""HM004: a name that nothing declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.text.problem import Problem


@rule("HM004", scope="file", severity="error", mend="Declare it, or correct the name.")
def dangling_reference(problem: Problem) -> bool:
    """A name refers to a system, event, quantity, path or file that is not there.

    A path into a system that is misspelt would end nowhere, and the real cell would look as if no event
    reached it: a drift of every unit that moves, reported where there is none. The name is refused, with
    the nearest declared one suggested.

    Cleared by:
    - the system, event, own quantity, path or control declared anywhere in the map, included files too
    - the quantity on the right of `maps` held by the target (on the left, for whole values, by the
      source)
    - an included file that is there, inside the folder of the map

    Flagged::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wmss
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}

    Use instead::

        handoffmap: 1
        systems:
          storefront: {kind: storefront, owner: ecommerce, holds: {available: mirror}}
          wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
        events:
          order_captured: {at: [storefront]}
        write_paths:
          - id: order-to-wms
            from: storefront
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}

    References:
    - https://yaml.org/spec/1.2.2/#71-alias-nodes
    """
    return problem.slug == "dangling-reference"
