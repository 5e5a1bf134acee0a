"""The order of the gaps: findings and their shares of cost -> which one to mend first, and why.

Class of drift first, then whether orders are promised or picked from the count, then whether it oversells,
then cost, then the name. Money alone never lifts a gap over a graver one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from handoffmap.priorities.deciding import HOLDS_STOCK_BACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from handoffmap.finding import DriftClass, Finding, Severity
    from handoffmap.model import Cell
    from handoffmap.priorities.estimate import Share
    from handoffmap.vocabulary import Seconds

__all__ = ["Gap", "in_order", "of_those_told", "rank"]

_CLASSES = {"divergent": 0, "permanent": 0, "transient": 1}
_SEVERITIES = {"error": 0, "warning": 1, "note": 2}
_DIRECTIONS = {"over": 0, "either": 1, "under": 2}
_OTHER_WAY = {"over": "under", "under": "over"}


class Gap(NamedTuple):
    """One confirmed finding in its place."""

    finding: Finding
    share: Share | None
    """None where no cost was computed."""
    position: int
    """1 is the one to mend first."""
    because: str
    """One line that explains the place."""


def in_order(
    findings: Iterable[Finding], shares: Mapping[str, Share], deciding: frozenset[Cell]
) -> tuple[Finding, ...]:
    """All findings in the order of rank, confirmed before undetermined; `deciding` is what `deciding_cells` finds."""

    def place(finding: Finding) -> tuple[object, ...]:
        # Bare numbers and words: a large map compares these keys a million times.
        share = shares.get(finding.fingerprint)
        drift = finding.drift
        return (
            finding.confidence != "confirmed",
            2 if drift is None else _CLASSES[drift],
            drift is None and _SEVERITIES[finding.severity],
            not _decides(finding, deciding),
            _DIRECTIONS[_direction(finding)],
            0 if share is None else -_cents(share.mode),
            finding.code,
            str(finding.subject),
            finding.fingerprint,
        )

    return tuple(sorted(findings, key=place))


def rank(ordered: Iterable[Finding], shares: Mapping[str, Share], deciding: frozenset[Cell]) -> tuple[Gap, ...]:
    """The confirmed ones of the findings that `in_order` has ordered as gaps, the first to mend first."""
    confirmed = (finding for finding in ordered if finding.confidence == "confirmed")
    because = lru_cache(maxsize=None)(_because)
    gaps = []
    for position, finding in enumerate(confirmed, 1):
        share = shares.get(finding.fingerprint)
        misleads = _direction(finding) if _decides(finding, deciding) else None
        costs = share is not None and bool(share.mode)
        reason = because(finding.drift, finding.severity, finding.window, misleads, costs=costs)
        gaps.append(Gap(finding, share, position, reason))
    return tuple(gaps)


def of_those_told(gaps: Iterable[Gap], findings: Iterable[Finding]) -> tuple[Gap, ...]:
    """The gaps once waivers, a selection or a team's own rules have changed what is told.

    What is told no more is left out, what is told otherwise is told so, what has come on top stands at the end.
    """
    told = {finding.fingerprint: finding for finding in findings if finding.confidence == "confirmed"}
    left = [gap._replace(finding=told.pop(print_)) for gap in gaps if (print_ := gap.finding.fingerprint) in told]
    left += (Gap(finding, None, 0, _ABOUT_SAFETY[finding.severity]) for finding in told.values())
    return tuple(gap._replace(position=position) for position, gap in enumerate(left, 1))


def _cents(amount: Fraction) -> int:
    """A share in whole cents, which is what shares are given in."""
    return 100 * amount.numerator // amount.denominator


def _decides(finding: Finding, deciding: frozenset[Cell]) -> bool:
    return not deciding.isdisjoint(finding.cells)


def _direction(finding: Finding) -> str:
    """Whether stock seems more (`over`) or less than there is; too much held back makes it seem less."""
    direction = finding.direction or "either"
    quantity = finding.cells[0].quantity if finding.cells else finding.subject.quantity
    return _OTHER_WAY.get(direction, direction) if quantity in HOLDS_STOCK_BACK else direction


def _because(
    drift: DriftClass | None, severity: Severity, window: Seconds | None, misleads: str | None, *, costs: bool
) -> str:
    """Why such a gap stands where it does; `misleads`: the way in which orders are misled, None if none is."""
    if drift is None:
        return _ABOUT_SAFETY[severity]
    reasons = [_LASTS[drift] if window is None else f"wrong for up to {_span(window)} at a time"]
    if misleads is None:
        reasons.append("no order is decided by it")
    else:
        reasons += ("orders are promised against or picked from this count", _SHOWS[misleads])
    if costs:
        reasons.append("among equals cost decides")
    line = "; ".join(reasons)
    return f"{line[0].upper()}{line[1:]}."


_LASTS = {
    "divergent": "wrong by more each time",
    "permanent": "stays wrong until somebody mends it by hand",
    "transient": "wrong for a while, then mended",
}
_SHOWS = {
    "over": "it can promise stock that is not there",
    "under": "it hides stock that could be sold",
    "either": "it can err either way",
}
_ABOUT_SAFETY = {
    "error": "Turns no count wrong by itself, but lets orders be promised twice.",
    "warning": "Turns no count wrong by itself, but leaves the wrong ones unnoticed.",
    "note": "Housekeeping: turns no count wrong.",
}


def _span(seconds: Seconds) -> str:
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            amount = round(float(seconds) / size, 1)
            return f"{amount:g} {unit}{'' if amount == 1 else 's'}"
    return f"{float(seconds):g} seconds"
