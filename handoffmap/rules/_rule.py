"""What a rule is: a code, a slug that names the defect, a premise, and one function that answers for one thing.

The function's docstring is the rule's page: the defect in one sentence, why it costs, what clears it, and two
topologies (`Flagged`, `Use instead`) that the tests run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.finding import Severity

__all__ = ["REGISTRY", "Rule", "Scope", "rule"]

P = ParamSpec("P")
R = TypeVar("R")

Scope = Literal["file", "handoff", "delta", "write", "feed", "cell", "control", "map", "waiver", "own"]
"""What a rule is asked about: the file as read, a path, a delta path, any write into a cell, a state write into a cell,
a cell, a control, the whole map, a waiver on a day;
`own`: rules of a team's own, about a whole topology."""


class Rule(NamedTuple):
    """One rule of the catalogue."""

    code: str
    slug: str
    scope: Scope
    premise: str
    severity: Severity | None
    """None: it follows from the class of the drift and from the cell."""
    since: str
    mend: str
    """What to change, in the words of the file."""
    shared: bool
    """Its claims are worked out with its neighbours' (reach, conflicts); it is asked only where they name it."""
    judge: Callable[..., Any]

    @property
    def page(self) -> str:
        """The rule's documentation, Markdown."""
        from inspect import cleandoc  # only `explain` and `rules` read the pages

        return cleandoc(getattr(self.judge, "page", None) or self.judge.__doc__ or "")

    @property
    def summary(self) -> str:
        """The defect in one sentence."""
        return " ".join(self.page.split("\n\n", 1)[0].split())


REGISTRY: dict[str, Rule] = {}
"""Slug -> rule, filled as the rule files are imported."""


def rule(
    code: str,
    *,
    scope: Scope,
    premise: str = "",
    severity: Severity | None = None,
    since: str = "0.1",
    mend: str = "",
    shared: bool = False,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Enter a function into the catalogue under its own name, written with dashes."""

    def enter(judge: Callable[P, R]) -> Callable[P, R]:
        slug = judge.__name__.replace("_", "-")
        REGISTRY[slug] = Rule(code, slug, scope, premise, severity, since, mend, shared, judge)
        return judge

    return enter
