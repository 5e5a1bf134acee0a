"""Formulas over quantities, `on_hand - allocated + erp.incoming`: text → signed terms."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from handoffmap.model import Term

__all__ = ["parse_formula"]

_WORD = r"\w(?:[\w-]*\w)?"
_TOKEN = rf"\s*(?:(?P<sign>[-+\N{{MINUS SIGN}}])|(?:(?P<system>{_WORD})\.)?(?P<quantity>{_WORD}))\s*"


@lru_cache(maxsize=512)
def parse_formula(text: str) -> tuple[Term, ...] | None:
    """The terms of a formula in the order of the text, or None if it is none.

    A name may contain `-`, so `a-b` is one name; a minus needs a space on one of its sides, as in `a - b`.
    """
    following = re.compile(_TOKEN).match  # compiled once, when a file has a formula
    terms: list[Term] = []
    sign: Literal[1, -1] | None = 1  # None: a sign has to come before the next name
    signed = False
    at = 0
    while at < len(text):
        token = following(text, at)
        if token is None:
            return None
        at = token.end()
        if token["sign"]:
            if signed:
                return None
            sign, signed = (1 if token["sign"] == "+" else -1), True
        elif sign is None:
            return None
        else:
            terms.append(Term(token["system"], token["quantity"], sign))
            sign, signed = None, False
    return None if signed or not terms else tuple(terms)
