"""Whatever stands in a text of a map is shown and never acts: HTML, SVG, DOT, Markdown, JSON, a terminal.

Every key that takes text gets hostile text; the keys are those of the format's tables, so that new ones come
along.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from handoffmap.check import check_sources
from handoffmap.reading.shape import TABLES
from handoffmap.telling.formats import Manner, render
from handoffmap.telling.html import render_html
from handoffmap.telling.markdown import render_markdown
from handoffmap.telling.picture import draw_picture
from handoffmap.telling.question_list import render_questions
from handoffmap.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handoffmap.diagnosis import Report

HOSTILE = (
    "<script>alert(1)</script>",
    "</style></svg><img src=x onerror=alert(1)>",
    '"]; node',
    '" onmouseover="alert(1)',
    "'><b>",
    '=HYPERLINK("x")',
    "\x1b[31mred\x1b]0;title\x07",
    "\x9b31mred",
    "../../x",
    "\u202egnp.exe\u202c\u200b\u2066",
    "{{ 7919*7907 }}{% raw %}${7919*7907}",
    "a|b||c",
    "`tick` ``two`` ```three```",
    "one\ntwo\r\nthree\u2028four\x85five",
    "# heading\n\n- item\n\n| a | b |\n|---|---|",
    "[link](javascript:alert(1)) ![image](https://evil.example/x.png) <https://evil.example>",
    "\\N\\G\\L\\\\",
    "<b>label</b>",
    "&lt;script&gt; &amp; &#60;",
    "]]><!--",
    "$(id) %s %n {0} {name}",
    "\ud7ff\ufeff\ufffe",
)

CODE = 7919 * 7907  # nobody has worked it out


# ── a map with text wherever text can stand ───────────────────────────────────────────────────────


class Texts:
    """Gives out texts, each hostile one after the other, beginning with a given one."""

    def __init__(self, texts: tuple[str, ...], first: int, *, numbered: bool) -> None:
        self._texts = texts
        self._next = first
        self._numbered = numbered
        self.given = 0

    def __call__(self) -> str:
        text = self._texts[self._next % len(self._texts)]
        self._next += 1
        self.given += 1
        # A number in front keeps names apart and sorted alike whatever comes behind it.
        return f"t{self.given:03} {text}" if self._numbered else text


ENTRIES = {
    "system": ("systems", "storefront"),
    "event": ("events", "stage_set"),
    "path": ("write_paths", "order-to-wms"),
    "control": ("controls", "nightly-erp"),
}
INSIDE: dict[str, tuple[Any, ...]] = {
    "item_key": ("system", "item_key"),
    "holding": ("system", "holds", "available"),
    "dedupe": ("path", "dedupe"),
    "retry": ("path", "retry"),
    "dead_letter": ("path", "dead_letter"),
    "schedule": ("path", "schedule"),
    "poll": ("path", "poll"),
    "lane": ("path", "lane"),
    "version": ("path", "version"),
    "quantity": ("file", "quantities", "stage"),
    "waiver": ("file", "waivers", 0),
    "effect": ("event", "effects", "stage"),
}
"""Where a table that stands inside another one is put."""

STACK = Path(__file__).parents[2] / "topologies" / "three_handoffs.yaml"


def hostile_map(texts: Texts) -> str:
    """The three handoffs with every text replaced or added."""
    root = yaml.safe_load(STACK.read_text(encoding="utf-8"))
    root["quantities"] = {"stage": {"meaning": "flag"}}
    root["waivers"] = [{}]
    root["systems"]["wms"]["holds"]["stage"] = {"role": "authoritative"}
    root["systems"]["wms"]["accepts_when"] = {"stage": [texts(), texts()]}
    root["systems"]["storefront"]["holds"]["available"] |= {"tolerates": "1s"}
    for pair in (("storefront", "erp"), ("wms", "threepl")):
        group = texts()  # a free name draws a frame around those that are part of it
        for name in pair:
            root["systems"][name]["part_of"] = group
    root["events"]["stage_set"] = {"at": ["wms"], "effects": {"stage": {}}}
    path = root["write_paths"][0]
    path["fields"] = {
        texts(): texts(),
        texts(): None,
        texts(): {"ignored": texts()},
        texts(): {"to": texts()},
    }
    path["on_unmapped"] = "error"
    for kind, table in TABLES.items():
        entry = entry_of(root, kind)
        if entry is not None:
            for key, value in filled(kind, texts):
                entry[key] = value
            assert table.called
    systems = [system for name, system in root["systems"].items() if name != "storefront"]
    for other in (*systems, *root["write_paths"][1:], *root["controls"][:1]):
        other["owner"] = texts()
        other["notes"] = texts()
    return str(yaml.safe_dump(root, sort_keys=False, width=10_000))


def entry_of(root: Any, kind: str) -> Any:
    if kind == "file":
        return root
    if kind in ENTRIES:
        section, name = ENTRIES[kind]
        entries = root[section]
        return entries[name] if isinstance(entries, dict) else next(each for each in entries if each["id"] == name)
    if kind not in INSIDE:
        return None
    outer, *way = INSIDE[kind]
    entry = entry_of(root, outer)
    for key in way[:-1]:
        entry = entry[key]
    if isinstance(entry, dict) and not isinstance(entry.get(way[-1]), dict):
        entry[way[-1]] = {}
    return entry[way[-1]]


def filled(kind: str, texts: Texts) -> Iterator[tuple[str, Any]]:
    """(key, text or list of texts) for each key of a table that takes text."""
    for key, about in TABLES[kind].keys.items():
        scalar, items = about.value.scalar, about.value.items
        if (kind, key) in {
            ("file", "include"),
            ("system", "item_key"),
            ("path", "version"),
            ("path", "lane"),
        }:
            continue  # files, and tables that are filled by themselves
        if items is not None and items.scalar is not None and items.scalar.name == "text":
            yield key, [texts(), texts()]
        elif scalar is not None and scalar.name == "text":
            yield key, texts()


def checked(texts: Texts) -> Report:
    report = check_sources([Source("map.yaml", hostile_map(texts))])
    assert not report.invalid, [problem.message for _, problems in report.invalid for problem in problems]
    return report


@pytest.fixture(scope="module")
def plain() -> Report:
    return checked(Texts(("plain",), 0, numbered=True))


CASES = [(first, numbered) for first in range(len(HOSTILE)) for numbered in (True, False)]


def named(case: tuple[int, bool]) -> str:
    return f"{case[0]}-{'behind' if case[1] else 'alone'}"


@pytest.fixture(params=CASES, ids=named, scope="module")
def hostile(request: pytest.FixtureRequest) -> Report:
    first, numbered = request.param
    return checked(Texts(HOSTILE, first, numbered=numbered))


def test_the_map_takes_all_texts(plain: Report) -> None:
    texts = Texts(("plain",), 0, numbered=True)
    told = hostile_map(texts)
    assert texts.given > 70
    assert all(f"t{number:03} plain" in told for number in range(1, texts.given + 1))
    assert plain.diagnoses[0].findings


# ── lines of text ─────────────────────────────────────────────────────────────────────────────────


def acting(told: str) -> list[str]:
    """Characters that would do something to a terminal or a reader instead of being seen."""
    return sorted({f"{ord(each):x}" for each in told if not each.isprintable() and each != "\n"})


@pytest.mark.parametrize("form", ["text", "concise"])
def test_a_terminal_is_told_the_same_lines(hostile: Report, plain: Report, form: str) -> None:
    told = render(hostile, form, Manner(verbose=True))
    assert acting(told) == []
    assert len(told.splitlines()) == len(told.split("\n")) - 1
    assert str(CODE) not in told
    lines = [len(render(each, form, Manner(verbose=True)).split("\n")) for each in (hostile, plain)]
    assert lines[0] <= lines[1] + 6  # two findings show such a text, which may go over several lines of the source


def test_colour_comes_from_the_pen_alone(hostile: Report) -> None:
    told = re.sub(r"\x1b\[(0|1|2|[13][;0-9]*)m", "", render(hostile, "text", Manner(verbose=True, colour=True)))
    assert acting(told) == []


def test_json_is_json(hostile: Report) -> None:
    told = render(hostile, "json")
    assert acting(told) == []
    assert json.loads(told)["topologies"][0]["valid"]


def test_what_other_programs_read_is_in_their_form_and_no_line_is_anybody_elses(hostile: Report, plain: Report) -> None:
    for form in ("sarif", "gitlab"):
        json.loads(render(hostile, form))
    annotations = render(hostile, "github")
    assert acting(annotations) == []
    assert len(annotations.splitlines()) == len(render(plain, "github").splitlines())
    assert all(re.match(r"::(error|warning|notice) file=", line) for line in annotations.splitlines())
    cases = ET.fromstring(render(hostile, "junit"))  # noqa: S314 - made here
    assert {element.tag for element in cases.iter()} <= {"testsuites", "testsuite", "testcase", "failure", "skipped"}
    comment = render(hostile, "markdown")
    assert acting(comment) == []
    assert not re.search(r"<(?!/?(?:details|summary|br)\b)[a-zA-Z!/]", comment)


@pytest.mark.parametrize("form", ["text", "json", "md"])
def test_questions_are_lines(hostile: Report, plain: Report, form: str) -> None:
    told = render_questions(hostile.diagnoses[0], form)
    assert acting(told) == []
    if form == "json":
        json.loads(told)
    else:
        assert "<script" not in told or form == "text"
        assert len(told.split("\n")) <= len(render_questions(plain.diagnoses[0], form).split("\n")) + 3


# ── HTML and SVG ──────────────────────────────────────────────────────────────────────────────────


class Tags(HTMLParser):
    """What elements and attributes a page has."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.targets: set[str] = set()
        self.comments: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        self.targets.update(value or "" for name, value in attrs if name in {"href", "src", "xlink:href", "action"})

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


