"""What a product's documentation says of a write path and the file does not: filled in and marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from handoffmap.model import DeadLetter, Retry
from handoffmap.reading.path_entries import weakest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.model import System, WritePath
    from handoffmap.reading.catalogue import CatalogueFact

__all__ = ["fill_in"]

_INTO: Final = frozenset({"concurrency"})
"""Facts about writes into a product that are facts of a path; the others are only told."""


def fill_in(paths: dict[str, WritePath], systems: Mapping[str, System]) -> None:
    """Replace, in `paths`, those that leave or enter a documented product by their more complete selves.

    The file always wins. A fact about delivery speaks of the hop that leaves the product: a weaker one on
    the way stays what the path comes down to.
    """
    products = {name: system.product for name, system in systems.items() if system.product is not None}
    if not products:
        return
    memory: dict[tuple[str, str, str | None], Mapping[str, CatalogueFact]] = {}
    for name, path in paths.items():
        for end, system in (("out", path.source), ("in", path.target)):
            product = products.get(system)
            if product is None or (end == "out" and path.trigger != "webhook"):
                continue
            key = (end, product, path.op)
            facts = memory.get(key)
            if facts is None:
                facts = memory[key] = _facts(*key)
            if facts:
                paths[name] = path = _filled(path, facts)  # noqa: PLW2901 - the second end builds on the first


def _facts(end: str, product: str, op: str | None) -> Mapping[str, CatalogueFact]:
    from handoffmap.reading.catalogue import inbound_facts, webhook_facts

    if end == "out":
        return webhook_facts(product)
    return {key: fact for key, fact in inbound_facts(product, op).items() if key in _INTO}


def _filled(path: WritePath, facts: Mapping[str, CatalogueFact]) -> WritePath:
    filled: dict[str, Any] = {}
    used: dict[str, CatalogueFact] = {}
    for key, fact in facts.items():
        if key in path.stated:
            continue
        value = _value(fact)
        if key == "delivery":
            hops = [hop.delivery for hop in path.via if hop.delivery is not None]
            value = weakest([*hops, value])
            if value in hops:
                continue
        elif getattr(path, key) is not None:
            continue
        filled[key] = value
        used[key] = fact
    if not used:
        return path
    return path._replace(**filled, from_catalogue={**path.from_catalogue, **used})


def _value(fact: CatalogueFact) -> Any:
    """A fact in the terms of the model."""
    value = fact.value
    if isinstance(value, (str, bool, int)):
        return value
    return (Retry if fact.key == "retry" else DeadLetter)(**value)  # type: ignore[arg-type]  # words of the model
