"""Charts as shapes on a grid of whole pixels: a template only writes them down as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LENGTH = 10_000  # a whole axis, in the whole numbers in which the engine hands out lengths
Chart = Mapping[str, Any]


@dataclass(frozen=True)
class Shape:
    """One rectangle, line, text, dot or path."""

    kind: str
    css: str = ""
    x: int = 0
    y: int = 0
    w: int = 0
    h: int = 0
    text: str = ""
    anchor: str = "middle"
    d: str = ""


@dataclass
class Drawing:
    """Shapes on a ground of so many pixels, with a sentence for those who do not see it."""

    width: int
    height: int
    told: str
    shapes: list[Shape] = field(default_factory=list)

    def box(self, css: str, x: int, y: int, w: int, h: int) -> None:
        """A rectangle."""
        self.shapes.append(Shape("rect", css, x, y, max(w, 0), max(h, 0)))

    def line(self, css: str, x: int, y: int, to_x: int, to_y: int) -> None:
        """A straight line."""
        self.shapes.append(Shape("line", css, x, y, to_x, to_y))

    def word(self, x: int, y: int, text: str, css: str = "", anchor: str = "middle") -> None:
        """A text."""
        self.shapes.append(Shape("text", css, x, y, text=text, anchor=anchor))

    def dot(self, css: str, x: int, y: int, radius: int = 4) -> None:
        """A dot."""
        self.shapes.append(Shape("circle", css, x, y, radius))

    def course(self, css: str, points: Sequence[tuple[int, int]]) -> None:
        """A line through points."""
        self.shapes.append(Shape("path", css, d="M" + " L".join(f"{x} {y}" for x, y in points)))


def along(place: int, width: int) -> int:
    """A place on an axis, in pixels."""
    return place * width // LENGTH


def bar(data: Chart, width: int = 156) -> Drawing:
    """What an item earned, on the track of what it could."""
    drawing = Drawing(width, 12, "")
    zero, full = along(data["zero"], width), along(data["full"], width)
    drawing.box("bar-track", zero, 1, full - zero, 10)
    if data["to"] is None:
        drawing.box("bar-lost", zero, 1, full - zero, 10)
    else:
        to = along(data["to"], width)
        drawing.box("bar-fill", min(zero, to), 1, abs(to - zero), 10)
    return drawing


def ruler(data: Chart, you: str, told: str, width: int = 1160, gap: str = "") -> Drawing:
    """The scale of totals with its bands and somebody's mark, how far the next edge is, or the span that is still open."""
    drawing = Drawing(width, 62, told)
    for band in data["bands"]:
        left, right = along(band["from"], width), along(band["to"], width)
        drawing.box("band mine" if band["mine"] else "band", left, 22, right - left, 20)
        drawing.word(_clear_of(data, left, right, width), 37, band["name"] if right - left > 80 else band["short"])
    for edge in data["edges"]:
        drawing.line("axis", along(edge["at"], width), 20, along(edge["at"], width), 44)
        drawing.word(along(edge["at"], width), 58, edge["text"])
    drawing.word(0, 58, data["ends"][0], anchor="start")
    drawing.word(width, 58, data["ends"][1], anchor="end")
    if data["mark"] is not None:
        _you(drawing, data, you, gap)
    if data["span"] is not None:
        low, high = along(data["span"]["from"], width), along(data["span"]["to"], width)
        drawing.box("span", low, 18, max(high - low, 6), 28)
        drawing.word(min(max((low + high) // 2, 40), width - 40), 12, you, "strong-wait")
    return drawing


def _clear_of(data: Chart, left: int, right: int, width: int) -> int:
    """The middle of a band; beside the mark, the way to the next edge or the open span where one of these would run through the name."""
    middle, low, high = (left + right) // 2, left, left
    if data["mark"] is not None:
        low = along(data["mark"]["at"], width)
        high = min([right, *(along(edge["at"], width) for edge in data["edges"] if edge["at"] > data["mark"]["at"])])
    if data["span"] is not None:
        low, high = along(data["span"]["from"], width), along(data["span"]["to"], width)
    if high <= left or low >= right or not low - 14 < middle < high + 14:
        return middle
    return (left + low) // 2 if low - left >= right - high else (high + right) // 2


def _you(drawing: Drawing, data: Chart, you: str, gap: str) -> None:
    """Somebody's mark on a ruler; the way to the next edge dotted, with its length in words beyond."""
    x, room = along(data["mark"]["at"], drawing.width), 110
    drawing.line("axis strong-line", x, 16, x, 44)
    drawing.shapes.append(Shape("path", "you", d=f"M{x - 5} 14 h10 l-5 7 z"))
    edge = next((along(edge["at"], drawing.width) for edge in data["edges"] if edge["at"] > data["mark"]["at"]), None)
    if gap and edge is not None and x > room:
        drawing.line("edge", x, 32, edge, 32)
        drawing.word(x - 8, 12, you, "strong", "end")
        beyond = edge + 6 < drawing.width - room
        drawing.word(edge + 6 if beyond else drawing.width, 12, gap, "", "start" if beyond else "end")
        return
    side = "start" if x < room // 2 else "end" if x > drawing.width - room // 2 else "middle"
    drawing.word({"start": 0, "end": drawing.width, "middle": x}[side], 10, you, "strong", side)


def moved(data: Any, now: str, then: str, told: str, width: int = 800) -> Drawing:
    """The scale of totals with its bands, and somebody's mark as it is and as it would be."""
    drawing = Drawing(width, 72, told)
    for band in data.bands:
        left, right = along(band["from"], width), along(band["to"], width)
        drawing.box("band mine" if band["mine"] else "band", left, 32, right - left, 18)
        drawing.word((left + right) // 2, 46, band["name"] if right - left > 80 else band["short"])
    for edge in data.edges:
        drawing.line("axis", along(edge["at"], width), 30, along(edge["at"], width), 52)
        drawing.word(along(edge["at"], width), 67, edge["text"])
    drawing.word(0, 67, data.ends[0], anchor="start")
    drawing.word(width, 67, data.ends[1], anchor="end")
    before = along(data.before, width)
    after = None if data.after is None else along(data.after, width)
    _mark(drawing, before, f"{now} {data.before_text}", "you", 0 if after is None or before <= after else width)
    if after is not None:
        drawing.line("edge", min(before, after) + 6, 39, max(before, after) - 6, 39)
        _mark(drawing, after, f"{then} {data.after_text}", "mark-then", width if before <= after else 0)
    return drawing


def _mark(drawing: Drawing, x: int, text: str, css: str, side: int) -> None:
    """A mark over the scale, its words towards one side; a line higher where that side has no room."""
    room, wanted = 130, "end" if side == 0 else "start"
    anchor = "start" if x < room else "end" if x > drawing.width - room else wanted
    drawing.line("axis strong-line", x, 24, x, 52)
    drawing.shapes.append(Shape("path", css, d=f"M{x - 6} 18 h12 l-6 7 z"))
    drawing.word(x - 10 if anchor == "end" else x + 10, 24 if anchor == wanted else 10, text, "strong", anchor)


def spread(data: Chart, you: str, told: str, width: int = 352) -> Drawing:
    """A distribution: columns with their counts, edges of bands between them."""
    height, floor, top = 160, 136, 34
    drawing = Drawing(width, height, told)
    for one in data["bars"]:
        left, right = along(one["from"], width), along(one["to"], width)
        tall = one["height"] * (floor - top) // LENGTH
        drawing.box("column mine" if one["mine"] else "column", left + 1, floor - tall, right - left - 2, tall)
        if one["count"]:
            drawing.word((left + right) // 2, floor - tall - 4, str(one["count"]))
        if one["mine"]:
            inside = tall >= 20 and right - left >= 14
            drawing.word((left + right) // 2, floor - 6 if inside else floor - tall - 18, you, "inverse" if inside else "strong")
    for edge in data["edges"]:
        x = along(edge["at"], width)
        drawing.line("edge", x, 18, x, floor)
        drawing.word(min(max(x, 24), width - 24), 12, f"{edge['below']} | {edge['above']}")
    drawing.line("axis", 0, floor, width, floor)
    for tick in data["ticks"]:
        drawing.word(min(max(along(tick["at"], width), 14), width - 14), floor + 16, tick["text"])
    return drawing


def _beside(place: int, points: Sequence[tuple[int, int]], edges: Sequence[int]) -> int:
    """The height of a point's label: away from its neighbours, and on no edge."""
    y = points[place][1]
    near = [points[other][1] for other in (place - 1, place + 1) if 0 <= other < len(points)]
    above = bool(near) and y <= min(near)
    label = y - 9 if above or y > 124 else y + 17
    return label if all(abs(label - 4 - edge) > 9 for edge in edges) else y + 17 if above else y - 9


def trend(data: Chart, told: str, width: int = 352) -> Drawing:
    """Totals through time, the edges of bands dashed."""
    height, floor, top, room = 170, 140, 16, 44
    drawing = Drawing(width, height, told)

    def up(place: int) -> int:
        return floor - along(place, floor - top)

    span = width - room
    for edge in data["edges"]:
        drawing.line("edge", 0, up(edge["y"]), span, up(edge["y"]))
        drawing.word(span + 4, up(edge["y"]) + 4, edge["text"], anchor="start")
    points = [(along(point["x"], span), up(point["y"])) for point in data["points"]]
    drawing.course("course", points)
    edges = [up(edge["y"]) for edge in data["edges"]]
    for place, (point, (x, y)) in enumerate(zip(data["points"], points, strict=True)):
        drawing.dot("dot mine" if point["now"] else "dot", x, y)
        drawing.word(x, _beside(place, points, edges), point["text"], "strong" if point["now"] else "")
        drawing.word(x, floor + 20, point["below"])
    return drawing
