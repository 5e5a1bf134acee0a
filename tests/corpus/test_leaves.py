"""Nothing in the mended stack is there to spare: without any one leaf somebody is told or asked something.

A leaf is a scalar or an element of a list; a table or list that is left empty by it goes too. Only what
describes (`DESCRIPTIVE`) may go in silence.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from handoffmap.check import check_sources
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.diagnosis import Report

    Way = tuple[str | int, ...]

DESCRIPTIVE = frozenset({"name", "summary"})
MENDED = Path(__file__).parents[2] / "topologies" / "three_handoffs.fixed.yaml"


class CoreLoader(yaml.SafeLoader):
    """Every scalar stays the text that was written: what is meant is the reader's business, not PyYAML's."""


CoreLoader.yaml_implicit_resolvers = {}


def read(text: str) -> Any:
    return yaml.load(text, CoreLoader)  # noqa: S506 - a SafeLoader


def leaves(node: Any, way: Way = ()) -> Iterator[Way]:
    """The ways to all leaves, as keys and indices; an empty container is a leaf of its own."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    below = [found for key, value in entries for found in leaves(value, (*way, key))]
    yield from below or [way]


def without(document: Any, way: Way) -> Any:
    """A copy without one leaf, and without whatever it leaves empty."""
    pruned = copy.deepcopy(document)
    holders = [below(pruned, way[:depth]) for depth in range(len(way))]
    for holder, key in zip(reversed(holders), reversed(way), strict=True):
        del holder[key]
        if holder:
            break
    return pruned


def below(document: Any, way: Way) -> Any:
    for key in way:
        document = document[key]
    return document


def replaced(document: Any, way: Way, word: str) -> Any:
    """A copy in which one leaf says something else."""
    other = copy.deepcopy(document)
    below(other, way[:-1])[way[-1]] = word
    return other


def written(document: Any) -> str:
    text = yaml.safe_dump(document, sort_keys=False, default_flow_style=False, width=10_000)
    return str(text).replace("'", "")  # `'1'` is quoted because it is text here; in the file it was not


def check(text: str) -> Report:
    return check_sources([Source("mended.yaml", text)])


def answer(report: Report) -> set[str]:
    """What the tool says: the slugs of its problems and findings, and `question <fact>`."""
    told = {finding.slug for _, problems in report.invalid for finding in problems}
    for diagnosis in report.diagnoses:
        told |= {finding.slug for finding in diagnosis.findings}
        told |= {f"question {question.fact}" for question in diagnosis.questions}
    return told


def spelled(way: Way) -> str:
    """A way as a person would say it: entries of lists by their `id`."""
    parts, node = [], DOCUMENT
    for key in way:
        node = node[key]
        name = node.get("id") if isinstance(key, int) and isinstance(node, dict) else None
        parts.append(str(name or (f"[{node}]" if isinstance(key, int) else key)))
    return ".".join(parts)


DOCUMENT = read(MENDED.read_text(encoding="utf-8"))
LEAVES = [way for way in leaves(DOCUMENT) if way[-1] not in DESCRIPTIVE]

# What expected_three_handoffs.md says of each kind of leaf: a pattern of its way, one of what must be said.
EXPECTED = [
    (r"handoffmap", r"missing-key"),
    (r"systems\.\w+\.kind", r"missing-key|dangling-reference"),
    (r"systems\.\w+\.owner", r"no-owner"),
    (r"systems\.\w+\.holds\.\w+\.role", r"question role"),
    (r"systems\.\w+\.holds\.\w+\.unit", r"question unit"),
    (r"systems\.\w+\.item_key", r"question item_key"),
    (r"events\.\w+\.at\.\[\w+\]", r"dangling-reference|missing-key|undocumented-event"),
    (r"events\.po_received\.at\.erp\.applies", r"dangling-reference"),
    (r"events\.cycle_counted\.at\.wms\.as_of", r"dangling-reference"),
    (r"write_paths\.[\w-]+\.(id|from|to)", r"missing-key"),
    (r"write_paths\.[\w-]+\.via\.\[ipaas\]", r"orphan-system"),
    (r"write_paths\.[\w-]+\.events\.\[shipment_confirmed\]", r"shipment-gap"),
    (r"write_paths\.[\w-]+\.events\.\[cycle_counted\]", r"count-gap"),
    (r"write_paths\.[\w-]+\.events\.\[(order_cancelled|shipment_voided)\]", r"missing-compensation"),
    (r"write_paths\.order-to-wms\.events\.\[order_captured\]", r"ungated-write"),
    (r"write_paths\.[\w-]+\.events\.\[po_received\]", r"unsynchronized"),
    (r"write_paths\.stock-to-erp\.maps\.on_hand", r"question maps"),
    (r"write_paths\.[\w-]+\.maps\.\w+", r"unmapped-field"),
    (r"write_paths\.[\w-]+\.op", r"question (op|payload)"),
    (r"write_paths\.[\w-]+\.(trigger|delivery|guard|ack|handoff|latency)", r"question {0}"),
    (r"write_paths\.[\w-]+\.(dedupe\.(?:retention|stable_across_retries))", r"question {0}"),
    (r"write_paths\.[\w-]+\.(dedupe\.key)\.\[event_id\]", r"question {0}"),
    (r"write_paths\.[\w-]+\.(dead_letter\.(?:monitored|replay))", r"question {0}"),
    (r"controls\.[\w-]+\.(id|kind)", r"missing-key"),
    (r"controls\.[\w-]+\.compare\.mirror", r"no-reconciliation"),
    (r"controls\.[\w-]+\.((?:compare\.)?\w+)", r"question {0}"),
]


