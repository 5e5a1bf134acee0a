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
    facts = [("Premise", rule.premise), ("Cleared by", rule.clears), ("Since", rule.since)]
    told = "".join(f"\n{label}: {_sentence(value)}" for label, value in facts if value)
    head = f"{rule.code} {rule.slug} ({rule.severity})"
    return f"{head}\n{'=' * len(head)}\n\n{rule.page.strip()}\n{told}\n"


def render_rules(rules: Iterable[Rule], form: str) -> str:
    """List rules in the order of their codes; `form` is `text` or `json`."""
    listed = sorted(rules, key=lambda rule: rule.code)
    if form == "json":
        return envelope(rules=[_entry(rule) for rule in listed])
    slug, severity = (max((len(word) for word in words), default=0) for words in _columns(listed))
    return "".join(
        f"{rule.code}  {rule.slug:{slug}}  {rule.severity:{severity}}  {rule.summary}\n" for rule in listed
    )


def _columns(rules: list[Rule]) -> tuple[list[str], list[str]]:
    return [rule.slug for rule in rules], [rule.severity for rule in rules]


def _entry(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "slug": rule.slug,
        "severity": rule.severity,
        "summary": rule.summary,
        "premise": rule.premise or None,
        "clears": _sentence(rule.clears) or None,
        "since": rule.since,
    }


def _sentence(value: object) -> str:
    """A fact of a rule that may be a text or a series of them."""
    if isinstance(value, (tuple, list, frozenset, set)):
        return "; ".join(sorted(map(str, value)) if isinstance(value, (set, frozenset)) else map(str, value))
    return "" if value is None else str(value)
