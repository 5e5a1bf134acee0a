"""Looking up what a named product documents about itself.

The file always wins: a fact from here fills in what the file leaves out, is marked as such, and is named with
its source by every finding that rests on it. A product that is not known has no facts, which is no error. The
facts themselves, with their sources, are data in `handoffmap.reading.products`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from handoffmap.reading.products import ALIASES, PRODUCT_FACTS, CatalogueFact

if TYPE_CHECKING:
    from handoffmap.reading.products import Applies

__all__ = [
    "FILLING_KEYS",
    "PRODUCTS",
    "CatalogueFact",
    "about",
    "facts_for",
    "inbound_facts",
    "product_named",
    "system_facts",
    "webhook_facts",
]

PRODUCTS: Final[tuple[str, ...]] = tuple(sorted(PRODUCT_FACTS))
"""The products with at least one fact, sorted; for completion and suggestions."""

FILLING_KEYS: Final[frozenset[str]] = frozenset({"delivery", "order", "retry", "dead_letter", "ack"})
"""The keys of a write path that a webhook fact may fill in; every other fact is only told."""

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_VERSION = re.compile(r"(_v?[0-9]+)+$")
_LONGEST_NAME = 100  # a file may hold any text here; no product is called more than that


def product_named(name: str | None) -> str | None:
    """The catalogue's name of a product, or None where it does not know it.

    Case, spaces, punctuation, other known names and a version at the end do not matter: `Shopify Plus`,
    `SHOPIFY` and `shopify` are one, and so are `Magento 2.4.6` and `adobe_commerce`.
    """
    if not name or len(name) > _LONGEST_NAME:
        return None
    written = _NOT_A_NAME.sub("_", name.lower()).strip("_")
    for candidate in (written, _VERSION.sub("", written)):
        known = ALIASES.get(candidate, candidate)
        if known in PRODUCT_FACTS:
            return known
    return None


def facts_for(product: str | None) -> tuple[CatalogueFact, ...]:
    """All facts about a product, in the order in which they are told; none for an unknown one."""
    known = product_named(product)
    return PRODUCT_FACTS[known] if known is not None else ()


def webhook_facts(product: str | None) -> dict[str, CatalogueFact]:
    """Key -> fact, for the keys (`FILLING_KEYS`) that a path leaving this product by webhook may take.

    The fact speaks of the product's own hop: of a path `via` a relay, the hop from the product to the relay.
    A `retry` may know only some of its entries; the others stay unknown. Times are seconds.
    """
    return {fact.key: fact for fact in _speaking(product, "webhook_out") if fact.key in FILLING_KEYS}


def inbound_facts(product: str | None, op: str | None) -> dict[str, CatalogueFact]:
    """Key -> fact about a write into this product by operation `op`; None: what holds of every operation."""
    return {fact.key: fact for fact in _speaking(product, "api_in") if not fact.ops or op in fact.ops}


def system_facts(product: str | None) -> dict[str, CatalogueFact]:
    """Key -> fact about the product as such, as which of its quantities are derived there and from what."""
    return {fact.key: fact for fact in _speaking(product, "system")}


def about(product: str | None) -> tuple[CatalogueFact, ...]:
    """The facts that fill in nothing and are worth telling to whoever maps this product."""
    return tuple(
        fact for fact in facts_for(product) if not (fact.applies == "webhook_out" and fact.key in FILLING_KEYS)
    )


def _speaking(product: str | None, applies: Applies) -> tuple[CatalogueFact, ...]:
    return tuple(fact for fact in facts_for(product) if fact.applies == applies)
