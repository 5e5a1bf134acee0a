"""The catalogue: one file a rule, named by its slug, found by walking this folder.

claims are what rules answer; `verdict` asks them and draws the conclusions.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from handoffmap.rules._rule import REGISTRY, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from handoffmap.rules._rule import Scope

__all__ = ["Rule", "all_rules", "find_rule", "judges_for", "rules_for", "take_in"]


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    for module in iter_modules(__path__):
        if not module.name.startswith("_"):
            import_module(f"{__name__}.{module.name}")
    return tuple(sorted((*REGISTRY.values(), *_OWN), key=lambda rule: rule.code))


_OWN: list[Rule] = []


def take_in(rules: Iterable[Rule]) -> None:
    """Know a team's own rules from now on, and no others of that kind; in one process the last call counts."""
    own = list(rules)
    if own == _OWN:
        return
    _OWN[:] = own
    for known in (all_rules, rules_for, judges_for, _by_name):
        known.cache_clear()


@cache
def rules_for(scope: Scope) -> tuple[Rule, ...]:
    """The rules that are asked about one kind of thing, by code."""
    return tuple(rule for rule in all_rules() if rule.scope == scope)


@cache
def judges_for(scope: Scope) -> tuple[Callable[..., Any], ...]:
    """The functions of those rules: one call for each thing of that kind, so millions in a large map."""
    return tuple(rule.judge for rule in rules_for(scope))


@cache
def _by_name() -> dict[str, Rule]:
    named = {rule.code: rule for rule in all_rules()}
    named.update((rule.slug, rule) for rule in all_rules())
    return named


def find_rule(name: str) -> Rule | None:
    """The rule of a code (`HM201`, in any case) or slug; None: there is none."""
    return _by_name().get(name) or _by_name().get(name.upper()) or _by_name().get(name.lower())
