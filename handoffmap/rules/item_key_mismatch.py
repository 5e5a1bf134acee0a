"""HM304: the two sides know the same item by different keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.premises.claim import BROKEN, Ask, Claim, held
from handoffmap.rules._rule import rule

if TYPE_CHECKING:
    from handoffmap.model import ItemKey, System
    from handoffmap.premises.cells import Case
    from handoffmap.premises.claim import Answer
    from handoffmap.premises.graph import Write


@rule(
    "HM304",
    scope="write",
    premise="TA2",
    mend="Key both sides by the same field with the same normalisation, or map one key to the other (`fields`).",
)
def item_key_mismatch(write: Write, case: Case) -> Answer | None:
    """The two sides know the same item by different keys, so that a write hits another item or none.

    A blank at the end of a SKU, a lost leading zero, a renamed variant: the row finds nothing and is skipped,
    or it finds the wrong item. The one item keeps an old count for ever, the other is moved without a reason,
    and no total shows it; somebody finds out at the pick or in days of comparing lists by hand.

    Cleared by:

    - both sides use the same field with the same normalisation
    - the path maps the source's key to the target's (`fields`)
    - source and target are parts of one application (`part_of`), with one item record
    - the two sides' keys are not stated: then it is asked, and nothing is confirmed

    Flagged::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            item_key: {field: sku, normalise: []}
            holds: {available: {role: authoritative, unit: each}}
          shop:
            kind: storefront
            item_key: {field: sku, normalise: [trim, upper]}
            holds: {available: {role: mirror, unit: each}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 1h, covers: full}
            only_if_changed: false
            guard: none

    Use instead::

        handoffmap: 1
        systems:
          erp:
            kind: erp
            item_key: {field: sku, normalise: [trim, upper]}
            holds: {available: {role: authoritative, unit: each}}
          shop:
            kind: storefront
            item_key: {field: sku, normalise: [trim, upper]}
            holds: {available: {role: mirror, unit: each}}
        events:
          inventory_adjusted: {at: [erp]}
        write_paths:
          - id: stock-to-shop
            from: erp
            to: shop
            trigger: schedule
            op: set
            maps: {available: available}
            schedule: {every: 1h, covers: full}
            only_if_changed: false
            guard: none

    References:
    - magento/magento2#10080: an untrimmed SKU makes a second product
    - odoo/odoo#15814: one article, two lengths of bar code
    """
    path = write.path
    slug = "item-key-mismatch"
    premise = "TA2" if case.survey.handoff(path).flow == "delta" else "TB5"
    if same_application(case.graph.systems[path.source], case.system):
        return held(slug, premise, "one application, one item record", path)
    here, there = case.graph.systems[path.source].item_key, case.system.item_key
    if here is None or there is None:
        return Claim(
            slug,
            premise,
            None,
            "nobody has said by which key one of the two sides knows an item",
            path,
            f"{path.id} may write to another item at {path.target} than the one meant",
            asks=tuple(
                Ask("system", system, "item_key")
                for system, key in ((path.source, here), (path.target, there))
                if key is None
            ),
            own_heal=False,
        )
    because = difference(here, there, path.fields)
    if because is None and (here.normalise is None) != (there.normalise is None):
        silent = path.source if here.normalise is None else path.target
        return Claim(
            slug,
            premise,
            None,
            f"nobody has said how {silent} normalises {here.field}",
            path,
            f"{path.id} may miss an item whose {here.field} is written differently at {path.target}",
            asks=(Ask("system", silent, "item_key.normalise"),),
            own_heal=False,
        )
    if because is None:
        return held(slug, premise, f"both sides know an item by {there.field}", path)
    return Claim(
        slug,
        premise,
        BROKEN,
        because,
        path,
        f"{path.id} can miss an item at {path.target}, or hit another one: {because}",
        keys=("fields",) if path.fields else (),
        own_heal=False,
    )


def difference(here: ItemKey, there: ItemKey, fields: object) -> str | None:
    """In what two item keys differ so that one item can be taken for another; None: in nothing."""
    mapped = isinstance(fields, dict) and getattr(fields.get(here.field), "to", None) == there.field
    if here.field != there.field and not mapped:
        return f"{here.field} on one side, {there.field} on the other"
    if set(here.normalise or ()) != set(there.normalise or ()) and None not in {
        here.normalise,
        there.normalise,
    }:
        return f"{here.field} is normalised differently on the two sides"
    if here.may_change or there.may_change:
        return f"{here.field} can change while the other side keeps the old one"
    return None


def same_application(one: System, other: System) -> bool:
    """Whether two systems are parts of one application, which keeps one item record."""
    parts = {one.id, one.part_of} & {other.id, other.part_of}
    return bool(parts - {None})
