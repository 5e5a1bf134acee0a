"""The baseline: what is known does not count, what is new does, and only meaning tells them apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from handoffmap.cli import main
from handoffmap.editing.arrange import arranged

if TYPE_CHECKING:
    from click.testing import Result

MAP = (Path(__file__).resolve().parents[2] / "topologies" / "three_handoffs.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("map.yaml").write_text(MAP, encoding="utf-8")
    assert run("baseline", "write", "map.yaml", "-o", "known.json").output == "known.json\n"
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def summary(*arguments: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run("check", *arguments, "--output-format", "json").output)
    return {**document["summary"], "gone": document["gone"]}


def test_what_is_known_does_not_fail_a_run(folder: Path) -> None:
    assert run("check", "map.yaml").exit_code == 1
    result = run("check", "map.yaml", "--baseline", "known.json")
    assert result.exit_code == 0
    assert "12 known" in result.output


@pytest.mark.parametrize("change", ["fmt", "moved", "renamed"])
def test_it_survives_what_changes_no_meaning(folder: Path, change: str) -> None:
    path = Path("map.yaml")
    if change == "fmt":
        untidy = MAP.replace("name: Three handoffs\n", "") + "\n\nname:   Three handoffs\n"
        path.write_text(arranged(untidy), encoding="utf-8")
        assert arranged(untidy) not in {untidy, MAP}
    elif change == "moved":
        path.write_text(MAP.replace("systems:\n", "\n\n# a remark\n\nsystems:\n"), encoding="utf-8")
    else:
        path = path.rename("stack.yaml")
    found = summary(str(path), "--baseline", "known.json")
    assert (found["known"], found["errors"], found["gone"]) == (12, 0, [])


def test_it_does_not_survive_a_change_of_meaning(folder: Path) -> None:
    changed = MAP.replace("dedupe: none", "dedupe: {key: [order_id], retention: forever}", 1)
    assert changed != MAP
    Path("map.yaml").write_text(changed, encoding="utf-8")
    found = summary("map.yaml", "--baseline", "known.json")
    assert [each["slug"] for each in found["gone"]] == ["duplicate-delivery"]
    assert found["undetermined"] >= 1  # what has opened instead is told


def test_of_two_findings_alike_one_entry_knows_one(folder: Path) -> None:
    Path("twin.yaml").write_text(MAP, encoding="utf-8")
    found = summary("map.yaml", "twin.yaml", "--baseline", "known.json")
    assert (found["known"], found["errors"]) == (12, 5)


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "is no baseline"),
        ("[]", "it has no `handoffmap_baseline`"),
        ('{"handoffmap_baseline": 9, "findings": []}', "is a baseline of version 9"),
        ('{"handoffmap_baseline": 1}', "without its list"),
        ('{"handoffmap_baseline": 1, "findings": [{}]}', "finding 1 has no `fingerprint`"),
    ],
)
def test_a_broken_one_is_named_with_the_next_step(folder: Path, text: str, says: str) -> None:
    Path("known.json").write_text(text, encoding="utf-8")
    result = run("check", "map.yaml", "--baseline", "known.json")
    assert result.exit_code == 2
    assert says in result.stderr
    assert "handoffmap baseline write" in result.stderr


def test_one_that_is_not_there_is_2(folder: Path) -> None:
    result = run("check", "map.yaml", "--baseline", "nowhere.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nowhere.json: the baseline cannot be read (no such file)" in result.stderr
    assert "handoffmap baseline write -o nowhere.json" in result.stderr


def test_it_is_the_same_text_every_time_and_can_be_listed(folder: Path) -> None:
    text = Path("known.json").read_text(encoding="utf-8")
    run("baseline", "write", "map.yaml", "-o", "again.json")
    assert Path("again.json").read_text(encoding="utf-8") == text
    assert run("baseline", "show", "known.json").output.count("\n") == 12
