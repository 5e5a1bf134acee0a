"""Every command, every way in which it can end: arguments -> exit code. A command without a row fails.

0 nothing at or above the threshold; 1 findings; 2 the job could not be done; 3 nothing was checked.
"""

from __future__ import annotations

import builtins
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from handoffmap import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "topologies"


def commands(group: click.Group = cli.main, *names: str) -> Iterator[str]:
    """Every command that can be typed, those below another one with its name in front."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, *names, name)
            if not command.invoke_without_command:
                continue
        yield " ".join((*names, name))


# The folder that each row runs in: broken.yaml has errors, fixed.yaml no finding, open.yaml undetermined ones only,
# bad.yaml is no valid map, latin.yaml is not UTF-8, other.yaml is YAML and no map, `several` has two maps,
# `nothing` none. `settings` names a file of settings that is wrong; base.json is a baseline, text.json is none.

ANY_MAP = """
    {0} missing.yaml                         2
    {0} missing-*.yaml                       3
    {0} bad.yaml                             2
    {0} latin.yaml                           2
    {0} empty.yaml                           2
    {0} other.yaml                           2
    {0} nothing                              3
    {0} fixed.yaml --nope                    2
    {0} fixed.yaml --config settings.toml    2
    {0} fixed.yaml --config missing.toml     2
    {0} fixed.yaml --select HM999            2
    {0} fixed.yaml --ignore duplicate-delvery 2
    {0} fixed.yaml --today tomorrow          2
    {0} fixed.yaml --fail-on panic           2
    {0} fixed.yaml --config hanging.toml     2
    {0} fixed.yaml                           0
    {0} fixed.yaml --fail-on note            0
    {0} waived.yaml --fail-on note --select HM201 --today 2027-03-31 0
    {0} waived.yaml --fail-on note --select HM201 --today 2027-04-01 1
    {0} waived.yaml --fail-on note --select HM201 --no-waivers       1
    {0} broken.yaml --fail-on error          1
    {0} broken.yaml --fail-on never          0
    {0} open.yaml --fail-on warning          0
    {0} open.yaml --fail-on warning --strict 1
"""
ONE_MAP = """
    {0}                                      2
    {0} several                              2
    {0} broken.yaml                          0
    {0} fixed.yaml --with missing.yaml       2
    {0} fixed.yaml --with clash.yaml         2
"""
JUDGED = """
    {0} broken.yaml                          1
    {0} open.yaml                            0
    {0} broken.yaml --select HM011           0
    {0} broken.yaml --config strict.toml --fail-on note --ignore ALL 0
    {0} broken.yaml --baseline base.json     0
    {0} broken.yaml --baseline text.json     2
    {0} broken.yaml --baseline missing.json  2
    {0} broken.yaml --since no-such-revision 2
    {0} broken.yaml --since HEAD             0
    {0} fixed.yaml --since HEAD --baseline base.json 2
    {0} broken.yaml --output-format xml      2
    {0} broken.yaml --output sarif=missing/x.sarif 2
    {0} broken.yaml --output sarif=x.sarif   1
