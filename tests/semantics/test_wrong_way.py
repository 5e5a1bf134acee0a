"""A nightly run that corrects the authority by its mirror: harmless where both agree, else as wrong as the mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.agreement.compare import compare
from tests.semantics.small_maps import Judged, correction, delta, nightly, state, system, topology

if TYPE_CHECKING:
    from tests.semantics.small_maps import Facts

RIGHT, LASTING, HEALED, CLASS_OPEN, OPEN = (
    "converges", "drifts permanent", "drifts transient", "drifts", "undetermined",
)  # fmt: skip
PUSH, SALE, UP = (
    state("push", "wms", "erp"), delta("sale", "shop", "erp", "pos_sale"), delta("up", "shop", "wms", "pos_sale"),
)  # fmt: skip
RUN, BACK = nightly("run", "wms", "erp"), nightly("back", "erp", "wms")
CHANGES = nightly("run", "wms", "erp", schedule={"every": "1h", "covers": "changed_only"})

ROWS: list[tuple[str, Facts, tuple[Facts, ...], str, str]] = [
    ("wms", {}, (PUSH,), RIGHT, RIGHT),  # it waits until all that is under way has come
    ("wms", {}, (RUN,), LASTING, LASTING),  # it cannot know what waits for the next run
    ("wms", {}, (CHANGES,), LASTING, LASTING),
    ("wms", {"corrects": "erp.available"}, (PUSH,), RIGHT, RIGHT),
    ("wms", {"on_mismatch": "alert"}, (PUSH,), RIGHT, RIGHT),
    ("wms", {"on_mismatch": "none"}, (PUSH,), RIGHT, RIGHT),
    ("wms", {"on_mismatch": None}, (PUSH,), RIGHT, RIGHT),
    ("wms", {"scope": "sampled"}, (PUSH,), RIGHT, RIGHT),
    ("wms", {"scope": None}, (PUSH,), RIGHT, RIGHT),
    ("shop", {}, (SALE,), HEALED, RIGHT),  # the mirror alone hears of the sales, and mends the authority
    ("shop", {"survives_restart": False}, (SALE,), LASTING, RIGHT),
    ("shop", {"every": None}, (SALE,), CLASS_OPEN, RIGHT),
    ("shop", {"corrects": None}, (SALE,), LASTING, LASTING),  # the right way, by an authority that is wrong
    ("shop", {}, (SALE, UP), RIGHT, RIGHT),
    ("shop", {"settle": "0s"}, (SALE, UP), HEALED, RIGHT),
    ("shop", {"settle": None}, (SALE, UP), OPEN, RIGHT),
    ("shop", {}, (SALE, BACK), RIGHT, RIGHT),
]


@pytest.mark.parametrize(("at", "facts", "paths", "authority", "mirror"), ROWS, ids=str)
def test_what_a_correction_of_the_authority_makes_of_both(
    at: str, facts: Facts, paths: tuple[Facts, ...], authority: str, mirror: str
) -> None:
    control = {**correction("wms.available", "erp.available", corrects="wms.available"), **facts}
    systems = {
        "wms": system("wms", "authoritative", "available"),
        "erp": system("erp", "mirror", "available"),
        "shop": system("pos"),
    }
    stated = {key: value for key, value in control.items() if value is not None}
    found = topology(systems, {"pos_sale": {"at": [at]}}, list(paths), [stated])
    judged = Judged(found)
    assert (judged.cell("wms.available"), judged.cell("erp.available")) == (authority, mirror)
    assert compare(found).disagreements == ()
