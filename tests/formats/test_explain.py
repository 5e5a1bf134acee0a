from __future__ import annotations

import json

import pytest

from handoffmap.rules import Rule
from handoffmap.telling.explain import render_rule, render_rules


def lost_order() -> None:
    """An order gets lost.

    Flagged:

        delivery: at_most_once
    """


RULE = Rule("HM203", "lost-order", "handoff", "TA3", None, "0.1", lost_order)
HYGIENE = Rule("HM012", "no-owner", "file", "", "note", "0.1", lost_order)


def test_a_page_says_what_the_rule_says() -> None:
    assert render_rule(RULE) == (
        "HM203 lost-order (error or warning, as the cell and its drift have it)\n"
        "======================================================================\n"
        "\n"
        "An order gets lost.\n"
        "\n"
        "Flagged:\n"
        "\n"
        "    delivery: at_most_once\n"
        "\n"
        "Premise: TA3.\n"
        "Since 0.1.\n"
    )


def test_the_list_is_in_the_order_of_codes() -> None:
    assert render_rules([RULE, HYGIENE], "text") == (
        "HM012  no-owner    note     An order gets lost.\nHM203  lost-order  varies   An order gets lost.\n"
    )


@pytest.mark.parametrize("rule, severity", [(RULE, None), (HYGIENE, "note")])
def test_the_machine_gets_the_same(rule: Rule, severity: str | None) -> None:
    (entry,) = json.loads(render_rules([rule], "json"))["rules"]
    assert (entry["code"], entry["slug"], entry["severity"]) == (rule.code, rule.slug, severity)
