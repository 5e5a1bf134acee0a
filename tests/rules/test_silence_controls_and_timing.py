"""When the rules about controls (HM5xx) and timing (HM6xx) keep silent, and then when they speak."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.maps import LEFT_OUT, UNKNOWN, control, delta, state, system, topology, voices
from tests.rules.rows import asked, held, silent, sure

MIRROR = state("wms > erp", "on_hand")
AMOUNTS = delta("wms > erp", "po_received", "on_hand")
ORDER = delta("shop > wms", "order_captured")
RECEIVED = {"po_received": ["wms"]}
GIVEN_UP = {"monitored": False, "replay": "none"}
LAPSES = {"lapses_after_failures": True, "monitored": False, "backstop": "none"}


def compared(path: dict[str, Any] = MIRROR, systems: dict[str, Any] | None = None, **facts: Any) -> str:
    """A mirror in the ERP that a sound reconciliation compares each night, changed by these facts."""
    whole = {
        "compare": {"authority": "wms.on_hand", "mirror": "erp.on_hand"},
        "every": "24h",
        "scope": "full",
        "on_mismatch": "alert",
        "last_success_monitored": True,
        **facts,
    }
    return topology(path, systems=systems, at=RECEIVED, controls=[control("reconciliation", **whole)])


def gated(*more: dict[str, Any], systems: dict[str, Any] | None = None, **facts: Any) -> str:
    """A shop that sells and a warehouse that ships behind a sound gate, changed by these facts."""
    whole = {"at": "fulfilment", "reads": "wms.available", "on_mismatch": "block", **facts}
    return selling(controls=[control("gate", **whole), *more], systems=systems)


def selling(systems: dict[str, Any] | None = None, **top: Any) -> str:
    ends = {
        "shop": system("available~", "storefront"),
        "wms": system("on_hand! available!", "wms"),
        **(systems or {}),
    }
    return topology(ORDER, systems=ends, at={"shipment_confirmed": ["wms"]}, **top)


def late(path: dict[str, Any], **cell: Any) -> str:
    """The ERP's mirror, fed by one path, with these facts about its cell."""
    return topology(path, systems=held("on_hand", erp=cell), at=RECEIVED)


def seller(path: dict[str, Any], **facts: Any) -> str:
    """The same where goods are sold by that mirror."""
    return topology(path, systems={"erp": system("on_hand~", allocates=True, **facts)}, at=RECEIVED)


def nightly(**facts: Any) -> dict[str, Any]:
    return state("wms > erp", "on_hand", every="24h", **facts)


def polled(**facts: Any) -> str:
    """The ERP's mirror polls every ten minutes for the last half hour, changed by these facts."""
    poll = {
        "every": "10m",
        "watermark": "source_updated_at",
        "lookback": "30m",
        "advance_on": "success_only",
        "covers": "changed_only",
        **facts,
    }
    known = {key: fact for key, fact in poll.items() if fact is not LEFT_OUT}
    return topology(state("wms > erp", "on_hand", trigger="poll", poll=known), at=RECEIVED)


def failing(**facts: Any) -> str:
    """Orders by a sound path, changed by these facts."""
    return topology({**ORDER, **facts})


COMPARED_WITH_NOTHING = [
    silent("no-reconciliation", "a reconciliation names it", compared()),
    silent(
        "no-reconciliation",
        "a correction names it",
        topology(
            MIRROR,
            at=RECEIVED,
            controls=[
                control("reconciliation", on_mismatch="correct", corrects="erp.on_hand", every="24h", scope="full")
            ],
        ),
    ),
    silent(
        "no-reconciliation",
        "the record itself",
        topology(delta("shop > wms", "po_received", "on_hand"), systems={"shop": system()}),
    ),
    silent(
        "no-reconciliation",
        "a consumer",
        topology(state("wms > planning", "on_hand"), systems={"planning": system("on_hand-")}, at=RECEIVED),
    ),
    silent(
        "no-reconciliation",
        "there is no record to compare it with",
        topology(MIRROR, systems={"wms": system("on_hand~")}, at=RECEIVED),
    ),
    silent(
        "no-reconciliation",
        "nothing ever changes it",
        topology(systems=held("on_hand", wms={}, till={"share": "own"}), at=RECEIVED),
    ),
    sure("no-reconciliation", "no controls at all", topology(MIRROR, at=RECEIVED, controls=[])),
    sure(
        "no-reconciliation",
        "the reconciliation compares another mirror",
        compared(
            systems={"shop": system("on_hand~", on_hand={"share": "own"})},
            compare={"authority": "wms.on_hand", "mirror": "shop.on_hand"},
        ),
    ),
    asked(
        "no-reconciliation",
        "nobody has said which controls there are",
        topology(MIRROR, at=RECEIVED, controls=LEFT_OUT),
    ),
    asked("no-reconciliation", "the map is an excerpt", topology(MIRROR, at=RECEIVED, complete=False)),
    asked(
        "no-reconciliation",
        "nobody has said what the reconciliation compares",
        compared(compare={"authority": "wms.on_hand", "mirror": UNKNOWN}),
    ),
]

