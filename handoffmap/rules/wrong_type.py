"""HM003: a value of the wrong kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.problem import Problem


@rule("HM003", scope="file", severity="error", mend="Write the value in the form that the message names.")
def wrong_type(problem: Problem) -> bool:
    """A value is of another kind than its key takes."""
    return problem.slug == "wrong-type"
