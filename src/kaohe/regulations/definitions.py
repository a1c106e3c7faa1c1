"""The chapters of what figures rest on: named figures, data, records, words, groups, and what the company chooses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kaohe.compiling.outline import event_frame
from kaohe.phrasing import facts, people, spans
from kaohe.phrasing.phrases import Phrases
from kaohe.plan import PEOPLE
from kaohe.regulations.blocks import Article, Block, Column, Lines, Paragraph, Table, line, tabled
from kaohe.scheme import Declared, EventType, Must


def definitions(phrases: Phrases) -> Iterator[Block]:
    """Figures, values, records, words, people, groups, conditions on data."""
    scheme, say = phrases.scheme, phrases.say
    if scheme.figures:
        yield Article(say("中间数据的计算", "Figures on the way"))
        yield _figures(phrases)
    if scheme.values:
        yield Article(say("填报的数据", "Data that is supplied"))
        yield _declared(phrases, scheme.values)
    if scheme.events:
        yield Article(say("逐次记录的事项", "What is recorded as it happens"))
        yield _events(phrases)
    if scheme.people:
        yield Article(say("人员信息", "What is known of people"))
        yield _declared(phrases, scheme.people)
    if scheme.history:
        yield Article(say("往期数据", "Data of earlier periods"))
        yield _declared(phrases, scheme.history)
    yield from _circles(phrases)
    yield from _checks(phrases)


# --- figures ------------------------------------------------------------------------------------


def _figures(phrases: Phrases) -> Table:
    say = phrases.say
    columns = (Column(say("名称", "Figure"), 22), Column(say("计算办法", "How it comes about"), 62), Column(say("条款", "Clause"), 10))
    rows = []
    for name, figure in phrases.scheme.figures.items():
        told = phrases.figure(name)
        told += [say("在结果中列出", "Shown in the results")] if figure.show else []
        if figure.note is not None:
            told.append(phrases.labelled(say("说明", "Note"), figure.note.tell(phrases.language)))
        rows.append((line(phrases.names.tell(figure.name, name)), tuple(told), line(figure.clause)))
    return tabled(columns, rows)


# --- facts --------------------------------------------------------------------------------------


def _declared(phrases: Phrases, known: Mapping[str, Declared]) -> Table:
    """Facts, whose they are, what may stand there, whether they must."""
    say = phrases.say
    columns = (
        Column(say("数据", "Data"), 26),
        Column(say("属于", "Of"), 16),
        Column(say("种类与范围", "Kind and bounds"), 28),
        Column(say("要求", "Owed"), 28),
        Column(say("条款", "Clause"), 9),
    )
    rows = []
    for key, declared in known.items():
        name = phrases.names.tell(declared.name, key) if declared.name else phrases.names.fact(_frame(declared), _column(key))
        told = (line(name), line(_whose(phrases, declared)), line(facts.kind(phrases, declared)), _owed(phrases, declared))
        rows.append((*told, line(declared.clause)))
    return tabled(columns, rows)


def _frame(declared: Declared) -> str:
    return "history" if declared.of is None else f"history.{declared.of}"


def _column(key: str) -> str:
    return key.rpartition(".")[2]


def _whose(phrases: Phrases, declared: Declared) -> str:
    """The unit or the roles that a fact belongs to."""
    if declared.of is not None:
        return phrases.names.of("unit", declared.of)
    return phrases.listed(phrases.names.of("role", role) for role in declared.for_roles or ())


def _owed(phrases: Phrases, declared: Declared) -> Lines:
    """Whether it must be there, what else is said of it, and which measure supplies it."""
    told = [facts.owed(phrases, declared, PEOPLE if declared.of is None else declared.of)]
    told += [phrases.say(f"由度量 {declared.measure} 供数", f"supplied by the measure {declared.measure}")] if declared.measure else []
    told += [declared.note.tell(phrases.language)] if declared.note is not None else []
    return tuple(told)


# --- records ------------------------------------------------------------------------------------

WINDOWS = {"any date": ("不论日期", "whatever the date"), "up to as_of": ("至数据截止日为止", "up to the day that data is known")}


def _events(phrases: Phrases) -> Table:
    say = phrases.say
    columns = (Column(say("事项", "Record"), 24), Column(say("随记录填写", "What it holds"), 56), Column(say("条款", "Clause"), 10))
    events = phrases.scheme.events.items()
    return tabled(
        columns,
        ((line(event.name.tell(phrases.language)), record_told(phrases, kind, event), line(event.clause)) for kind, event in events),
    )


def record_told(phrases: Phrases, kind: str, event: EventType) -> Lines:
    """What a record holds: its columns, then what else holds of it."""
    say = phrases.say
    told = [_column_told(phrases, kind, name, declared) for name, declared in event.columns.items()]
    told += [say(*WINDOWS[event.window])] if event.window in WINDOWS else []
    if event.one_per is not None:
        part = phrases.names.of("window", event.one_per) if event.one_per in phrases.scheme.windows else event.one_per
        told.append(say(f"每{part}一行", f"one row for every {part.lower()}"))
    if event.after:
        before = phrases.listed(phrases.names.of("event", step) for step in event.after)
        told.append(say(f"须在{before}之后", f"only after {before}"))
    if event.unfed == "refused":
        told.append(say("不影响任何指标的记录不予接受", "a record that feeds no item is refused"))
    return (*told, *(_must(phrases, must, event_frame(kind)) for must in event.must.values()))


def _column_told(phrases: Phrases, kind: str, name: str, declared: Declared) -> str:
    told = [facts.kind(phrases, declared)]
    if not declared.refused:
        told.append(facts.owed(phrases, declared, event_frame(kind)))
    told += [declared.note.tell(phrases.language)] if declared.note is not None else []
    return phrases.labelled(phrases.names.fact(event_frame(kind), name), phrases.comma(told))


def _must(phrases: Phrases, must: Must, frame: str = PEOPLE) -> str:
    """A condition that data must meet."""
    condition = phrases.condition(must.is_, plain=True, frame=frame)
    if frame == PEOPLE:
        return condition
    return phrases.labelled(phrases.say("须符合", "must hold"), condition) + phrases.claused(must.clause)


# --- groups, units, weeks -----------------------------------------------------------------------


def _circles(phrases: Phrases) -> Iterator[Block]:
    """Groups of people, units and parts of the period."""
    scheme, names = phrases.scheme, phrases.names
    rows = [(names.of("group", name), people.group(phrases, name, group), group.clause) for name, group in scheme.groups.items()]
    rows += [(names.of("unit", name), people.unit(phrases, unit), "") for name, unit in scheme.units.items()]
    rows += [(names.of("window", name), spans.window(phrases, window), "") for name, window in scheme.windows.items()]
    if not rows:
        return
    yield Article(phrases.say("所称人群、单位与时段", "Groups, units and parts of the period"))
    columns = (
        Column(phrases.say("名称", "Name"), 26),
        Column(phrases.say("所指", "Meaning"), 60),
        Column(phrases.say("条款", "Clause"), 9),
    )
    yield tabled(columns, ([line(text) for text in row] for row in rows))


# --- conditions on data -------------------------------------------------------------------------


def _checks(phrases: Phrases) -> Iterator[Block]:
    """What the data must meet, and what becomes of data that nobody asked for."""
    scheme, say = phrases.scheme, phrases.say
    if scheme.must:
        yield Article(say("数据须符合的条件", "What the data must meet"))
        yield Paragraph(line(say("不符合的数据不予接受：", "Data that does not is refused:")))
        columns = (Column(say("条件", "Condition"), 80), Column(say("条款", "Clause"), 10))
        yield tabled(columns, ((line(_must(phrases, must)), line(must.clause)) for must in scheme.must.values()))
    if scheme.other_values == "refused":
        yield Article(say("其他数据", "Other data"))
        yield Paragraph(line(say("本制度没有列出的数据，一律不予接受。", "Data that this regulation does not list is refused.")))


# --- what the company chooses -------------------------------------------------------------------


def choices(phrases: Phrases) -> Iterator[Block]:
    """What the regulation leaves to the company."""
    config, say = phrases.scheme.config, phrases.say
    if not config:
        return
    yield Article(say("事项与范围", "Choices and their bounds"))
    columns = (
        Column(say("事项", "Choice"), 24),
        Column(say("可选范围", "Within"), 42),
        Column(say("未选定时", "Unless chosen"), 22),
        Column(say("条款", "Clause"), 9),
    )
    rows = []
    for key, entry in config.items():
        within = (facts.bounds_of_choice(phrases, entry), *([entry.note.tell(phrases.language)] if entry.note is not None else []))
        rows.append((line(phrases.names.of("config", key)), within, line(facts.default_of_choice(phrases, entry)), line(entry.clause)))
    yield tabled(columns, rows)
