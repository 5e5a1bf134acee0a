"""What a rule says about itself: one page, or the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.telling.json_v1 import envelope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handoffmap.rules import Rule

__all__ = ["render_rule", "render_rules"]


def render_rule(rule: Rule) -> str:
    """Give the page of one rule: its names and severity, then its documentation as it was written."""
    head = f"{rule.code} {rule.slug} ({rule.severity or 'error or warning, as the cell and its drift have it'})"
    premise = f"\nPremise: {rule.premise}." if rule.premise else ""
    mend = f"\nMend: {rule.mend}" if rule.mend else ""
    return f"{head}\n{'=' * len(head)}\n\n{rule.page}\n{mend}{premise}\nSince {rule.since}.\n"


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
