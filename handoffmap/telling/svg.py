"""An engine's SVG -> SVG fit for a report: known elements, ids of its own, hover titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["for_report", "standing_alone"]

_NAMESPACE = "http://www.w3.org/2000/svg"
_ELEMENTS: Final = frozenset({"svg", "g", "a", "path", "polygon", "polyline", "ellipse", "text", "tspan", "title"})
_ATTRIBUTES: Final = frozenset({
    "class", "cx", "cy", "d", "fill", "font-family", "font-size", "font-weight", "height", "id", "points",
    "rx", "ry", "stroke", "stroke-dasharray", "stroke-width", "text-anchor", "transform", "viewBox", "width",
    "x", "y",
})  # fmt: skip


def for_report(svg: str, figure: str, title: str) -> str | None:
    """A picture to stand inside the report, its ids behind `figure` and a colon; None if it is no SVG."""
    root = _clean(svg)
    if root is None:
        return None
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", f"{figure}:{element.get('id')}")
    width = float((root.get("width") or "0").removesuffix("pt") or 0)
    # Points are a third larger than pixels; a picture is never blown up, and shrinks with its column.
    root.set("style", f"--wide:{width * 4 / 3:.0f}px")
    root.set("preserveAspectRatio", "xMinYMid meet")
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    _background(root)
    return _written(root, title)


def standing_alone(svg: str, title: str) -> str | None:
    """A picture as a file of its own, on white; None if it is no SVG."""
    root = _clean(svg)
    return None if root is None else f"{_written(root, title)}\n"


def _written(root: Element, title: str) -> str:
    root.set("role", "img")
    root.set("aria-label", title)
    root.set("xmlns", _NAMESPACE)
    root.tail = None
    return tostring(root, encoding="unicode")


def _clean(svg: str) -> Element | None:
    try:
        root = fromstring(svg)  # noqa: S314 - written by a layout engine of this machine, without a document type
    except (ParseError, ValueError):
        return None
    for element in root.iter():
        for child in list(element):
            if _name(child) not in _ELEMENTS or (_name(child) == "title" and _name(element) == "g"):
                element.remove(child)
    for element in root.iter():
        element.tag = _name(element)
        _retitle(element)
    _drop_blank(root)
    return root


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _retitle(element: Element) -> None:
    """Links inside the page, hover text as an element (browsers show that), no foreign attributes."""
    attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    element.attrib = {key: value for key, value in attributes.items() if key in _ATTRIBUTES}
    if element.tag == "a" and "title" in attributes:
        title = Element("title")
        title.text = attributes["title"]
        element.insert(0, title)
    if element.tag == "a" and attributes.get("href", "").startswith("#"):
        element.set("href", attributes["href"])
    if element.tag == "g" and element.get("id", "").startswith("a_"):
        del element.attrib["id"]


def _drop_blank(root: Element) -> None:
    for element in root.iter():
        if element.tag != "text" and element.text is not None and not element.text.strip():
            element.text = None
        if element.tail is not None and not element.tail.strip():
            element.tail = "\n"


def _background(root: Element) -> None:
    """The page shows through: the white ground that the engine paints goes."""
    for graph in _graphs(root):
        first = next((child for child in graph if child.tag != "title"), None)
        if first is not None and first.tag == "polygon" and first.get("stroke") in {"none", "transparent"}:
            graph.remove(first)
        elif first is not None and first.tag == "g" and not first.get("class"):
            _background_in_link(first)


def _background_in_link(group: Element) -> None:
    for link in group.iter("a"):
        for child in list(link):
            if child.tag == "polygon":
                link.remove(child)


def _graphs(root: Element) -> Iterator[Element]:
    return (element for element in root.iter("g") if (element.get("class") or "").startswith("graph"))
