"""HM006: a word that is not in the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.text.problem import Problem


@rule("HM006", scope="file", severity="error", mend="Use one of the words that the message names, or `unknown`.")
def unknown_word(problem: Problem) -> bool:
    """A word is not one of those that are known for this key.

    The words carry the verdicts: `at_least_once` asks for a ledger, `at_most_once` for a second way. A
    word that is not known can neither prove nor accuse, and a delivery taken for safe costs units with
    every repetition. The file is refused with the words that are allowed.

    Cleared by:
    - a word of the vocabulary, as `schema` lists them for each key
    - `unknown`, where nobody has stated the fact

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
            delivery: exactly_once

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
            delivery: at_least_once

    References:
    - https://json-schema.org/draft/2020-12/json-schema-validation#section-6.1.2
    """
    return problem.slug == "unknown-word"
