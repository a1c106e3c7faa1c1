"""Writes what can be generated of docs/: a page for each problem, the functions, the rules, the JSON Schema.

python tools/reference.py           writes the files anew
python tools/reference.py --check   says which files are out of date, and exits with 1 if any is
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

import kaohe
from kaohe.cases import facts_of
from kaohe.checking import check_facts
from kaohe.documents import parse_document
from kaohe.drafting.asking import questions_of
from kaohe.drafting.describing import describe
from kaohe.drafting.families import FAMILIES, Family
from kaohe.drafting.items import Item, with_reading
from kaohe.drafting.rows import HEADINGS, ItemRow, Typed
from kaohe.editor import KeyWords, default_of, parts_of_schemes, read_wording, schema_text
from kaohe.expressions import FUNCTIONS
from kaohe.indicators import Indicator, Library, Theme, card, read_library
from kaohe.indicators.marking import MARKINGS
from kaohe.linting import Finding, lint_scheme
from kaohe.measuring import Source
from kaohe.measuring.adapters import Adapter, read_adapters
from kaohe.measuring.presets import Presets, read_presets
from kaohe.measuring.suggesting import canonical_tables
from kaohe.problems import Place, Problem, Problems, every_problem
from kaohe.reading import plan_of_text, read_plan, read_plan_with_places
from kaohe.rules import rules
from kaohe.scheme import Part
from kaohe.texts import Text

TOP = Path(__file__).resolve().parents[1]
DOCS = TOP / "docs"
CORPUS = TOP / "tests" / "broken"
WHOLE = CORPUS / "tea-house.yaml"
QUESTIONED = TOP / "tests" / "linting" / "examples"
NOTES = TOP / "tools" / "problem_notes.yaml"
EXAMPLES = TOP / "tools" / "reference_examples.yaml"
FACTS = (
    "period: {start: 2026-03-01, end: 2026-03-31}\npeople:\n  - {id: w1, name: 张三, role: waiter}\n  - {id: l1, name: 李四, role: lead}\n"
)
HOMES = {
    "C": ("命令行", "the command line"),
    "D": ("YAML 文件", "YAML files"),
    "E": ("公式", "formulas"),
    "F": ("事实", "facts"),
    "I": ("指标库", "the library of indicators"),
    "L": ("方案里值得一问的", "worth asking about a scheme"),
    "M": ("度量", "measuring"),
    "N": ("数字与日期", "numbers and dates"),
    "P": ("纸面报告", "papers"),
    "S": ("方案", "schemes"),
    "W": ("起草方案", "Drafting a scheme"),
}


# What findings are about, by their reason.
TOPICS = {
    "adds_up": ("算得拢吗", "Does it add up"),
    "reach": ("够得着吗", "Can it be reached"),
    "edges": ("界限与分档", "Edges and bands"),
    "money": ("钱", "Money"),
    "labour_law": ("用工法", "Labour law"),
    "evidence": ("依据够吗", "Is there enough to go by"),
    "idle": ("多余的", "What stands there for nothing"),
}


def all_problems() -> dict[str, type[Problem]]:
    """Every kind of problem that any module of kaohe has."""
    for module in pkgutil.walk_packages(kaohe.__path__, "kaohe."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return every_problem()


def load(path: Path) -> dict[str, Any]:
    """A file of notes: texts by code or name."""
    found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert isinstance(found, dict)
    return found


# --- a page for each problem ----------------------------------------------------------------------


def problem_page(code: str, kind: type[Problem], note: dict[str, str]) -> str:
    """The page of one code: what it means, an example, what it prints, what to do."""
    meaning = " ".join((kind.__doc__ or "").split())
    example, problem = example_of(code, note)
    printed = {language: template(kind, language) if problem is None else problem.tell(language) for language in ("zh", "en")}
    mend = {language: plain(kind, language) if problem is None else problem.mend(language) for language in ("zh", "en")}
    return "\n".join(
        [
            f"# {code} · {note['zh'].rstrip('。')}",
            "",
            "## 意思 What it means",
            "",
            note["zh"],
            "",
            meaning,
            "",
            "## 例子 Example",
            "",
            example,
            "",
            "## 输出 What it prints",
            "",
            "```text",
            printed["zh"],
            "",
            printed["en"],
            "```",
            "",
            "## 怎么办 What to do",
            "",
            mend["zh"],
            "",
            mend["en"],
            "",
        ]
    )


def example_of(code: str, note: dict[str, str]) -> tuple[str, Problem | None]:
    """An example as it stands on the page, and the problem that it raises where it can be run."""
    questioned = sorted(QUESTIONED.glob(f"{code}-*.yaml"), key=lambda path: (len(path.read_text(encoding="utf-8")), path.name))
    if questioned:
        return question(questioned[0]), asked(code, questioned[0])
    corpus = sorted(CORPUS.glob(f"{code}-*.yaml"), key=_plainness)
    if corpus:
        shown = "\n".join(changed(corpus[0]))
        where = f"茶馆方案改成 The tea-house scheme with this change ([{corpus[0].name}](../../tests/broken/{corpus[0].name})):"
        return f"{where}\n\n```yaml\n{shown}\n```", raised(code, corpus[0])
    if "facts" in note:
        where = "茶馆方案的事实 Facts for the [tea-house scheme](../../tests/broken/tea-house.yaml):"
        return f"{where}\n\n```yaml\n# facts\n{facts_example(note['facts'])}\n```", refused(code, facts_example(note["facts"]))
    return f"```text\n{note['shown']}\n```", None


def question(path: Path) -> str:
    """A scheme that is asked about, and the lines that mend it."""
    lines = path.read_text(encoding="utf-8").splitlines()[2:]
    shown = [line for line in lines if not _is_mended(line)]
    mends = [f"{before.strip()}\n→ {line.partition('# mended:')[2].strip() or '…'}" for before, line in pairwise(lines) if _is_mended(line)]
    where = f"[{path.name}](../../tests/linting/examples/{path.name})"
    scheme = "\n".join(["```yaml", *shown, "```"])
    return f"{where}:\n\n{scheme}\n\n改成这样就不再问 Mended like this, it is asked no more:\n\n```text\n" + "\n".join(mends) + "\n```"


def _is_mended(line: str) -> bool:
    return line.strip().startswith("# mended:")


def asked(code: str, path: Path) -> Finding:
    """The finding of a scheme that is asked about, as if the shown text were the file."""
    plan, place_of = read_plan_with_places(path)
    finding = next(finding for finding in lint_scheme(plan, place_of) if finding.code == code)
    lines = path.read_text(encoding="utf-8").splitlines()[: finding.place.line]
    line = sum(not _is_mended(line) for line in lines) - 2
    finding.place = finding.place.at(file="scheme.yaml", line=line)
    return finding


def _plainness(path: Path) -> tuple[bool, int, str]:
    """The plainest example first: one that shows something, in the fewest words."""
    shown = changed(path)
    return shown[0].startswith("#"), sum(map(len, shown)), path.name


def changed(path: Path) -> list[str]:
    """The lines of a broken scheme that the whole one does not have; those it lacks, where it only lacks some."""
    whole, broken = (file.read_text(encoding="utf-8").splitlines() for file in (WHOLE, path))
    lines = list(difflib.unified_diff(whole[1:], broken[2:], n=0, lineterm=""))[2:]
    added = [line[1:] for line in lines if line.startswith("+")]
    gone = [f"# gone: {line[1:].strip()}" for line in lines if line.startswith("-")]
    return [line if len(line) <= 300 else f"{line[:297]}..." for line in added or gone or ["# nothing at all"]]


def raised(code: str, path: Path) -> Problem:
    """The problem by which a broken scheme is refused, told as if the file stood in one's own folder."""
    try:
        read_plan(path)
    except Problems as problems:
        problem = next(problem for problem in problems if problem.code == code)
        problem.place = problem.place.at(file="scheme.yaml")
        return problem
    raise AssertionError(f"{path.name} is accepted")


