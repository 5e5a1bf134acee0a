"""What the makers of common products say in public about their delivery and their stock numbers.

Data only, as plain Python: nothing is parsed at start-up. A fact is here because a page that anybody can
open states it (for open-source products also the published code); where the pages are silent, nothing is
here, and the fact stays a question. What holds for one of several ways out of a product, or is seen in code
alone, fills in nothing and is only told. Look facts up through `handoffmap.reading.catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["ALIASES", "PRODUCT_FACTS", "Applies", "CatalogueFact", "FactKey", "FactValue"]

Applies = Literal["webhook_out", "api_in", "poll_out", "system"]
"""When a fact speaks: a path that leaves the product by webhook, one that writes into its API, one that polls
it, or the product as such."""

FactKey = Literal[
    # Keys of a write path, with the words and shapes that the file has for them.
    "delivery", "order", "retry", "dead_letter", "ack",
    # Facts to tell a reader; the engine leaves them alone.
    "attempts", "cas_offered", "coalesces", "concurrency", "dedupe_offered", "derived", "error_retention",
    "error_store", "events", "fba_quantity", "formula", "idempotency_key", "integer_only", "never_negative",
    "notifications", "op", "opening", "payload", "per_subscription", "queue", "reconciliation_advised",
    "retry_payload", "stock_comparison", "subscription", "version", "watermark_gap",
]  # fmt: skip

FactValue: TypeAlias = str | bool | int | Mapping[str, str | int | bool]
"""A word, a truth, a number (seconds where it is a time), or a mapping of such.

