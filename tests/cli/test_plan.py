"""`plan`: what it prints, what it writes, and what it leaves alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from handoffmap.cli import main

if TYPE_CHECKING:
    from click.testing import Result

ROOT = Path(__file__).parents[2]
BUNDLED = sorted((ROOT / "topologies").glob("*.yaml"))
SMALL = """\
handoffmap: 1   # a map
systems:
  shop: {kind: storefront, owner: web, holds: {available: {role: mirror, unit: each}}, item_key: sku}
  wms: {kind: wms, owner: ops, holds: {available: {role: authoritative, unit: each}}, item_key: sku}
events:
  order_captured: {at: [shop]}
  order_cancelled: {at: [shop]}
write_paths:
  - id: orders
    from: shop
    to: wms
    events: [order_captured, order_cancelled]
    trigger: webhook
    op: adjust
    maps: {available: available}
    delivery: at_least_once
    dedupe: none   # to be mended
    guard: none
    ack: after_commit
    dead_letter: {monitored: true, replay: manual}
    handoff: outbox
    latency: 1m
"""


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("small.yaml")
    path.write_text(SMALL, encoding="utf-8")
    return path


def confirmed(file: Path) -> list[str]:
    result = run("check", str(file), "--output-format", "json")
    (topology,) = json.loads(result.stdout)["topologies"]
    return [each["fingerprint"] for each in topology["findings"] if each["confidence"] == "confirmed"]


def drifting(file: Path) -> list[tuple[str, str]]:
    result = run("check", str(file), "--output-format", "json")
    (topology,) = json.loads(result.stdout)["topologies"]
    return [(each["system"], each["quantity"]) for each in topology["verdicts"] if each["verdict"] == "drifts"]


@pytest.mark.parametrize("name", [path.name for path in BUNDLED])
def test_check_on_the_written_file_says_what_the_plan_says(name: str, tmp_path: Path) -> None:
    copy(ROOT / "topologies" / name, tmp_path / name)
    result = run("plan", str(tmp_path / name), "--apply", "999", "--output-format", "json")
    assert result.exit_code == 0
    (told,) = json.loads(result.stdout)["topologies"]
    written = tmp_path / name.replace(".yaml", ".planned.yaml")
    assert written.exists() == bool(told["steps"])
    assert (tmp_path / name).read_bytes() == (ROOT / "topologies" / name).read_bytes()
    if written.exists():
        assert confirmed(written) == [each["fingerprint"] for each in told["left"]] == told["end"]["confirmed"]
        assert drifting(written) == [(each["system"], each["quantity"]) for each in told["end"]["drifting"]]


def test_the_first_steps_alone_can_be_written(small: Path) -> None:
    whole = json.loads(run("plan", "small.yaml", "--format", "json").stdout)["topologies"][0]
    result = run("plan", "small.yaml", "--apply", "1")
    assert result.exit_code == 0
    assert (
        result.stderr
        == f"handoffmap: wrote small.planned.yaml with 1 of {len(whole['steps'])} steps applied\n".replace(
            "1 steps", "1 step"
        )
    )
    assert len(confirmed(Path("small.planned.yaml"))) == whole["steps"][0]["left"]["confirmed"]
    text = Path("small.planned.yaml").read_text(encoding="utf-8")
    assert "handoffmap: 1   # a map" in text
    assert "unique_per_effect: true}   # to be mended" in text


def test_a_file_that_is_there_is_not_overwritten_unasked(small: Path) -> None:
    target = Path("small.planned.yaml")
    target.write_text("mine", encoding="utf-8")
    result = run("plan", "small.yaml", "--apply", "1")
    assert result.exit_code == 2
    assert "already there; --force overwrites it" in result.stderr
    assert target.read_text(encoding="utf-8") == "mine"
    forced = run("plan", "small.yaml", "--apply", "1", "--force")
    assert forced.exit_code == 0
    assert "overwrote small.planned.yaml" in forced.stderr
    # The same once more changes nothing, and may be said again.
    assert run("plan", "small.yaml", "--apply", "1").exit_code == 0


def test_a_plan_that_cannot_be_written_leaves_nothing_behind(small: Path) -> None:
    Path("small.planned.yaml").mkdir()
    assert run("plan", "small.yaml", "--apply", "1", "--force").exit_code == 2
    assert sorted(path.name for path in Path().iterdir()) == ["small.planned.yaml", "small.yaml"]


@pytest.mark.parametrize("number", ["0", "-1", "x"])
def test_a_number_of_steps_is_a_number(small: Path, number: str) -> None:
    assert run("plan", "small.yaml", "--apply", number).exit_code == 2
    assert not Path("small.planned.yaml").exists()


def test_standard_input_is_planned_into_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["plan", "-", "--apply", "9"], input=SMALL.encode())
    assert result.exit_code == 0
    assert "Fix plan for <stdin>" in result.stdout
    assert Path("stdin.planned.yaml").exists()


def test_the_file_that_holds_the_entry_is_the_one_that_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    head, paths = SMALL.split("write_paths:\n")
    Path("parts").mkdir()
    Path("root.yaml").write_text(f"{head}include: [parts/more.yaml, parts/idle.yaml]  # the rest\n", encoding="utf-8")
    Path("parts/more.yaml").write_text("include: deep/paths.yaml\n", encoding="utf-8")
    Path("parts/idle.yaml").write_text("quantities: {}\n", encoding="utf-8")
    Path("parts/deep").mkdir()
    Path("parts/deep/paths.yaml").write_text(f"write_paths:\n{paths}", encoding="utf-8")
    result = run("plan", "root.yaml", "--apply", "9")
    assert result.exit_code == 0, result.stderr
    assert "parts/deep/paths.yaml:" in result.stdout
    told = Path("root.planned.yaml").read_text(encoding="utf-8")
    assert "include: [parts/more.planned.yaml, parts/idle.yaml]  # the rest" in told
    assert Path("parts/more.planned.yaml").read_text(encoding="utf-8") == "include: deep/paths.planned.yaml\n"
    assert "dedupe: {key" in Path("parts/deep/paths.planned.yaml").read_text(encoding="utf-8")
    assert not Path("parts/idle.planned.yaml").exists()
    left = json.loads(run("plan", "root.yaml", "--format", "json").stdout)["topologies"][0]["left"]
    assert confirmed(Path("root.planned.yaml")) == [each["fingerprint"] for each in left]


def test_an_invalid_map_is_not_planned(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("handoffmap: 1\nsytems: {}\n", encoding="utf-8")
    result = run("plan", str(path), "--apply", "1")
    assert result.exit_code == 2
    assert "HM002" in result.stderr
    assert list(tmp_path.iterdir()) == [path]


def test_fail_on_is_there_and_off(small: Path) -> None:
    assert run("plan", "small.yaml").exit_code == 0
    assert run("plan", "small.yaml", "--fail-on", "error").exit_code == 1


def test_names_of_a_map_do_not_act_on_a_terminal_or_in_markdown(tmp_path: Path) -> None:
    bad = r"a \e[31m|x| `t` ```x``` <script>alert(1)</script> \u202e\u2028"
    text = SMALL.replace("dedupe: none   # to be mended", f'dedupe: none\n    owner: "{bad}"   # ```` {chr(0x202E)}31m')
    path = tmp_path / "map.yaml"
    path.write_text(f'name: "{bad}"\n{text}', encoding="utf-8")
    for form in ("text", "markdown"):
        told = run("plan", str(path), "--format", form)
        assert told.exit_code == 0
        assert told.stdout.replace("\n", "").isprintable()
    assert "# Fix plan: a \\\\x1b\\[31m\\|x\\|" in told.stdout
    assert "# Fix plan" in told.stdout
    assert "<script>alert(1)</script>" not in told.stdout.split("diff\n")[0]
    json.loads(run("plan", str(path), "--format", "json").stdout)


def test_other_commands_load_nothing_of_it() -> None:
    code = "import sys, handoffmap.cli, handoffmap.check; print([name for name in sys.modules if 'remedy' in name])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"
