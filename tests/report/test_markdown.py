"""The Markdown report: the same content, tables that stay tables, names that stay text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handoffmap.telling.anchor import anchor
from handoffmap.telling.fault_table import FAULTS, WRITES
from handoffmap.telling.markdown import render_markdown
from handoffmap.telling.markup import code, plain, prose

if TYPE_CHECKING:
    from handoffmap.diagnosis import Diagnosis


def columns(line: str) -> int:
    """Columns of a table row: unescaped pipes that are not inside it."""
    return len(re.findall(r"(?<!\\)\|", line)) - 1


def tables(text: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


def test_every_write_path_has_its_row(three: Diagnosis) -> None:
    text = render_markdown(three)
    rows = re.findall(r'^\| <a id="(path\.[^"]*)"></a>', text, re.MULTILINE)
    assert sorted(rows) == sorted(anchor("path", key) for key in three.topology.write_paths)


def test_it_tells_what_the_page_tells(three: Diagnosis) -> None:
    text = render_markdown(three)
    assert all(f'<a id="{anchor("gap", gap.finding.fingerprint)}"></a>' in text for gap in three.gaps)
    assert all(f'<a id="{anchor("question", question.id)}"></a>' in text for question in three.questions)
    assert all(f'<a id="{anchor("cell", *verdict.cell)}"></a>' in text for verdict in three.verdicts)
    assert "One firm's client figure, not a measurement of this business" in text
    assert "```mermaid" in text


def test_tables_are_rectangular_whatever_the_names(three: Diagnosis, poisoned: Diagnosis) -> None:
    for diagnosis in (three, poisoned):
        for table in tables(render_markdown(diagnosis)):
            assert len({columns(line) for line in table}) == 1, table[:3]


def test_every_link_inside_leads_somewhere(three: Diagnosis, poisoned: Diagnosis) -> None:
    for diagnosis in (three, poisoned):
        text = render_markdown(diagnosis)
        goals = set(re.findall(r"\]\(#([^)]*)\)", text))
        assert goals <= set(re.findall(r'<a id="([^"]*)"></a>', text))


def test_hostile_names_stay_text(poisoned: Diagnosis) -> None:
    text = render_markdown(poisoned)
    outside_code = re.sub(r"(`+) ?.*? ?\1", "", text)
    assert set(re.findall(r"<(/?\w+)", outside_code)) <= {"a", "/a", "br"}
    assert "\x1b" not in text
    assert "\u202e" not in text
    mermaid = re.search(r"```mermaid\n(.*?)```", text, re.DOTALL)
    assert mermaid is not None
    assert not re.search(r"[<>\[\]{}](?!\")", re.sub(r"-->|==>|-\.->|s\d+\[\"|\"\]", "", mermaid[1]))


def test_text_is_escaped_only_where_it_means_something() -> None:
    assert plain("order_captured on 3PL-1: 5") == "order_captured on 3PL-1: 5"
    assert plain("*a* _b_ [c](d) <e> `f` | # !") == r"\*a\* \_b\_ \[c\](d) &lt;e&gt; \`f\` \| \# \!"
    assert plain("see http://x.example @all") == r"see http\://x.example \@all"
    assert plain("two\nlines") == "two lines"


def test_code_holds_backticks_and_pipes() -> None:
    assert code("a`b|c") == "``a`b\\|c``"
    assert code("`") == "`` ` ``"
    assert prose("State `dedupe: none` here") == "State `dedupe: none` here"
    assert prose("an odd ` one") == r"an odd \` one"


def test_the_table_of_faults_is_a_table(three: Diagnosis) -> None:
    text = render_markdown(three)
    (table,) = (rows for rows in tables(text) if rows[0].startswith("| Kind of write"))
    assert len(table) == 2 + len(WRITES)
    assert {columns(row) for row in table} == {1 + len(FAULTS)}
    assert [row.startswith("| **") for row in table[2:]].count(True) == 1