The keys of a `retry` are those of the file; a `derived` maps a canonical quantity to its formula over
canonical quantities, and a `formula` does the same in the product's own field names.
"""


class CatalogueFact(NamedTuple):
    """One documented claim about a product.

    `says` is the claim in our words, `source` the public page that makes it (https), `read` the month in
    which it was read, with the page's own date or version. `ops` narrows an `api_in` fact to these
    operations; empty: all of them.
    """

    product: str
    applies: Applies
    key: FactKey
    value: FactValue
    says: str
    source: str
    read: str
    ops: tuple[str, ...] = ()


def _map(**entries: str | int | bool) -> Mapping[str, str | int | bool]:
    return MappingProxyType(entries)


HOUR = 3600
DAY = 24 * HOUR

_SHOPIFY_DOCS = "https://shopify.dev/docs/apps/build"

_SHOPIFY = (
    CatalogueFact(
        product="shopify",
        applies="webhook_out",
        key="delivery",
        value="at_least_once",
        says="A subscriber may get the same webhook more than once and has to process it idempotently.",
        source=f"{_SHOPIFY_DOCS}/webhooks/ignore-duplicates",
        read="2026-11",
    ),
    CatalogueFact(
        product="shopify",
        applies="webhook_out",
        key="order",
        value="none",
        says="No order is promised, neither within one topic nor between topics about the same record.",
        source=f"{_SHOPIFY_DOCS}/webhooks",
        read="2026-11",
    ),
    CatalogueFact(
        product="shopify",
        applies="webhook_out",
        key="retry",
        value=_map(max_attempts=8, horizon=4 * HOUR),
        says="A delivery without an answer, or with an error, is retried eight times over four hours.",
        source=f"{_SHOPIFY_DOCS}/webhooks/subscribe/https",
        read="2026-11; schedule in force since 2024-09-10",
    ),
    CatalogueFact(
        product="shopify",
        applies="webhook_out",
        key="retry_payload",
        value="as_triggered",
        says="A retry carries the payload of the moment it was triggered, so it can be older than what came since.",
        source="https://shopify.dev/changelog/updates-to-webhook-retry-mechanism",
        read="2026-11; entry of 2024-09-10",
    ),
    CatalogueFact(
        product="shopify",
        applies="webhook_out",
        key="subscription",
        value=_map(lapses_after_failures=8),
        says="After eight failures in a row a subscription made through the Admin API is deleted; the app's "
        "emergency address is warned by mail.",
        source=f"{_SHOPIFY_DOCS}/webhooks/subscribe/https",
        read="2026-11",
    ),
    CatalogueFact(
        product="shopify",
        applies="webhook_out",
        key="dedupe_offered",
        value="event_id",
        says="The header X-Shopify-Event-Id is the same on every webhook about one event.",
        source=f"{_SHOPIFY_DOCS}/webhooks/ignore-duplicates",
        read="2026-11",
    ),
    CatalogueFact(
        product="shopify",
        applies="webhook_out",
        key="per_subscription",
        value=True,
        says="Two subscriptions to one topic give two webhooks for one event.",
        source=f"{_SHOPIFY_DOCS}/webhooks/ignore-duplicates",
        read="2026-11",
    ),
    CatalogueFact(
        product="shopify",
        applies="webhook_out",
        key="reconciliation_advised",
        value=True,
        says="Delivery is not always guaranteed; a job that fetches the data from time to time is advised.",
        source=f"{_SHOPIFY_DOCS}/webhooks",
        read="2026-11",
    ),
    CatalogueFact(
        product="shopify",
        applies="system",
        key="derived",
        value=_map(
            on_hand="available + allocated + soft_reserved + damaged + safety_stock + quality_control",
        ),
        says="On hand is the sum of available, committed, reserved, damaged, safety stock and quality "
        "control; incoming is not part of it.",
        source=f"{_SHOPIFY_DOCS}/orders-fulfillment/inventory-management-apps",
        read="2026-11",
    ),
    CatalogueFact(
        product="shopify",
        applies="api_in",
        key="idempotency_key",
        value="required",
        ops=("adjust", "set", "cas", "move"),
        says="From API version 2026-04 on, the inventory mutations that adjust, set or move quantities fail "
        "without an idempotency key; with the same key a repetition is applied once.",
        source="https://shopify.dev/changelog"
        "/making-idempotency-mandatory-for-inventory-adjustments-and-refund-mutations",
        read="2026-11; entry of 2025-12-12",
    ),
    CatalogueFact(
        product="shopify",
        applies="api_in",
        key="cas_offered",
        value=True,
        ops=("set", "cas"),
        says="Setting a quantity compares it with the expected one unless the caller opts out; setting is "
        "meant for the system that is the source of truth, anybody else should adjust.",
        source="https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities",
        read="2026-11",
    ),
)

_BIGCOMMERCE_WEBHOOKS = "https://developer.bigcommerce.com/docs/integrations/webhooks"
_BIGCOMMERCE_INVENTORY = "https://developer.bigcommerce.com/docs/store-operations/catalog/inventory-adjustments"

_BIGCOMMERCE = (
    CatalogueFact(
        product="bigcommerce",
        applies="webhook_out",
        key="delivery",
        value="at_least_once",
        says="Callbacks can come twice, because of the network, of retries or of a recovery after an outage.",
        source=_BIGCOMMERCE_WEBHOOKS,
        read="2026-11",
    ),
    CatalogueFact(
        product="bigcommerce",
        applies="webhook_out",
        key="order",
        value="none",
        says="Once a blocked destination is free again new events are sent as they occur, while those in the "
        "retry queue follow later on their own schedule.",
        source="https://github.com/bigcommerce/docs/blob/94be67d4adf30f56ee204f5141181411651c6637/docs"
        "/integrations/webhooks/https-webhook-overview.mdx",
        read="2026-11",
    ),
    CatalogueFact(
        product="bigcommerce",
        applies="webhook_out",
        key="retry",
        value=_map(max_attempts=11, horizon=48 * HOUR),
        says="Eleven retries at growing intervals, from one minute to one day, 48 hours in all.",
        source=_BIGCOMMERCE_WEBHOOKS,
        read="2026-11",
    ),
    CatalogueFact(
        product="bigcommerce",
        applies="webhook_out",
        key="subscription",
        value=_map(lapses_after=48 * HOUR),
        says="After the last retry the webhook is deactivated and a mail is sent; it stays off until "
        "somebody activates it again.",
        source=_BIGCOMMERCE_WEBHOOKS,
        read="2026-11",
    ),
    CatalogueFact(
        product="bigcommerce",
        applies="webhook_out",
        key="payload",
        value="notify_then_fetch",
        says="The payload is light: an order event names the order's id, and the receiver asks the API for the rest.",
        source=_BIGCOMMERCE_WEBHOOKS,
        read="2026-11",
    ),
    CatalogueFact(
        product="bigcommerce",
        applies="webhook_out",
        key="dedupe_offered",
        value="hash",
        says="Two callbacks for one event carry the same hash; keeping the hashes seen is the advised defence.",
        source=_BIGCOMMERCE_WEBHOOKS,
        read="2026-11",
    ),
    CatalogueFact(
        product="bigcommerce",
        applies="api_in",
        key="concurrency",
        value="atomic",
        ops=("adjust",),
        says="Relative adjustments of one item at one location are put in a strict order and handled one by "
        "one; one that would take the stock below the safety buffer fails and changes nothing.",
        source=_BIGCOMMERCE_INVENTORY,
        read="2026-11",
    ),
    CatalogueFact(
        product="bigcommerce",
        applies="api_in",
        key="opening",
        value="none",
        ops=("adjust",),
        says="A new product's stock is undefined at each location, even where it shows as 0: an absolute "
        "adjustment has to come before the first relative one.",
        source=_BIGCOMMERCE_INVENTORY,
        read="2026-11",
    ),
)

_WOOCOMMERCE_CODE = (
    "https://github.com/woocommerce/woocommerce/blob/00e1bc4da70f83469010330e589878684c73a921"
    "/plugins/woocommerce/includes/class-wc-webhook.php"
)

_WOOCOMMERCE = (
    CatalogueFact(
        product="woocommerce",
        applies="webhook_out",
        key="subscription",
        value=_map(lapses_after_failures=5),
        says="By default a webhook is disabled after five unsuccessful deliveries in a row (anything but "
        "2xx, 301 or 302) and delivers nothing until it is activated again.",
        source="https://woocommerce.com/document/webhooks/",
        read="2026-11",
    ),
    CatalogueFact(
        product="woocommerce",
        applies="webhook_out",
        key="attempts",
        value=1,
        says="The class that delivers a webhook sends one request and, when it fails, raises the failure "
        "count; nothing there sends it again. The manual speaks of retries, so ask what the shop has "
        "set up.",
        source=_WOOCOMMERCE_CODE,
        read="2026-11; main branch, 11.2",
    ),
    CatalogueFact(
        product="woocommerce",
        applies="webhook_out",
        key="payload",
        value="state",
        says="The payload is the record as the REST API shows it, built when the delivery runs and not when "
        "the event happened; of a deleted record only the id.",
        source=_WOOCOMMERCE_CODE,
        read="2026-11; main branch, 11.2",
    ),
    CatalogueFact(
        product="woocommerce",
        applies="system",
        key="integer_only",
        value=True,
        says="The REST API's stock quantity is an integer.",
        source="https://woocommerce.github.io/woocommerce-rest-api-docs/",
        read="2026-11; REST API v3",
    ),
)

_ADOBE_COMMERCE = (
    CatalogueFact(
        product="adobe_commerce",
        applies="system",
        key="op",
        value="append",
        says="Reservations are only ever appended: an order enters a negative one, and shipping, cancelling "
        "or refunding enters positive ones that make up for it, until the sum is zero.",
        source="https://commerce-docs.github.io/devdocs-archive/2.3/guides/v2.3/inventory/reservations.html",
        read="2026-11; guide of 2.3",
    ),
    CatalogueFact(
        product="adobe_commerce",
        applies="system",
        key="reconciliation_advised",
        value=True,
        says="Lost first or compensating reservations leave a wrong salable quantity; two commands list and "
        "repair them.",
        source="https://experienceleague.adobe.com/docs/commerce-admin/inventory/cli.html",
        read="2026-11",
    ),
    CatalogueFact(
        product="adobe_commerce",
        applies="system",
        key="events",
        value=_map(delivery="at_least_once", order="none", horizon=DAY),
        says="Where events leave through Adobe I/O Events, each is delivered at least once, possibly twice, "
        "in no promised order, and retried for up to 24 hours. Other ways out of the shop are not "
        "meant.",
        source="https://developer.adobe.com/events/docs/support/faq",
        read="2026-11",
    ),
)

_NETSUITE_STOCK = "https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_N2262573.html"

_NETSUITE = (
    CatalogueFact(
        product="netsuite",
        applies="system",
        key="derived",
        value=_map(available="on_hand - allocated"),
        says="Quantity available is quantity on hand less quantity committed.",
        source=_NETSUITE_STOCK,
        read="2026-11",
    ),
    CatalogueFact(
        product="netsuite",
        applies="system",
        key="never_negative",
        value="available",
        says="Quantity available is never tracked below zero: an item has some available or none.",
        source=_NETSUITE_STOCK,
        read="2026-11",
    ),
)

_BUSINESS_CENTRAL_WEBHOOKS = (
    "https://learn.microsoft.com/en-us/dynamics365/business-central/dev-itpro/api-reference/v2.0/dynamics-subscriptions"
)

_BUSINESS_CENTRAL = (
    CatalogueFact(
        product="business_central",
        applies="webhook_out",
        key="retry",
        value=_map(horizon=36 * HOUR),
        says="An unreachable subscriber is retried several times over 36 hours, if it answers 408, 429 or "
        "5xx; any other error ends the retries and deletes the subscription.",
        source=_BUSINESS_CENTRAL_WEBHOOKS,
        read="2026-11; page dated 2026-03-23",
    ),
    CatalogueFact(
        product="business_central",
        applies="webhook_out",
        key="subscription",
        value=_map(lapses_after=3 * DAY),
        says="A subscription expires after three days unless it is renewed, and an answer outside 408, 429 "
        "and 5xx deletes it.",
        source=_BUSINESS_CENTRAL_WEBHOOKS,
        read="2026-11; page dated 2026-03-23",
    ),
    CatalogueFact(
        product="business_central",
        applies="webhook_out",
        key="payload",
        value="notify_then_fetch",
        says="A notification names the changed record and the kind of change; the values have to be fetched.",
        source=_BUSINESS_CENTRAL_WEBHOOKS,
        read="2026-11; page dated 2026-03-23",
    ),
    CatalogueFact(
        product="business_central",
        applies="webhook_out",
        key="coalesces",
        value=30,
        says="Notifications wait 30 seconds by default, so that several changes of one record make one; more "
        "than 1,000 changed records in that time make a single notification of the collection.",
        source=_BUSINESS_CENTRAL_WEBHOOKS,
        read="2026-11; page dated 2026-03-23",
    ),
)

_SAP_EWM = (
    CatalogueFact(
        product="sap_ewm",
        applies="system",
        key="stock_comparison",
        value=_map(authority="sap_ewm"),
        says="The report /SCWM/ERP_STOCKCHECK compares EWM with inventory management, takes EWM's stock for "
        "right, and shows what part of a difference is stuck in queues.",
        source="https://consolut.com/saphelp-en?article=D-$SCWM$ERP_STOCKCHECK",
        read="2026-11",
    ),
    CatalogueFact(
        product="sap_ewm",
        applies="system",
        key="queue",
        value=_map(delivery="exactly_once_effect", order="per_key"),
        says="Where EWM and ERP talk by queued RFC, a call is executed only once and in the order of its queue.",
        source="https://help.sap.com/saphelp_autoid2007/helpdata/de/86/58d1e4032eb646b0f88b2366e03fa6/content.htm",
        read="2026-11",
    ),
)

_ODOO = (
    CatalogueFact(
        product="odoo",
        applies="system",
        key="derived",
        value=_map(available="on_hand - allocated"),
        says="A quant's available quantity is computed as its quantity less its reserved quantity.",
        source="https://github.com/odoo/odoo/blob/17.0/addons/stock/models/stock_quant.py",
        read="2026-11; 17.0",
    ),
    CatalogueFact(
        product="odoo",
        applies="webhook_out",
        key="attempts",
        value=1,
        says="The action that sends a webhook posts once, waits one second, and only logs a timeout or an "
        "error answer. Connectors of others send in their own ways.",
        source="https://github.com/odoo/odoo/blob/17.0/odoo/addons/base/models/ir_actions.py",
        read="2026-11; 17.0",
    ),
)

_ERPNEXT_BIN = (
    "https://github.com/frappe/erpnext/blob/0114abe4d370ca7788412d2983f0d044f4c9e1af/erpnext/stock/doctype/bin/bin.py"
)

_ERPNEXT = (
    CatalogueFact(
        product="erpnext",
        applies="webhook_out",
        key="attempts",
        value=3,
        says="The framework's webhook is tried up to three times within seconds, a read timeout included, "
        "and then only logged.",
        source="https://github.com/frappe/frappe/blob/04d8529c8c73181e24c1177b49a55a17ac8e4a03/frappe"
        "/integrations/doctype/webhook/webhook.py",
        read="2026-11; version 15",
    ),
    CatalogueFact(
        product="erpnext",
        applies="system",
        key="formula",
        value=_map(
            projected_qty="actual_qty + ordered_qty + indented_qty + planned_qty - reserved_qty"
            " - reserved_qty_for_production - reserved_qty_for_sub_contract",
        ),
        says="The projected quantity of a bin is computed from its other quantities.",
        source=_ERPNEXT_BIN,
        read="2026-11",
    ),
    CatalogueFact(
        product="erpnext",
        applies="system",
        key="op",
        value="adjust",
        says="Every voucher adds to the actual quantity of a bin, save a Stock Reconciliation, which sets it.",
        source=_ERPNEXT_BIN,
        read="2026-11",
    ),
)

_SHIPHERO_WEBHOOKS = "https://developer.shiphero.com/webhooks"

_SHIPHERO = (
    CatalogueFact(
        product="shiphero",
        applies="webhook_out",
        key="retry",
        value=_map(max_attempts=5),
        says="A call that is not answered in ten seconds is retried five times.",
        source=_SHIPHERO_WEBHOOKS,
        read="2026-11; page as it stood before the health monitoring of 2026-04",
    ),
    CatalogueFact(
        product="shiphero",
        applies="webhook_out",
        key="reconciliation_advised",
        value=True,
        says="A webhook may not fire; delivery is not always guaranteed, and a job that fetches what has "
        "changed is strongly advised.",
        source=_SHIPHERO_WEBHOOKS,
        read="2026-11",
    ),
    CatalogueFact(
        product="shiphero",
        applies="webhook_out",
        key="subscription",
        value=_map(lapses=True),
        says="A webhook that keeps failing is warned of by mail and then disabled (announced for 2026-04-20).",
        source=_SHIPHERO_WEBHOOKS,
        read="2026-11",
    ),
    CatalogueFact(
        product="shiphero",
        applies="system",
        key="formula",
        value=_map(inventory="on_hand - allocated + sell_ahead - reserve"),
        says="The inventory figure of the Inventory Update webhook is on hand less allocated plus sell-ahead "
        "less reserve, so it moves when any of them does.",
        source="https://developer.shiphero.com/webhooks/inventory-update-webhook",
        read="2026-11",
    ),
)

_AMAZON = (
    CatalogueFact(
        product="amazon_marketplace",
        applies="system",
        key="notifications",
        value="queue",
        says="Notifications come through Amazon SQS or EventBridge; another way to fetch the data is advised "
        "for when they are late or missing.",
        source="https://developer-docs.amazon.com/sp-api/docs/notifications-api-v1-use-case-guide",
        read="2026-11",
    ),
    CatalogueFact(
        product="amazon_marketplace",
        applies="system",
        key="queue",
        value=_map(delivery="at_least_once", order="none"),
        says="A standard SQS queue delivers at least once, now and then twice and out of order.",
        source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html",
        read="2026-11",
    ),
    CatalogueFact(
        product="amazon_marketplace",
        applies="system",
        key="fba_quantity",
        value="read_only",
        says="The quantity of stock that Amazon fulfils cannot be written; sending one turns the offer into "
        "a seller-fulfilled one.",
        source="https://developer-docs.amazon.com/sp-api/changelog"
        "/clarification-on-how-to-use-the-inventory-feed-type-quantity-attribute",
        read="2026-11",
    ),
    CatalogueFact(
        product="amazon_marketplace",
        applies="api_in",
        key="op",
        value="set",
        says="The listing's quantity is replaced by the value sent.",
        source="https://developer-docs.amazon.com/sp-api/docs/merge-a-listing",
        read="2026-11",
    ),
    CatalogueFact(
        product="amazon_marketplace",
        applies="poll_out",
        key="watermark_gap",
        value="incoming",
        says="Asking the FBA inventory for what has changed since a date does not see changes of the inbound "
        "quantities.",
        source="https://github.com/amzn/selling-partner-api-models/blob/main/models/fba-inventory-api-model"
        "/fbaInventory.json",
        read="2026-11; v1",
    ),
)

_CELIGO = (
    CatalogueFact(
        product="celigo",
        applies="system",
        key="error_store",
        value=_map(replay="manual"),
        says="Failed records wait as open errors that a user retries or resolves; the data to retry with is "
        "there for the newest 20,000 errors of a step, as long as the account keeps data.",
        source="https://docs.celigo.com/hc/en-us/articles/16182564553371-Retry-or-resolve-errors",
        read="2026-11",
    ),
    CatalogueFact(
        product="celigo",
        applies="system",
        key="error_retention",
        value=30 * DAY,
        says="Errors and logs are kept for 30 days by default, longer by subscription.",
        source="https://docs.celigo.com/hc/en-us/articles"
        "/6359380074779-Retain-your-log-and-error-data-for-more-than-30-days",
        read="2026-11",
    ),
    CatalogueFact(
        product="celigo",
        applies="system",
        key="retry_payload",
        value="as_triggered",
        says="A retry uses the stored data of the failed record, which a user can edit first.",
        source="https://docs.celigo.com/hc/en-us/articles/16182564553371-Retry-or-resolve-errors",
        read="2026-11",
    ),
)

_SQUARE = (
    CatalogueFact(
        product="square",
        applies="webhook_out",
        key="delivery",
        value="at_least_once",
        says="A webhook can be sent more than once.",
        source="https://developer.squareup.com/docs/webhooks-overview",
        read="2026-11",
    ),
    CatalogueFact(
        product="square",
        applies="webhook_out",
        key="retry",
        value=_map(horizon=DAY),
        says="An unsuccessful delivery is retried for up to 24 hours.",
        source="https://developer.squareup.com/docs/webhooks/troubleshooting",
        read="2026-11",
    ),
    CatalogueFact(
        product="square",
        applies="webhook_out",
        key="dead_letter",
        value="none",
        says="After 24 hours a notification is discarded and not sent again.",
        source="https://developer.squareup.com/docs/webhooks/troubleshooting",
        read="2026-11",
    ),
    CatalogueFact(
        product="square",
        applies="webhook_out",
        key="dedupe_offered",
        value="event_id",
        says="The body's event_id stays the same when a notification is repeated.",
        source="https://developer.squareup.com/docs/webhooks/step4manage",
        read="2026-11",
    ),
    CatalogueFact(
        product="square",
        applies="webhook_out",
        key="subscription",
        value=_map(lapses_after=21 * DAY),
        says="Three weeks without one 2xx answer, and after three warnings by mail the subscription is disabled.",
        source="https://developer.squareup.com/docs/webhooks/step4manage",
        read="2026-11",
    ),
    CatalogueFact(
        product="square",
        applies="api_in",
        key="idempotency_key",
        value="required",
        says="A batch of inventory changes, counts and adjustments alike, has to carry an idempotency key; "
        "changes are applied by the caller's timestamps and may be sent out of order.",
        source="https://developer.squareup.com/explorer/square_2023-08-16/inventory-api/batch-change-inventory",
        read="2026-11; API of 2023-08-16",
    ),
)

_WALMART = (
    CatalogueFact(
        product="walmart_marketplace",
        applies="system",
        key="version",
        value=_map(supported_until="2026-12-15"),
        says="The single order events (order created, line auto-cancelled, intent to cancel) give way to one "
        "ORDER_UPDATES event; they are announced to go on 2026-12-15.",
        source="https://developer.walmart.com/us-marketplace/page/new-order-management-webhook-event",
        read="2026-11; notice of 2026-02-11",
    ),
)

PRODUCT_FACTS: Mapping[str, tuple[CatalogueFact, ...]] = MappingProxyType(
    {
        "adobe_commerce": _ADOBE_COMMERCE,
        "amazon_marketplace": _AMAZON,
        "bigcommerce": _BIGCOMMERCE,
        "business_central": _BUSINESS_CENTRAL,
        "celigo": _CELIGO,
        "erpnext": _ERPNEXT,
        "netsuite": _NETSUITE,
        "odoo": _ODOO,
        "sap_ewm": _SAP_EWM,
        "shiphero": _SHIPHERO,
        "shopify": _SHOPIFY,
        "square": _SQUARE,
        "walmart_marketplace": _WALMART,
        "woocommerce": _WOOCOMMERCE,
    },
)
"""Product -> its documented facts, in the order in which they are told."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "amazon": "amazon_marketplace",
        "amazon_fba": "amazon_marketplace",
        "amazon_seller_central": "amazon_marketplace",
        "amazon_sp_api": "amazon_marketplace",
        "big_commerce": "bigcommerce",
        "celigo_integrator_io": "celigo",
        "d365_bc": "business_central",
        "d365_business_central": "business_central",
        "d365bc": "business_central",
        "dynamics_365_business_central": "business_central",
        "dynamics_business_central": "business_central",
        "erp_next": "erpnext",
        "extended_warehouse_management": "sap_ewm",
        "frappe_erpnext": "erpnext",
        "integrator_io": "celigo",
        "magento": "adobe_commerce",
        "magento_commerce": "adobe_commerce",
        "magento_open_source": "adobe_commerce",
        "microsoft_dynamics_365_business_central": "business_central",
        "ms_dynamics_365_business_central": "business_central",
        "net_suite": "netsuite",
        "odoo_community": "odoo",
        "odoo_enterprise": "odoo",
        "oracle_netsuite": "netsuite",
        "sap_extended_warehouse_management": "sap_ewm",
        "sap_s_4hana_ewm": "sap_ewm",
        "ship_hero": "shiphero",
        "shopify_plus": "shopify",
        "shopify_pos": "shopify",
        "square_pos": "square",
        "walmart": "walmart_marketplace",
        "woo": "woocommerce",
        "woo_commerce": "woocommerce",
    },
)
"""Other names of a product, as `catalogue.product_named` writes names -> the name in `PRODUCT_FACTS`."""
