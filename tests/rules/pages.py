"""A rule's page, taken apart: the docstring of its judge function.

    The defect, in one sentence.

    Why it costs: two or three sentences, with units and with what is paid for.

    Cleared by:

    - a fact that makes the rule silent

    Flagged::

        a whole topology in which the rule speaks

    Use instead::

        the same one mended, in which it does not

    References:

    - a public source

`Flagged (undetermined)::` says that the topology leads to a question and not to a confirmed finding.
"""

from __future__ import annotations

import re
from textwrap import dedent
from typing import NamedTuple

__all__ = ["HEADINGS", "Page", "page_of"]

HEADINGS = ("Cleared by:", "Flagged::", "Use instead::", "References:")
"""What stands between the parts of every page, in this order."""

_HEADING = re.compile(r"^(?:Cleared by:|Flagged(?: \(undetermined\))?::|Use instead::|References:)$", re.MULTILINE)


class Page(NamedTuple):
    """One rule's documentation."""

    defect: str
    why: str
    headings: tuple[str, ...]
    """As they stand, in their order; `Flagged (undetermined)::` as `Flagged::`."""
    cleared_by: tuple[str, ...]
    flagged: str
    use_instead: str
    references: tuple[str, ...]
    confidence: str
    """What the flagged topology gives: `confirmed` or `undetermined`."""


def page_of(text: str) -> Page:
    """Take a page apart; a part that is not there is empty."""
    found = _HEADING.findall(text)
    before, *parts = _HEADING.split(text)
    defect, _, why = before.strip().partition("\n\n")
    headings = tuple(heading.replace(" (undetermined)", "") for heading in found)
    body = dict(zip(headings, parts, strict=True))
    return Page(
        defect=" ".join(defect.split()),
        why=" ".join(why.split()),
        headings=headings,
        cleared_by=_bullets(body.get("Cleared by:", "")),
        flagged=_block(body.get("Flagged::", "")),
        use_instead=_block(body.get("Use instead::", "")),
        references=_bullets(body.get("References:", "")),
        confidence="undetermined" if "Flagged (undetermined)::" in found else "confirmed",
    )


def _bullets(text: str) -> tuple[str, ...]:
    items = re.split(r"^- ", text.strip(), flags=re.MULTILINE)[1:]
    return tuple(" ".join(item.split()) for item in items)


def _block(text: str) -> str:
    return dedent(text).strip("\n") + "\n"
