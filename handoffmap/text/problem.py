"""What is wrong with a file itself: the located, collected kind of error (HM001 to HM009).

A problem is not an exception. Reading goes on after it, so that one run tells all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handoffmap.text.source import Location

__all__ = ["Problem"]


@dataclass(slots=True, frozen=True)
class Problem:
    """One defect of a file, where it is, and what would be right.

    `slug` is the rule that tells it (`syntax`, `unknown-key`, `wrong-type`, `dangling-reference`, `duplicate-id`,
    `unknown-word`, `missing-key`); `allowed` are the words that would have been accepted there and `suggestion` the one
    that was probably meant. `other` is a second place that belongs to it (the first of two equal ids), `mend` what to
    do where that is not what the rule says.
    """

    slug: str
    message: str
    location: Location
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None
    other: Location | None = None
    mend: str | None = None