def facts_example(text: str) -> str:
    """The facts of an example: its own rows, the period and the people where it names none."""
    common = FACTS if "period:" not in text else FACTS[FACTS.index("people:") :]
    return f"{common}{text}".rstrip()


def refused(code: str, text: str) -> Problem:
    """The problem by which facts for the tea-house are refused."""
    tree, _ = parse_document(text)
    assert tree is not None
    try:
        check_facts(plan_of_text(WHOLE.read_text(encoding="utf-8")), facts_of(tree, Place(file="facts.yaml")))
    except Problems as problems:
        return next(problem for problem in problems if problem.code == code)
    raise AssertionError(f"the facts of {code} are accepted")


def template(kind: type[Problem], language: str) -> str:
    """The sentence of a problem with its gaps left open."""
    sentence, mend = (kind.zh, kind.mend_zh) if language == "zh" else (kind.en, kind.mend_en)
    return f"{kind.code}  {sentence}\n    {mend}".replace("{{", "{").replace("}}", "}")


def plain(kind: type[Problem], language: str) -> str:
    """What to do, without a place that it is about."""
    return (kind.mend_zh if language == "zh" else kind.mend_en).replace("{{", "{").replace("}}", "}")


def problem_index(kinds: dict[str, type[Problem]], notes: dict[str, dict[str, str]]) -> str:
    """The list of all pages."""
    lines = [
        "# 问题代码 Problem codes",
        "",
        "每个问题都有代码、位置、一句话和办法。 Every problem has a code, a place, a sentence and a way out.",
    ]
    home = ""
    for code, kind in kinds.items():
        if code[0] != home:
            home = code[0]
            lines += ["", f"## {home} · {HOMES[home][0]} {HOMES[home][1]}", ""]
        lines.append(f"- [{code}]({code}.md) {notes[code]['zh']} {' '.join((kind.__doc__ or '').split())}")
    return "\n".join([*lines, ""])


