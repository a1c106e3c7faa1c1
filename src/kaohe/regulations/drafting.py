"""From a compiled scheme to the page of its regulation: chapters in order, articles numbered through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from kaohe.compiling.meanings import Meanings
from kaohe.linting import Finding, lint_scheme
from kaohe.numbers import as_typed
from kaohe.phrasing import spans
from kaohe.phrasing.phrases import Phrases
from kaohe.plan import Plan
from kaohe.problems import Language
from kaohe.regulations.blocks import Article, Block, Chapter, Page, Paragraph, Signatures, line
from kaohe.regulations.definitions import choices, definitions
from kaohe.regulations.general import general
from kaohe.regulations.indicators import accepted, indicators, total
from kaohe.regulations.numbering import article_name, chapter_name
from kaohe.regulations.outcomes import consequences, grades, pay
from kaohe.regulations.pairing import paired
from kaohe.texts import Text

Draft = Callable[[Phrases], Iterator[Block]]
SIGNING = (Text("编制", "Drawn up by"), Text("审核", "Reviewed by"), Text("批准", "Approved by"))


def draft(plan: Plan, languages: Sequence[Language]) -> Page:
    """The page of a scheme in one language, or in Chinese with English beneath."""
    meanings = Meanings(plan)
    pages = [_page(Phrases(plan, language, meanings)) for language in languages]
    return pages[0] if len(pages) == 1 else paired(*pages)


def _page(phrases: Phrases) -> Page:
    scheme = phrases.scheme
    title = (scheme.name.tell(phrases.language),)
    return Page(title, tuple(_marks(phrases)), tuple(_numbered(phrases)), (phrases.language,), scheme.scheme, scheme.version)


def _marks(phrases: Phrases) -> Iterator[tuple[str, str]]:
    """What stands beneath the title: number, version, period, dates, full marks."""
    scheme, say = phrases.scheme, phrases.say
    yield say("文件编号", "Document"), scheme.scheme
    yield say("版本", "Version"), scheme.version
    yield say("考核周期", "Period"), spans.often(phrases)
    yield say("施行日期", "In force"), spans.effective(phrases) or say("____年__月__日", "____________")
    if scheme.scale is not None:
        yield say("满分", "Full marks"), as_typed(scheme.scale)


CHAPTERS: tuple[tuple[Text, tuple[Draft, ...]], ...] = (
    (Text("总则", "General"), (general,)),
    (Text("考核指标与总分", "Indicators and the total"), (indicators, total)),
    (Text("等级与名次", "Grades and ranks"), (grades,)),
    (Text("薪酬", "Pay"), (pay,)),
    (Text("后续措施与提示", "Consequences"), (consequences,)),
    (Text("数据与口径", "Data and definitions"), (definitions,)),
)


def _numbered(phrases: Phrases) -> Iterator[Block]:
    """The chapters that have anything in them, numbered, and their articles, numbered through."""
    articles = 0
    drafts = [*CHAPTERS, (Text("由公司选定的事项", "What the company chooses"), (choices,)), (Text("附则", "Closing"), (_closing,))]
    drafts = [
        (Text("总分", "The total"), writers) if writers == (indicators, total) and not phrases.scheme.items else (name, writers)
        for name, writers in drafts
    ]
    chapters = [(name, [block for write in writers for block in write(phrases)]) for name, writers in drafts]
    for chapter, (name, blocks) in enumerate([found for found in chapters if found[1]], start=1):
        yield Chapter(f"{chapter_name(chapter, phrases.language)}{phrases.say('　', '  ')}{name.tell(phrases.language)}")
        for block in blocks:
            if isinstance(block, Article):
                articles += 1
                block = replace(block, text=f"{article_name(articles, phrases.language)}{phrases.say('　', '  ')}{block.text}")
            yield block
    yield Signatures(tuple(role.tell(phrases.language) for role in SIGNING), phrases.say("日期", "Date"))


def _odd(phrases: Phrases, finding: Finding) -> str:
    """What is odd, without its way out: it was looked at."""
    told = finding.sentence(phrases.language).removeprefix(f"[{finding.clause}] ")
    return told + phrases.claused(finding.clause)


def _closing(phrases: Phrases) -> Iterator[Block]:
    """What was accepted and why, the source, and when it holds."""
    scheme, say = phrases.scheme, phrases.say
    kept = [(key, why) for key, why in scheme.accept.items() if not (key.startswith("weights_") and scheme.total is not None)]
    if kept:
        yield Article(say("照原文执行的特殊规定", "Oddities kept as they are"))
        odd = [finding for finding in lint_scheme(phrases.plan) if finding.accepted]
        for key, why in kept:
            yield from (accepted(phrases, why, _odd(phrases, finding)) for finding in odd if key in finding.keys)
            if not any(key in finding.keys for finding in odd):
                yield accepted(phrases, why)
    if scheme.source is not None:
        yield Article(say("依据", "Source"))
        yield Paragraph(line(Text.read(scheme.source).tell(phrases.language)))
    yield Article(say("条款与施行", "Clauses and coming into force"))
    held = spans.effective(phrases)
    told = [say("文中〔〕内与“条款”栏所注，为考核方案的条款号", "Clause numbers are those of the scheme")]
    told.append(
        say(f"本制度{held}施行" if held else "本制度自批准之日起施行", f"in force {held}" if held else "in force from the day of approval")
    )
    yield Paragraph(line(phrases.joined(told) + say("。", ".")))