GATES = [
    silent("no-fulfilment-gate", "a gate at fulfilment", gated()),
    silent("no-fulfilment-gate", "a gate at the shipment", gated(at="shipment_confirmed")),
    silent("no-fulfilment-gate", "a gate in the warehouse", gated(at="wms")),
    silent(
        "no-fulfilment-gate",
        "a gate at a 3PL",
        gated(at="wms", systems={"wms": system("on_hand! available!", "3pl")}),
    ),
    silent(
        "no-fulfilment-gate",
        "nothing promises stock",
        selling(systems={"shop": system("available~", "storefront", allocates=False)}),
    ),
    silent("no-fulfilment-gate", "nothing is picked in this map", topology(ORDER)),
    sure("no-fulfilment-gate", "no controls at all", selling(controls=[])),
    sure("no-fulfilment-gate", "a gate at the order only", gated(at="order")),
    sure("no-fulfilment-gate", "a gate in the shop only", gated(at="shop")),
    sure("no-fulfilment-gate", "a gate that lets it pass", gated(on_mismatch="alert")),
    asked("no-fulfilment-gate", "nobody has said where it stands", gated(at=LEFT_OUT)),
    asked("no-fulfilment-gate", "nobody has said what it does", gated(on_mismatch=UNKNOWN)),
    asked("no-fulfilment-gate", "nobody has said which controls there are", selling(controls=LEFT_OUT)),
    asked("no-fulfilment-gate", "the map is an excerpt", selling(complete=False)),
    silent("stale-gate-read", "it reads the record", gated()),
    silent(
        "stale-gate-read",
        "it reads a cell derived from records",
        gated(
            systems={
                "wms": system(
                    "on_hand! allocated! available!",
                    "wms",
                    available={"role": "derived", "derived_from": "on_hand - allocated"},
                )
            }
        ),
    ),
    silent("stale-gate-read", "a reconciliation is no gate", compared(reads="erp.on_hand")),
    sure("stale-gate-read", "it reads a mirror", gated(reads="shop.available")),
    sure(
        "stale-gate-read",
        "a sound gate does not excuse a second one",
        gated(control("gate", "at-order", at="order", reads="shop.available", on_mismatch="block")),
    ),
    sure(
        "stale-gate-read",
        "it reads a cell derived from a mirror",
        gated(
            systems={
                "wms": system(
                    "on_hand! allocated~ available!",
                    "wms",
                    available={"role": "derived", "derived_from": "on_hand - allocated"},
                )
            }
        ),
    ),
    asked("stale-gate-read", "nobody has said what it reads", gated(reads=UNKNOWN)),
    asked(
        "stale-gate-read",
        "nobody has said whether it reads the record",
        gated(reads="shop.available", systems={"shop": system("available~", available={"role": UNKNOWN})}),
    ),
]