# --- functions, rules, schema ---------------------------------------------------------------------


def formulas_page(examples: dict[str, Any]) -> str:
    """The formula language, and a runnable example of each function."""
    lines = [examples["formulas_intro"].rstrip(), "", "| 写法 formula | 意思 meaning |", "|---|---|"]
    lines += [f"| `{formula}` | {says} |" for formula, says in examples["formulas"].items()]
    lines += ["", "## 函数 Functions", ""]
    for name, said in FUNCTIONS.items():
        en, _, zh = said.partition(" | ")
        lines += [f"### `{name}` · {zh}", "", f"{en[:1].upper()}{en[1:]}.", "", "```formula", examples["functions"][name], "```", ""]
    return "\n".join(lines)


def rules_page(examples: dict[str, Any]) -> str:
    """Every rule by name and version, and an example of each that schemes write themselves."""
    lines = [examples["rules_intro"].rstrip(), "", "| 规则 rule | 中文 | English |", "|---|---|---|"]
    table = {key: rule for key, rule in sorted(rules().items()) if rule.apply.__module__.startswith("kaohe.")}
    for key, rule in table.items():
        zh, _, en = rule.about.partition(" | ")
        lines.append(f"| [`{key}`](#{key.replace('@', '')}) | {zh} | {en} |")
    for key, rule in table.items():
        zh, _, en = rule.about.partition(" | ")
        example = examples["rules"][key]
        lines += ["", f"## {key}", "", f"{zh} · {en}. {example['says']}"]
        lines += ["", "```yaml", f"# {example['under']}", example["yaml"].rstrip(), "```"]
    return "\n".join([*lines, ""])


def lints_page(kinds: dict[str, type[Problem]], notes: dict[str, dict[str, str]], examples: dict[str, Any]) -> str:
    """Every finding of `kaohe lint`, by what it is about."""
    lines = [examples["lints_intro"].rstrip()]
    for reason, (zh, en) in TOPICS.items():
        lines += ["", f"## {zh} {en}", "", "| | 问什么 | What is asked about |", "|---|---|---|"]
        for code, kind in kinds.items():
            if code[0] == "L" and kind.reason == reason:
                lines.append(f"| [{code}](../problems/{code}.md) | {notes[code]['zh']} | {' '.join((kind.__doc__ or '').split())} |")
    return "\n".join([*lines, ""])


