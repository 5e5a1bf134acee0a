"""When the rules about controls (HM5xx) and timing (HM6xx) keep silent, and then when they speak."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.maps import LEFT_OUT, UNKNOWN, control, delta, findings_of, state, system, topology, voices
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
    silent(
        "ineffective-control", "two moments are compared, which has a name of its own", compared(aligned_as_of=False)
    ),
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

CUT_OFF = nightly(schedule={"every": "24h", "covers": "full", "cutoff": "23:59", "time_zone": "UTC"})

MOMENTS = [
    silent("misaligned-cutoff", "nothing is said of moments", compared()),
    silent("misaligned-cutoff", "both sides are read as of one moment", compared(aligned_as_of=True)),
    silent("misaligned-cutoff", "as of one moment, that of the cut-off", compared(CUT_OFF, aligned_as_of=True)),
    silent(
        "misaligned-cutoff",
        "nothing ever moves the two",
        topology(
            systems={"wms": system("on_hand!"), "erp": system("on_hand~")},
            controls=[
                control(
                    "reconciliation",
                    compare={"authority": "wms.on_hand", "mirror": "erp.on_hand"},
                    aligned_as_of=False,
                )
            ],
        ),
    ),
    silent(
        "misaligned-cutoff",
        "nothing happens on a mismatch, which is worse",
        compared(aligned_as_of=False, on_mismatch="none"),
    ),
    silent("misaligned-cutoff", "a gate compares nothing", gated(aligned_as_of=False)),
    sure("misaligned-cutoff", "two moments are compared", compared(aligned_as_of=False)),
    asked("misaligned-cutoff", "the copy is cut off, and nobody has said when the record is read", compared(CUT_OFF)),
]


def queued(**facts: Any) -> str:
    return late({**MIRROR, **facts})


def taken(per_second: float, **facts: Any) -> str:
    """40,000 orders a month go one by one to a system that takes so many requests a second."""
    path = {**ORDER, "limits": {"requests_per_s": per_second}, **facts}
    return topology(path, volume={"orders_per_month": 40000})


BACKLOGS = [
    silent("backlog", "nothing is said of lanes and limits", queued()),
    silent("backlog", "a lane of its own", queued(lane={"name": "stock", "shared": False})),
    silent("backlog", "a lane of which nobody has said whose it is", queued(lane={"name": "stock"})),
    silent("backlog", "a backlog that does not grow", queued(limits={"backlog_growth_per_hour": 0})),
    silent(
        "backlog",
        "a shared lane that keeps up",
        queued(lane={"shared": True}, limits={"backlog_growth_per_hour": 0}),
    ),
    silent("backlog", "a limit that is far away", taken(2)),
    silent("backlog", "several in one request", taken(0.01, batch={"size": 250, "on_item_error": "isolate_item"})),
    silent(
        "backlog", "nobody has said how many orders there are", topology({**ORDER, "limits": {"requests_per_s": 1}})
    ),
    silent("backlog", "slow, and still in time", late({**MIRROR, "limits": {"p99_latency": "10m"}}, tolerates="1h")),
    silent("backlog", "slow into a cell that nobody sells by", queued(limits={"p99_latency": "12h"})),
    silent("backlog", "the path is switched off", queued(limits={"backlog_growth_per_hour": 9}, enabled=False)),
    sure("backlog", "a backlog that grows", queued(limits={"backlog_growth_per_hour": 400})),
    sure("backlog", "more orders than the target takes", taken(0.01)),
    sure("backlog", "slower than is tolerated", late({**MIRROR, "limits": {"p99_latency": "2h"}}, tolerates="1h")),
    sure("backlog", "half a day into a system that sells", seller({**MIRROR, "limits": {"p99_latency": "12h"}})),
    silent("backlog", "one lane with other traffic, and in time", queued(lane={"name": "feeds", "shared": True})),
    asked(
        "backlog",
        "late, in one lane with other traffic",
        seller({**MIRROR, "lane": {"name": "feeds", "shared": True}, "latency": "12h"}),
    ),
]


def dated(zone: str | None = "Europe/Bucharest", **facts: Any) -> str:
    """A daily run for changes out of a warehouse whose clock is in this zone."""
    known = {"time_zone": zone} if zone else {}
    path = state("wms > erp", "on_hand", every="24h", **facts)
    return topology(path, systems={"wms": system("on_hand!", "wms", **known)}, at=RECEIVED)


def bounded(zone: str, clock: str | None = "Europe/Bucharest", **facts: Any) -> str:
    poll = {
        "every": "24h",
        "covers": "changed_only",
        "watermark": "source_updated_at",
        "bounds_time_zone": zone,
        **facts,
    }
    return dated(clock, trigger="poll", schedule=LEFT_OUT, poll=poll)


def cut(clock: str | None = "Europe/Bucharest", **facts: Any) -> str:
    return dated(clock, schedule={"every": "24h", "covers": "changed_only", "cutoff": "23:59", **facts})


ZONES = [
    silent("cutoff-or-time-zone", "no bounds and no cut-off", dated()),
    silent(
        "cutoff-or-time-zone",
        "a run by another clock that cuts nothing off",
        dated(schedule={"every": "24h", "covers": "changed_only", "time_zone": "UTC"}),
    ),
    silent("cutoff-or-time-zone", "bounds in the zone of the source", bounded("Europe/Bucharest")),
    silent("cutoff-or-time-zone", "two names of one zone", bounded("Etc/UTC", "GMT")),
    silent("cutoff-or-time-zone", "a cut-off in the zone of the source", cut(time_zone="Europe/Bucharest")),
    silent("cutoff-or-time-zone", "everything is sent each time", cut(time_zone="UTC", covers="full")),
    silent("cutoff-or-time-zone", "a cursor knows no hours", bounded("UTC", watermark="cursor")),
    sure("cutoff-or-time-zone", "bounds in another zone", bounded("UTC")),
    sure("cutoff-or-time-zone", "a cut-off in another zone", cut(time_zone="America/Chicago")),
    asked("cutoff-or-time-zone", "nobody has said by which clock the source goes", bounded("UTC", None)),
    asked("cutoff-or-time-zone", "nobody has said in which zone it cuts off", cut()),
]


def batched(size: object = 250, **facts: Any) -> str:
    more = facts.pop("dead_letter", None)
    path = {**MIRROR, "batch": {"size": size, **facts}}
    return late({**path, "dead_letter": more} if more is not None else path)


SKIPS = {"on_item_error": "skip_item"}

BATCHES = [
    silent("poison-item", "nothing is said of batches", late(MIRROR)),
    silent("poison-item", "a bad item stands alone", batched(on_item_error="isolate_item")),
    silent("poison-item", "one item in each message", batched(1, on_item_error="fail_batch")),
    silent("poison-item", "skipped, and somebody is told", batched(**SKIPS, dead_letter={"monitored": True})),
    sure("poison-item", "one bad item fails all", batched(on_item_error="fail_batch")),
    sure("poison-item", "of whatever size", batched(UNKNOWN, on_item_error="fail_batch")),
    sure("poison-item", "skipped, and nobody is told", batched(**SKIPS, dead_letter="none")),
    sure(
        "poison-item", "skipped into a letter box that nobody opens", batched(**SKIPS, dead_letter={"monitored": False})
    ),
    asked("poison-item", "nobody has said what a bad item does", batched()),
    asked("poison-item", "nobody has said who hears of a skipped item", batched(**SKIPS, dead_letter=UNKNOWN)),
]


def paged(**facts: Any) -> str:
    poll = {"every": "15m", "covers": "full", **facts}
    return late(state("wms > erp", "on_hand", every="15m", trigger="poll", schedule=LEFT_OUT, poll=poll))


PAGES = [
    silent("silent-truncation", "nothing is said of pages", paged()),
    silent("silent-truncation", "it follows the pages", paged(page_size=100, follows_pages=True)),
    silent(
        "silent-truncation",
        "the next run goes on from the cursor",
        paged(covers="changed_only", watermark="cursor", page_size=100, follows_pages=False),
    ),
    sure("silent-truncation", "the first page only", paged(page_size=100, follows_pages=False)),
    sure("silent-truncation", "the first page, of whatever size", paged(follows_pages=False)),
    asked("silent-truncation", "nobody has said whether there is a second", paged(page_size=100)),
]


def limited(*, limits: object = {"requests_per_s": 2}, **retry: Any) -> str:
    path = {**MIRROR, "retry": {"max_attempts": "unlimited", "every": "1m", **retry}}
    return late({**path, "limits": limits} if limits else path)


ATTEMPTS = [
    silent("unbounded-retry", "nobody has said that the target is limited", limited(limits=None, backoff="none")),
    silent("unbounded-retry", "no retries", late({**MIRROR, "retry": "none", "limits": {"requests_per_s": 2}})),
    silent("unbounded-retry", "less and less often", limited(backoff="exponential")),
    silent("unbounded-retry", "they end", limited(max_attempts=5)),
    silent("unbounded-retry", "they end after a time", limited(horizon="24h")),
    silent("unbounded-retry", "spread", limited(backoff="exponential", jitter="full")),
    sure("unbounded-retry", "without end at one pace", limited(backoff="none")),
    sure("unbounded-retry", "all at the same time", limited(max_attempts=5, jitter="none")),
    asked("unbounded-retry", "nobody has said at which pace", limited()),
]


def pinned(seen: object = LEFT_OUT, speaks: dict[str, Any] | None = None, **version: Any) -> str:
    path = {**MIRROR, "version": {"pins": "2024-10", **version}}
    if seen is not LEFT_OUT:
        path["observed_at"] = seen
    return topology(path, systems={"erp": system("on_hand~", **(speaks or {}))}, at=RECEIVED)


VERSIONS = [
    silent("version-drift", "no versions", late(MIRROR)),
    silent("version-drift", "a version of which no end is known", pinned()),
    silent("version-drift", "seen while it was served", pinned("2025-03-01", supported_until="2025-10-01")),
    silent("version-drift", "seen on the last day", pinned("2025-10-01", supported_until="2025-10-01")),
    silent("version-drift", "both ends name the same", pinned(speaks={"version": "2024-10"})),
    sure("version-drift", "seen after its end", pinned("2026-03-14", supported_until="2025-10-01")),
    sure("version-drift", "the two ends differ", pinned(speaks={"version": "2026-01"})),
    asked("version-drift", "nobody has said when it was last seen", pinned(supported_until="2025-10-01")),
]


@pytest.mark.parametrize(
    "slug, text",
    [
        (row.values[0], row.values[1])
        for row in (*MOMENTS, *BACKLOGS, *ZONES, *BATCHES, *PAGES, *ATTEMPTS, *VERSIONS)
        if row.values[2]
    ],
)
def test_load_zones_pages_and_versions_turn_no_verdict(slug: str, text: str) -> None:
    (found,) = [finding for finding in findings_of(text) if finding.slug == slug]
    assert found.drift is None
    assert found.severity != "error"


@pytest.mark.parametrize(
    "slug, text, confidences",
    [
        *COMPARED_WITH_NOTHING, *GATES, *CORRECTIONS, *LAG, *POLLS, *DEAD_LETTERS, *MOMENTS, *BACKLOGS, *ZONES,
        *BATCHES, *PAGES, *ATTEMPTS, *VERSIONS,
    ],
)  # fmt: skip
def test_who_speaks_about_controls_and_timing(slug: str, text: str, confidences: set[str]) -> None:
    assert voices(text).get(slug, set()) == confidences
