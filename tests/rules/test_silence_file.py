"""Rules about the file and about hygiene: what keeps each silent, and then where it speaks."""

from __future__ import annotations

import pytest

from tests.rules.cases import silent, speaks
from tests.rules.maps import LEFT_OUT, UNKNOWN, control, delta, problems_of, state, system, topology, voices

ORDERS = delta("shop > wms", "order_captured")
"""Orders on their way from the shop to the record, everything right."""

# ── the file ──────────────────────────────────────────────────────────────────────────────────────

SMALL = topology(state("wms > erp", "on_hand"), at={"cycle_counted": ["wms"]})


def edited(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new, 1)


ANCHORED = edited("id: wms-to-erp", "id: &name wms-to-erp\n  notes: *name")

READABLE = [
    silent("syntax", "carriage returns end lines too", SMALL.replace("\n", "\r\n")),
    silent("syntax", "a document mark and comments are no second document",
           f"# found in week one\n---\n{SMALL}"),
    silent("syntax", "an anchor used twice is no bomb", ANCHORED),
    silent("unknown-key", "notes take anything",
           edited("  wms:\n", "  wms:\n    notes: 'dedup: no, retry: yes'\n")),
    silent("unknown-key", "the short form of a holding",
           edited("    holds:\n      on_hand:\n        role: authoritative\n"
           "        unit: each\n        locations: all\n", "    holds: {on_hand: authoritative}\n")),
    silent("wrong-type", "unknown is a value of every fact", edited("latency: 30s", "latency: unknown")),
    silent("wrong-type", "nothing after a key is unknown", edited("latency: 30s", "latency:")),
    silent("wrong-type", "off is a word and may be a name", edited("owner: operations", "owner: off")),
    silent("dangling-reference", "an amount's left side need not be held",
           topology(delta("threepl > wms", "shipment_confirmed", "on_hand"),
           systems={"threepl": system(kind="3pl")})),
    silent("dangling-reference", "systems may be declared after their use",
           "handoffmap: 1\nevents: {cycle_counted: {at: [wms]}}\n"
           "systems: {wms: {kind: wms, holds: {on_hand: authoritative}}}\nwrite_paths: []\n"),
    silent("duplicate-id", "parallel paths with an id each",
           topology(state("wms > erp", "on_hand", id="a"), state("wms > erp", "available", id="b"))),
    silent("duplicate-id", "a path may be called like a system", edited("id: wms-to-erp", "id: wms")),
    silent("unknown-word", "unknown stands for every word",
           edited("delivery: at_least_once", "delivery: unknown")),
    silent("unknown-word", "a system plays two parts", edited("kind: erp", "kind: [erp, pos]")),
    silent("missing-key", "facts are left out and asked for",
           "handoffmap: 1\nsystems:\n  wms: {kind: wms}\n  erp: {kind: erp}\n"
           "write_paths:\n  - {id: a, from: wms, to: erp}\n"),
]  # fmt: skip

BROKEN = [
    ("syntax", edited("  wms:\n", "\twms:\n")),
    ("syntax", f"{SMALL}---\n{SMALL}"),
    ("syntax", edited("guard: version", "guard: [version")),
    ("unknown-key", edited("guard: version", "gaurd: version")),
    ("unknown-key", edited("locations: all", "location: all")),
    ("wrong-type", edited("latency: 30s", "latency: 30")),
    ("wrong-type", edited("monitored: true", "monitored: on")),
    ("dangling-reference", edited("to: erp", "to: epr")),
    ("dangling-reference", edited("on_hand: on_hand", "on_hand: available")),
    ("dangling-reference", edited("on_hand: on_hand", "available: on_hand")),
    ("duplicate-id", edited("guard: version", "guard: version\n  guard: none")),
    ("duplicate-id", edited("controls: []", "controls: [{id: a, kind: gate}, {id: a, kind: gate}]")),
    ("unknown-word", edited("guard: version", "guard: versions")),
    ("unknown-word", edited("kind: erp", "kind: unknown")),
    ("missing-key", edited("  from: wms\n", "")),
    ("missing-key", edited("    kind: erp\n", "")),
]


