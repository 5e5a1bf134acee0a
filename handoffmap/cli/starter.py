"""The first file of a new map: a copy of a bundled topology, or an empty one whose comments show the way."""

from __future__ import annotations

from handoffmap.telling import resources

__all__ = ["bundled", "bundled_names", "list_bundled", "starter"]

_EMPTY = """\
# A handoff map: the systems that hold a count, what happens in them, and how they write to each other.
# Leave out what nobody knows yet: it becomes a question. `none` means that somebody knows there is none.
# Take the "#" from the front of a block to begin with it, and run `handoffmap check` after every change.
handoffmap: 1
name: My map
# summary: Who was asked, and when.
# volume: {orders_per_month: 5000}

systems:
#   storefront:
#     kind: storefront            # also marketplace, pos, oms, erp, wms, 3pl, middleware, spreadsheet, …
#     product: shopify            # what is documented about a product fills in what the map leaves out
#     owner: ecommerce            # whom to ask
#     holds:
#       available: {role: mirror, unit: each}         # authoritative, mirror, derived or consumer
#     item_key: sku
#   wms:
#     kind: wms
#     owner: warehouse
#     holds:
#       on_hand: {role: authoritative, unit: each}
#       available: {role: authoritative, unit: each}
#     item_key: sku

events:                           # what happens, and in which system it happens first
#   order_captured: {at: [storefront]}
#   shipment_confirmed: {at: [wms]}
#   po_received: {at: [wms]}
#   return_received: {at: [wms]}
#   cycle_counted: {at: [wms]}

write_paths:
#   - id: order-to-wms
#     from: storefront
#     to: wms
#     events: [order_captured]
#     trigger: webhook            # also queue, sync_call, cdc, poll, schedule, batch_file, manual, …
#     op: adjust                  # adjust adds a difference, set writes the whole value
#     maps: {available: available}    # source quantity: target quantity; null where it is dropped
#     delivery: at_least_once     # at_most_once, at_least_once or exactly_once_effect
#     dedupe: {key: [event_id], retention: 14d, stable_across_retries: true}
#     latency: 30s

controls:                         # `controls: []` says that there are none
#   - id: pick-gate
#     kind: gate
#     at: fulfilment
#     reads: wms.available
#     on_mismatch: block
#   - id: nightly-storefront
#     kind: reconciliation
#     compare: {authority: wms.available, mirror: storefront.available}
#     every: 24h
#     scope: full
#     on_mismatch: alert
#     last_success_monitored: true
"""


def starter() -> str:
    """An empty topology that is valid as it is, every block of it there as a comment."""
    return _EMPTY


def bundled(name: str) -> str:
    """The text of a bundled topology, named with or without `.yaml`.

    Raises `LookupError` with a sentence and the names that there are.
    """
    # Only what is listed is opened, so that a name such as ../x reaches nothing.
    if name.removesuffix(".yaml") not in bundled_names():
        raise LookupError(f"There is no bundled topology {name!r}; --list shows them.", bundled_names())
    return resources.topology(name)


def bundled_names() -> list[str]:
    """The bundled topologies without `.yaml`, sorted."""
    return sorted(name.removesuffix(".yaml") for name in resources.topologies())


def list_bundled() -> str:
    """A line for each bundled topology: its name and what its summary says first."""
    names = bundled_names()
    wide = max(map(len, names), default=0)
    return "".join(f"{name:{wide}}  {_summary(resources.topology(name))}".rstrip() + "\n" for name in names)


def _summary(text: str) -> str:
    """The first sentence of a bundled file's summary, read without a parser: these files are ours."""
    lines = iter(text.splitlines())
    begun = next((line.partition(":")[2].strip() for line in lines if line.startswith("summary:")), "")
    folded = [] if begun in (">", ">-", "|", "|-") else [begun]
    for line in lines if begun else ():
        if not line.startswith(" "):
            break
        folded.append(line.strip())
    return " ".join(folded).strip("\"'").partition(". ")[0].removesuffix(".")
