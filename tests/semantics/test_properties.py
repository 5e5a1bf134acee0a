"""What holds of every map: knowing less never says more, an excerpt proves nothing, order does not matter.

A map with a fact left out stands for all maps that state it in one way or another. What is concluded from
less must therefore hold in each of them: a verdict may become undetermined or lose its class, and never
anything else.
"""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoffmap.verdicts.streams import Streams
from tests.semantics.small_maps import DELTA, FOREVER, NIGHTLY, RETRIES, STATE, Judged, system

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.semantics.small_maps import Facts

HERE = Path(__file__).parent
FILES = sorted([*(HERE / "cases").glob("*.yaml"), *(HERE.parents[1] / "topologies").glob("*.yaml")])

DEFAULTED = frozenset(
    {
        "enabled", "clamp_at_zero", "origin_tag", "only_if_changed", "only", "except", "fires_for",
        "batch", "part_of", "items", "locations", "allocates", "payload", "opening", "share", "fires_on",
        "as_of", "frozen",  # a count is taken as posted unless it says otherwise
    }
)  # fmt: skip
"""Facts with a documented default: left out, they are known all the same."""

STRUCTURE = frozenset(
    {
        "id", "from", "to", "at", "kind", "via", "events", "maps", "fields", "base", "location", "per",
        "handler", "sign", "plus", "minus", "rounding", "buffer", "amount_from", "accepts_when",
        "refused_when", "atomic_with", "undoes", "effects", "derived_from", "reads", "compare",
        "authority", "mirror", "corrects", "system", "applies", "product", "ledger", "holds",
    }
)  # fmt: skip
"""What makes the shape of a map: left out, another map is described, or none."""

PASSIVE = frozenset({"name", "summary", "notes", "owner", "observed_at", "version", "stated"})

Key = tuple[str | int, ...]


def read(path: Path) -> Facts:
    """A map as plain data."""
    found: Facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def leaves(found: Facts) -> Iterator[Key]:
    """Every fact of a system, event, write path or control that may be left out, whole tables of facts included."""
    return (at for at in _facts(found) if not _settled_otherwise(found, at))


def _facts(node: Any, at: Key = ()) -> Iterator[Key]:
    if isinstance(node, dict):
        for key, value in node.items():
            here = (*at, key)
            is_fact = len(here) > 2 and key not in DEFAULTED | STRUCTURE | PASSIVE
            if is_fact and not _names_an_entry(here):
                yield here
            yield from _facts(value, here)
    elif isinstance(node, list) and at in {("write_paths",), ("controls",)}:
        for index, value in enumerate(node):
            yield from _facts(value, (*at, index))


def _names_an_entry(at: Key) -> bool:
    """Whether a key is a name (of a held quantity, an origin, a mapped quantity) and no fact."""
    return at[0] in {"volume", "quantities", "waivers"} or at[-2] in {
        "holds",
        "at",
        "maps",
        "fields",
        "effects",
        "formula",
    }


def _settled_otherwise(found: Facts, at: Key) -> bool:
    """Whether a ruling says what holds where the fact is left out.

    One unit wants no factor, ledgers are shared only when named, the words of a key speak where nobody says
    what it tells apart, and who holds a number is taken to care for it. One field at both ends is one key,
    compared alike where neither end says how. `op: set` is a plain set unless a guard makes it another.
    `concurrency: none` is the whole answer without a lane, and paths of one source that keep order are in
    one lane unless they name two.
    """
    key, value, entry = at[-1], _at(found, at), _at(found, at[:2])
    if key == "dedupe":
        return isinstance(value, dict) and "ledger" in value
    if key == "guard":
        return (value, entry.get("op")) == ("cas", "set")
    if "lane" in at:
        return entry.get("concurrency") == "none" or entry.get("order") in {"per_key", "total"}
    return key in {"unique_per_effect", "unit_factor", "normalise"} or (key, value) == ("role", "consumer")


def _at(found: Facts, at: Key) -> Any:
    node: Any = found
    for key in at:
        node = node[key]
    return node


def without(found: Facts, at: Key) -> Facts:
    """The map with one fact left out."""
    changed = copy.deepcopy(found)
    del _at(changed, at[:-1])[at[-1]]
    return changed


def verdicts(judged: Judged) -> dict[str, tuple[str, str | None]]:
    """Cell -> (verdict, class)."""
    return {str(verdict.cell): (verdict.verdict, verdict.drift) for verdict in judged.diagnosis.verdicts}


def confirmed(judged: Judged) -> dict[str, set[str]]:
    """Cell -> rules with a confirmed finding that turns a verdict."""
    found: dict[str, set[str]] = {}
    for finding in judged.diagnosis.findings:
        if finding.confidence == "confirmed" and finding.drift is not None:
            for cell in finding.cells:
                found.setdefault(str(cell), set()).add(finding.slug)
    return found


