"""HM007: a key that has to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.problem import Problem


@rule("HM007", scope="file", severity="error", mend="Add the key that the message names.")
def missing_key(problem: Problem) -> bool:
    """An entry lacks a key without which it means nothing."""
    return problem.slug == "missing-key"
