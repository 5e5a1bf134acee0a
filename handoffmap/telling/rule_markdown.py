"""A rule's page as Markdown, for readers that fold it out beside a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.rules import Rule

__all__ = ["rule_markdown"]

_INDENT = "    "


def rule_markdown(rule: Rule) -> str:
    """The page with its examples as blocks of YAML, and what to change at its end."""
    told = "\n".join(_fenced(rule.page.splitlines()))
    return f"{told}\n\nMend: {rule.mend}\n" if rule.mend else f"{told}\n"


def _fenced(lines: list[str]) -> Iterator[str]:
    """The lines with an indented block behind `::` between fences."""
    inside = False
    awaited = False
    for line in lines:
        if awaited and line.startswith(_INDENT):
            yield "```yaml"
            inside, awaited = True, False
        elif inside and line and not line.startswith(_INDENT):
            yield from ("```", "")
            inside = False
        if inside:
            if line:
                yield line.removeprefix(_INDENT)
        elif line.endswith("::"):
            yield line[:-1]
            awaited = True
        else:
            yield line
    if inside:
        yield "```"
