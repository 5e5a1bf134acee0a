"""What a rule of one's own says: the typed surface for plugins, and what becomes of it.

A plugin is a function that takes a `Topology` and gives `Found`s, entered with `own_rule` and named in the packaging
metadata of its distribution under the entry-point group `handoffmap.rules`::

    @own_rule("HM950", severity="warning", mend="Name somebody who answers for the path.")
    def path_without_owner(topology: Topology) -> Iterator[Found]:
        \"\"\"A write path has no owner of its own.\"\"\"
        for path in topology.write_paths.values():
            if path.owner is None:
                yield Found(f"{path.id} has no owner", path.place.at(), write_path=path.id)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, TypeVar

from handoffmap.rules._rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from handoffmap.finding import Confidence, Severity
    from handoffmap.text.source import Location

__all__ = ["CODE", "Found", "own_rule", "rule_of"]

CODE = re.compile(r"HM9\d\d")
"""Codes of rules of one's own."""

P = ParamSpec("P")
R = TypeVar("R")


class Found(NamedTuple):
    """One thing that a rule of one's own has found."""

    message: str
    """One sentence: what is wrong, in the map's own names."""
    location: Location
    """`entry.place.at("key", ...)` of what it is about."""
    system: str | None = None
    quantity: str | None = None
    event: str | None = None
    write_path: str | None = None
    control: str | None = None
    confidence: Confidence = "confirmed"
    """`undetermined`: it hangs on a fact that nobody has stated."""


def own_rule(
    code: str, *, severity: Severity = "warning", mend: str = "", slug: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say that a function is a rule; its name, written with dashes, is the slug, its docstring the rule's page.

    Raises `ValueError` for a code that is not one of HM900 to HM999.
    """
    if not CODE.fullmatch(code):
        raise ValueError(f"{code!r}: the code of a rule of one's own is one of HM900 to HM999")

    def enter(judge: Callable[P, R]) -> Callable[P, R]:
        called = slug or judge.__name__.replace("_", "-")
        judge.__handoffmap_rule__ = Rule(  # type: ignore[attr-defined]  # a function takes any attribute
            code, called, "own", "", severity, "own", mend, shared=False, judge=judge
        )
        return judge

    return enter


def rule_of(judge: object) -> Rule | None:
    """The rule that a function is, if `own_rule` has made it one."""
    found = getattr(judge, "__handoffmap_rule__", None)
    return found if isinstance(found, Rule) else None