def says_no_more(less: Judged, more: Judged) -> list[str]:
    """What is concluded from fewer facts and not from all of them.

    The name of a cause may hang on the fact that is left out (a record that is overwritten, or a mirror), so
    that a cell with one confirmed cause may show another. So may its place: what never arrives is told further
    up where a value is passed on, and at the cell itself where nobody has said what is passed on.
    """
    if less.report.invalid:
        return []
    wrong = []
    before = verdicts(more)
    for cell, (verdict, drift) in verdicts(less).items():
        if verdict == "undetermined" or (verdict == before[cell][0] and drift in {None, before[cell][1]}):
            continue
        wrong.append(f"{cell}: {before[cell]} -> {(verdict, drift)}")
    known = {*confirmed(more), *(str(verdict.cell) for verdict in more.diagnosis.verdicts if verdict.upstream)}
    wrong += [
        f"confirmed anew: {cell} {' '.join(sorted(slugs))}"
        for cell, slugs in sorted(confirmed(less).items())
        if cell not in known
    ]
    return wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_fact_less_never_says_more(path: Path) -> None:
    found = read(path)
    more = Judged(found)
    every = 1 if path.parent.name == "cases" else 7  # a bundled map has hundreds of facts
    wrong = {}
    for at in list(leaves(found))[::every]:
        if said := says_no_more(Judged(without(found, at)), more):
            wrong[".".join(map(str, at))] = said
    assert wrong == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_excerpt_proves_no_cell_and_keeps_what_declared_facts_confirm(path: Path) -> None:
    found = read(path)
    whole, excerpt = Judged(found), Judged({**found, "complete": False})
    expects_nothing = {
        f"{name}.{quantity}"
        for name, facts in found["systems"].items()
        for quantity, holding in (facts.get("holds") or {}).items()
        if "consumer" in (holding, isinstance(holding, dict) and holding.get("role"))
    }
    for verdict in excerpt.diagnosis.verdicts:
        assert verdict.verdict != "converges" or str(verdict.cell) in expects_nothing, verdict.cell
    lost = whole.confirmed() - excerpt.confirmed()
    assert lost <= ABSENCES, lost


