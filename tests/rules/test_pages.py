"""Every rule's page is run: what it flags is flagged, what it recommends is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from handoffmap.rules import all_rules
from handoffmap.telling.explain import render_rule
from tests.rules.maps import findings_of, problems_of
from tests.rules.pages import HEADINGS, page_of

if TYPE_CHECKING:
    from handoffmap.rules import Rule

RULES = all_rules()
OF_THE_FILE = [rule for rule in RULES if rule.scope == "file"]
OF_THE_MAP = [rule for rule in RULES if rule.scope != "file"]
PUBLIC = re.compile(r"^(?:[\w.-]+/[\w.-]+ ?(?:PR)?#\d+|https://\S+|[\w.-]+\.[a-z]{2,}/\S+)")


def by_slug(rule: Rule) -> str:
    return rule.slug


@pytest.mark.parametrize("rule", RULES, ids=by_slug)
def test_every_page_has_the_same_parts_in_the_same_order(rule: Rule) -> None:
    page = page_of(rule.page)
    assert page.headings == HEADINGS
    assert page.defect.endswith(".")
    assert page.defect == rule.summary
    assert 2 <= len(re.findall(r"[.!?](?: |$)", page.why)) <= 4
    assert page.cleared_by
    assert page.references
    assert all(PUBLIC.match(source) for source in page.references), page.references


@pytest.mark.parametrize("rule", OF_THE_MAP, ids=by_slug)
def test_what_the_page_flags_is_flagged(rule: Rule) -> None:
    page = page_of(rule.page)
    found = findings_of(page.flagged)
    assert page.confidence in {finding.confidence for finding in found if finding.slug == rule.slug}


@pytest.mark.parametrize("rule", [rule for rule in OF_THE_MAP if rule.scope != "waiver"], ids=by_slug)
def test_nothing_else_makes_the_flagged_topology_drift(rule: Rule) -> None:
    others = {
        finding.slug: finding.message
        for finding in findings_of(page_of(rule.page).flagged)
        if finding.confidence == "confirmed" and finding.drift is not None and finding.severity != "note"
    }
    others.pop(rule.slug, None)
    assert not others


@pytest.mark.parametrize("rule", OF_THE_MAP, ids=by_slug)
def test_what_the_page_recommends_is_not_flagged(rule: Rule) -> None:
    found = findings_of(page_of(rule.page).use_instead)
    assert [finding.message for finding in found if finding.slug == rule.slug] == []


@pytest.mark.parametrize("rule", OF_THE_FILE, ids=by_slug)
def test_the_broken_file_has_this_problem_and_no_other(rule: Rule) -> None:
    assert set(problems_of(page_of(rule.page).flagged)) == {rule.slug}


@pytest.mark.parametrize("rule", OF_THE_FILE, ids=by_slug)
def test_the_mended_file_can_be_read(rule: Rule) -> None:
    assert problems_of(page_of(rule.page).use_instead) == []


@pytest.mark.parametrize("rule", RULES, ids=by_slug)
def test_a_page_fits_a_terminal(rule: Rule) -> None:
    """What `explain` prints: the page without the marks of its markup, no line too long, what to change at the end."""
    printed = render_rule(rule)
    assert rule.page.replace("::\n", ":\n") in printed
    assert max(map(len, printed.split("\nMend:")[0].splitlines())) <= 110
