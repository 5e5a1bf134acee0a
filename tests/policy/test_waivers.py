"""Waivers: what they cover, until when, and what is said of those that hold for nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from handoffmap.check import check_sources
from handoffmap.policy.waivers import apply_waivers
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis

TODAY = date(2027, 3, 31)
MAP = """\
handoffmap: 1
systems:
  shop: {{kind: storefront, owner: web, holds: {{available: mirror}}}}
  wms: {{kind: wms, owner: warehouse, holds: {{available: authoritative}}}}
events:
  order_captured: {{at: [shop]}}
write_paths:
{above}  - id: order-to-wms{beside}
    from: shop
    to: wms
    events: [order_captured]
    trigger: webhook
    op: adjust
    maps: {{available: available}}
    delivery: at_least_once
    dedupe: none{fact}
  - id: edit-to-wms
    from: shop
    to: wms
    events: [order_captured]
    trigger: webhook
    op: adjust
    maps: {{available: available}}
    delivery: at_least_once
    dedupe: none
{end}"""


def judged(above: str = "", beside: str = "", fact: str = "", listed: str = "", today: date = TODAY) -> Diagnosis:
    end = f"waivers:\n  - {{{listed}}}\n" if listed else ""
    text = MAP.format(above=above, beside=beside, fact=fact, end=end)
    (diagnosis,) = check_sources([Source("map.yaml", text)]).diagnoses
    return apply_waivers(diagnosis, today)


def waived(diagnosis: Diagnosis) -> set[str | None]:
    return {each.finding.subject.write_path for each in diagnosis.waived if each.finding.slug == "duplicate-delivery"}


def about_waivers(diagnosis: Diagnosis) -> list[str]:
    return [finding.slug for finding in diagnosis.findings if finding.slug.endswith("-waiver")]


LISTED = "rule: duplicate-delivery, subject: order-to-wms, reason: the new middleware comes, until: 2027-03-31"
COMMENT = "# handoffmap: allow[duplicate-delivery] until 2027-03-31: the new middleware comes"


@pytest.mark.parametrize(
    "diagnosis, paths",
    [
        pytest.param(judged(listed=LISTED), {"order-to-wms"}, id="listed, by its path"),
        pytest.param(
            judged(listed=LISTED.replace("order-to-wms", '"*-to-wms"')), {"order-to-wms", "edit-to-wms"}, id="wildcard"
        ),
        pytest.param(
            judged(listed=LISTED.replace("order-to-wms", "wms.available")), {"order-to-wms", "edit-to-wms"}, id="cell"
        ),
        pytest.param(judged(listed=LISTED.replace("duplicate-delivery", "HM201")), {"order-to-wms"}, id="by code"),
        pytest.param(judged(listed=LISTED.replace("duplicate-delivery", "HM2")), {"order-to-wms"}, id="by group"),
        pytest.param(judged(above=f"  {COMMENT}\n"), {"order-to-wms"}, id="a comment above covers the entry"),
        pytest.param(judged(beside=f"  {COMMENT}"), {"order-to-wms"}, id="a comment beside covers the entry"),
        pytest.param(judged(fact=f"  {COMMENT}"), {"order-to-wms"}, id="a comment at the very fact"),
        pytest.param(judged(listed=LISTED.replace("duplicate-delivery", "HM303")), set(), id="another rule"),
    ],
)
def test_a_waiver_covers_what_it_names_and_nothing_else(diagnosis: Diagnosis, paths: set[str]) -> None:
    assert waived(diagnosis) == paths
    left = {each.subject.write_path for each in diagnosis.findings if each.slug == "duplicate-delivery"}
    assert left == {"order-to-wms", "edit-to-wms"} - paths


@pytest.mark.parametrize(
    "today, days, slugs",
    [
        (date(2027, 3, 30), 1, []),
        (date(2027, 3, 31), 0, []),
        (date(2027, 4, 1), None, ["expired-waiver"]),
    ],
)
@pytest.mark.parametrize("form", ["listed", "beside"])
def test_it_holds_on_its_last_day_and_not_the_day_after(
    form: str, today: date, days: int | None, slugs: list[str]
) -> None:
    stated = {"listed": LISTED} if form == "listed" else {"beside": f"  {COMMENT}"}
    diagnosis = judged(today=today, **stated)
    assert [each.days_left for each in diagnosis.waived] == ([] if days is None else [days])
    assert about_waivers(diagnosis) == slugs


@pytest.mark.parametrize(
    "listed, slug",
    [
        (LISTED.replace(", reason: the new middleware comes", ""), "reasonless-waiver"),
        (LISTED.replace(", until: 2027-03-31", ""), "reasonless-waiver"),
        (LISTED.replace("order-to-wms", "oder-to-wms"), "orphaned-waiver"),
        (LISTED.replace("duplicate-delivery", "duplicate-delivry"), "orphaned-waiver"),
        (LISTED.replace("duplicate-delivery", "kit-not-exploded"), "unused-waiver"),
    ],
)
def test_what_is_wrong_with_a_waiver_is_told_at_its_place(listed: str, slug: str) -> None:
    diagnosis = judged(listed=listed)
    assert waived(diagnosis) == set()
    (finding,) = [each for each in diagnosis.findings if each.slug == slug]
    assert finding.location.line == 27


def test_a_comment_without_reason_or_end_waives_nothing() -> None:
    assert about_waivers(judged(beside="  # handoffmap: allow[HM201]")) == ["reasonless-waiver"]
    assert about_waivers(judged(beside="  # handoffmap: allow[HM201] until soon: later")) == ["reasonless-waiver"]


def test_a_text_that_looks_like_a_waiver_is_none() -> None:
    diagnosis = judged(beside=f'\n    notes: "see {COMMENT}"')
    assert (diagnosis.waived, about_waivers(diagnosis)) == ((), [])
