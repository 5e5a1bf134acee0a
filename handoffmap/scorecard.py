"""How the three controls stand: verdicts and findings -> **scorecard** -> the executive's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.finding import Finding

__all__ = ["scorecard_of"]

CONTROLS: tuple[tuple[str, frozenset[str], str, str, str], ...] = (
    (
        "authoritative source",
        frozenset({"no-authority", "split-authority"}),
        "Each quantity has one record.",
        "{n} quantities have no record, or more than one.",
        "For {n} quantities nobody has said which system is the record.",
    ),
    (
        "write-gating",
        frozenset(
            {
                "multiple-writers", "ungated-write", "manual-override", "authority-overwritten", "set-on-derived",
                "multiple-allocators", "blind-overwrite", "stale-write-back", "snapshot-over-in-flight",
                "set-adjust-mix", "duplicate-route", "reconciles-wrong-way",
            }
        ),
        "No system writes past the record.",
        "{n} times a system writes, or sells, past the record.",
        "In {n} places nobody has said whether a system writes past the record.",
    ),
    (
        "reconciliation checks",
        frozenset({"no-reconciliation", "no-fulfilment-gate", "stale-gate-read", "ineffective-control"}),
        "Mirrors are compared with the record, and a gate stands before the pick.",
        "{n} checks are missing or cannot help.",
        "Of {n} checks nobody has said whether they are there or work.",
    ),
)  # fmt: skip


def scorecard_of(findings: Iterable[Finding], *, controls_stated: bool) -> tuple[tuple[str, str, str], ...]:
    """(control, standing, sentence) for each of the three: in place, partial, missing or unknown."""
    listed = list(findings)
    rows = []
    for name, slugs, good, bad, open_ in CONTROLS:
        confirmed = sum(f.slug in slugs and f.confidence == "confirmed" for f in listed)
        undetermined = sum(f.slug in slugs and f.confidence == "undetermined" for f in listed)
        if confirmed:
            gone = name == "reconciliation checks" and _nothing_there(listed) and controls_stated
            rows.append((name, "missing" if gone else "partial", _count(bad, confirmed)))
        elif undetermined:
            rows.append((name, "unknown", _count(open_, undetermined)))
        else:
            rows.append((name, "in place", good))
    return tuple(rows)


def _nothing_there(findings: list[Finding]) -> bool:
    """Whether neither a gate nor any reconciliation was found to exist."""
    slugs = {finding.slug for finding in findings if finding.confidence == "confirmed"}
    return {"no-reconciliation", "no-fulfilment-gate"} <= slugs and "ineffective-control" not in slugs


def _count(sentence: str, number: int) -> str:
    text = sentence.format(n=number)
    if number == 1:
        for many, one in (("quantities have", "quantity has"), ("quantities", "quantity"), ("times", "time"),
                          ("places", "place"), ("checks are", "check is"), ("checks", "check"), ("they are", "it is"),
                          ("or work.", "or works.")):  # fmt: skip
            text = text.replace(many, one, 1)
    return text
