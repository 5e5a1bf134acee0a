"""HM005: one name for two things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.problem import Problem


@rule("HM005", scope="file", severity="error", mend="Give each its own id; in one mapping keep one of the two keys.")
def duplicate_id(problem: Problem) -> bool:
    """A key or an id stands twice."""
    return problem.slug == "duplicate-id"