def indicators_page(examples: dict[str, Any]) -> str:
    """How the library's files are written, the ways of scoring, and every card, theme by theme."""
    library = read_library()
    lines = [examples["indicators_intro"].rstrip(), "", "## 计分方法 Ways of scoring", "", *marking_table()]
    lines += ["", "## 主题 Themes", "", "| 主题 theme | | | 指标 indicators |", "|---|---|---|---|"]
    for theme in library.themes:
        ids = ", ".join(f"[{one.name.zh}](#{one.id})" for one in of_theme(library, theme))
        lines.append(f"| `{theme.id}` | {theme.name.zh} | {theme.name.en} | {ids} |")
    for theme in library.themes:
        lines += ["", f"## {theme.name.zh} {theme.name.en}", "", f"{theme.about.zh} {theme.about.en}"]
        for one in of_theme(library, theme):
            lines += ["", *card_lines(library, one)]
    return "\n".join([*lines, ""])


def of_theme(library: Library, theme: Theme) -> list[Indicator]:
    """The indicators of one theme."""
    return [one for one in library.indicators if one.theme == theme.id]


def marking_table() -> list[str]:
    """Each way of scoring: what it needs, what it may have, which directions it suits."""
    lines = ["| rule | | | 要写 needs | 可写 may have | 方向 direction |", "|---|---|---|---|---|---|"]
    for name, marking in MARKINGS.items():
        needs, may = (", ".join(f"`{word}`" for word in words) or "–" for words in (marking.needs, marking.may))
        lines.append(f"| `{name}` | {marking.name.zh} | {marking.name.en} | {needs} | {may} | {', '.join(marking.directions)} |")
    return lines


def card_lines(library: Library, one: Indicator) -> list[str]:
    """One card as a table in both languages, under an anchor of its id."""
    head = [f'<a id="{one.id}"></a>', "", f"### {one.name.zh} {one.name.en} · `{one.id}`", "", "| | 中文 | English |", "|---|---|---|"]
    rows = [
        f"| {'' if number else f'{label.zh} {label.en}'} | {text.zh} | {text.en} |"
        for label, texts in card(library, one)[1:]
        for number, text in enumerate(texts)
    ]
    return head + rows


KEYS_HEAD = """# 全部的键 Every key of the language

方案文件里每一部分可以写的键：含义、可选的词、默认与例子。编辑器里显示的就是这些（`kaohe schema`）。
短写在每一部分的说明里；怎样合起来用，见[方案语言](language.md)。本页由 `src/kaohe/editor/keys.yaml` 生成，例子都经测试。

What every part of a scheme file may say: meaning, choices, default, example. Editors show the same (`kaohe schema`). How keys go
together is told in [language.md](language.md). This page is generated from `src/kaohe/editor/keys.yaml`; tests read every example.
"""


def keys_page() -> str:
    """Every part and key of the language, from the words that editors show."""
    wording, parts = read_wording(), parts_of_schemes()
    chapters = [KEYS_HEAD]
    for part, words in wording.items():
        base = parts[part].__mro__[1].__name__
        more = f" {KEYS_OF} [{base}](#{base.lower()})。" if base in wording else ""
        rows = [key_row(parts[part], key, said) for key, said in words.keys.items()]
        head = f"## {part}\n\n**{words.name.zh} {words.name.en}** · {words.says.zh} {words.says.en}{more}"
        chapters.append("\n".join([head, "", "| 键 key | 中文 | English | 例 example |", "|---|---|---|---|", *rows, ""]))
    return "\n".join(chapters)


KEYS_OF = "还有这里的键 and all keys of"


def key_row(part: type[Part], key: str, words: KeyWords) -> str:
    """A row of the page: name, meaning, choices and default in each language, and examples as a scheme writes them."""
    zh = "；".join(f"`{word}` {meaning.zh}" for word, meaning in words.options.items())
    en = "; ".join(f"`{word}` {meaning.en}" for word, meaning in words.options.items())
    default = default_of(part, key, words) or Text("", "")
    chinese = f"**{words.name.zh}** {words.says.zh}{zh}{'。' if zh else ''}{default.zh}"
    english = f"**{words.name.en}** {words.says.en}{f' {en}.' if en else ''}{default.en}"
    shown = " ".join(f"`{as_written(example)}`" for example in words.examples).replace("|", "\\|")
    return f"| `{key}` | {chinese} | {english} | {shown} |"