def test_the_whole_file_says_nothing() -> None:
    assert answer(check(written(DOCUMENT))) == set()


@pytest.mark.parametrize("way", LEAVES, ids=spelled)
def test_no_leaf_goes_in_silence(way: Way) -> None:
    assert answer(check(written(without(DOCUMENT, way))))


@pytest.mark.parametrize("way", LEAVES, ids=spelled)
def test_what_is_said_is_about_what_is_missing(way: Way) -> None:
    name = spelled(way)
    matches = [(re.fullmatch(shape, name), said) for shape, said in EXPECTED]
    kinds = [said.format(*match.groups()) for match, said in matches if match is not None]
    assert kinds, f"{name} is of no kind that the page speaks of"
    told = answer(check(written(without(DOCUMENT, way))))
    assert any(re.fullmatch(kinds[0], one) for one in told), told


# ── facts that are stated as unknown ──────────────────────────────────────────────────────────────

# Facts of their own, not elements that a list is missing: those are known to be absent. `applies` has a
# default: all that the event moves and the system holds.
NO_FACTS = frozenset({"handoffmap", "id", "from", "to", "at", "kind", "applies"})
FACTS = [way for way in LEAVES if not isinstance(way[-1], int) and way[-1] not in NO_FACTS]

# What is told instead of asked: without an owner there is nobody to ask, and a count is posted as it was found
# unless somebody says `as_of` or `frozen`.
TOLD = {"owner": "no-owner", "as_of": "count-while-moving"}


@pytest.mark.parametrize("way", FACTS, ids=spelled)
def test_a_fact_left_out_is_asked_and_condemns_nothing(way: Way) -> None:
    """Unknown is never read as good (nothing would be said) or as bad (a finding would be confirmed)."""
    report = check(written(replaced(DOCUMENT, way, "unknown")))
    (diagnosis,) = report.diagnoses
    confirmed = {finding.slug for finding in diagnosis.findings if finding.confidence == "confirmed"}
    if way[-1] in TOLD:
        assert confirmed == {TOLD[way[-1]]}
    else:
        assert not confirmed
        assert diagnosis.questions


@pytest.mark.parametrize("word", ["unknown", "~"])
def test_both_ways_to_say_unknown_say_the_same(word: str) -> None:
    for way in FACTS:
        if way[-2] == "maps":  # there an explicit null is a drop
            continue
        left_out = copy.deepcopy(DOCUMENT)
        del below(left_out, way[:-1])[way[-1]]
        assert answer(check(written(replaced(DOCUMENT, way, word)))) == answer(check(written(left_out))), way


# ── lists of which an element is unknown ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("word", ["unknown", "~"])
@pytest.mark.parametrize("fact", ["events: [po_received]", "key: [event_id]"])
def test_a_list_of_which_nothing_is_known_condemns_nothing(fact: str, word: str) -> None:
    key = fact.partition(":")[0]
    text = MENDED.read_text(encoding="utf-8").replace(fact, f"{key}: [{word}]")
    (diagnosis,) = check(text).diagnoses
    assert diagnosis.questions
    assert not [finding for finding in diagnosis.findings if finding.confidence == "confirmed"]


def test_an_event_that_happens_nowhere_is_a_problem() -> None:
    text = MENDED.read_text(encoding="utf-8")
    assert answer(check(text.replace("order_captured: {at: [storefront]}", "order_captured: {at: [~]}")))
