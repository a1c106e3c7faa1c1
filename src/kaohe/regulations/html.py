"""A page as one HTML file of its own: its style within, no script, made to be printed as well as read."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kaohe.regulations.blocks import BRACKETS, Article, Block, Chapter, Lines, Listing, Note, Page, Paragraph, Signatures, Table

STYLE = """
:root { color-scheme: light; --ink: #1f2329; --quiet: #646a73; --rule: #c9ced6; --hair: #e4e7eb; --tint: #f5f6f7; --mark: #5f6f86; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 3rem 2rem 4rem; color: var(--ink); background: #fff;
  font: 15px/1.65 "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif; }
h1 { margin: 0 0 1.5rem; font-size: 1.75rem; line-height: 1.35; text-align: center; text-wrap: balance; }
h1 small { display: block; margin-top: .35rem; font-size: 1.05rem; font-weight: 500; color: var(--quiet); }
h2 { margin: 2.75rem 0 1rem; font-size: 1.2rem; text-align: center; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; }
h3 .clause, .clause { margin-left: .35em; font-weight: 400; font-size: .85em; color: var(--quiet); white-space: nowrap; }
p { margin: .4rem 0; }
ol { margin: .4rem 0; padding-left: 2.4em; }
.marks { display: flex; flex-wrap: wrap; border: 1px solid var(--rule); border-width: 1px 0; margin: 0; padding: .6rem 0; }
.marks div { flex: 1 1 9rem; padding: .15rem .75rem; }
.marks dt { font-size: .8rem; color: var(--quiet); }
.marks dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; margin: .6rem 0 1rem; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; line-height: 1.5; }
th, td { border: 1px solid var(--rule); padding: .4rem .55rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: var(--tint); font-weight: 600; }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.sum td { font-weight: 600; background: var(--tint); }
td span { display: block; }
td span.entry { padding-left: 1em; text-indent: -.8em; }
.note { margin: .8rem 0; padding: .55rem .9rem; border-left: 3px solid #b88a2c; background: #fff8ea; }
.note p { margin: 0; }
.signatures { display: flex; flex-wrap: wrap; gap: 1.5rem; margin-top: 3.5rem; break-inside: avoid; }
.signatures div { flex: 1 1 10rem; }
.signatures .line { height: 2.4rem; border-bottom: 1px solid var(--ink); }
.signatures .date { margin-top: .4rem; font-size: .85rem; color: var(--quiet); }
@media print {
  @page { size: A4; margin: 18mm 15mm 18mm 22mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2, h3 { break-after: avoid; }
  tr, .note { break-inside: avoid; }
  thead { display: table-header-group; }
  .wide { overflow: visible; }
}
""".strip()


def html(page: Page) -> str:
    """The page as a whole HTML document."""
    language = "zh-CN" if page.languages[0] == "zh" else "en"
    title, *more = map(escape, page.title)
    beneath = "".join(f"<small>{text}</small>" for text in more)
    body = "\n".join(piece for block in page.blocks for piece in _block(block, BRACKETS[page.languages[0]]))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n"
        f"<body>\n<h1>{title}{beneath}</h1>\n{_marks(page)}\n{body}\n</body>\n</html>\n"
    )


def _marks(page: Page) -> str:
    cells = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in page.marks)
    return f'<dl class="marks">{cells}</dl>'


def _block(block: Block, brackets: str) -> Iterator[str]:
    match block:
        case Chapter():
            yield f"<h2>{escape(block.text)}</h2>"
        case Article():
            yield f"<h3>{escape(block.text)}{_clause(block.clause, brackets)}</h3>"
        case Paragraph():
            yield from (f"<p>{escape(text)}</p>" for text in block.lines)
        case Listing():
            yield f"<ol>{''.join(f'<li>{_lines(entry)}</li>' for entry in block.entries)}</ol>"
        case Note():
            yield f'<div class="note">{"".join(f"<p>{escape(text)}</p>" for text in block.lines)}</div>'
        case Table():
            yield _table(block)
        case Signatures():
            date = escape(block.date)
            cells = "".join(f'<div>{escape(role)}<div class="line"></div><div class="date">{date}</div></div>' for role in block.roles)
            yield f'<div class="signatures">{cells}</div>'


def _table(table: Table) -> str:
    """Widths are shares of the whole; the last row may be a sum."""
    whole = sum(column.width for column in table.columns)
    widths = "".join(f'<col style="width: {column.width * 100 // whole}%">' for column in table.columns)
    head = "".join(f"<th{_figure(column.right)}>{escape(column.heading)}</th>" for column in table.columns)
    rows = "".join(_row(table, row, place == len(table.rows) - 1) for place, row in enumerate(table.rows))
    return f'<div class="wide"><table><colgroup>{widths}</colgroup><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(table: Table, row: tuple[Lines, ...], last: bool) -> str:
    cells = "".join(f"<td{_figure(column.right)}>{_lines(cell)}</td>" for column, cell in zip(table.columns, row, strict=True))
    return f"<tr{_classed('sum' if last and table.summed else '')}>{cells}</tr>"


def _figure(right: bool) -> str:
    return _classed("figure" if right else "")


def _classed(name: str) -> str:
    return f' class="{name}"' if name else ""


def _lines(lines: Lines) -> str:
    if len(lines) == 1:
        return escape(lines[0])
    return "".join(f"<span{_classed('entry' if text.startswith('· ') else '')}>{escape(text)}</span>" for text in lines)


def _clause(clause: str, brackets: str) -> str:
    return f'<span class="clause">{escape(brackets.format(clause))}</span>' if clause else ""
