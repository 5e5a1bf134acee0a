"""HM220: the value is read before the change is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.claim import Claim
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.cells import Feed


@rule("HM220", scope="feed", premise="TB3", mend="Read the value after the transaction has committed (`read_at: after_commit`).")
def read_before_commit(feed: Feed) -> Claim | None:
    """The message is filled before the change that caused it is stored, so that it carries the old value."""
    path = feed.path
    if path.read_at != "before_commit" or feed.handoff.sends_whole_values:
        return None
    return Claim(
        "read-before-commit",
        "TB3",
        False,
        "the value is read before the change is committed",
        path,
        f"{path.id} sends the value from before the change that set it off",
        keys=("read_at",),
    )
