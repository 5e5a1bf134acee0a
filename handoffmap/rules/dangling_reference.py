"""HM004: a name that nothing declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.problem import Problem


@rule("HM004", scope="file", severity="error", mend="Declare it, or correct the name.")
def dangling_reference(problem: Problem) -> bool:
    """A name refers to a system, event, quantity, path or file that is not there."""
    return problem.slug == "dangling-reference"