CORRECTIONS = [
    silent("reconciles-wrong-way", "from the record to the mirror", compared(on_mismatch="correct")),
    silent(
        "reconciles-wrong-way",
        "said in so many words",
        compared(on_mismatch="correct", corrects="erp.on_hand"),
    ),
    silent("reconciles-wrong-way", "it alerts and writes nothing", compared(corrects="wms.on_hand")),
    sure("reconciles-wrong-way", "into the record", compared(on_mismatch="correct", corrects="wms.on_hand")),
    sure(
        "reconciles-wrong-way",
        "the two sides are swapped",
        compared(on_mismatch="correct", compare={"authority": "erp.on_hand", "mirror": "wms.on_hand"}),
    ),
    silent("ineffective-control", "in full, each night, and watched", compared()),
    silent(
        "ineffective-control",
        "a correction needs nobody who watches",
        compared(on_mismatch="correct", last_success_monitored=UNKNOWN),
    ),
    silent(
        "ineffective-control",
        "a correction of a cell that nothing else moves",
        compared(on_mismatch="correct"),
    ),
    silent(
        "ineffective-control",
        "a correction that waits for what is under way",
        compared(AMOUNTS, on_mismatch="correct", settle="1h"),
    ),
    sure("ineffective-control", "nothing happens on a mismatch", compared(on_mismatch="none")),
    sure("ineffective-control", "a sample", compared(scope="sampled")),
    sure("ineffective-control", "changed items only", compared(scope="changed_only")),
    sure("ineffective-control", "totals", compared(measure="totals")),
    sure("ineffective-control", "nobody would notice if it stopped", compared(last_success_monitored=False)),
    sure("ineffective-control", "it does not survive a restart", compared(survives_restart=False)),
    sure("ineffective-control", "two moments are compared", compared(aligned_as_of=False)),
    sure(
        "ineffective-control",
        "a correction that does not wait for long enough",
        compared(AMOUNTS, on_mismatch="correct", settle="10s"),
    ),
    sure(
        "ineffective-control",
        "two different quantities",
        compared(
            systems={"wms": system("on_hand! available!")},
            compare={"authority": "wms.available", "mirror": "erp.on_hand"},
        ),
    ),
    asked("ineffective-control", "nobody has said how often", compared(every=UNKNOWN)),
    asked("ineffective-control", "nobody has said what it covers", compared(scope=UNKNOWN)),
    asked("ineffective-control", "nobody has said what it does", compared(on_mismatch=UNKNOWN)),
    asked("ineffective-control", "nobody has said who would notice", compared(last_success_monitored=UNKNOWN)),
    asked("ineffective-control", "nobody has said how long it waits", compared(AMOUNTS, on_mismatch="correct")),
    asked(
        "ineffective-control",
        "nobody has said how long messages are under way",
        compared({**AMOUNTS, "latency": UNKNOWN}, on_mismatch="correct", settle="1h"),
    ),
]

LAG = [
    silent("stale-batch", "within what is tolerated", late(nightly(), tolerates="36h")),
    silent("stale-batch", "a push of seconds", late(MIRROR)),
    silent("stale-batch", "a push of seconds into a system that sells", seller(MIRROR)),
    silent(
        "stale-batch",
        "one step with its source",
        late({**MIRROR, "handoff": "same_transaction"}, tolerates="1s"),
    ),
    silent(
        "stale-batch",
        "a consumer",
        topology(
            state("wms > planning", "on_hand", every="24h"),
            systems={"planning": system("on_hand-", on_hand={"tolerates": "1h"})},
            at=RECEIVED,
        ),
    ),
    sure("stale-batch", "later than is tolerated", late(nightly(), tolerates="1h")),
    sure("stale-batch", "a push that takes too long", late({**MIRROR, "latency": "2h"}, tolerates="1h")),
    sure(
        "stale-batch",
        "interval and latency together",
        late({**state("wms > erp", "on_hand", every="50m"), "latency": "20m"}, tolerates="1h"),
    ),
    sure("stale-batch", "over an hour into a system that sells", seller(nightly())),
    asked("stale-batch", "nobody has said what is tolerated", late(nightly())),
    asked(
        "stale-batch",
        "nobody has said what a shop tolerates below the hour",
        seller(state("wms > erp", "on_hand", every="15m")),
    ),
    asked(
        "stale-batch",
        "nobody has said how often it runs",
        late(nightly(schedule={"covers": "full"}), tolerates="1h"),
    ),
    asked(
        "stale-batch",
        "nobody has said how long a message takes",
        late({**MIRROR, "latency": UNKNOWN}, tolerates="1h"),
    ),
    sure(
        "stale-batch",
        "the interval alone is too long",
        late({**nightly(), "latency": UNKNOWN}, tolerates="1h"),
    ),
]