def as_written(example: object, inside: bool = False) -> str:
    """An example as a scheme writes it on one line."""
    if isinstance(example, dict):
        return "{" + ", ".join(f"{as_written(key, True)}: {as_written(value, True)}" for key, value in example.items()) + "}"
    if isinstance(example, list):
        return "[" + ", ".join(as_written(value, True) for value in example) + "]"
    return f'"{example}"' if inside and any(sign in str(example) for sign in ",{[") else str(example)


def tables_page() -> str:
    """The canonical tables and the adapters, from the data that they are."""
    parts = [TABLES_HEAD]
    for id, source in canonical_tables().items():
        parts.append(
            f"## {id} · {source.name_zh} {source.name_en}\n\n| column | 中文 | English | type | |\n|---|---|---|---|---|\n"
            + column_rows(source)
        )
    parts.append(ADAPTERS_HEAD + "".join(adapter_row(one) for one in read_adapters().values()))
    return "\n".join(parts)


def presets_page() -> str:
    """The ready measures, table by table, from the data that they are."""
    parts = [PRESETS_HEAD]
    for theme, measures in by_theme(read_presets()).items():
        rows = [preset_row(id, measure) for id, measure in measures.items()]
        parts.append(f"## {theme}\n\n{PRESETS_COLUMNS}{''.join(rows)}")
    return "\n".join(parts)


def by_theme(presets: Presets) -> dict[str, dict[str, Any]]:
    """The ready measures by the file that they stand in."""
    found: dict[str, dict[str, Any]] = {}
    for id, measure in presets.measures.items():
        found.setdefault(presets.themes[id], {})[id] = measure
    return found


def preset_row(id: str, measure: dict[str, Any]) -> str:
    """The row of a ready measure."""
    name, source = Text.read(str(measure["name"])), Text.read(str(measure["source"]))
    parameters = ", ".join(f"`{key}` {value}" for key, value in (measure.get("parameters") or {}).items())
    what = f"{measure['kind']} of `{measure['table']}`, {measure['unit']}, {measure['direction']}"
    return f"| `{id}@{measure['version']}` | {name.zh}<br>{name.en} | {what} | {parameters} | {source.zh}<br>{source.en} |\n"


PRESETS_COLUMNS = "| preset | 名称 name | what | parameters | 口径 definition |\n|---|---|---|---|---|\n"
PRESETS_HEAD = """# Ready measures

A company takes one by name (`preset: service_level@1`), says beside it what is otherwise, and gives values to its parameters
(`with: {limit: 30}`); [measures.md](measures.md) tells how, [tables.md](tables.md) has the tables and columns that they look at.
`kaohe measures` prints them. This page is generated from `src/kaohe/measuring/presets/`.
"""


def column_rows(source: Source) -> str:
    """A row of the page for each column."""
    rows = []
    for id, column in source.columns.items():
        name = Text.read(column.name or id)
        words = f"`{'`, `'.join(column.words)}`" if column.words else ""
        notes = ", ".join(filter(None, ("needed" if column.needed else "", words, f"{column.places} places" if column.places else "")))
        rows.append(f"| `{id}` | {name.zh} | {name.en} | {column.type} | {notes} |\n")
    return "".join(rows)


def adapter_row(adapter: Adapter) -> str:
    """The row of an adapter."""
    tables = ", ".join(f"`{table}`" for table in adapter.sources)
    return f"| `{adapter.reference}` | {tables} | {adapter.about.zh} | {adapter.about.en} |\n"


