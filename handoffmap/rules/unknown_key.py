"""HM002: a key that is not in the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.text.problem import Problem


@rule(
    "HM002",
    scope="file",
    severity="error",
    mend="Use one of the keys that the message names; free text goes under `notes`.",
)
def unknown_key(problem: Problem) -> bool:
    """A key is not one of those that are known at this place.

    A misspelt key would leave its fact out, and a fact left out is unknown: the map would ask what the
    team has answered, or prove less than it could. An hour of an interview is lost that way, so the file
    is refused and the likely word suggested.

    Cleared by:
    - the keys of the vocabulary, each at its own place (`schema` prints them for an editor)
    - free text under `notes`, which every entry takes

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
            to: wms
            events: [order_captured]
            trigger: webhook
            op: adjust
            maps: {available: available}
            deduplication: {key: [event_id], retention: forever}

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
            dedupe: {key: [event_id], retention: forever}

    References:
    - https://json-schema.org/draft/2020-12/json-schema-core#section-10.3.2.3
    """
    return problem.slug == "unknown-key"