@pytest.mark.parametrize("slug, text", READABLE)
def test_a_readable_file_has_no_such_problem(slug: str, text: str) -> None:
    assert slug not in problems_of(text)


@pytest.mark.parametrize("slug, text", BROKEN)
def test_a_broken_file_has_that_problem(slug: str, text: str) -> None:
    assert slug in problems_of(text)


# ── hygiene ───────────────────────────────────────────────────────────────────────────────────────

ALONE = system("on_hand~", "planning")

SILENT_HYGIENE = [
    silent("orphan-system", "a relay on the way",
           topology({**ORDERS, "via": ["ipaas"]}, systems={"ipaas": system(kind="middleware")})),
    silent("orphan-system", "an event happens there",
           topology(ORDERS, systems={"till": system("on_hand~", "pos")}, at={"pos_sale": ["till"]})),
    silent("orphan-system", "a control compares it",
           topology(ORDERS, systems={"bi": system("available~")}, controls=[
        control("reconciliation", compare={"authority": "wms.available", "mirror": "bi.available"})])),
    silent("orphan-system", "a part of an application that is touched",
           topology(ORDERS, systems={"search": system("available~", part_of="shop")})),
    silent("orphan-system", "it holds the quota of an allocator", topology(ORDERS, systems={
        "market": system("available~", "marketplace", allocates={"quota": "pool.available"}),
        "pool": system("available~")})),
    silent("orphan-system", "an excerpt", topology(ORDERS, systems={"planning": ALONE}, complete=False)),
    silent("undocumented-event", "nobody holds what it would move",
           topology(systems={"wms": system("damaged!", "wms")}, at={"status_changed": ["wms"]})),
    silent("undocumented-event", "an excerpt", topology(ORDERS, complete=False)),
    silent("undocumented-event", "an own event has no usual opposite", topology(
        systems={"wms": system("shelf_worn!", "wms")}, quantities={"shelf_worn": {"meaning": "count"}},
        events={"worn": {"at": ["wms"], "effects": {"shelf_worn": 1}}})),
    silent("no-owner", "a relay",
           topology({**ORDERS, "via": ["ipaas"]}, systems={"ipaas": {"kind": "middleware"}})),
    silent("no-owner", "the application has one", topology(ORDERS, systems={
        "suite": system(), "search": system("available~", part_of="suite", owner=LEFT_OUT)})),
    silent("no-owner", "another part of the application has one", topology(ORDERS, systems={
        "index": system("available~", part_of="site"),
        "cache": system("available~", part_of="site", owner=LEFT_OUT)})),
    silent("no-owner", "an excerpt",
           topology(ORDERS, systems={"planning": {**ALONE, "owner": UNKNOWN}}, complete=False)),
]  # fmt: skip

SPEAKING_HYGIENE = [
    speaks("orphan-system", "nothing names it", topology(ORDERS, systems={"planning": ALONE})),
    speaks("undocumented-event", "the opposite of a listed event", topology(
        delta("wms > erp", "shipment_confirmed po_received return_received cycle_counted order_captured",
        "on_hand allocated"))),
    speaks("no-owner", "nobody is named",
           topology(ORDERS, systems={"planning": {**ALONE, "owner": UNKNOWN}})),
]  # fmt: skip


@pytest.mark.parametrize("slug, text", SILENT_HYGIENE)
def test_a_cleared_map_gets_no_note(slug: str, text: str) -> None:
    assert slug not in voices(text)


@pytest.mark.parametrize("slug, confidence, text", SPEAKING_HYGIENE)
def test_the_note_is_made(slug: str, confidence: str, text: str) -> None:
    assert voices(text).get(slug, set()) == {confidence}
