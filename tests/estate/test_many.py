"""However a run comes about, it says the same: in one process or two, judged now or taken up from an earlier run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handoffmap.cli.options import FORMS
from handoffmap.estate import many

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from handoffmap.estate.means import Means
    from handoffmap.estate.record import Record
    from handoffmap.text.source import Source

    Check = Callable[..., Result]

PATHS = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
PLAIN = ("--no-cache", "--workers", "1")
TWO = ("--no-cache", "--workers", "2")
KEPT = ("--cache-dir", "kept", "--workers", "1")

RULES = """\
handoffmap_rules: 1
rules:
  - code: HM901
    slug: path-without-owner
    about: write_paths
    message: "{id} has no owner"
    when: {owner: {stated: false}}
    examples:
      flagged: "handoffmap: 1"
      silent: "handoffmap: 1"
"""


def same(one: Result, other: Result) -> bool:
    return (one.stdout, one.stderr, one.exit_code) == (other.stdout, other.stderr, other.exit_code)


@pytest.mark.parametrize("form", FORMS)
def test_two_workers_and_a_cold_and_a_warm_cache_say_what_one_process_says(check: Check, form: str) -> None:
    plain = check("maps", "--output-format", form, *PLAIN)
    assert plain.exit_code == 2
    assert plain.stdout
    assert same(check("maps", "--output-format", form, *TWO), plain)
    assert same(check("maps", "--output-format", form, *KEPT), plain)
    assert list(Path("kept").glob("*.record"))
    assert same(check("maps", "--output-format", form, *KEPT), plain)


MANNERS = {
    "every premise": ("--verbose",),
    "an architect": ("--persona", "architect"),
    "a consultant": ("--persona", "discovery", "--statistics"),
    "no waivers": ("--no-waivers",),
    "some rules": ("--select", "HM2,HM5", "--ignore", "lost-update", "--fail-on", "warning"),
    "nothing that is told": ("--select", "HM611"),
    "what is sure": ("--min-confidence", "confirmed", "--strict"),
    "a baseline": ("--baseline", "known.json"),
    "a part of a baseline": ("--baseline", "known.json", "--no-waivers"),
    "rules as data": ("--config", "own.toml"),
    "files": ("maps/*.yaml", "maps/shared.yaml"),
    "standard input": ("-",),
    "files of results": ("--output", "json=out.json", "--output", "sarif=out.sarif"),
}


@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS)
def test_whatever_is_asked_of_a_run_it_says_the_same(check: Check, estate: Path, manner: tuple[str, ...]) -> None:
    Path("maps/broken.yaml").unlink()
    Path("maps/latin.yaml").unlink()
    Path("own.toml").write_text('rules = ["own.yaml"]\n[severity]\nHM901 = "error"\n', encoding="utf-8")
    Path("own.yaml").write_text(RULES, encoding="utf-8")
    from handoffmap.cli import main

    with pytest.raises(SystemExit):
        main(["baseline", "write", "maps", "-o", "known.json", "--no-cache", "--workers", "1"])
    stdin = (estate / "maps" / "three_handoffs.yaml").read_bytes()
    kept = check("maps", *KEPT)  # so that later runs find records that were made for a plain one
    assert kept.exit_code == 1
    told = []
    for means in (PLAIN, TWO, KEPT, KEPT):
        for file in Path().glob("out.*"):
            file.unlink()
        result = check("maps", *manner, *means, input=stdin)
        told.append((result.stdout, result.stderr, result.exit_code, [f.read_bytes() for f in Path().glob("out.*")]))
    assert told[0][2] in {0, 1}
    assert told == [told[0]] * len(told)


def test_a_date_decides_about_waivers_that_were_kept_before_it(check: Check) -> None:
    assert same(check("maps/shared.yaml", *KEPT), check("maps/shared.yaml", *PLAIN))
    later = check("maps/shared.yaml", *KEPT, today="2027-01-01")
    assert "HM022 expired-waiver" in later.stdout
    assert same(later, check("maps/shared.yaml", *PLAIN, today="2027-01-01"))


def test_since_a_revision_is_taken_up_too(check: Check, estate: Path) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *arguments], check=True, cwd=estate)
    changed = Path("maps/shared.yaml")
    changed.write_text(changed.read_text("utf-8").replace("at_least_once", "at_most_once"), "utf-8")
    plain = check("maps", "--since", "HEAD", *PLAIN)
    assert "HM203" in plain.stdout
    for means in (TWO, KEPT, KEPT):
        assert same(check("maps", "--since", "HEAD", *means), plain)


def test_what_has_not_changed_is_not_judged_again(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    judge = many._judged

    def counted(root: Source, means: Means) -> Record:
        judged.append(root.name)
        return judge(root, means)

    monkeypatch.setattr(many, "_judged", counted)
    broken = ["maps/broken.yaml", "maps/latin.yaml"]
    check("maps", *KEPT)
    assert len(judged) == 7
    judged.clear()
    check("maps", *KEPT)
    assert judged == broken  # what has come to nothing is not kept
    judged.clear()
    with Path("maps/three_handoffs.yaml").open("a", encoding="utf-8") as file:
        file.write("# another word\n")
    check("maps", *KEPT)
    assert judged == [*broken, "maps/three_handoffs.yaml"]
    judged.clear()
    Path("maps/parts/wms.yaml").write_text("# nothing\n", "utf-8")
    after = check("maps", *KEPT)
    assert judged == [*broken, "maps/shared too.yaml", "maps/shared.yaml"]
    assert same(after, check("maps", *PLAIN))
    judged.clear()
    check("maps", *KEPT, "--verbose")  # kept without premises: judged once more, and kept with them
    assert "maps/three_handoffs.yaml" in judged
    judged.clear()
    check("maps", *KEPT, "--verbose")
    assert "maps/three_handoffs.yaml" not in judged


@pytest.mark.parametrize("manner", [(), ("--baseline", "known.json"), ("--ignore", "ALL"), ("--verbose",)])
def test_what_is_kept_is_enough_for_a_run_of_the_same_kind(
    check: Check, monkeypatch: pytest.MonkeyPatch, manner: tuple[str, ...]
) -> None:
    from handoffmap.cli import main

    with pytest.raises(SystemExit):
        main(["baseline", "write", "maps/three_handoffs.yaml", "maps/shared.yaml", "-o", "known.json"])
    maps = ("maps/three_handoffs.yaml", "maps/three_handoffs.fixed.yaml", "maps/shared.yaml")
    first = check(*maps, *manner, *KEPT)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("judged again")

    monkeypatch.setattr("handoffmap.check.diagnose", refuse)
    assert same(check(*maps, *manner, *KEPT), first)


def test_an_include_that_leads_elsewhere_now_is_followed(check: Check) -> None:
    Path("maps/parts/wms.yaml").rename("maps/parts/of the wms.yaml")
    Path("maps/parts/wms.yaml").symlink_to("of the wms.yaml")
    before = check("maps/shared.yaml", *KEPT)
    assert same(before, check("maps/shared.yaml", *KEPT))
    outside = Path("wms.yaml")
    Path("maps/parts/of the wms.yaml").rename(outside)
    Path("maps/parts/wms.yaml").unlink()
    Path("maps/parts/wms.yaml").symlink_to(outside.resolve())
    after = check("maps/shared.yaml", *KEPT)
    assert "leads out of the folder of the map" in after.stdout
    assert same(after, check("maps/shared.yaml", *PLAIN))


def test_an_own_rule_that_has_changed_is_asked_again(check: Check) -> None:
    Path("own.toml").write_text('rules = ["own.yaml"]\n', encoding="utf-8")
    for word in ("no owner", "nobody"):
        Path("own.yaml").write_text(RULES.replace("no owner", word), encoding="utf-8")
        told = check("maps", "--config", "own.toml", *KEPT)
        assert f"order-to-wms has {word}" in told.stdout
    assert same(check("maps", *KEPT), check("maps", *PLAIN))


def test_a_small_run_makes_no_cache_and_starts_nobody(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOFFMAP_CACHE_DIR", "never")
    assert check("maps/shared.yaml", "maps/shared too.yaml").exit_code == 0
    assert check("maps/three_handoffs.yaml").exit_code == 1
    assert not Path("never").exists()


def test_one_file_loads_nothing_that_only_many_need(estate: Path) -> None:
    code = (
        "import sys, atexit, handoffmap.cli.program as p; p._leave = sys.exit\n"
        "atexit.register(lambda: print(sorted(m for m in sys.modules if m.startswith('handoffmap.estate')\n"
        "    or m in ('subprocess', 'multiprocessing', 'concurrent.futures', 'zlib', 'threading')), file=sys.stderr))\n"
        "p.main(['check', 'maps/three_handoffs.yaml'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=estate, env=PATHS, check=False
    )
    assert done.returncode == 1
    assert "handoffmap.estate.means" in done.stderr
    for heavy in ("handoffmap.estate.many", "handoffmap.estate.crew", "subprocess", "multiprocessing"):
        assert f"'{heavy}'" not in done.stderr


def test_a_cache_is_named_or_refused_and_not_both(check: Check) -> None:
    result = check("maps", "--cache-dir", "x", "--no-cache")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "contradict" in result.stderr


def test_a_defect_of_a_part_is_told_once_for_all_maps_that_include_it(check: Check) -> None:
    Path("maps/parts/wms.yaml").write_text("systems: {wms: {kind: wsm}}\n", encoding="utf-8")
    maps = ("maps/shared.yaml", "maps/shared too.yaml")
    for means in (PLAIN, TWO):
        result = check(*maps, *means)
        assert result.exit_code == 2
        assert result.stdout.count("HM006 unknown-word") == 1
        assert "1 error, 0 warnings, 0 notes; 2 files (2 invalid)" in result.stdout
        assert check(*maps, "--output-format", "sarif", *means).stdout.count('"ruleId": "HM006"') == 1
        assert check(*maps, "--output-format", "junit", *means).stdout.count('classname="HM006') == 2
    fixed = check(*maps, "--fix")
    assert fixed.stderr.count("not fixed, since something else may be meant") == 1
