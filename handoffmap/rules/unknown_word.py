"""HM006: a word that is not in the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.problem import Problem


@rule("HM006", scope="file", severity="error", mend="Use one of the words that the message names, or `unknown`.")
def unknown_word(problem: Problem) -> bool:
    """A word is not one of those that are known for this key."""
    return problem.slug == "unknown-word"