SAFE_TARGET = re.compile(r"#[\w.~:-]*")


@pytest.fixture(scope="module")
def plain_tags(plain: Report) -> Tags:
    return Tags(render_html(plain.diagnoses[0]))


@pytest.mark.parametrize("case", CASES[::5], ids=named)
def test_a_page_has_the_elements_that_it_has_anyway(case: tuple[int, bool], plain_tags: Tags) -> None:
    page = render_html(checked(Texts(HOSTILE, case[0], numbered=case[1])).diagnoses[0])
    assert acting(page.replace("\t", "")) == []
    tags = Tags(page)
    assert set(tags.elements) <= {*plain_tags.elements, "code"}
    assert tags.attributes <= plain_tags.attributes
    for element in ("script", "style", "img", "iframe", "svg", "table", "section", "a", "link", "form"):
        if element not in {"a", "svg"}:
            assert tags.elements[element] == plain_tags.elements[element], element
    assert all(SAFE_TARGET.fullmatch(target) for target in tags.targets - plain_tags.targets)
    assert tags.comments == plain_tags.comments
    assert str(CODE) not in page


@pytest.mark.parametrize("case", CASES[::11], ids=named)
@pytest.mark.parametrize("kind", ["map", "matrix"])
def test_a_picture_has_the_elements_that_it_has_anyway(case: tuple[int, bool], kind: str, plain: Report) -> None:
    def parts(report: Report) -> tuple[set[str], set[str]]:
        told = draw_picture(report.diagnoses[0], kind, "svg")
        root = ET.fromstring(told)  # noqa: S314 - what is tested is that it is sound
        return {each.tag for each in root.iter()}, {name for each in root.iter() for name in each.attrib}

    elements, attributes = parts(checked(Texts(HOSTILE, case[0], numbered=case[1])))
    assert elements <= parts(plain)[0]
    assert attributes <= parts(plain)[1]


