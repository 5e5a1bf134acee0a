"""What is written of a map and read back is what was known of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoffmap.check import check_sources
from handoffmap.estate.recalled import recalled
from handoffmap.estate.record import record_of
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis

BUNDLED = sorted((Path(__file__).resolve().parents[2] / "topologies").glob("*.yaml"))
SAID_BY_A_PRODUCT = """\
handoffmap: 1
systems:
  shop: {kind: storefront, product: shopify, owner: web, holds: {available: mirror}, item_key: sku}
  wms: {kind: wms, owner: warehouse, holds: {available: authoritative}, item_key: sku}
events: {order_captured: {at: [shop]}}
write_paths:
  - {id: order, from: shop, to: wms, events: [order_captured], trigger: webhook, op: adjust, dedupe: none,
     maps: {available: available}}
volume: {orders_per_month: 5000, average_order_value: 70.5}
"""


def there_and_back(diagnosis: Diagnosis, source: Source, *, whole: bool) -> Diagnosis:
    report = check_sources([source])._replace(diagnoses=(diagnosis,))
    record = record_of(report, source, (), whole=whole)
    assert bool(record.deep) is (whole or not diagnosis.findings or "allow[" in source.text)
    return recalled(json.loads(record.told), record, [source])


def spread(diagnosis: Diagnosis) -> dict[str, object]:
    """All that is known, gone through."""
    known = diagnosis._asdict()
    for name in ("topology", "graph"):
        del known[name]
    for name in ("coverage", "stated"):
        known[name] = tuple(known[name])
    for name in ("shares", "costs"):
        known[name] = repr(known[name]).replace("mappingproxy(", "").replace(")", "")
    known["verdicts"] = [
        each._replace(premises=tuple(each.premises), place=None if each.place is None else each.place.at())  # type: ignore[arg-type]
        for each in diagnosis.verdicts
    ]
    return known


WAIVED = SAID_BY_A_PRODUCT + "# handoffmap: allow[HM201] until 2099-01-01: why not\n"


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    "text",
    [*(file.read_text("utf-8") for file in BUNDLED), SAID_BY_A_PRODUCT, WAIVED],
    ids=[*(f.stem for f in BUNDLED), "said", "waived"],
)
def test_everything_comes_back(text: str, whole: bool) -> None:
    source = Source("a map.yaml", text)
    (diagnosis,) = check_sources([source]).diagnoses
    assert spread(there_and_back(diagnosis, source, whole=whole)) == spread(diagnosis)


def test_what_a_product_documents_comes_back() -> None:
    source = Source("map.yaml", SAID_BY_A_PRODUCT)
    (diagnosis,) = check_sources([source]).diagnoses
    assert any(finding.catalogue for finding in diagnosis.findings)


def test_the_map_itself_is_there_for_whoever_asks() -> None:
    source = Source("map.yaml", SAID_BY_A_PRODUCT)
    (diagnosis,) = check_sources([source]).diagnoses
    back = there_and_back(diagnosis, source, whole=False)
    assert list(back.topology.write_paths) == ["order"]
    assert set(back.graph.cells) == set(diagnosis.graph.cells)
    assert back.topology.sources == (source,)


def test_names_that_no_encoding_has_come_back() -> None:
    source = Source("ma\udcffp.yaml", SAID_BY_A_PRODUCT)
    (diagnosis,) = check_sources([source]).diagnoses
    assert there_and_back(diagnosis, source, whole=True).findings == diagnosis.findings
