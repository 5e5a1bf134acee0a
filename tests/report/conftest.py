"""Diagnoses made by hand: what the report is built on, without the engine that will make them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.diagnosis import Diagnosis
from handoffmap.finding import CellVerdict, Coverage, Finding, PremiseNote, Question, Related, Subject
from handoffmap.model import Cell
from handoffmap.premises.graph import WritePathGraph
from handoffmap.priorities.cost import price
from handoffmap.priorities.deciding import deciding_cells
from handoffmap.priorities.rank import in_order, rank
from handoffmap.reading.load import load
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from handoffmap.model import Topology

THREE_HANDOFFS = "topologies/three_handoffs.yaml"
HOSTILE = (
    "<script>alert(1)</script>",
    '"]; node [shape=egg',
    '=HYPERLINK("http://evil.example","x")',
    "\x1b[31mred\x1b[0m",
    "../../x",
    "\u202egnp.exe",
    "</style><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "a' onmouseover='alert(1)",
    "<b>bold</b> & <!-- x -->",
    "back\\slash\\n\\",
    "]]>",
    "javascript:alert(1)",
)


def assemble(
    topology: Topology,
    findings: Sequence[Finding] = (),
    verdicts: Sequence[CellVerdict] = (),
    questions: Sequence[Question] = (),
    coverage: Sequence[Coverage] = (),
) -> Diagnosis:
    deciding = deciding_cells(topology)
    costs = price(topology, findings, {verdict.cell: verdict.window for verdict in verdicts}, deciding)
    ranked = in_order(findings, costs.shares, deciding)
    return Diagnosis(
        file=topology.file,
        topology=topology,
        graph=WritePathGraph(topology),
        verdicts=tuple(verdicts),
        findings=ranked,
        questions=tuple(questions),
        coverage=tuple(coverage),
        gaps=rank(ranked, costs.shares, deciding),
        costs=costs,
        scorecard=(
            ("authoritative source", "in place", "The WMS is the record of the goods, and everybody agrees."),
            ("write-gating", "missing", "The storefront and the ERP write without a way through the record."),
            (
                "reconciliation",
                "partial",
                "The ERP is compared every night; the storefront is compared with nothing.",
            ),
        ),
        shares=costs.shares,
    )


def read(text: str, name: str = "map.yaml") -> Topology:
    topology, problems = load(Source(name, text))
    assert topology is not None, problems
    return topology


def finding(topology: Topology, slug: str, code: str, **facts: Any) -> Finding:
    """A finding at the place of its path, system or the file."""
    subject = Subject(**{key: facts.pop(key) for key in Subject._fields if key in facts})
    place = topology.place
    if subject.write_path in topology.write_paths:
        place = topology.write_paths[subject.write_path or ""].place
    elif subject.system in topology.systems:
        place = topology.systems[subject.system or ""].place
    cell = (Cell(subject.system, subject.quantity),) if subject.system and subject.quantity else ()
    events = (subject.event,) if subject.event else ()
    made: dict[str, Any] = {
        "code": code,
        "slug": slug,
        "severity": "error",
        "confidence": "confirmed",
        "drift": "permanent",
        "message": f"{slug} at {subject}",
        "subject": subject,
        "location": place.at(),
        "fingerprint": f"{code}-{abs(hash_of(str(subject) + slug)):x}",
        "cells": cell,
        "events": events,
        "why": "The map says so.",
        "mend": "Change the file.",
    }
    return Finding(**(made | facts))


def hash_of(text: str) -> int:
    """The same on every run, unlike hash()."""
    return sum(ord(c) * (index + 1) ** 3 for index, c in enumerate(text))


def three_handoffs(topology: Topology) -> Diagnosis:
    """What reasoning says of the bundled map, told as the engine would."""

    def make(slug: str, code: str, **facts: Any) -> Finding:
        return finding(topology, slug, code, **facts)

    findings = [
        make(
            "duplicate-delivery",
            "HM201",
            write_path="order-to-wms",
            system="wms",
            quantity="available",
            events=("order_captured",),
            direction="under",
            message="An order that is delivered twice is taken off wms.available twice.",
            why="order-to-wms is delivered at least once and adjusts a running count, and nothing recognises "
            "a repetition (dedupe: none). No later write puts the count right.",
            mend="State `dedupe: {key: [order_id, line_id], retention: forever, "
            "stable_across_retries: true}` once the WMS keeps the keys that it has booked, or "
            "let the storefront send the whole count with a version.",
            related=(Related(Subject(system="wms", quantity="allocated"), "is doubled by the same repetition"),),
        ),
        make(
            "unmapped-field",
            "HM301",
            write_path="receipt-to-wms",
            system="wms",
            quantity="on_hand",
            field="on_hand",
            events=("po_received",),
            direction="under",
            message="A receipt reaches wms, but its quantity is dropped on the way to wms.on_hand.",
            why="`maps: {on_hand: null}` drops the field at the seam, and no other handoff brings it.",
            mend="Map it: `maps: {on_hand: on_hand, available: available}`.",
        ),
        make(
            "shipment-gap",
            "HM405",
            system="storefront",
            quantity="allocated",
            event="shipment_confirmed",
            direction="over",
            message="A shipment never reaches storefront.allocated: what has left stays reserved.",
            why="Shipments happen in threepl. No handoff brings them to storefront.",
            mend="Add a write path from wms to storefront for shipment_confirmed that maps allocated.",
        ),
        make(
            "unsynchronized",
            "HM401",
            system="storefront",
            quantity="available",
            event="po_received",
            direction="under",
            message="A receipt never reaches storefront.available.",
            why="Receipts are booked in erp; nothing writes the storefront.",
            mend="Let wms publish available to storefront after each change.",
        ),
        make(
            "count-gap",
            "HM406",
            system="erp",
            quantity="on_hand",
            event="cycle_counted",
            severity="warning",
            direction="either",
            message="A cycle count in wms never reaches erp.on_hand.",
            why="The count is posted in wms; no handoff leads from there to erp.",
            mend="Add a write path from wms to erp for cycle_counted.",
        ),
        make(
            "no-reconciliation",
            "HM501",
            system="storefront",
            quantity="available",
            severity="warning",
            drift=None,
            message="Nothing ever compares storefront.available with the record.",
            mend="Add a reconciliation control with authority wms.available and mirror storefront.available.",
        ),
        make(
            "undocumented-event",
            "HM011",
            severity="note",
            drift=None,
            message="The map does not speak of order_cancelled and shipment_voided.",
            mend="List them, or say in the notes that they do not happen.",
        ),
        make(
            "duplicate-delivery",
            "HM201",
            write_path="shipment-to-erp",
            system="erp",
            quantity="on_hand",
            severity="warning",
            confidence="undetermined",
            events=("shipment_confirmed",),
            direction="under",
            message="A file that is sent again may take shipments off erp.on_hand twice.",
            asks=("q1",),
        ),
    ]
    wrong = {each.cells[0] for each in findings if each.drift and each.cells and each.confidence == "confirmed"}
    verdicts = []
    for system in topology.systems.values():
        for quantity, holding in system.holds.items():
            cell = Cell(system.id, quantity)
            touching = tuple(each.fingerprint for each in findings if cell in each.cells)
            verdicts.append(
                CellVerdict(
                    cell,
                    "drifts" if cell in wrong else "converges",
                    "permanent" if cell in wrong else None,
                    None if cell in wrong else Fraction(90),
                    (
                        PremiseNote(
                            "TA1",
                            cell not in wrong,
                            "each event takes exactly one way",
                            None,
                            holding.place.at(),
                        ),
                        PremiseNote("TA4", None, "nobody has said how repetitions are recognised", "shipment-to-erp"),
                    ),
                    touching,
                    (),
                    holding.place,
                )
            )
    path = topology.write_paths["shipment-to-erp"]
    questions = (
        Question(
            "q1",
            "Does the nightly shipment file arrive again after a failed run, and does the ERP notice?",
            "logistics",
            Subject(write_path="shipment-to-erp"),
            "dedupe",
            (Cell("erp", "on_hand"),),
            Fraction(37),
            path.place.at(),
            1,
        ),
        Question(
            "q2",
            "Who keeps the ipaas?",
            None,
            Subject(system="ipaas"),
            "owner",
            (),
            None,
            topology.systems["ipaas"].place.at(),
            2,
        ),
    )
    coverage = [
        Coverage(
            event.id,
            Cell(system.id, quantity),
            *_arrival(event.id, system.id, wrong, Cell(system.id, quantity)),
        )
        for event in topology.events.values()
        for system in topology.systems.values()
        for quantity in system.holds
        if quantity in event.effects
    ]
    return assemble(topology, findings, verdicts, questions, coverage)


def _arrival(event: str, system: str, wrong: set[Cell], cell: Cell) -> tuple[Any, ...]:
    if (event, cell) == ("order_captured", Cell("wms", "available")):
        return "repeated", "order-to-wms"
    if (event, cell) == ("po_received", Cell("wms", "on_hand")):
        return "dropped", "receipt-to-wms"
    if system == {"order_captured": "storefront", "po_received": "erp"}.get(event, "wms"):
        return "once", None, Fraction(0), True
    if cell in wrong and event != "order_captured":
        return "never", None
    return "once", None, Fraction(30)


@pytest.fixture(scope="session")
def three() -> Diagnosis:
    topology, problems = load(THREE_HANDOFFS)
    assert topology is not None, problems
    return three_handoffs(topology)


@pytest.fixture(scope="session")
def poisoned(three: Diagnosis) -> Diagnosis:
    """The three handoffs with every name that reaches a report replaced by something that wants out."""
    topology = three.topology
    names = {key: HOSTILE[place % len(HOSTILE)] for place, key in enumerate(topology.systems)}
    paths = {key: HOSTILE[-1 - place % len(HOSTILE)] for place, key in enumerate(topology.write_paths)}
    evil = " ".join(HOSTILE)
    systems = {
        names[key]: system._replace(id=names[key], owner=evil, part_of="<script>group", product=evil, notes=evil)
        for key, system in topology.systems.items()
    }
    write_paths = {
        paths[key]: path._replace(
            id=paths[key],
            source=names[path.source],
            target=names[path.target],
            via=tuple(hop._replace(system=names[hop.system]) for hop in path.via),
            owner=evil,
        )
        for key, path in topology.write_paths.items()
    }
    events = {
        key: event._replace(origins=tuple(origin._replace(system=names[origin.system]) for origin in event.origins))
        for key, event in topology.events.items()
    }
    topology = topology._replace(
        name=evil, summary=evil, systems=systems, write_paths=write_paths, events=events, file=evil
    )

    def cell(old: Cell) -> Cell:
        return Cell(names[old.system], old.quantity)

    def subject(old: Any) -> Any:
        system = names.get(old.system, old.system)
        return old._replace(system=system, write_path=paths.get(old.write_path, old.write_path), field=evil)

    findings = [
        each._replace(
            message=evil,
            why=evil,
            mend=evil,
            subject=subject(each.subject),
            cells=tuple(map(cell, each.cells)),
            related=tuple(related._replace(subject=subject(related.subject), why=evil) for related in each.related),
        )
        for each in three.findings
    ]
    costs = price(topology, findings, {}, deciding_cells(topology))
    return three._replace(
        file=evil,
        topology=topology,
        graph=WritePathGraph(topology),
        verdicts=tuple(
            each._replace(
                cell=cell(each.cell),
                premises=tuple(
                    note._replace(because=evil, write_path=note.write_path and paths[note.write_path])
                    for note in each.premises
                ),
            )
            for each in three.verdicts
        ),
        findings=tuple(findings),
        questions=tuple(
            each._replace(ask=evil, owner=evil, subject=subject(each.subject), settles=tuple(map(cell, each.settles)))
            for each in three.questions
        ),
        coverage=tuple(
            each._replace(cell=cell(each.cell), path=each.path and paths[each.path], detail=evil)
            for each in three.coverage
        ),
        gaps=tuple(gap._replace(finding=finding) for gap, finding in zip(three.gaps, findings, strict=False)),
        costs=costs,
        shares=costs.shares,
        scorecard=tuple((evil, standing, evil) for _, standing, _ in three.scorecard),
    )


@pytest.fixture(scope="session")
def diagnose() -> Callable[..., Diagnosis]:
    """Text of a map (and conclusions about it) -> its diagnosis."""

    def made(text: str, *findings: dict[str, Any], **conclusions: Any) -> Diagnosis:
        topology = read(text)
        return assemble(topology, [finding(topology, **facts) for facts in findings], **conclusions)

    return made


@pytest.fixture(scope="session")
def estate() -> Diagnosis:
    """5,000 handoffs around 50 hubs, each hub with 50 spokes up and down; every third spoke has a gap."""
    lines = ["handoffmap: 1", "name: An estate", "systems:"]
    ups: list[str] = []
    for hub in range(50):
        lines.append(f"  wms_{hub}: {{kind: wms, owner: o{hub % 9}, holds: {{on_hand: {{role: authoritative}}}}}}")
        for spoke in range(50):
            name = f"shop_{hub}_{spoke}"
            lines.append(f"  {name}: {{kind: storefront, owner: o{hub % 9}, holds: {{on_hand: {{role: mirror}}}}}}")
            ends = f"id: up-{name}, from: {name}, to: wms_{hub}"
            ups.append(f"  - {{{ends}, events: [pos_sale], op: adjust, maps: {{on_hand: on_hand}}}}")
            ends = f"id: down-{name}, from: wms_{hub}, to: {name}"
            ups.append(f"  - {{{ends}, op: set, trigger: webhook, maps: {{on_hand: on_hand}}}}")
    origins = ", ".join(f"shop_{hub}_{spoke}" for hub in range(50) for spoke in range(50))
    topology = read("\n".join([*lines, f"events: {{pos_sale: {{at: [{origins}]}}}}", "write_paths:", *ups, ""]))
    findings = [
        finding(
            topology,
            "duplicate-delivery",
            "HM201",
            write_path=path,
            system=topology.write_paths[path].target,
            quantity="on_hand",
            events=("pos_sale",),
            direction="under",
            fingerprint=f"f-{path}",
        )
        for path in sorted(topology.write_paths)[::3]
    ]
    wrong = {each.cells[0]: each.fingerprint for each in findings}
    verdicts = [
        CellVerdict(
            Cell(system, "on_hand"),
            "drifts" if Cell(system, "on_hand") in wrong else "converges",
            None,
            None,
            tuple(PremiseNote(f"TA{number}", True, "the map says so") for number in range(6)),
            (),
        )
        for system in topology.systems
    ]
    coverage = [
        Coverage("pos_sale", Cell(system, "on_hand"), "repeated" if Cell(system, "on_hand") in wrong else "once")
        for system in topology.systems
    ]
    return assemble(topology, findings, verdicts, (), coverage)
