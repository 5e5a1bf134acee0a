"""The order of the gaps: findings and their shares of cost -> which one to mend first, and why.

Class of drift first, then whether orders are promised or picked from the count, then whether it oversells,
then cost, then the name. Money alone never lifts a gap over a graver one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from handoffmap.deciding import HOLDS_STOCK_BACK, deciding_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from handoffmap.estimate import Share
    from handoffmap.finding import Finding
    from handoffmap.model import Cell, Topology
    from handoffmap.vocabulary import Seconds

__all__ = ["Gap", "in_order", "rank"]

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


def rank(topology: Topology, findings: Iterable[Finding], shares: Mapping[str, Share]) -> tuple[Gap, ...]:
    """The confirmed findings as gaps, the first to mend first; the order of the input does not matter."""
    deciding = deciding_cells(topology)
    confirmed = [finding for finding in in_order(topology, findings, shares) if finding.confidence == "confirmed"]
    return tuple(
        Gap(finding, shares.get(finding.fingerprint), position, _because(finding, deciding, shares))
        for position, finding in enumerate(confirmed, 1)
    )


def in_order(topology: Topology, findings: Iterable[Finding], shares: Mapping[str, Share]) -> list[Finding]:
    """All findings in the order of rank, confirmed before undetermined."""
    deciding = deciding_cells(topology)

    def place(finding: Finding) -> tuple[object, ...]:
        share = shares.get(finding.fingerprint)
        drift = finding.drift
        return (
            finding.confidence != "confirmed",
            2 if drift is None else _CLASSES[drift],
            drift is None and _SEVERITIES[finding.severity],
            not _decides(finding, deciding),
            _DIRECTIONS[_direction(finding)],
            -share.mode if share is not None else 0,
            finding.code,
            str(finding.subject),
            finding.fingerprint,
        )

    return sorted(findings, key=place)


def _decides(finding: Finding, deciding: frozenset[Cell]) -> bool:
    return not deciding.isdisjoint(finding.cells)


def _direction(finding: Finding) -> str:
    """Whether stock seems more (`over`) or less than there is; too much held back makes it seem less."""
    direction = finding.direction or "either"
    quantity = finding.cells[0].quantity if finding.cells else finding.subject.quantity
    return _OTHER_WAY.get(direction, direction) if quantity in HOLDS_STOCK_BACK else direction


def _because(finding: Finding, deciding: frozenset[Cell], shares: Mapping[str, Share]) -> str:
    if finding.drift is None:
        return _ABOUT_SAFETY[finding.severity]
    reasons = [
        _LASTS[finding.drift] if finding.window is None else f"wrong for up to {_span(finding.window)} at a time"
    ]
    decides = _decides(finding, deciding)
    reasons.append("orders are promised against or picked from this count" if decides else "no order is decided by it")
    if decides:
        reasons.append(_SHOWS[_direction(finding)])
    share = shares.get(finding.fingerprint)
    if share is not None and share.mode > 0:
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