"""
FORMATS = "".join(f"    {{0}} broken.yaml --output-format {form} 1\n" for form in cli.options.FORMS)
TABLE = {
    "check": ANY_MAP + JUDGED + FORMATS + """
    {0}                                      2
    {0} several                              1
    {0} fixed.yaml bad.yaml                  2
    {0} bad.yaml --fail-on never             2
    {0} nothing --output-format json         3
    {0} fixed.yaml --with missing.yaml       2
    {0} fixed.yaml --with clash.yaml         2
    {0} fixed.yaml --output json=fixed.yaml  2
    {0} fixed.yaml --output sarif            2
    {0} words.yaml --fix                     0
    """,
    "prove": ANY_MAP + JUDGED + FORMATS + """
    {0}                                      2
    {0} several                              2
    {0} fixed.yaml --with missing.yaml       2
    {0} broken.yaml --finding HM405          1
    {0} broken.yaml --finding HM999          2
    """,
    "report": ANY_MAP + ONE_MAP + """
    {0} fixed.yaml -o missing/x.html         2
    {0} fixed.yaml -o x.docx                 2
    {0} fixed.yaml -o fixed.yaml             2
    {0} fixed.yaml --format pdf              2
    """,
    "questions": ANY_MAP + ONE_MAP + """
    {0} open.yaml                            0
    {0} open.yaml --format xml               2
    {0} open.yaml -o missing/x.md            2
    """,
    "diagram": ANY_MAP + ONE_MAP + """
    {0} fixed.yaml --kind event --event no_such 2
    {0} fixed.yaml --kind gap --finding HM999   2
    {0} fixed.yaml -o missing/x.svg          2
    {0} fixed.yaml -o x.bmp                  2
    """,
    "plan": ANY_MAP + """
    {0}                                      2
    {0} several                              2
    {0} broken.yaml                          0
    {0} broken.yaml --apply 0                2
    {0} broken.yaml --apply 1                0
    {0} broken.yaml -o missing/x             2
    """,
    "diff": """
    {0}                                      2
    {0} fixed.yaml                           2
    {0} fixed.yaml fixed.yaml                0
    {0} fixed.yaml broken.yaml               0
    {0} fixed.yaml broken.yaml --fail-on error 1
    {0} broken.yaml fixed.yaml --fail-on error 0
    {0} fixed.yaml bad.yaml                  2
    {0} missing.yaml fixed.yaml              2
    {0} fixed.yaml nothing                   3
    {0} several fixed.yaml                   2
    {0} fixed.yaml --with clash.yaml         2
    {0} fixed.yaml broken.yaml --select HM999 2
    {0} fixed.yaml broken.yaml --config settings.toml 2
    {0} fixed.yaml broken.yaml -o missing/x  2
    {0} - -                                  2
    """,
    "explain": """
    {0}                                      2
    {0} HM201                                0
    {0} duplicate-delivery                   0
    {0} HM999                                2
    """,
    "rules": """
    {0}                                      0
    {0} --output-format json                 0
    {0} --config settings.toml               2
    {0} --config missing.toml                2
    {0} nope                                 2
    """,
    "rules test": """
    {0}                                      2
    {0} own.yaml                             0
    {0} own-wrong.yaml                       1
    {0} own-broken.yaml                      2
    {0} missing.yaml                         2
    """,
    "baseline write": """
    {0}                                      2
    {0} broken.yaml -o new.json              0
    {0} fixed.yaml -o new.json               0
    {0} bad.yaml -o new.json                 2
    {0} nothing -o new.json                  3
    {0} missing.yaml -o new.json             2
    {0} broken.yaml -o missing/new.json      2
    {0} broken.yaml -o broken.yaml           2
    {0} broken.yaml --since HEAD             2
    {0} broken.yaml --baseline base.json     2
    {0} broken.yaml --config settings.toml   2
    """,
    "baseline show": """
    {0} base.json                            0
    {0} text.json                            2
    {0} newer.json                           2
    {0} missing.json                         2
    {0}                                      2
    """,
    "config show": """
    {0}                                      0
    {0} --config strict.toml                 0
    {0} --config settings.toml               2
    {0} --config missing.toml                2
    {0} --isolated                           0
    {0} nope                                 2
    """,
    "fmt": """
    {0}                                      2
    {0} fixed.yaml                           0
    {0} untidy.yaml --check                  1
    {0} untidy.yaml --diff                   1
    {0} untidy.yaml                          0
    {0} latin.yaml                           2
    {0} not-yaml.yaml                        2
    {0} nothing                              3
    {0} missing.yaml                         2
    """,
    "init": """
    {0}                                      0
    {0} --list                               0
    {0} three_handoffs                       0
    {0} no-such                              2
    {0} three_handoffs -o fixed.yaml         2
    {0} three_handoffs -o fixed.yaml --force 0
    {0} three_handoffs -o missing/x.yaml     2
    """,
    "schema": """
    {0}                                      0
    {0} run                                  0
    {0} x                                    2
    {0} -o missing/x.json                    2
    """,
    "lsp": """
    {0} nope                                 2
    {0} --without-its-extra                  2
    """,
}  # fmt: skip


def rows() -> Iterator[Any]:
    for name, table in TABLE.items():
        for line in filter(str.strip, table.format(name).splitlines()):
            call, code = re.split(r"\s+(?=\d$)", line.strip())
            yield pytest.param(call.split(), int(code), id=call)


def test_every_command_has_a_row_and_every_row_a_command() -> None:
    assert sorted(TABLE) == sorted(commands())


def test_every_command_that_judges_or_tells_a_map_has_the_rows_of_all_its_failures() -> None:
    """What is asked of one command that takes the options of what counts is asked of all that take them."""
    for name in commands():
        command: click.Command = cli.main
        for part in name.split():
            assert isinstance(command, click.Group)
            found = command.get_command(click.Context(command), part)
            assert found is not None
            command = found
        takes = {option for each in command.params for option in each.opts}
        if {"--select", "path"} <= takes or {"--baseline", "--output-format"} <= takes:
            assert ANY_MAP in TABLE[name], name
        if {"--baseline", "--output-format"} <= takes:
            assert JUDGED in TABLE[name], name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all rows start from; a row gets a copy."""
    made = tmp_path_factory.mktemp("rows")
    fixed = (BUNDLED / "three_handoffs.fixed.yaml").read_text(encoding="utf-8")
    broken = (BUNDLED / "three_handoffs.yaml").read_text(encoding="utf-8")
    waiver = 'waivers:\n  - {rule: HM201, subject: "*", reason: agreed, until: 2027-03-31}\n'
    files: dict[str, str | bytes] = {
        "fixed.yaml": fixed,
        "broken.yaml": broken,
        "open.yaml": OPEN,
        "bad.yaml": "handoffmap: 1\nsystms: {}\n",
        "latin.yaml": b"handoffmap: 1\nname: caf\xe9\n",
        "empty.yaml": "",
        "other.yaml": "services: {}\n",
        "not-yaml.yaml": "handoffmap: 1\nname: [\n",
        "waived.yaml": broken + waiver,
        "clash.yaml": "systems:\n  wms: {kind: erp}\n",
        "untidy.yaml": "name: b\nhandoffmap: 1\nsystems: {}\n",
        "words.yaml": fixed.replace("at_least_once", "At-Least-Once", 1),
        "settings.toml": 'fail_on = "error"\nselekt = []\n',
        "strict.toml": "strict = true\n",
        "hanging.toml": 'rules = ["own-broken.yaml"]\n',
        "text.json": "no JSON\n",
        "newer.json": '{"handoffmap_baseline": 99, "findings": []}\n',
        "own.yaml": own_rule("flagged"),
        "own-wrong.yaml": own_rule("silent"),
        "own-broken.yaml": "handoffmap_rules: 1\nrules: [{code: HM901}]\n",
        "several/a.yaml": fixed,
        "several/b.yaml": broken,
        "nothing/other.yaml": "services: {}\n",
    }
    for name, content in files.items():
        file = made / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    here = Path.cwd()
    os.chdir(made)
    try:
        written = CliRunner().invoke(cli.main, ["baseline", "write", "broken.yaml", "-o", "base.json", "--isolated"])
        assert written.exit_code == 0
    finally:
        os.chdir(here)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for call in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "all")):
        subprocess.run(["git", *call], cwd=made, check=True, env=environment)  # noqa: S607
    return made


