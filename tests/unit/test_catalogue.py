"""The catalogue of product facts: every fact has its source, and speaks in the words of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from handoffmap import vocabulary as v
from handoffmap.reading.catalogue import (
    FILLING_KEYS,
    PRODUCTS,
    about,
    facts_for,
    inbound_facts,
    product_named,
    system_facts,
    webhook_facts,
)
from handoffmap.reading.products import ALIASES, PRODUCT_FACTS

if TYPE_CHECKING:
    from handoffmap.reading.catalogue import CatalogueFact

FACTS = tuple(fact for facts in PRODUCT_FACTS.values() for fact in facts)
WORDS_OF_KEY: dict[str, tuple[str, ...]] = {
    "delivery": v.words(v.Delivery),
    "order": v.words(v.Order),
    "ack": v.words(v.Ack),
    "payload": v.words(v.Payload),
    "op": v.words(v.Op),
    "concurrency": v.words(v.Concurrency),
    "opening": v.words(v.Opening),
    "never_negative": v.QUANTITIES,
    "watermark_gap": v.QUANTITIES,
}


def _name(fact: CatalogueFact) -> str:
    return f"{fact.product}:{fact.applies}:{fact.key}"


@pytest.mark.parametrize("fact", FACTS, ids=_name)
def test_every_fact_names_a_public_page_and_when_it_was_read(fact: CatalogueFact) -> None:
    parts = urlsplit(fact.source)
    assert parts.scheme == "https"
    assert "." in parts.netloc
    assert " " not in fact.source
    assert re.match(r"20\d\d-\d\d(;|$)", fact.read)
    assert fact.says.endswith(".")


@pytest.mark.parametrize("fact", FACTS, ids=_name)
def test_every_fact_is_filed_under_its_own_product(fact: CatalogueFact) -> None:
    assert fact in PRODUCT_FACTS[fact.product]


@pytest.mark.parametrize("fact", [f for f in FACTS if f.key in WORDS_OF_KEY], ids=_name)
def test_a_value_is_a_word_of_the_vocabulary(fact: CatalogueFact) -> None:
    assert fact.value in WORDS_OF_KEY[fact.key]


@pytest.mark.parametrize("fact", [f for f in FACTS if f.key == "retry"], ids=_name)
def test_a_retry_has_the_keys_of_the_file_and_ends(fact: CatalogueFact) -> None:
    assert isinstance(fact.value, Mapping)
    assert fact.value
    assert fact.value.keys() <= {"max_attempts", "horizon"}
    assert all(type(number) is int and number > 0 for number in fact.value.values())


@pytest.mark.parametrize("fact", [f for f in FACTS if f.key == "dead_letter"], ids=_name)
def test_a_dead_letter_is_stated_as_none_only(fact: CatalogueFact) -> None:
    assert fact.value == "none"


@pytest.mark.parametrize("fact", [f for f in FACTS if f.key in {"events", "queue"}], ids=_name)
def test_the_delivery_of_another_way_out_is_told_in_the_same_words(fact: CatalogueFact) -> None:
    assert isinstance(fact.value, Mapping)
    for key in fact.value.keys() & WORDS_OF_KEY.keys():
        assert fact.value[key] in WORDS_OF_KEY[key]


@pytest.mark.parametrize("fact", [f for f in FACTS if f.key == "derived"], ids=_name)
def test_a_derived_quantity_is_a_formula_over_canonical_quantities(fact: CatalogueFact) -> None:
    assert isinstance(fact.value, Mapping)
    for quantity, formula in fact.value.items():
        assert isinstance(formula, str)
        terms = re.split(r" [+-] ", formula)
        assert quantity in v.QUANTITIES
        assert set(terms) <= set(v.QUANTITIES) - {quantity}
        assert len(terms) == len(set(terms))


@pytest.mark.parametrize("fact", FACTS, ids=_name)
def test_operations_narrow_writes_into_a_product_only(fact: CatalogueFact) -> None:
    assert set(fact.ops) <= set(v.words(v.Op))
    assert not fact.ops or fact.applies == "api_in"


@pytest.mark.parametrize("product", PRODUCTS)
def test_no_lookup_hides_a_fact_behind_another_of_its_key(product: str) -> None:
    def count(applies: str, op: str | None = None) -> int:
        return sum(f.applies == applies and (not f.ops or op in f.ops) for f in facts_for(product))

    filling = [f for f in facts_for(product) if f.applies == "webhook_out" and f.key in FILLING_KEYS]
    assert len(webhook_facts(product)) == len(filling)
    assert len(system_facts(product)) == count("system")
    for op in (None, *v.words(v.Op)):
        assert len(inbound_facts(product, op)) == count("api_in", op)
    assert len({(f.applies, f.key, f.ops) for f in facts_for(product)}) == len(facts_for(product))


@pytest.mark.parametrize("product", PRODUCTS)
def test_each_fact_either_fills_a_path_or_is_told(product: str) -> None:
    filling = set(map(_name, webhook_facts(product).values()))
    told = {_name(fact) for fact in about(product)}
    assert filling | told == {_name(fact) for fact in facts_for(product)}
    assert not filling & told


def test_the_products_that_the_catalogue_has_to_know() -> None:
    assert {
        "shopify", "bigcommerce", "woocommerce", "adobe_commerce", "netsuite", "business_central", "sap_ewm",
        "odoo", "erpnext", "shiphero", "amazon_marketplace", "celigo",
    } <= set(PRODUCTS)  # fmt: skip
    assert list(PRODUCTS) == sorted(PRODUCTS)
    assert all(facts_for(product) for product in PRODUCTS)


@pytest.mark.parametrize(("alias", "product"), sorted(ALIASES.items()))
def test_an_alias_is_written_plainly_and_leads_to_a_product(alias: str, product: str) -> None:
    assert product in PRODUCTS
    assert alias not in PRODUCTS
    assert product_named(alias) == product


@pytest.mark.parametrize(
    "written, product",
    [
        ("shopify", "shopify"),
        ("SHOPIFY", "shopify"),
        ("  Shopify Plus ", "shopify"),
        ("Magento", "adobe_commerce"),
        ("Magento 2.4.6", "adobe_commerce"),
        ("Adobe Commerce", "adobe_commerce"),
        ("Dynamics 365 Business Central", "business_central"),
        ("dynamics_365_business_central", "business_central"),
        ("Odoo v17", "odoo"),
        ("odoo-18.0", "odoo"),
        ("SAP EWM 9.5", "sap_ewm"),
        ("integrator.io", "celigo"),
        ("Amazon", "amazon_marketplace"),
    ],
)
def test_names_are_found_however_they_are_written(written: str, product: str) -> None:
    assert product_named(written) == product
    assert facts_for(written) == PRODUCT_FACTS[product]


@pytest.mark.parametrize(
    "name",
    [None, "", " ", "...", "2.4", "homegrown wms", "shopify lookalike", "sap", "dynamics_365", "<script>"],
)
def test_an_unknown_product_has_no_facts(name: str | None) -> None:
    assert product_named(name) is None
    assert facts_for(name) == ()
    assert about(name) == ()
    assert webhook_facts(name) == {}
    assert inbound_facts(name, "set") == {}
    assert system_facts(name) == {}


def test_a_name_without_end_costs_no_time() -> None:
    assert product_named("_1" * 10**6 + "x") is None


def test_what_shopify_documents_about_its_webhooks() -> None:
    facts = webhook_facts("Shopify")
    assert {key: fact.value for key, fact in facts.items()} == {
        "delivery": "at_least_once",
        "order": "none",
        "retry": {"max_attempts": 8, "horizon": 4 * 3600},
    }


def test_what_is_not_documented_is_not_filled_in() -> None:
    # These products' own pages promise nothing about delivery, so it stays a question.
    for product in (
        "woocommerce",
        "odoo",
        "erpnext",
        "netsuite",
        "adobe_commerce",
        "sap_ewm",
        "amazon_marketplace",
    ):
        assert webhook_facts(product) == {}
    assert set(webhook_facts("business_central")) == {"retry"}
    assert "dead_letter" not in webhook_facts("shopify")
    assert "order" not in webhook_facts("square")


def test_an_inbound_fact_may_hold_for_some_operations_only() -> None:
    assert set(inbound_facts("shopify", "set")) == {"idempotency_key", "cas_offered"}
    assert set(inbound_facts("shopify", "adjust")) == {"idempotency_key"}
    assert inbound_facts("shopify", None) == {}
    assert set(inbound_facts("square", None)) == {"idempotency_key"}


def test_facts_cannot_be_changed() -> None:
    fact = webhook_facts("shopify")["retry"]
    with pytest.raises(AttributeError):
        fact.value = "none"  # type: ignore[misc]
    with pytest.raises(TypeError):
        fact.value["max_attempts"] = 9  # type: ignore[index]