COLUMNS_HEAD = "| column | 中文 | English | type | |\n|---|---|---|---|---|\n"
TABLES_HEAD = """# Canonical tables and adapters

Ready measures speak of these tables and columns. A source of the same id fills one; `kaohe suggest FILE --table calls` proposes how,
and adapters know the exports of some products. A column that a file lacks may be left out; a measure that needs it says so. Words in
code marks are what a column's cells say. Where a source says nothing else, adapters and suggestions take a row to be that of its
`account` (`owner` of a ticket, `person` of a shift or state). This page is generated from `src/kaohe/measuring/tables/` and `adapters/`.
"""
ADAPTERS_HEAD = """## Adapters

`adapter: zendesk@1` in a source stands for all columns that the adapter maps; what is written beside it comes instead.

```yaml
company_zone: Asia/Shanghai
sources:
  tickets: {adapter: zendesk@1}
  hotline: {adapter: acd@1 calls, columns: {topic: {from: 业务小类}}}   # another id than the adapter's table
```

| adapter | tables | 说明 | what it reads |
|---|---|---|---|
"""


def drafting_page(examples: dict[str, Any]) -> str:
    """The headings that a sheet may have, and every family of phrases with what is read in its example and what is asked."""
    lines = [examples["drafting_intro"].rstrip(), "", "## 表头 Headings", "", "| | 认得的写法 known as |", "|---|---|"]
    lines += [f"| `{kind}` | {'、'.join(words)} |" for kind, words in HEADINGS.items()]
    lines += ["", "## 句式 Families of phrases", "", examples["families_intro"].rstrip(), ""]
    lines += ["| 句式 family | 原文 read | 理解为 understood | 会问 asked |", "|---|---|---|---|"]
    lines += [family_row(family) for family in FAMILIES]
    return "\n".join([*lines, ""])


def family_row(family: Family) -> str:
    """One family: its names, its example, what is understood in both languages, which questions are put."""
    given = family.given
    row = ItemRow(1, {"name": Typed("指标")})
    item = with_reading(Item("x", row, family.phrase, "", given, worth=given.full, out_of=given.full))
    told = describe(item.reading, item.unit)
    understood = f"{told.zh}<br>{told.en}" if told.zh else f"备注 note: {item.note}" if item.note else "–"
    asked = "<br>".join(f"{question.ask.zh}" for question in questions_of(item))
    phrase = family.phrase.replace("\n", "<br>").replace("|", "/")
    return f"| {family.name.zh}<br>{family.name.en} | {phrase} | {understood} | {asked or '–'} |"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated file with its text."""
    kinds, notes, examples = all_problems(), load(NOTES), load(EXAMPLES)
    unknown = {code: {"zh": kind.zh, "shown": kind.en} for code, kind in kinds.items() if code not in notes}
    notes = {**notes, **unknown}
    yield DOCS / "problems" / "README.md", problem_index(kinds, notes)
    for code, kind in kinds.items():
        yield DOCS / "problems" / f"{code}.md", problem_page(code, kind, notes[code])
    yield DOCS / "reference" / "formulas.md", formulas_page(examples)
    yield DOCS / "reference" / "rules.md", rules_page(examples)
    yield DOCS / "reference" / "presets.md", presets_page()
    yield DOCS / "reference" / "keys.md", keys_page()
    yield DOCS / "reference" / "tables.md", tables_page()
    yield DOCS / "reference" / "lints.md", lints_page(kinds, notes, examples)
    yield DOCS / "reference" / "indicators.md", indicators_page(examples)
    yield DOCS / "reference" / "scheme.schema.json", schema_text()
    yield DOCS / "reference" / "drafting.md", drafting_page(examples)


def stale() -> list[str]:
    """Generated files that are not as they would be written now, and pages of codes that are no more."""
    made = dict(pages())
    old = [path for path in (DOCS / "problems").glob("*.md") if path not in made]
    wrong = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    return sorted(str(path.relative_to(TOP)) for path in [*old, *wrong])


def main(arguments: list[str]) -> int:
    """Write the files, or say which are out of date."""
    if "--check" in arguments:
        found = stale()
        print("\n".join(f"{name} is out of date: run python tools/reference.py" for name in found), end="\n" if found else "")
        return 1 if found else 0
    made = dict(pages())
    for path in (DOCS / "problems").glob("*.md"):
        if path not in made:
            path.unlink()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
