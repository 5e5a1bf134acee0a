"""What each word of a topology means, in a sentence: for the editor that completes it and the schema that lists it.

A table of its own, which judging a map never reads. A word that is in `shape` or `vocabulary` and not here, or here
and not there, fails a test.
"""

from __future__ import annotations

from typing import Final

__all__ = ["EVENT_MEANINGS", "MEANINGS", "QUANTITY_MEANINGS", "UNKNOWN_MEANS", "meanings_of"]

UNKNOWN_MEANS: Final = "Nobody has said yet: leaving it out says the same."

_GROUPS: Final[tuple[dict[str, str], ...]] = (
    {"1": "The version of the format that this is written in."},
    {
        "count": "A number of pieces.",
        "money": "An amount of money.",
        "flag": "A word that says in which state something is.",
    },
    {
        "storefront": "A web shop of one's own.",
        "marketplace": "Somebody else's shop that sells this stock.",
        "pos": "Tills in stores.",
        "oms": "An order management system: it decides which place ships what.",
        "erp": "The books: purchasing, finance, often the item master.",
        "wms": "A warehouse management system: it counts what lies on the shelf.",
        "3pl": "A logistics provider who stores and ships.",
        "inventory_hub": "A system whose one task is to know the stock of all the others.",
        "middleware": "An integration platform or queue that passes messages on.",
        "edi_van": "A network that carries EDI documents between companies.",
        "returns_portal": "Where customers announce what they send back.",
        "planning": "Forecasts and replenishment.",
        "data_warehouse": "Copies for analysis and reports.",
        "pim": "The catalogue of products.",
        "supplier": "A system of whoever delivers the goods.",
        "carrier": "A system of whoever transports the parcels.",
        "payment": "A payment provider.",
        "spreadsheet": "A sheet that people keep by hand.",
        "human": "A person who carries numbers from one system into another.",
        "admin_ui": "A screen on which people change numbers.",
        "application": "Anything else that runs.",
    },
    {
        "authoritative": "The record: where others differ from it, they are wrong.",
        "mirror": "A copy that should follow the record.",
        "derived": "Worked out here from other quantities of this system.",
        "consumer": "A copy for reading only; no order is promised from it.",
    },
    {"all": "Every one there is."},
    {
        "none": "It began empty, while there was stock already.",
        "booked": "It began with the stock of that day.",
    },
    {
        "all": "It counts what happens anywhere.",
        "own": "It counts only what happens in this system.",
    },
    {
        "trim": "Blanks at both ends are taken off.",
        "upper": "Written in capitals.",
        "lower": "Written in small letters.",
        "strip_zeros": "Zeros in front are taken off.",
    },
    {"set": "It puts the quantity to a new value."},
    {
        "sync_call": "The source calls and waits for the answer.",
        "webhook": "The source calls an address when something happens.",
        "queue": "A message goes through a queue or a topic.",
        "poll": "The target's side asks again and again for what is new.",
        "schedule": "A job runs at set times.",
        "batch_file": "A file is written and read at set times.",
        "cdc": "Changes are read from the log of the source's database.",
        "manual": "A person does it.",
        "in_process": "A call inside one application.",
    },
    {
        "delta": "It carries what changed, an amount to add.",
        "state": "It carries the whole value.",
        "notify_then_fetch": "It says that something changed; the value is read from the source afterwards.",
    },
    {
        "adjust": "Adds an amount to what is there.",
        "set": "Writes the whole value over what is there.",
        "cas": "Writes the whole value only if the target still shows what was read before.",
        "move": "Takes an amount from one quantity and adds it to another.",
        "reserve": "Takes an amount for an order, and may be refused.",
        "release": "Gives back an amount that was reserved.",
        "append": "Adds a line to a list of movements.",
    },
    {
        "source": "From the source, when it writes.",
        "target": "From the target itself: read, changed, written back.",
        "cached": "From a number that was kept from earlier.",
        "event": "From the event that is told.",
    },
    {
        "change": "It fires if the number is another one than before.",
        "write": "It fires at every write, also of the same number.",
    },
    {
        "drop": "The write is done without the field.",
        "error": "The write fails, and somebody hears of it.",
        "quarantine": "The message is put aside.",
    },
    {
        "at_most_once": "It may be lost and never comes twice.",
        "at_least_once": "It comes, and may come more than once.",
        "exactly_once_effect": "However often it comes, it counts once.",
    },
    {
        "keep": "The item keeps its number.",
        "zero": "The item is put to zero.",
        "error": "The run fails, and somebody hears of it.",
    },
    {
        "none": "They may overtake each other.",
        "per_key": "Those of one item arrive in their order.",
        "total": "All arrive in their order.",
    },
    {
        "none": "Nothing keeps them apart.",
        "row_lock": "The row is locked from reading to writing.",
        "atomic": "Reading and writing are one step.",
    },
    {"none": "Somebody knows that there is none."},
    {
        "none": "Nothing is refused.",
        "version": "What has an older version number is refused.",
        "event_time": "What happened earlier than the last write is refused.",
        "state_machine": "What the state of the order or item does not allow is refused.",
        "cas": "A write that was worked out from another number than the target shows is refused.",
        "lock": "A writer holds the record while it works on it.",
        "cas_opted_out": "The target could compare, and this path has switched that off.",
    },
    {
        "before_processing": "As soon as it comes in, before anything is stored.",
        "after_enqueue": "Once it stands in a queue that outlives a crash.",
        "after_commit": "Once its effect is stored.",
    },
    {
        "outbox": "The message is stored with the change, and sent from there.",
        "cdc": "The message is read from the log of the database.",
        "same_transaction": "Change and message are one transaction.",
        "dual_write": "Two writes, one after the other: a crash between them loses one.",
        "fire_and_forget": "It is sent, and nobody looks whether that went well.",
    },
    {
        "order": "One message for a whole order.",
        "line": "One message for each line of an order.",
        "shipment": "One message for each parcel or shipment.",
    },
    {
        "before_commit": "The value is read before the change is stored: it may be the old one.",
        "after_commit": "The value is read once the change is stored.",
    },
    {"never": "It does not expire."},
    {"per_item": "Each item has a factor of its own."},
    {
        "none": "Fractions are kept.",
        "down": "To the whole number below.",
        "up": "To the whole number above.",
        "nearest": "To the nearest whole number.",
    },
    {
        "same": "The amount keeps its sign.",
        "negated": "The amount changes its sign.",
    },
    {"forever": "Keys are never forgotten."},
    {
        "consumer": "The one that takes the messages.",
        "target_api": "The interface of the target.",
    },
    {"unlimited": "It is tried until it succeeds."},
    {
        "none": "They do not get back.",
        "manual": "Somebody sends them again.",
        "auto": "They are sent again by themselves.",
    },
    {
        "fail_batch": "The whole batch fails.",
        "isolate_item": "The bad one is put aside, and the others are written.",
        "skip_item": "The bad one is left out without a word.",
    },
    {
        "full": "Everything, in every run.",
        "changed_only": "What has changed since the last run.",
    },
    {
        "source_updated_at": "The time of change that the source gives.",
        "cursor": "A mark that the source hands out.",
        "client_clock": "The clock of the one that asks.",
    },
    {
        "success_only": "After a run that went well.",
        "always": "After every run, also a failed one.",
    },
    {
        "true": "It lapses after some failures.",
        "false": "It never lapses.",
    },
    {
        "gate": "Checked at the moment in which goods are promised or picked.",
        "reconciliation": "Compares two cells again and again.",
    },
    {
        "full": "All items.",
        "sampled": "Some items.",
        "changed_only": "Items that have changed since the last run.",
    },
    {
        "cells": "Each item and place by itself.",
        "totals": "Sums, in which differences may cancel out.",
    },
    {
        "none": "Nothing follows.",
        "report": "It is written down.",
        "alert": "Somebody is called.",
        "block": "The order does not go on.",
        "correct": "The mirror is put right by the authority.",
    },
)

