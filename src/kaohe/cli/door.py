"""The door of the command line: language, commands and their help, exit codes, and what nobody foresaw."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points, version
from typing import Annotated, Any

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from xlsxwriter.exceptions import FileCreateError

from kaohe.cli import (
    comparing,
    contrasting,
    demonstrating,
    drafting,
    importing,
    indicating,
    linting,
    measuring,
    presets,
    reconciling,
    regulations,
    reporting,
    schemes,
    scoring,
    suggesting,
    templating,
    testing,
)
from kaohe.cli.options import Lang
from kaohe.cli.problems import CannotWrite
from kaohe.cli.talking import FINE, MISUSED, UNEXPECTED, WRONG, Talk, language_of
from kaohe.problems import Language, Place, Problems
from kaohe.texts import Text

NAME = "kaohe"


@dataclass(frozen=True)
class Entry:
    """One command: what runs, its help, its examples."""

    run: Callable[..., None]
    help: Text
    examples: tuple[str, ...]


ABOUT = Text(
    "考核：把客服的工作变成分数、等级、薪酬与后续措施，每个数字精确、可追溯。",
    "Kaohe turns what a customer-service team did into scores, grades, pay and next steps; every figure exact and explained.",
)
EXIT_CODES = Text(
    "退出码：0 成功；1 有问题或用例未通过；2 用法有误；3 意外错误。",
    "Exit codes: 0 fine; 1 problems or failed cases; 2 wrong usage; 3 something unexpected.",
)
EXAMPLES = Text("示例", "Examples")

COMMANDS = {
    "new": Entry(
        drafting.new_scheme,
        Text(
            "起草一份方案：读懂人事手里的考核表，读不准的逐条来问，全部答完才写出方案。",
            "Draft a scheme: read the appraisal sheet that HR has, ask about what it leaves open, write the scheme once all is answered.",
        ),
        (
            "kaohe new --from kpi.xlsx -o my-scheme",
            "kaohe new --from kpi.xlsx --answers my-scheme/questions.yaml -o my-scheme",
            "kaohe new --answers items.yaml -o my-scheme",
            "kaohe new",
        ),
    ),
    "check": Entry(
        schemes.check_schemes,
        Text("检查方案，一次说出全部问题及其所在行。", "Read schemes and tell every problem, with file and line."),
        ("kaohe check my-scheme.yaml", "kaohe check schemes/*", "kaohe check my-scheme.yaml --json"),
    ),
    "lint": Entry(
        linting.lint_schemes,
        Text("指出合法但可疑之处：哪一条、为什么、怎么改。", "Tell what is legal and odd all the same: which clause, why, and a way out."),
        ("kaohe lint my-scheme.yaml", "kaohe lint schemes/* --all", "kaohe lint my-scheme.yaml --json"),
    ),
    "show": Entry(
        regulations.show_scheme,
        Text(
            "把方案写成可读、可签的考核制度：屏幕、Markdown、HTML 或 PDF。",
            "Show a scheme as a regulation to read and sign: screen, Markdown, HTML or PDF.",
        ),
        (
            "kaohe show my-scheme.yaml",
            "kaohe show my-scheme.yaml -o regulation.pdf",
            "kaohe show my-scheme.yaml --both --as html -o regulation.html",
        ),
    ),
    "diff": Entry(
        comparing.diff_schemes,
        Text(
            "逐条说出两版方案的不同，并可用数据算出谁的总分、等级、薪酬会变；相同与否，退出码都是 0。",
            "Tell two versions of a scheme apart, and with facts whose total, grade and pay change; same or not, the exit code is 0.",
        ),
        ("kaohe diff my-scheme-v1.yaml my-scheme.yaml", "kaohe diff my-scheme-v1.yaml my-scheme.yaml --facts facts/2026-03"),
    ),
    "score": Entry(
        scoring.score_facts,
        Text(
            "按方案计分：屏幕上一张表，文件夹里 JSON、CSV 与工作簿。",
            "Score facts by a scheme: a table here; JSON, CSV and a workbook in a folder.",
        ),
        (
            "kaohe score my-scheme.yaml facts.xlsx",
            "kaohe score my-scheme.yaml facts/2026-03 -o out/2026-03",
            "kaohe score my-scheme.yaml facts.yaml --json",
        ),
    ),
    "explain": Entry(
        scoring.explain_subject,
        Text("说明一个人的每个数字从何而来。", "Tell where somebody's figures come from."),
        (
            "kaohe explain my-scheme.yaml facts.xlsx e1",
            "kaohe explain my-scheme.yaml facts.xlsx 张三 total",
            "kaohe explain my-scheme.yaml facts.xlsx e1 --next",
        ),
    ),
    "report": Entry(
        reporting.report_results,
        Text(
            "把结果印到纸上：每人一张成绩单、本期汇总、工资表。",
            "Put results on paper: a scorecard each, the round's summary, the pay sheet.",
        ),
        (
            "kaohe report my-scheme.yaml facts/2026-03 -o papers/2026-03 --company Xixi",
            "kaohe report my-scheme.yaml facts/2026-03 -o papers/2026-03 --pay --one-file --earlier out/2026-02",
            "kaohe report my-scheme.yaml facts.xlsx -o papers --subject 张三 --provisional",
        ),
    ),
    "test": Entry(
        testing.run_tests,
        Text("运行用例；与方案算出的不一致即为未通过。", "Run worked cases; one that differs from its scheme's results fails."),
        ("kaohe test schemes", "kaohe test my-scheme/cases.yaml"),
    ),
    "template": Entry(
        templating.make_template,
        Text("写一个可供填写的数据工作簿：表、列、下拉选项、说明与示例。", "Write the workbook of a scheme's facts, ready to fill."),
        ("kaohe template my-scheme.yaml -o facts.xlsx", "kaohe template my-scheme.yaml -o facts.xlsx --lang zh"),
    ),
    "suggest": Entry(
        suggesting.suggest_mapping,
        Text("由表头与内容提出列映射，供人确认。", "Suggest how a file's columns are mapped, from headers and contents, to be confirmed."),
        (
            "kaohe suggest exports/calls.csv",
            "kaohe suggest exports/calls.csv --table calls -o sources.yaml --zone Asia/Shanghai",
        ),
    ),
    "import": Entry(
        importing.import_tables,
        Text(
            "把原始文件读入工作区：读入几行、搁置几行，一一列出。",
            "Take raw files into a workspace; tell how many rows were taken and set aside.",
        ),
        (
            "kaohe import sources.yaml calls=exports/*.csv chats=exports/chats.xlsx -w workspace",
            "kaohe import sources.yaml -w workspace --to-mend to-mend.xlsx",
            "kaohe import sources.yaml -w workspace --mended to-mend.xlsx --by 张三",
            "kaohe import --list --rows -w workspace",
        ),
    ),
    "waive": Entry(
        importing.waive,
        Text("放弃读不出来的行：指名、写明理由，此后不再是待处理的问题。", "Give up rows that cannot be read, by name and with a reason."),
        ("kaohe waive workspace calls.csv 12 15-18 --by 张三 --reason test-calls",),
    ),
    "measure": Entry(
        measuring.measure_files,
        Text("由原始事件算出各人各周期的度量值，供计分使用。", "Measure raw events: values by subject and period, ready to score."),
        (
            "kaohe measure sources.yaml measures.yaml calls=exports/*.csv --period 2026-01 -w workspace -o facts/2026-01",
            "kaohe measure sources.yaml measures.yaml --period 2026-01 -w workspace --why e1 answer_share",
        ),
    ),
    "reconcile": Entry(
        reconciling.reconcile_figures,
        Text(
            "与平台数字对账：每人与合计两列并排，差额按原因逐步拆开。",
            "Set our figures beside a platform's, for each and in all, and break the gap down by cause.",
        ),
        (
            "kaohe reconcile sources.yaml measures.yaml platform=exports/qianniu.csv --period 2026-03 -w workspace",
            "kaohe reconcile sources.yaml measures.yaml --period 2026-03 -w workspace --use reply -o reconciled.xlsx",
        ),
    ),
    "compare": Entry(
        contrasting.compare_measures,
        Text(
            "换口径：同样的行按两个度量各算一遍，列出每人两个数、相差、名次与计入行的出入。",
            "Let one measure take another's place over the same rows: both figures of each, places, and the rows that count in one alone.",
        ),
        (
            "kaohe compare tmall_average_reply_seconds@2022 average_reply_seconds@1 sources.yaml --period 2026-03 -w workspace",
            "kaohe compare reply reply_new sources.yaml -m measures.yaml --period 2026-03 -w workspace -o compared.xlsx",
        ),
    ),
    "measures": Entry(
        presets.list_measures,
        Text("列出或查找预设度量，看一个的完整口径。", "List or find the ready measures; show one in full."),
        ("kaohe measures", "kaohe measures reply", "kaohe measures service_level"),
    ),
    "sample": Entry(
        measuring.make_company,
        Text("由种子造出一家公司的数据，供试用。", "Make a believable company's data from a seed."),
        ("kaohe sample -o sample", "kaohe sample -o sample --seed 7 --agents 60 --conversations 200000 --months 3"),
    ),
    "demo": Entry(
        demonstrating.show_demo,
        Text("从造数据到工资表，走完全程。", "The whole way: sample data, measured, scored, explained."),
        ("kaohe demo", "kaohe demo -o out/demo --lang zh"),
    ),
    "plan": Entry(
        schemes.show_plan,
        Text("显示方案编译后的计算次序。", "Show the figures of a scheme in the order in which they are computed."),
        ("kaohe plan my-scheme.yaml", "kaohe plan my-scheme.yaml --json"),
    ),
    "schemes": Entry(schemes.list_schemes, Text("列出方案库。", "List the library's schemes."), ("kaohe schemes", "kaohe schemes --json")),
    "indicators": Entry(
        indicating.show_indicators,
        Text(
            "查指标库：列出、查找、看卡片，写成方案片段或一份新方案。",
            "The library of indicators: list, search, show a card; write a snippet or a new scheme.",
        ),
        (
            "kaohe indicators --perspective customer --role agent",
            "kaohe indicators refund",
            "kaohe indicators satisfied_share",
            "kaohe indicators satisfied_share --snippet",
            "kaohe indicators first_reply_seconds satisfied_share qa_score_points --scheme my-scheme -o my-scheme.yaml",
        ),
    ),
    "schema": Entry(
        schemes.write_schema,
        Text(
            "写出方案文件的 JSON Schema，编辑器据此提示每个键的含义并标出错误。",
            "Write the JSON Schema of scheme files, by which editors explain every key and mark mistakes.",
        ),
        ("kaohe schema -o scheme.schema.json",),
    ),
    "problems": Entry(
        schemes.show_problems,
        Text("解释问题编号的含义。", "Say what the code of a problem means."),
        ("kaohe problems S010", "kaohe problems"),
    ),
}

COMMANDS_GROUP = "kaohe.commands"


def all_commands() -> dict[str, Entry]:
    """The commands above, then those that come from beside the engine; one of these never takes the place of one of ours."""
    found = {name: entry for point in entry_points(group=COMMANDS_GROUP) for name, entry in point.load().items()}
    return {**COMMANDS, **{name: entry for name, entry in found.items() if name not in COMMANDS}}


# What typer says by itself, by the name that it keeps it under.
TYPER_WORDS = {
    "ARGUMENTS_PANEL_TITLE": Text("参数", "Arguments"),
    "OPTIONS_PANEL_TITLE": Text("选项", "Options"),
    "COMMANDS_PANEL_TITLE": Text("命令", "Commands"),
    "REQUIRED_LONG_STRING": Text("[必填]", "[required]"),
    "DEFAULT_STRING": Text("[默认 {}]", "[default: {}]"),
}
TYPER_OPTIONS = {
    "install_completion": Text("为当前 shell 安装命令补全。", "Install completion for the current shell."),
    "show_completion": Text("显示当前 shell 的补全脚本。", "Show completion for the current shell, to copy it or customize it."),
}
USAGE, SHOW_HELP = Text("用法：", "Usage:"), Text("显示本说明。", "Show this message.")


class Group(TyperGroup):
    """The commands, in the order in which they are listed here."""

    def get_usage(self, ctx: Any) -> str:
        """How to call it, in the language of the run."""
        return super().get_usage(ctx).replace(USAGE.en, _told(USAGE, ctx), 1)

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`, in the language of the run."""
        return _helping(super().get_help_option(ctx), ctx)


