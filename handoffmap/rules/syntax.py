"""HM001: the file cannot be read as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.problem import Problem


@rule("HM001", scope="file", severity="error", mend="Mend the line that is named; the frame shows where reading stopped.")
def syntax(problem: Problem) -> bool:
    """The file is not readable as one YAML document."""
    return problem.slug == "syntax"