POLLS = [
    silent("poll-window-gap", "it looks back further than its interval", polled()),
    silent("poll-window-gap", "a cursor has no window", polled(watermark="cursor", lookback=LEFT_OUT)),
    silent("poll-window-gap", "each run covers everything", polled(covers="full", lookback=LEFT_OUT)),
    silent("poll-window-gap", "a schedule asks for no window", topology(nightly(), at=RECEIVED)),
    sure("poll-window-gap", "it looks back as far as its interval", polled(lookback="10m")),
    sure("poll-window-gap", "it does not look back at all", polled(lookback="0s")),
    asked("poll-window-gap", "nobody has said how far back it looks", polled(lookback=UNKNOWN)),
    asked("poll-window-gap", "nobody has said how often it runs", polled(every=UNKNOWN)),
    silent("watermark-defect", "the mark is the source's, and moves after success", polled()),
    silent("watermark-defect", "a cursor that moves after success", polled(watermark="cursor")),
    silent(
        "watermark-defect",
        "each run covers everything",
        polled(covers="full", watermark="client_clock", advance_on="always"),
    ),
    silent("watermark-defect", "a push has no mark", topology(MIRROR, at=RECEIVED)),
    sure("watermark-defect", "the reader's own clock", polled(watermark="client_clock")),
    sure("watermark-defect", "the mark moves after a failed run", polled(advance_on="always")),
    asked("watermark-defect", "nobody has said what the mark is", polled(watermark=UNKNOWN)),
    asked("watermark-defect", "nobody has said when it moves", polled(advance_on=UNKNOWN)),
    silent("subscription-lapse", "nothing is said of a subscription", failing()),
    silent("subscription-lapse", "it does not lapse", failing(subscription={"lapses_after_failures": False})),
    silent("subscription-lapse", "somebody notices", failing(subscription={**LAPSES, "monitored": True})),
    silent(
        "subscription-lapse",
        "another path reads what was missed",
        topology(
            state("wms > erp", "on_hand", subscription={**LAPSES, "backstop": "nightly"}),
            nightly(id="nightly", guard="version"),
            at=RECEIVED,
        ),
    ),
    sure("subscription-lapse", "nobody notices and nothing stands behind it", failing(subscription=LAPSES)),
    asked(
        "subscription-lapse",
        "nobody has said who would notice",
        failing(subscription={**LAPSES, "monitored": UNKNOWN}),
    ),
    asked(
        "subscription-lapse",
        "nobody has said what stands behind it",
        failing(subscription={**LAPSES, "backstop": UNKNOWN}),
    ),
    asked(
        "subscription-lapse",
        "nobody has said whether it lapses",
        failing(subscription={"monitored": False, "backstop": "none"}),
    ),
]

DEAD_LETTERS = [
    silent(
        "unwatched-dead-letter",
        "watched and replayed",
        failing(dead_letter={"monitored": True, "replay": "manual"}),
    ),
    silent(
        "unwatched-dead-letter",
        "replayed by itself",
        failing(dead_letter={"monitored": False, "replay": "auto"}),
    ),
    silent(
        "unwatched-dead-letter",
        "retries have no end",
        failing(dead_letter=GIVEN_UP, retry={"max_attempts": "unlimited"}),
    ),
    silent(
        "unwatched-dead-letter",
        "delivered exactly once",
        failing(dead_letter=GIVEN_UP, delivery="exactly_once_effect"),
    ),
    silent(
        "unwatched-dead-letter",
        "one step with its source",
        failing(dead_letter=GIVEN_UP, handoff="same_transaction"),
    ),
    silent(
        "unwatched-dead-letter",
        "the next full run brings what failed",
        topology(nightly(dead_letter=GIVEN_UP), at=RECEIVED),
    ),
    silent(
        "unwatched-dead-letter",
        "at most once has another name",
        failing(dead_letter=GIVEN_UP, delivery="at_most_once"),
    ),
    silent(
        "unwatched-dead-letter",
        "no attempt is repeated, which has another name",
        failing(dead_letter="none", retry="none"),
    ),
    sure(
        "unwatched-dead-letter",
        "nobody watches",
        failing(dead_letter={"monitored": False, "replay": "manual"}),
    ),
    sure(
        "unwatched-dead-letter",
        "watched and never replayed",
        failing(dead_letter={"monitored": True, "replay": "none"}),
    ),
    sure(
        "unwatched-dead-letter",
        "retries end and nothing is parked",
        failing(dead_letter="none", retry={"max_attempts": 5}),
    ),
    asked("unwatched-dead-letter", "nobody has said who watches", failing(dead_letter={"replay": "manual"})),
    asked("unwatched-dead-letter", "nobody has said who replays", failing(dead_letter={"monitored": True})),
    asked(
        "unwatched-dead-letter",
        "nobody has said how it delivers",
        failing(dead_letter=GIVEN_UP, delivery=UNKNOWN),
    ),
    asked(
        "unwatched-dead-letter",
        "nobody has said whether retries end",
        failing(dead_letter="none", retry={"every": "1m"}),
    ),
]


@pytest.mark.parametrize(
    "slug, text, confidences",
    [*COMPARED_WITH_NOTHING, *GATES, *CORRECTIONS, *LAG, *POLLS, *DEAD_LETTERS],
)
def test_who_speaks_about_controls_and_timing(slug: str, text: str, confidences: set[str]) -> None:
    assert voices(text).get(slug, set()) == confidences