class Command(TyperCommand):
    """One command."""

    def get_usage(self, ctx: Any) -> str:
        """How to call it, in the language of the run."""
        return super().get_usage(ctx).replace(USAGE.en, _told(USAGE, ctx), 1)

    def get_help_option(self, ctx: Any) -> Any:
        """`--help`, in the language of the run."""
        return _helping(super().get_help_option(ctx), ctx)


def _told(text: Text, context: Any) -> str:
    talk = context.find_root().obj
    return talk.tell(text) if isinstance(talk, Talk) else text.en


def _helping(option: Any, context: Any) -> Any:
    if option is not None:
        option.help = _told(SHOW_HELP, context)
    return option


def build(language: Language) -> Any:
    """The whole command, speaking one language."""
    for name, text in TYPER_WORDS.items():
        setattr(rich_utils, name, text.tell(language))
    app = typer.Typer(
        name=NAME, cls=Group, no_args_is_help=True, rich_markup_mode="rich", help=ABOUT.tell(language), epilog=EXIT_CODES.tell(language)
    )
    app.callback()(_root)
    for name, entry in all_commands().items():
        app.command(name, cls=Command, help=_help(entry, language), epilog=EXIT_CODES.tell(language))(entry.run)
    command = get_command(app)
    _translate(command, language)
    return command