ABSENCES = {
    "unsynchronized", "trigger-gap", "missing-compensation", "shipment-gap", "count-gap", "transfer-limbo",
    "reservation-leak", "derived-not-recomputed", "no-authority", "no-fulfilment-gate", "ungated-write",
}  # fmt: skip
"""Rules that speak of what is not there."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_safety_controls_and_hygiene_turn_no_verdict(path: Path) -> None:
    found = read(path)
    judged = Judged(found)
    bare = copy.deepcopy(found)
    systems = bare["systems"]
    for name in systems:
        systems[name].pop("owner", None)
        systems[name]["allocates"] = True
    for entry in [*bare["write_paths"], *(bare.get("controls") or [])]:
        entry.pop("owner", None)
    if bare.get("controls"):
        bare["controls"] = [control for control in bare["controls"] if control["kind"] != "gate"]
    assert verdicts(Judged(bare)) == verdicts(judged)
    # what drifts has a cause: a finding with a class, or a cell further up
    classed = {cell for finding in judged.diagnosis.findings if finding.drift for cell in finding.cells}
    for verdict in judged.diagnosis.verdicts:
        if verdict.verdict == "drifts":
            assert verdict.cell in classed or verdict.upstream, verdict.cell


def shuffled(found: Facts, seed: int) -> Facts:
    """The same map with its entries, and the keys of each, in another order."""
    rng = random.Random(seed)  # noqa: S311  # no secret, only another order

    def mix(node: Any, at: Key = ()) -> Any:
        if isinstance(node, dict):
            items = [(key, mix(value, (*at, key))) for key, value in node.items()]
            rng.shuffle(items)
            return dict(items)
        if isinstance(node, list):
            items = [mix(value, at) for value in node]
            if at in {("write_paths",), ("controls",)} or (at and at[-1] in {"at", "events", "key", "only", "except"}):
                rng.shuffle(items)
            return items
        return node

    mixed: Facts = mix(found)
    return mixed


def told(judged: Judged) -> tuple[object, ...]:
    """All that is said, places apart."""
    diagnosis = judged.diagnosis
    return (
        [(v.cell, v.verdict, v.drift, v.window, sorted({note.premise for note in v.premises}))
         for v in diagnosis.verdicts],
        [(f.slug, f.subject, f.confidence, f.drift, f.severity, f.fingerprint) for f in diagnosis.findings],
        [question.id for question in diagnosis.questions],
    )  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_order_of_entries_does_not_matter(path: Path) -> None:
    found = read(path)
    expected = told(Judged(found))
    for seed in range(4):
        assert told(Judged(shuffled(found, seed))) == expected


# ── the same on maps that nobody thought of ───────────────────────────────────────────────────────

COARSE = {**FOREVER, "unique_per_effect": False}
VARIED: dict[str, list[Any]] = {
    "delivery": ["at_least_once", "at_most_once", "exactly_once_effect"],
    "order": ["none", "per_key", "total"],
    "guard": ["none", "version", "event_time"],
    "dedupe": ["none", FOREVER, {**FOREVER, "ledger": "one"}, COARSE],
    "handoff": ["outbox", "dual_write", "same_transaction"],
    "ack": ["after_commit", "before_processing"],
    "retry": [RETRIES, {"max_attempts": 8, "every": "1m"}],
    "dead_letter": ["none", {"monitored": True, "replay": "manual"}, {"monitored": True, "replay": "auto"}],
    "only": [["b2b"]],
    "origin_tag": [True, False],
    "only_if_changed": [True, False],
    "clamp_at_zero": [True],
    "read_at": ["after_commit"],
}
NAMES = "abcd"


@st.composite
def maps(draw: st.DrawFn) -> Facts:
    """A few systems with one number, joined by up to five paths with up to two facts of their own."""
    systems: Facts = {}
    for name in NAMES[: draw(st.integers(3, 4))]:
        role = "authoritative" if name == "a" else draw(st.sampled_from(["mirror", "mirror", "nothing"]))
        systems[name] = system("application", *(() if role == "nothing" else (role, "available")))
    holders = [name for name in systems if systems[name]["holds"]]
    events: Facts = {}
    for event in draw(st.lists(st.sampled_from(["pos_sale", "po_received", "pos_return"]), min_size=1, unique=True)):
        events[event] = {"at": draw(st.lists(st.sampled_from(sorted(systems)), min_size=1, max_size=2, unique=True))}
    paths: list[Facts] = []
    for index in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from([DELTA, DELTA, STATE, NIGHTLY]))
        source = draw(st.sampled_from(sorted(systems) if kind is DELTA else holders))
        target = draw(st.sampled_from(holders))
        if source == target:
            continue
        entry: Facts = {"id": f"p{index}", "from": source, "to": target, **kind}
        if kind is DELTA:
            entry["events"] = draw(st.lists(st.sampled_from(sorted(events)), min_size=1, unique=True))
        for fact in draw(st.lists(st.sampled_from(sorted(VARIED)), max_size=2, unique=True)):
            entry[fact] = draw(st.sampled_from(VARIED[fact]))
        paths.append(entry)
    controls: list[Facts] = []
    return {"handoffmap": 1, "systems": systems, "events": events, "write_paths": paths, "controls": controls}


SEARCH = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@SEARCH
@given(found=maps(), data=st.data())
def test_a_fact_less_never_says_more_anywhere(found: Facts, data: st.DataObject) -> None:
    more = Judged(found)
    if more.report.invalid:
        return
    keys = list(leaves(found))
    for at in data.draw(st.lists(st.sampled_from(keys), max_size=3, unique=True)) if keys else ():
        assert says_no_more(Judged(without(found, at)), more) == [], at


@SEARCH
@given(found=maps(), seed=st.integers(0, 1000))
def test_order_does_not_matter_anywhere(found: Facts, seed: int) -> None:
    judged = Judged(found)
    if not judged.report.invalid:
        assert told(Judged(shuffled(found, seed))) == told(judged)


@SEARCH
@given(found=maps())
def test_what_converges_names_premises_and_what_drifts_a_cause(found: Facts) -> None:
    judged = Judged(found)
    if judged.report.invalid:
        return
    classed = {cell for finding in judged.diagnosis.findings if finding.drift for cell in finding.cells}
    for verdict in judged.diagnosis.verdicts:
        if verdict.verdict == "converges":
            assert all(note.holds is True for note in verdict.premises)
        elif verdict.verdict == "drifts":
            assert verdict.cell in classed or verdict.upstream


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_asking_a_rule_once_for_paths_of_one_kind_says_the_same_as_asking_for_each(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> list[object]:
        diagnosis = Judged(read(path)).diagnosis
        notes = [(verdict.cell, list(verdict.premises)) for verdict in diagnosis.verdicts]
        return [notes, *(verdict.verdict for verdict in diagnosis.verdicts), *(f.message for f in diagnosis.findings)]

    shared = told()
    monkeypatch.setattr(Streams, "_shared", lambda _, __, answers: answers)
    assert told() == shared


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_two_findings_share_a_fingerprint(path: Path) -> None:
    """A baseline, a waiver or a share of cost that names one of them would mean the other one, too."""
    found = [finding.fingerprint for finding in Judged(read(path)).diagnosis.findings]
    assert len(found) == len(set(found))
