"""Rules of one's own as data: what they find, three-valued, and what is said of a file that is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handoffmap.check import check_sources
from handoffmap.cli import main
from handoffmap.errors import BadSettings
from handoffmap.own.declared import read_rules
from handoffmap.own.judging import with_own_rules
from handoffmap.text.source import Source

MAP = """\
handoffmap: 1
systems:
  till: {kind: pos, owner: stores, holds: {}}
  shop: {kind: storefront, owner: web, holds: {available: mirror}}
  wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
events:
  pos_sale: {at: [till]}
  order_captured: {at: [shop]}
write_paths:
  - {id: sale, from: till, to: wms, events: [pos_sale], trigger: queue, op: adjust, dead_letter: none, latency: 10m,
     maps: {available: available}}
  - {id: order, from: shop, to: wms, events: [order_captured], trigger: webhook, op: adjust, latency: 30s,
     dead_letter: {monitored: true, replay: manual}, maps: {available: available}}
  - {id: return, from: till, to: wms, events: [pos_sale], trigger: queue, op: adjust, maps: {available: available}}
"""


def rules(when: str, *, about: str = "write_paths", message: str = "{id} is wrong", more: str = "") -> str:
    return (
        "handoffmap_rules: 1\nrules:\n  - code: HM901\n    slug: own\n"
        f"    about: {about}\n    message: '{message}'\n    when: {when}\n{more}"
    )


def told(text: str) -> dict[str, str]:
    """Message -> confidence."""
    (diagnosis,) = check_sources([Source("map.yaml", MAP)]).diagnoses
    own = [declared.rule for declared in read_rules(Source("rules.yaml", text))]
    found = with_own_rules(diagnosis._replace(findings=()), own).findings
    return {finding.message: finding.confidence for finding in found}


@pytest.mark.parametrize(
    "when, found",
    [
        ("{trigger: webhook}", {"order": "confirmed"}),
        ("{trigger: [webhook, poll]}", {"order": "confirmed"}),
        ("{events: order_captured}", {"order": "confirmed"}),
        ("{from.kind: pos, trigger: queue, dead_letter: none}", {"sale": "confirmed", "return": "undetermined"}),
        ("{from.owner: {is_not: web}}", {"sale": "confirmed", "return": "confirmed"}),
        ("{latency: {at_least: 5m}}", {"sale": "confirmed", "return": "undetermined"}),
        ("{latency: {at_most: 1m}}", {"order": "confirmed", "return": "undetermined"}),
        ("{dead_letter.monitored: true}", {"order": "confirmed", "return": "undetermined"}),
        ("{dead_letter: {stated: false}}", {"return": "confirmed"}),
        ("{id: {matches: 's*'}}", {"sale": "confirmed"}),
        ("{any: [{id: sale}, {id: order}]}", {"sale": "confirmed", "order": "confirmed"}),
        ("{not: [{from.kind: pos}]}", {"order": "confirmed"}),
        ("{maps: available, id: order}", {"order": "confirmed"}),
    ],
)
def test_a_predicate_is_true_false_or_open(when: str, found: dict[str, str]) -> None:
    assert told(rules(when, message="{id}")) == found


def test_what_clears_it_may_be_open_too() -> None:
    text = rules("{trigger: queue}", message="{id}", more="    unless: {dead_letter.monitored: true}\n")
    assert told(text) == {"sale": "confirmed", "return": "undetermined"}


def test_systems_events_and_controls_can_be_meant() -> None:
    assert told(rules("{owner: web}", about="systems", message="{id} of {owner}")) == {"shop of web": "confirmed"}
    assert told(rules("{at: till}", about="events", message="{id}")) == {"pos_sale": "confirmed"}
    assert told(rules("{kind: gate}", about="controls")) == {}


def test_every_mistake_is_told_at_its_place_in_one_run() -> None:
    text = rules("{triger: webhook, latency: {atleast: 1m}}", about="write_path", message="{form}").replace(
        "HM901", "HM201"
    )
    with pytest.raises(BadSettings) as raised:
        read_rules(Source("rules.yaml", text))
    lines = str(raised.value).splitlines()
    assert lines == sorted(lines, key=lambda line: tuple(map(int, line.split(":")[1:3])))
    for part in (
        "rules.yaml:3:11: `HM201` is not one of HM900 to HM999",
        'did you mean "write_paths"?',
        'there is no fact `triger` here; did you mean "trigger"?',
        'there is no operator `atleast`; did you mean "at_least"?',
    ):
        assert any(part in line for line in lines), (part, lines)


@pytest.mark.parametrize(
    "text", ["", "[]", "rules: []", "handoffmap_rules: 2\nrules: []", "a: [", "handoffmap_rules: 1"]
)
def test_what_is_no_file_of_rules_is_said(text: str) -> None:
    with pytest.raises(BadSettings):
        read_rules(Source("rules.yaml", text))


def test_it_takes_part_in_everything_and_its_examples_are_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("map.yaml").write_text(MAP, encoding="utf-8")
    flagged = "".join(f"        {line}\n" for line in MAP.splitlines())
    silent = flagged.replace("dead_letter: none", "dead_letter: {monitored: true, replay: auto}")
    examples = f"    severity: error\n    examples:\n      flagged: |\n{flagged}      silent: |\n{silent}"
    Path("rules.yaml").write_text(rules("{id: sale, dead_letter: none}", more=examples), encoding="utf-8")
    Path("handoffmap.toml").write_text('rules = ["rules.yaml"]\n', encoding="utf-8")
    run = CliRunner().invoke
    assert run(main, ["rules", "test", "rules.yaml"]).output == "1 rule: every example is as it says\n"
    document: dict[str, Any] = json.loads(
        run(main, ["check", "map.yaml", "--select", "HM901", "--output-format", "json"]).output
    )
    (finding,) = document["topologies"][0]["findings"]
    assert (finding["code"], finding["severity"], finding["subject"]["write_path"]) == ("HM901", "error", "sale")
    assert finding["location"]["line"] == 10
    assert "HM901  own" in run(main, ["rules"]).output
    Path("rules.yaml").write_text(rules("{id: nothing}", more=examples), encoding="utf-8")
    failed = run(main, ["rules", "test", "rules.yaml"])
    assert (failed.exit_code, "flagged example 1 is not flagged" in failed.output) == (1, True)
    assert run(main, ["check", "map.yaml", "--isolated", "--select", "HM901"]).exit_code == 2
