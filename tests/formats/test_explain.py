from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from handoffmap.telling.explain import render_rule, render_rules

PAGE = "An order gets lost.\n\nFlagged::\n\n    delivery: at_most_once"


def rule(code: str, slug: str, premise: str, severity: str | None) -> Any:
    return SimpleNamespace(
        code=code, slug=slug, premise=premise, severity=severity, since="0.1", mend="outbox",
        page=PAGE, summary="An order gets lost.",
    )  # fmt: skip


RULE = rule("HM203", "lost-order", "TA3", None)
HYGIENE = rule("HM012", "no-owner", "", "note")


def test_a_page_says_what_the_rule_says() -> None:
    assert render_rule(RULE) == (
        "HM203 lost-order (error or warning, depending on the cell and its drift)\n"
        "========================================================================\n"
        "\n"
        "An order gets lost.\n"
        "\n"
        "Flagged:\n"
        "\n"
        "    delivery: at_most_once\n"
        "\n"
        "Mend: outbox\n"
        "Premise: TA3.\n"
        "Since 0.1.\n"
    )


def test_the_list_is_in_the_order_of_codes() -> None:
    assert render_rules([RULE, HYGIENE], "text") == (
        "HM012  no-owner    note     An order gets lost.\nHM203  lost-order  varies   An order gets lost.\n"
    )


@pytest.mark.parametrize("shown, severity", [(RULE, None), (HYGIENE, "note")])
def test_the_machine_gets_the_same(shown: Any, severity: str | None) -> None:
    (entry,) = json.loads(render_rules([shown], "json"))["rules"]
    assert (entry["code"], entry["slug"], entry["severity"]) == (shown.code, shown.slug, severity)
