"""How the three controls stand: verdicts and findings -> **scorecard** -> the executive's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from handoffmap.finding import Finding
    from handoffmap.model import Cell

__all__ = ["scorecard_of"]

CONTROLS: tuple[tuple[str, frozenset[str], str, tuple[str, str], tuple[str, str]], ...] = (
    (
        "authoritative source",
        frozenset({"no-authority", "split-authority"}),
        "Each quantity has one record.",
        ("One quantity has no record, or more than one.", "{n} quantities have no record, or more than one."),
        (
            "For one quantity nobody has said which system is the record.",
            "For {n} quantities nobody has said which system is the record.",
        ),
    ),
    (
        "write-gating",
        frozenset(
            {
                "multiple-writers", "ungated-write", "manual-override", "authority-overwritten", "set-on-derived",
                "multiple-allocators", "blind-overwrite", "stale-write-back", "snapshot-over-in-flight",
                "set-adjust-mix", "duplicate-route", "replay-double-count", "reconciles-wrong-way",
            }
        ),
        "No system writes past the record.",
        (
            "In one place a system writes, sells or books past the record.",
            "In {n} places a system writes, sells or books past the record.",
        ),
        (
            "In one place nobody has said whether a system writes past the record.",
            "In {n} places nobody has said whether a system writes past the record.",
        ),
    ),
    (
        "reconciliation checks",
        frozenset(
            {
                "no-reconciliation", "no-fulfilment-gate", "stale-gate-read", "ineffective-control",
                "misaligned-cutoff",
            }
        ),
        "Mirrors are compared with the record, and a gate stands before the pick.",
        ("One check is missing or cannot help.", "{n} checks are missing or cannot help."),
        (
            "Of one check nobody has said whether it is there or works.",
            "Of {n} checks nobody has said whether they are there or work.",
        ),
    ),
)  # fmt: skip


PASSED_BY = frozenset(
    {
        "unmapped-field",
        "unsynchronized",
        "shipment-gap",
        "count-gap",
        "transfer-limbo",
        "reservation-leak",
        "derived-not-recomputed",
        "missing-compensation",
        "disabled-path",
        "trigger-gap",
    }
)
"""What gates nothing where it is the record that does not hear of an event."""


def scorecard_of(
    findings: Iterable[Finding], *, records: Container[Cell], controls_stated: bool
) -> tuple[tuple[str, str, str], ...]:
    """(control, standing, sentence) for each of the three: in place, partial, missing or unknown.

    `records` are the authoritative cells.
    """
    listed = list(findings)
    rows = []
    for name, slugs, good, bad, open_ in CONTROLS:
        about = [f for f in listed if f.slug in slugs or (name == "write-gating" and _passes_by(f, records))]
        confirmed = sum(f.confidence == "confirmed" for f in about)
        undetermined = sum(f.confidence == "undetermined" for f in about)
        if confirmed:
            gone = name == "reconciliation checks" and _nothing_there(listed) and controls_stated
            rows.append((name, "missing" if gone else "partial", _count(bad, confirmed)))
        elif undetermined:
            rows.append((name, "unknown", _count(open_, undetermined)))
        else:
            rows.append((name, "in place", good))
    return tuple(rows)


def _passes_by(finding: Finding, records: Container[Cell]) -> bool:
    """Whether something happens that the record does not hear of."""
    return finding.slug in PASSED_BY and any(cell in records for cell in finding.cells)


def _nothing_there(findings: list[Finding]) -> bool:
    """Whether neither a gate nor any reconciliation was found to exist."""
    slugs = {finding.slug for finding in findings if finding.confidence == "confirmed"}
    return {"no-reconciliation", "no-fulfilment-gate"} <= slugs and "ineffective-control" not in slugs


def _count(sentences: tuple[str, str], number: int) -> str:
    """The sentence for one, or that for several."""
    one, several = sentences
    return one if number == 1 else several.format(n=number)