def _help(entry: Entry, language: Language) -> str:
    examples = "\n".join(f"  {example}" for example in entry.examples)
    return f"{entry.help.tell(language)}\n\n\b\n{EXAMPLES.tell(language)}:\n{examples}"


def _translate(command: Any, language: Language) -> None:
    """Tell each help text in one language; they stand there as `中文 | English`."""
    for parameter in command.params:
        own = TYPER_OPTIONS.get(parameter.name)
        parameter.help = own.tell(language) if own else Text.read(parameter.help or "").tell(language)
    for inner in getattr(command, "commands", {}).values():
        _translate(inner, language)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(version(NAME))
        raise typer.Exit(FINE)


def _root(
    show_version: Annotated[bool, typer.Option("--version", help="显示版本 | Show the version", is_eager=True, callback=_version)] = False,
    lang: Lang = None,
) -> None:
    """Options before a command."""


# --- running --------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 0 fine, 1 problems, 2 wrong usage, 3 unexpected."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    talk = Talk.begin(language_of(given, os.environ))
    try:
        return int(build(talk.language).main(given, prog_name=NAME, standalone_mode=False, obj=talk) or FINE)
    except Problems as found:
        talk.problems(found.problems)
        return WRONG
    except typer.TyperException as wrong:
        return _tell_misuse(talk, wrong)
    except typer.Abort:
        return WRONG
    except (OSError, FileCreateError) as error:
        return _tell_system(talk, error)
    except Exception as error:
        return _tell_unexpected(talk, error)


