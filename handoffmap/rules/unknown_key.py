"""HM002: a key that is not in the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.problem import Problem


@rule("HM002", scope="file", severity="error", mend="Use one of the keys that the message names; free text goes under `notes`.")
def unknown_key(problem: Problem) -> bool:
    """A key is not one of those that are known at this place."""
    return problem.slug == "unknown-key"
