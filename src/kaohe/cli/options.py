"""The options and arguments that commands share; every help text is `中文 | English`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from kaohe.library import scheme_ids


def complete_scheme(incomplete: str) -> list[str]:
    """Schemes of the library that begin so, for the shell."""
    return [name for name in scheme_ids() if name.startswith(incomplete)]


Lang = Annotated[
    Literal["zh", "en"] | None,
    typer.Option("--lang", help="语言：zh 或 en（默认依 KAOHE_LANG 或系统区域） | Language: zh or en (else KAOHE_LANG, else the locale)"),
]
Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出结果与问题 | Print results and problems as JSON")]
SchemeName = Annotated[
    str,
    typer.Argument(
        metavar="SCHEME",
        autocompletion=complete_scheme,
        help="方案：库中编号，或方案文件、文件夹的路径 | A scheme: its id in the library, or a path",
    ),
]
FactsPath = Annotated[
    str,
    typer.Argument(
        metavar="FACTS",
        help="数据：CSV 文件夹、XLSX 工作簿、YAML 文件，或 用例文件#用例名 | Facts: a folder of CSV files, a workbook, YAML, or CASES#NAME",
    ),
]