def _tell_misuse(talk: Talk, wrong: typer.TyperException) -> int:
    context = getattr(wrong, "ctx", None)
    if type(wrong).__name__ == "NoArgsIsHelpError":
        return MISUSED
    if context is not None:
        talk.err.print(context.get_usage(), soft_wrap=True)
    talk.err.print(f"{talk.say('用法有误：', 'Wrong usage: ')}{_misuse(talk, wrong)}", soft_wrap=True, style="red")
    path = context.command_path if context is not None else NAME
    talk.err.print(talk.say(f"说明见 {path} --help", f"See {path} --help"), soft_wrap=True)
    return MISUSED


def _misuse(talk: Talk, wrong: Any) -> str:
    """What was wrong with the usage; typer's own sentence where there is none of ours."""
    parameter = getattr(wrong, "param", None)
    hint = parameter.get_error_hint() if parameter is not None else ""
    if talk.language == "en" or type(wrong).__name__ not in MISUSES:
        return str(wrong.format_message())
    return MISUSES[type(wrong).__name__].format(hint=hint, option=getattr(wrong, "option_name", ""), message=wrong.message)


MISUSES = {
    "MissingParameter": "缺少 {hint}",
    "NoSuchOption": "没有 {option} 这个选项",
    "BadParameter": "{hint} 的值不对：{message}",
    "BadOptionUsage": "选项 {option} 用得不对：{message}",
}


def _tell_system(talk: Talk, error: OSError | FileCreateError) -> int:
    """A disk that is full, a file that is locked: a problem like any other."""
    if os.environ.get("KAOHE_DEBUG") == "1":
        traceback.print_exception(error)
    file, why = getattr(error, "filename", None) or "", getattr(error, "strerror", None) or str(error)
    talk.problems([CannotWrite(Place(str(file)), why=why)])
    return WRONG


def _tell_unexpected(talk: Talk, error: Exception) -> int:
    """Something that should not happen: what it was, and where to report it."""
    if os.environ.get("KAOHE_DEBUG") == "1":
        traceback.print_exception(error)
    system = f"kaohe {version(NAME)}, Python {platform.python_version()}, {platform.system()}"
    what = f"{type(error).__name__}: {error}"
    talk.err.print(talk.say(f"出现意外错误：{what}", f"Something unexpected happened: {what}"), soft_wrap=True, style="bold red")
    hint = talk.say(
        f"这是 Kaohe 的缺陷，请报告（附上命令与 {system}）；设 KAOHE_DEBUG=1 可看到详细调用过程。",
        f"This is a defect of Kaohe; please report it, with the command and {system}. KAOHE_DEBUG=1 shows the traceback.",
    )
    talk.err.print(hint, soft_wrap=True)
    return UNEXPECTED
