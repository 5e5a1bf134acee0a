"""What a rule says about itself: one page, or the list of all."""

from __future__ import annotations

import re
from textwrap import fill
from typing import TYPE_CHECKING

from handoffmap.telling.json_v1 import envelope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.rules import Rule

__all__ = ["render_rule", "render_rules"]

_WIDTH = 100
"""Columns of a page; the documentation of the rules is written to them, too."""


def render_rule(rule: Rule) -> str:
    """Give the page of one rule: its names and severity, then its documentation without the marks of its markup."""
    head = f"{rule.code} {rule.slug} ({rule.severity or 'error or warning, depending on the cell and its drift'})"
    page = re.sub(r"::$", ":", rule.page, flags=re.MULTILINE)
    premise = f"\nPremise: {rule.premise}." if rule.premise else ""
    mend = "\n" + fill(f"Mend: {rule.mend}", _WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{head}\n{'=' * len(head)}\n\n{page}\n{mend if rule.mend else ''}{premise}\nSince {rule.since}.\n"


def render_rules(rules: Iterable[Rule], form: str) -> str:
    """List rules in the order of their codes; `form` is `text` or `json`."""
    listed = sorted(rules, key=lambda rule: rule.code)
    if form == "json":
        return envelope(rules=[_entry(rule) for rule in listed])
    wide = max((len(rule.slug) for rule in listed), default=0)
    return "".join(
        f"{rule.code}  {rule.slug:{wide}}  {rule.severity or 'varies':7}  {rule.summary}\n" for rule in listed
    )


def _entry(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "slug": rule.slug,
        "severity": rule.severity,
        "summary": rule.summary,
        "premise": rule.premise or None,
        "since": rule.since,
        "mend": rule.mend or None,
        "page": rule.page,
    }
