"""Names of rules as people give them: a code, a slug, a prefix (`HM2`, `HM2xx`), a range (`HM201-HM209`), or `ALL`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handoffmap.errors import UnknownRule
from handoffmap.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.rules import Rule

__all__ = ["rules_named", "rules_of"]

_GROUP = re.compile(r"(?i)hm(\d{0,2})x*")
_RANGE = re.compile(r"(?i)(hm\d{1,3})x*\s*(?:-|\.\.)\s*(hm\d{1,3})x*")


def rules_named(name: str) -> frozenset[str]:
    """The codes of the rules that a name means; none where there is no such rule."""
    wanted = name.strip()
    if wanted.upper() == "ALL":
        return frozenset(rule.code for rule in all_rules())
    among = _RANGE.fullmatch(wanted)
    if among is not None:
        first, last = among[1].upper(), among[2].upper().ljust(len("HM000"), "9")
        return frozenset(rule.code for rule in all_rules() if first <= rule.code <= last)
    group = _GROUP.fullmatch(wanted)
    if group is not None:
        return frozenset(rule.code for rule in all_rules() if rule.code.startswith(f"HM{group[1]}"))
    return frozenset(rule.code for rule in all_rules() if wanted.casefold() in {rule.code.casefold(), rule.slug})


def rules_of(names: Iterable[str], where: str) -> frozenset[str]:
    """The codes of all rules that names mean. Raises `UnknownRule` for the first that means none; `where` is told."""
    found: set[str] = set()
    for name in names:
        meant = rules_named(name)
        if not meant:
            raise UnknownRule(f"there is no rule {name!r}", where=where, hint=_closest(name))
        found |= meant
    return frozenset(found)


def _closest(name: str) -> str:
    from difflib import get_close_matches

    known = [called for rule in all_rules() for called in _names(rule)]
    close = get_close_matches(name.lower(), [called.lower() for called in known], n=1)
    return (
        f'did you mean "{close[0].upper() if close[0].startswith("hm") else close[0]}"?'
        if close
        else "`handoffmap rules` lists them all"
    )


def _names(rule: Rule) -> tuple[str, str]:
    return rule.code, rule.slug
