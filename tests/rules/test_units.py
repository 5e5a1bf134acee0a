"""Which words name one and the same unit."""

from __future__ import annotations

import pytest

from tests.rules.maps import findings_of, state, topology
from tests.rules.rows import held

SINGLE = ("each", "ea", "piece", "pieces", "pcs", "pc", "unit", "units", "single", "item")


@pytest.mark.parametrize("word", SINGLE)
@pytest.mark.parametrize("other", ["each", "pcs"])
def test_a_single_piece_has_many_names(word: str, other: str) -> None:
    systems = held("on_hand", wms={"unit": word}, erp={"unit": other})
    found = findings_of(topology(state("wms > erp", "on_hand"), systems=systems))
    assert [finding.message for finding in found if finding.slug == "unit-mismatch"] == []


@pytest.mark.parametrize("word", ["box", "case", "pallet"])
def test_a_pack_is_none(word: str) -> None:
    systems = held("on_hand", wms={"unit": "each"}, erp={"unit": word})
    found = findings_of(topology(state("wms > erp", "on_hand"), systems=systems))
    assert {finding.confidence for finding in found if finding.slug == "unit-mismatch"} == {"undetermined"}
