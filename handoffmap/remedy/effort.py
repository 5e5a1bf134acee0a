"""What a change takes, in person-days: **assumptions**, all of them, that only put remedies into an order.

Nobody has measured them for any particular stack. They say that a setting is cheaper than a mapping, a mapping than a
key that survives retries, and a new path or a gate at the order dearer than all of these.
"""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from handoffmap.remedy.edit import Edit

__all__ = ["EFFORT", "EFFORT_LABEL", "OTHER_FACT", "effort_of"]

EFFORT_LABEL: Final = "Person-days are assumptions of this tool, there to order the remedies and not to plan by"

EFFORT: Final[Mapping[tuple[str, str], Fraction]] = MappingProxyType(
    {
        key: Fraction(days)
        for key, days in {
            ("write_paths", "new"): "8",
            ("write_paths", "delivery"): "5",
            ("write_paths", "order"): "5",
            ("write_paths", "handoff"): "4",
            ("write_paths", "op"): "4",
            ("write_paths", "payload"): "5",
            ("write_paths", "trigger"): "5",
            ("write_paths", "guard"): "3",
            ("write_paths", "concurrency"): "3",
            ("write_paths", "base"): "4",
            ("write_paths", "dedupe"): "3",
            ("write_paths", "atomic_with"): "4",
            ("write_paths", "dead_letter"): "2",
            ("write_paths", "subscription"): "1",
            ("write_paths", "maps"): "1",
            ("write_paths", "fields"): "1",
            ("write_paths", "events"): "1",
            ("write_paths", "fires_for"): "1",
            ("write_paths", "origin_tag"): "2",
            ("write_paths", "only"): "1",
            ("write_paths", "except"): "1",
            ("write_paths", "enabled"): "1",
            ("write_paths", "location"): "2",
            ("write_paths", "schedule"): "1/2",
            ("write_paths", "poll"): "1",
            ("write_paths", "retry"): "1/2",
            ("write_paths", "ack"): "1",
            ("systems", "item_key"): "8",
            ("systems", "allocates"): "10",
            ("systems", "holds"): "3",
            ("events", "as_of"): "2",
            ("events", "frozen"): "2",
            ("controls", "new"): "5",
            ("controls", "on_mismatch"): "1",
            ("controls", "corrects"): "1",
            ("controls", "reads"): "1",
            ("controls", "every"): "1/2",
            ("controls", "settle"): "1/2",
            ("controls", "scope"): "1",
            ("controls", "measure"): "2",
            ("controls", "last_success_monitored"): "1/2",
            ("controls", "survives_restart"): "1",
            ("controls", "compare"): "1",
        }.items()
    }
)
"""(section, fact) → person-days; `new` is a whole entry."""

OTHER_FACT: Final = Fraction(2)
"""Person-days of a fact that is not in the table."""


def effort_of(edits: Iterable[Edit]) -> Fraction:
    """Person-days of several changes; the same fact of the same entry is paid once, however many parts of it change."""
    days = Fraction(0)
    paid: set[tuple[str, str, str]] = set()
    for edit in edits:
        fact = "new" if edit.action == "new" else edit.keys[0]
        price = EFFORT.get((edit.section, fact), OTHER_FACT)
        seen = (edit.section, edit.entry, fact)
        days += Fraction(0) if seen in paid else price
        paid.add(seen)
    return days