MEANINGS: Final = {tuple(group): group for group in _GROUPS}
"""All words of one fact, in their order -> word -> what it means there."""

QUANTITY_MEANINGS: Final = {
    "on_hand": "Pieces that lie on the shelf, whatever they are promised for.",
    "available": "Pieces that can still be promised.",
    "allocated": "Pieces that are promised to orders and have not left yet.",
    "soft_reserved": "Pieces that are held for a while without an order, such as in a cart.",
    "safety_stock": "Pieces that are held back on purpose.",
    "quality_control": "Pieces that wait for inspection.",
    "damaged": "Pieces that cannot be sold.",
    "returned": "Pieces that came back and are not yet decided on.",
    "incoming": "Pieces that are ordered from a supplier and have not arrived.",
    "in_transit": "Pieces on their way between two places of one's own.",
    "backordered": "Pieces that are sold and not there.",
}

EVENT_MEANINGS: Final = {
    "order_captured": "A customer's order is taken.",
    "order_edited": "An order is changed in its amounts.",
    "order_cancelled": "An order is cancelled before it is shipped.",
    "pick_shorted": "The picker does not find what the order asks for.",
    "shipment_confirmed": "Goods have left for a customer.",
    "shipment_voided": "A confirmed shipment is taken back.",
    "po_issued": "Goods are ordered from a supplier.",
    "asn_received": "A supplier announces what is on its way; no count moves.",
    "po_received": "Goods from a supplier have arrived.",
    "inspection_passed": "Inspected goods are free for sale.",
    "return_authorized": "A customer may send something back; no count moves.",
    "refund_issued": "A customer gets money back; no count moves.",
    "return_received": "Something that was sold has come back.",
    "return_restocked": "What came back can be sold again.",
    "return_scrapped": "What came back is thrown away.",
    "cycle_counted": "Somebody has counted the shelf; the number found is the count.",
    "inventory_adjusted": "Somebody corrects a count by an amount.",
    "status_changed": "Goods change their status, such as to damaged.",
    "transfer_shipped": "Goods have left one place for another.",
    "transfer_received": "Goods have arrived from another place.",
    "pos_sale": "Goods are sold and taken along in a store.",
    "pos_return": "Goods are brought back to a store.",
    "kit_assembled": "Components are made into a kit.",
}


def meanings_of(words: tuple[str, ...]) -> dict[str, str]:
    """Word -> what it means, for the words that one fact takes."""
    return MEANINGS.get(words, {})
