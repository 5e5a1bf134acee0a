"""HM608: the first page is taken for all there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import Ask, Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.premises.survey import Survey


@rule(
    "HM608",
    scope="map",
    severity="warning",
    mend="Ask for the next page until there is none (`poll: {follows_pages: true}`), or read on from a cursor.",
)
def silent_truncation(survey: Survey) -> Iterator[Claim]:
    """A poll reads the first page of the answer only, and reports success.

    It works for as long as the catalogue is small. From the 251st item on nothing arrives any more: the shop
    goes on selling what was counted when the item was new, and no log has an error. The first to notice is a
    customer whose order fails at the pick.

    Cleared by:

    - it asks for the pages after the first (`follows_pages: true`)
    - the next run goes on where this one ended (`watermark: cursor`)
    - nothing is said of pages at all
    - a `page_size` is stated, and not whether further pages are read: then it is asked

    Flagged::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: poll
            op: set
            maps: {available: available}
            poll: {every: 15m, covers: full, page_size: 250, follows_pages: false}
            only_if_changed: false
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          erp: {kind: erp, holds: {available: authoritative}}
          shop: {kind: storefront, holds: {available: mirror}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: poll
            op: set
            maps: {available: available}
            poll: {every: 15m, covers: full, page_size: 250, follows_pages: true}
            only_if_changed: false
            guard: none

    References:
    - stripe/sync-engine#253: a first synchronisation that took one page
    - openlinker-project/openlinker#2623: a hundred items of each run's answer
    """
    for path in survey.graph.enabled:
        poll = path.poll
        if poll is None or poll.follows_pages or poll.watermark == "cursor":
            continue
        if poll.page_size is None and poll.follows_pages is None:
            continue
        unsaid = poll.follows_pages is None
        what = f"of {poll.page_size} records" if poll.page_size is not None else "of the answer"
        for cell in survey.written_by(path):
            yield Claim(
                "silent-truncation",
                "",
                None if unsaid else False,
                "nobody has said whether it asks for further pages" if unsaid else "it asks for no further page",
                path,
                f"{path.id} {'may read' if unsaid else 'reads'} the first page {what} only",
                drift=None,
                keys=("poll", "page_size" if unsaid else "follows_pages"),
                asks=(Ask("path", path.id, "poll.follows_pages"),) if unsaid else (),
                cell=cell,
            )