# ── DOT ───────────────────────────────────────────────────────────────────────────────────────────

STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def skeleton(dot: str) -> str:
    """A drawing without what stands between quotes; nothing else can hold text of the file."""
    return STRING.sub("S", dot)


@pytest.mark.parametrize("kind", ["map", "event", "gap"])
def test_a_drawing_has_the_statements_that_it_has_anyway(hostile: Report, plain: Report, kind: str) -> None:
    event = "order_captured" if kind == "event" else None
    told, expected = (str(draw_picture(each.diagnoses[0], kind, "dot", event=event)) for each in (hostile, plain))
    words = re.compile(r"[\w.:;=\[\]{}<>-]+")
    assert set(words.findall(skeleton(told))) <= set(words.findall(skeleton(expected)))
    assert skeleton(told).count("\n") == skeleton(expected).count("\n")
    assert acting(told.replace("\t", "")) == []


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────

FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def prose(told: str) -> str:
    """Markdown without what it shows as code."""
    return CODE_SPAN.sub("C", FENCED.sub("F", re.sub(r"\\[\\`]", "E", told)))


def columns(told: str) -> Counter[tuple[str, int]]:
    """How each line begins, and how many bars it has that divide cells."""
    return Counter(
        (line[:2] if line[:1] in "#|->" else "", len(re.findall(r"(?<!\\)\|", line)))
        for line in prose(told).split("\n")
    )


def test_a_markdown_report_has_the_lines_that_it_has_anyway(hostile: Report, plain: Report) -> None:
    told, expected = render_markdown(hostile.diagnoses[0]), render_markdown(plain.diagnoses[0])
    assert acting(told) == []
    assert str(CODE) not in told
    text = prose(told)
    assert not re.search(r"<(?!/?(details|summary|br|a)\b)[a-z/!]", text)
    assert not re.search(r"(?<!\\)\]\((?!#)", text)
    assert not re.search(r"(?<!\\)!\[", text)
    assert not re.search(r"https?://evil", text)
    assert set(columns(told)) <= set(columns(expected))
