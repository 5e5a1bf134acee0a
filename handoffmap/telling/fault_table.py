"""What **one fault does to each kind of write**: the theory as a table for the report, and which rows a map uses.

Every field is what the witness model says of a map of two counts and one path on which nothing but that fault can
happen; `tests/witness/test_fault_table.py` works each of them out anew, with the control that stops it and without.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from handoffmap.telling.wording import CLASSES, VERDICTS
from handoffmap.vocabulary import ADDING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handoffmap.model import Topology, WritePath

__all__ = ["FAULTS", "OUTCOMES", "WRITES", "FaultRow", "Field", "kind_of_write", "tell_faults"]

WRITES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "adjust": ("Adds or takes off an amount", "op: adjust"),
        "append": ("Adds a line to a ledger of movements", "op: append"),
        "move": ("Moves an amount from one state or place to another", "op: move"),
        "reserve": ("Reserves for an order", "op: reserve"),
        "release": ("Releases what was reserved", "op: release"),
        "set": ("Writes the whole number", "op: set"),
        "cas": ("Writes the whole number, unless the target knows more", "op: cas"),
        "rewrite": ("Reads the number, changes it, writes it back", "base: target"),
    }
)
"""Kind of write -> what it does, and how a map states it. `rewrite` is whatever takes its number from the target."""

FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "repeat": "A message comes twice",
        "forget": "It comes again when its key is forgotten",
        "lose": "A message is lost",
        "crash": "The sender fails before it has sent",
        "overtake": "Two messages overtake each other",
        "replay": "One is put aside and replayed days later",
        "meanwhile": "The target changes meanwhile",
    }
)
"""Fault -> what it is called where somebody reads it who has never heard the word."""

_KEYS = "repetitions are recognised (dedupe)"
_KEPT = "keys are kept longer than anything can come again (retention)"
_SENT = "it is sent until it arrives (delivery, retry)"
_OUTBOX = "event and message are stored in one step (handoff)"
_NEWEST = "what is older is refused (guard: version)"
_ENDED = "what came too early is remembered (guard: state_machine)"

_ADDED: Mapping[str, tuple[str, str]] = {
    "repeat": ("permanent", _KEYS),
    "forget": ("permanent", _KEPT),
    "lose": ("permanent", _SENT),
    "crash": ("permanent", _OUTBOX),
}
"""What every amount has in common."""

_WRITTEN: Mapping[str, tuple[str, str]] = {"lose": ("permanent", _SENT), "crash": ("permanent", _OUTBOX)}
"""What every whole value has in common: it stays wrong until the next one is sent, which may be never."""

OUTCOMES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = MappingProxyType(
    {
        "adjust": _ADDED,
        "append": _ADDED,
        "move": _ADDED,
        "reserve": {**_ADDED, "overtake": ("permanent", _ENDED), "replay": ("permanent", _ENDED)},
        "release": {**_ADDED, "overtake": ("permanent", _ENDED)},
        "set": {
            **_WRITTEN,
            "overtake": ("permanent", _NEWEST),
            "replay": ("permanent", _NEWEST),
            "meanwhile": ("transient", "it asks first whether the target has changed (op: cas)"),
        },
        "cas": _WRITTEN,
        "rewrite": {**_ADDED, "meanwhile": ("permanent", "reading and writing are one step (concurrency: atomic)")},
    }
)
"""Kind of write -> fault -> (class of drift, what stops it). A fault that is not there does no harm."""


class Field(NamedTuple):
    """What one fault does to one kind of write."""

    word: str
    """permanent, transient, or `converges`."""
    says: str
    unless: str
    """The control that stops it; empty where nothing has to be stopped."""


class FaultRow(NamedTuple):
    """One kind of write, and where this map uses it."""

    does: str
    stated: str
    paths: tuple[str, ...]
    """Ids of the map's paths that write so."""
    fields: tuple[Field, ...]


def tell_faults(topology: Topology) -> tuple[FaultRow, ...]:
    """The table, with the paths of a map in their rows."""
    used: dict[str, list[str]] = {}
    for path in topology.write_paths.values():
        used.setdefault(kind_of_write(path) or "", []).append(path.id)
    return tuple(
        FaultRow(does, stated, tuple(sorted(used.get(word, ()))), tuple(_field(word, fault) for fault in FAULTS))
        for word, (does, stated) in WRITES.items()
    )


def kind_of_write(path: WritePath) -> str | None:
    """The row that a path belongs to; None where nobody has said how it writes."""
    if path.base in {"target", "cached"} and path.op not in ADDING:
        return "rewrite"
    return path.op


def _field(word: str, fault: str) -> Field:
    drift, unless = OUTCOMES[word].get(fault, (None, ""))
    return Field("converges", VERDICTS["converges"], "") if drift is None else Field(drift, CLASSES[drift], unless)
