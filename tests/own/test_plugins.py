"""Rules that packages bring: found by their entry point, and named when they raise, give rubbish or never answer."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from handoffmap.check import check_sources
from handoffmap.errors import PluginFailed
from handoffmap.own.found import Found, own_rule, rule_of
from handoffmap.own.judging import with_own_rules
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.diagnosis import Diagnosis
    from handoffmap.model import Topology

ROOT = Path(__file__).resolve().parents[2]
MAP = "handoffmap: 1\nsystems:\n  wms: {kind: wms, holds: {on_hand: authoritative}}\nevents: {}\nwrite_paths: []\n"
PLUGIN = '''\
"""Rules of the example in the README."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handoffmap.own.found import Found, own_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.model import Topology


@own_rule("HM950", severity="error", mend="Name a team.")
def warehouse_without_team(topology: Topology) -> Iterator[Found]:
    """A warehouse system has no owner."""
    for system in topology.systems.values():
        if "wms" in system.kinds and system.owner is None:
            yield Found(f"{system.id} has no team", system.place.at(), system=system.id)
'''


def diagnosis() -> Diagnosis:
    (found,) = check_sources([Source("map.yaml", MAP)]).diagnoses
    return found


def asked(judge: Any, patience: float = 10.0) -> Diagnosis:
    rule = rule_of(own_rule("HM950")(judge))
    assert rule is not None
    return with_own_rules(diagnosis(), [rule], patience)


def test_what_it_finds_joins_the_findings() -> None:
    def a_defect(topology: Topology) -> Iterator[Found]:
        yield Found("wms is wrong", topology.systems["wms"].place.at("kind"), system="wms")

    last = asked(a_defect).findings[-1]
    assert (last.code, last.slug, last.severity, last.location.line) == ("HM950", "a-defect", "warning", 3)
    assert asked(a_defect).findings[-1].fingerprint == last.fingerprint


def test_one_that_raises_is_named() -> None:
    def raises(_topology: Topology) -> list[Found]:
        return [1 / 0]  # type: ignore[list-item]

    with pytest.raises(PluginFailed, match=r"rule HM950 raises: raised ZeroDivisionError"):
        asked(raises)


@pytest.mark.parametrize("rubbish", [["text"], [None], [Found("no place", None)], [Found(7, None)]])  # type: ignore[arg-type]
def test_one_that_gives_rubbish_is_named(rubbish: list[Any]) -> None:
    def gives(_topology: Topology) -> list[Any]:
        return rubbish

    with pytest.raises(PluginFailed, match=r"rule HM950 gives: gave .* which is no Found"):
        asked(gives)


def test_one_that_gives_nothing_to_go_through_is_named() -> None:
    def gives(_topology: Topology) -> Any:
        return 7

    with pytest.raises(PluginFailed, match="raised TypeError"):
        asked(gives)


def test_one_that_never_answers_is_left_behind() -> None:
    def waits(_topology: Topology) -> list[Found]:
        time.sleep(60)
        return []

    with pytest.raises(PluginFailed, match=r"rule HM950 waits: has not answered within 0.05 seconds"):
        asked(waits, patience=0.05)


def test_a_code_of_the_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="HM900 to HM999"):
        own_rule("HM201")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder in which a package with a plugin is installed, as pip would leave it."""
    metadata = tmp_path / "site" / "own_rules-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: own-rules\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[handoffmap.rules]\nown = own_rules\n", encoding="utf-8")
    (tmp_path / "site" / "own_rules.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(folder / "site")))}
    return subprocess.run(
        [sys.executable, "-m", "handoffmap", *arguments],
        check=False, capture_output=True, text=True, cwd=folder, env=environment, timeout=60,
    )  # fmt: skip


def test_an_installed_plugin_is_asked_and_can_be_left_out(installed: Path) -> None:
    told = run(installed, "check", "map.yaml", "--output-format", "concise")
    assert (told.returncode, "error HM950 warehouse-without-team: wms has no team" in told.stdout) == (1, True)
    assert "A warehouse system has no owner." in run(installed, "rules").stdout
    left_out = run(installed, "check", "map.yaml", "--no-plugins")
    assert (left_out.returncode, "HM950" in left_out.stdout) == (0, False)


@pytest.mark.parametrize(
    "code, says",
    [
        ("raise RuntimeError('not today')", "plugin own (own_rules): cannot be loaded (RuntimeError: not today)"),
        ("x = 1", "plugin own (own_rules): holds no rule"),
        (PLUGIN.replace("yield Found", "yield str"), "rule HM950 warehouse-without-team: raised TypeError"),
    ],
)
def test_one_that_is_broken_ends_the_run_with_its_name(installed: Path, code: str, says: str) -> None:
    (installed / "site" / "own_rules.py").write_text(code, encoding="utf-8")
    told = run(installed, "check", "map.yaml")
    assert (told.returncode, told.stdout) == (2, "")
    assert says in told.stderr
    assert "Traceback" not in told.stderr
