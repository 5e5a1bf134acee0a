"""**Theorem T-D and buffers in words**: why two who promise one stock can oversell it, and how long a buffer lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from handoffmap.priorities.buffers import FORMULA, buffer_risks
from handoffmap.telling.duration import say_duration

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis
    from handoffmap.finding import Finding
    from handoffmap.model import Cell, Topology
    from handoffmap.priorities.buffers import BufferRisk

__all__ = ["THEOREM", "BufferLine", "Theorem", "buffer_lines", "theorem_of"]

THEOREM: Final = (
    "Two systems that promise from one stock, each by what it knows, can both promise the last piece, however fast the "
    "messages between them are. It cannot happen if one gate decides at the order, if the piece is reserved at the "
    "record in the same step, if each has a share of its own, or if backorders are allowed."
)
"""T-D; after Bailis et al., Coordination Avoidance in Database Systems (2015): a count that must not go below nought
cannot be kept so by promises that are made apart.
"""

_SLUG: Final = "multiple-allocators"


class Theorem(NamedTuple):
    """A theorem that applies to a finding, and the premise that it fails on."""

    says: str
    fails: str


class BufferLine(NamedTuple):
    """One buffer in words."""

    cell: Cell
    held_back: str
    window: str
    expected: str
    probability: str
    sum_up: str
    """The formula with this count's figures; where one is missing, which."""
    inputs: tuple[tuple[str, str, str], ...]
    """(figure, value, source or `assumption`)."""


def theorem_of(topology: Topology, finding: Finding) -> Theorem | None:
    """The theorem by which a finding is sure, and what it fails on here; None for all other findings."""
    if finding.slug != _SLUG or finding.confidence != "confirmed":
        return None
    rivals = [each.subject.system for each in finding.related if each.why == "promises stock" and each.subject.system]
    pool = str(finding.cells[0]) if finding.cells else "the record"
    gate = (
        "no gate at the order is stated"
        if topology.controls is None
        else f"no gate at the order reads {pool} and blocks"
    )
    who = " and ".join(rivals) if len(rivals) < 3 else f"{', '.join(rivals[:-1])} and {rivals[-1]}"
    return Theorem(
        THEOREM,
        f"{gate}; {who or 'those who promise'} neither reserve at the record by a call that waits for the answer, nor "
        "have quotas, nor take backorders.",
    )


def buffer_lines(diagnosis: Diagnosis) -> tuple[BufferLine, ...]:
    """Every declared buffer of a map."""
    return tuple(_line(risk) for risk in buffer_risks(diagnosis.topology, diagnosis.verdicts))


def _line(risk: BufferRisk) -> BufferLine:
    held = _plain(float(risk.buffer))
    window = "not known" if risk.window is None else say_duration(risk.window)
    if risk.probability is None or risk.expected is None:
        missing = f"not computed; {'; '.join(risk.missing)}"
        return BufferLine(risk.cell, held, window, "", "", missing, ())
    expected, chance = _plain(risk.expected), _chance(risk.probability)
    return BufferLine(
        risk.cell,
        held,
        window,
        expected,
        chance,
        f"{FORMULA} = P(X > {held}), X ~ Poisson({expected}) = {chance}",
        tuple((each.name, each.value, each.source) for each in risk.inputs),
    )


def _chance(probability: float) -> str:
    """A probability in percent, with as many digits as matter."""
    part = 100 * probability
    if part < 0.0001:
        return "under 0.0001 %" if part else "0 %"
    return "over 99.9 %" if part > 99.9 else f"{part:.2g} %"


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.3g}"
