"""Files, folders, globs and standard input."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handoffmap.reading.discover import discover

TOPOLOGY = "handoffmap: 1\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(**files: str) -> None:
    for name, text in files.items():
        path = Path(name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(*paths: str) -> tuple[list[str], int]:
    discovery = discover(paths)
    return [source.name for source in discovery.sources], discovery.skipped


def test_in_a_folder_the_files_with_the_key_are_topologies_and_the_others_are_counted() -> None:
    put(b=TOPOLOGY, a="name: x\n" + TOPOLOGY, deep__c=TOPOLOGY, other="kind: Deployment\n", empty="")
    put(**{".git__hidden": TOPOLOGY, ".hidden": TOPOLOGY})
    Path("notes.txt").write_text(TOPOLOGY, encoding="utf-8")
    assert found(".") == (["a.yaml", "b.yaml", "deep/c.yaml"], 2)


def test_a_named_file_is_judged_whatever_it_holds() -> None:
    put(empty="", other="kind: Deployment\n")
    Path("notes.txt").write_text("x", encoding="utf-8")
    assert found("other.yaml", "empty.yaml", "notes.txt") == (["other.yaml", "empty.yaml", "notes.txt"], 0)


def test_a_file_is_judged_once_however_it_is_reached() -> None:
    put(maps__a=TOPOLOGY)
    Path("link.yaml").symlink_to("maps/a.yaml")
    assert found("maps/a.yaml", "maps", "maps/*.yaml", "./maps/../maps/a.yaml", "link.yaml") == (
        ["maps/a.yaml"],
        0,
    )


def test_an_included_file_is_no_root_and_not_skipped() -> None:
    put(
        root=TOPOLOGY + "include: [parts/one.yaml]\n",
        parts__one="include: two.yaml\n",
        parts__two=TOPOLOGY,
    )
    assert found(".") == (["root.yaml"], 0)
    assert found("parts/two.yaml", ".") == (["parts/two.yaml", "root.yaml"], 0)


def test_a_named_part_of_a_map_of_the_run_is_judged_with_it_and_not_by_itself() -> None:
    put(
        root=TOPOLOGY + "include: [parts/one.yaml]\n",
        parts__one="include: two.yaml\n",
        parts__two="systems: {}\n",
        parts__whole=TOPOLOGY,
        stray="systems: {}\n",
    )
    parts = ("parts/two.yaml", "parts/one.yaml")
    assert found(*parts, "root.yaml", "stray.yaml") == (["root.yaml", "stray.yaml"], 0)
    assert found(*parts, ".") == (["root.yaml", "parts/whole.yaml"], 1)
    assert found(*parts) == (list(parts), 0)  # no map of this run includes them
    assert found("parts/one.yaml") == (["parts/one.yaml"], 0)


def test_a_named_map_that_another_one_includes_is_judged_by_itself_too() -> None:
    put(root=TOPOLOGY + "include: part.yaml\n", part=TOPOLOGY)
    assert found("root.yaml", "part.yaml") == (["root.yaml", "part.yaml"], 0)


def test_files_that_include_each_other_are_not_lost() -> None:
    put(a=TOPOLOGY + "include: [b.yaml]\n", b=TOPOLOGY + "include: [a.yaml]\n")
    assert found(".") == (["a.yaml"], 0)
    put(a=TOPOLOGY + "include: [a.yaml]\n", b=TOPOLOGY)
    assert found(".") == (["a.yaml", "b.yaml"], 0)


@pytest.mark.parametrize("include", ["{a: b}", "[[x], 1]", "", "[", '"\\0"', "../../../etc/passwd"])
def test_an_include_that_makes_no_sense_is_left_to_the_reader(include: str) -> None:
    put(a=TOPOLOGY + f"include: {include}\n")
    assert found(".") == (["a.yaml"], 0)


def test_a_glob_is_spread_out_and_may_meet_nothing() -> None:
    put(maps__a=TOPOLOGY, maps__b="x: 1\n", maps__deep__c=TOPOLOGY)
    assert found("maps/*.yaml") == (["maps/a.yaml"], 1)
    assert found("maps/**/*.yaml") == (["maps/a.yaml", "maps/deep/c.yaml"], 1)
    assert found("ma*") == (["maps/a.yaml", "maps/deep/c.yaml"], 1)
    assert found("none/*.yaml") == ([], 0)
    assert found(str(Path.cwd() / "maps" / "a*")) == ([str(Path.cwd() / "maps" / "a.yaml")], 0)


def test_a_name_that_looks_like_a_glob_is_a_file_if_it_is_there() -> None:
    Path("a[1].yaml").write_text(TOPOLOGY, encoding="utf-8")
    assert found("a[1].yaml") == (["a[1].yaml"], 0)


def test_standard_input_is_a_file_without_a_name() -> None:
    discovery = discover(["-", "-"], stdin=TOPOLOGY.encode())
    assert [(source.name, source.text) for source in discovery.sources] == [("<stdin>", TOPOLOGY)]


@pytest.mark.parametrize("name", ["missing.yaml", "a\0b.yaml", "loop.yaml"])
def test_what_cannot_be_read_is_told_with_the_rest(name: str) -> None:
    put(a=TOPOLOGY)
    Path("loop.yaml").symlink_to("loop.yaml")
    missing, there = discover([name, "a.yaml"]).sources
    (defect,) = missing.defects
    assert (defect.slug, defect.location.file, defect.location.line) == ("syntax", name, 1)
    assert not there.defects


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_a_folder_that_may_not_be_read_is_not_passed_over() -> None:
    put(a=TOPOLOGY)
    Path("a.yaml").chmod(0)
    assert found(".") == (["a.yaml"], 0)


def test_the_key_is_found_in_every_style_and_in_broken_files() -> None:
    put(
        flow="{name: x, handoffmap: 1}\n",
        quoted='"handoffmap": 1\n',
        mark="\ufeffhandoffmap: 1\n",
        broken=TOPOLOGY + "name: [\n",
        inner="x:\n  handoffmap: 1\n",
        text="note: |\n  handoffmap: 1\n",
    )
    assert found(".") == (["broken.yaml", "flow.yaml", "mark.yaml", "quoted.yaml"], 2)