OPEN = """\
handoffmap: 1
systems:
  shop: {kind: storefront, owner: web, holds: {}}
  wms: {kind: wms, owner: warehouse, holds: {available: {role: authoritative, unit: each}}, item_key: sku}
events:
  order_captured: {at: [shop]}
write_paths:
  - {id: a, from: shop, to: wms, events: [order_captured], trigger: webhook, op: adjust, maps: {available: available}}
"""


def own_rule(example: str) -> str:
    """A rule whose one example is as it says, or not."""
    return f"""\
handoffmap_rules: 1
rules:
  - code: HM901
    slug: nameless-shop
    about: systems
    severity: note
    message: "{{id}} is a shop"
    mend: Say which one.
    when: {{kind: storefront}}
    examples:
      {example}: |
        handoffmap: 1
        systems:
          shop: {{kind: storefront, owner: web, holds: {{}}}}
      {"silent" if example == "flagged" else "flagged"}: |
        handoffmap: 1
        systems:
          wms: {{kind: wms, owner: warehouse, holds: {{}}}}
"""


@pytest.mark.parametrize("arguments, code", list(rows()))
def test_the_exit_code_is_that_of_the_table(
    arguments: list[str], code: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    shutil.copytree(folder, work, symlinks=True)
    monkeypatch.chdir(work)
    if arguments[-1] == "--without-its-extra":
        arguments = arguments[:-1]
        without(monkeypatch, "pygls", "lsprotocol")
    result = CliRunner().invoke(cli.main, arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    if code == 2:
        assert result.stderr or "HM0" in result.stdout  # it says why


def without(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """As if packages were not installed."""
    for name in [name for name in sys.modules if name.startswith((*packages, "handoffmap.editor"))]:
        monkeypatch.delitem(sys.modules, name)
    real = builtins.__import__

    def without_them(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] in packages:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_them)
