"""What can be wrong while measuring: definitions, files, rows, the workspace; one class each.

This module words problems. It neither finds them nor prints them.
"""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.problems import Place, Problem
from kaohe.texts import nearest


def did_you_mean(name: str, known: Iterable[str]) -> dict[str, str]:
    """The hint parts of a sentence: the known name nearest to `name`, in both languages, or nothing.

    >>> did_you_mean("agnet", ["agent", "topic"])["hint_en"]
    ' (did you mean `agent`?)'
    """
    folded = {other.casefold().strip(): other for other in known}
    near = nearest(name.casefold().strip()[:200], folded)
    if not near:
        return {"hint_zh": "", "hint_en": ""}
    other = folded[near]
    return {"hint_zh": f"（是不是想写 `{other}`？）", "hint_en": f" (did you mean `{other}`?)"}


# --- definitions --------------------------------------------------------------------------------


class PeriodNotApart(Problem):
    """A facts file whose period shares its line with something else, so that it cannot be set alone."""

    code = "M001"
    zh = "period 与别的内容写在同一行，无法单独改写"
    en = "the period shares its line with something else and cannot be set alone"
    mend_zh = "请让 period 独占一行：period: {{start: 2026-03-01, end: 2026-03-31}}。"
    mend_en = "Give the period a line of its own: period: {{start: 2026-03-01, end: 2026-03-31}}."


class FieldWrong(Problem):
    """A field of a source or measure that does not hold what it must."""

    code = "M002"
    zh = "{field}：{why_zh}"
    en = "{field}: {why_en}"
    mend_zh = "每个字段的写法见 docs/reference/measuring.md。"
    mend_en = "docs/reference/measuring.md says what each field takes."


class FieldMissing(Problem):
    """A field without which a source or measure says nothing."""

    code = "M003"
    reason = "missing"
    zh = "缺少 {field}"
    en = "{field} is missing"
    mend_zh = "请补上 {field}。"
    mend_en = "Add {field}."


class NameUnknown(Problem):
    """A name that nothing bears: a field, table, column, measure or function."""

    code = "M004"
    reason = "unknown"
    zh = "没有名为 `{name}` 的{kind_zh}{hint_zh}"
    en = "there is no {kind_en} named `{name}`{hint_en}"
    mend_zh = "可用的有：{known}。"
    mend_en = "Known are: {known}."


def unknown_name(place: Place, name: str, kind: tuple[str, str], known: Iterable[str]) -> NameUnknown:
    """The problem of a name that nothing bears; `kind` is what it should name, in both languages."""
    names = list(known)
    hint = did_you_mean(name, names)
    listed = ", ".join(names[:60]) or "-"
    return NameUnknown(place, [name], name=name[:80], kind_zh=kind[0], kind_en=kind[1], known=listed, **hint)


class KeyTwice(Problem):
    """A key that one mapping holds twice, or an id that two files define."""

    code = "M005"
    reason = "duplicate"
    zh = "`{name}` 写了两次"
    en = "`{name}` is written twice"
    mend_zh = "请只保留一处。"
    mend_en = "Keep one of them."


class ConditionWrong(Problem):
    """An expression that says something else than the small language allows."""

    code = "M006"
    zh = "{why_zh}：\n    {text}\n    {caret}"
    en = "{why_en}:\n    {text}\n    {caret}"
    mend_zh = '条件例如 wait_seconds <= 20 and topic in ["退款", "换货"]。'
    mend_en = 'A condition reads like wait_seconds <= 20 and topic in ["refund", "exchange"].'


# --- files --------------------------------------------------------------------------------------


class FileNotFound(Problem):
    """A file or pattern that leads to no file."""

    code = "M010"
    reason = "missing"
    zh = "找不到文件 {path}"
    en = "there is no file {path}"
    mend_zh = "请检查路径或通配符。"
    mend_en = "Check the path or the pattern."


class FileKindUnknown(Problem):
    """A file whose name does not end in a kind that can be read."""

    code = "M011"
    reason = "unknown"
    zh = "不认识这种文件"
    en = "this kind of file is not known"
    mend_zh = "可读的有 {known}。"
    mend_en = "What can be read: {known}."


class FileUnreadable(Problem):
    """A file that is damaged, or is not what its name says."""

    code = "M012"
    zh = "文件损坏或格式不符：{why}"
    en = "the file is damaged or not what its name says: {why}"
    mend_zh = "请重新导出该文件。"
    mend_en = "Export the file again."


class FileTooLarge(Problem):
    """A file, or something in it, beyond a stated bound."""

    code = "M013"
    reason = "out_of_range"
    zh = "{what_zh}达 {found}，超过上限 {most}"
    en = "{what_en} is {found}, more than the bound of {most}"
    mend_zh = "若确有必要，请调高设置 {setting}；否则请检查文件是否有误。"
    mend_en = "Raise the setting {setting} if this is right; otherwise look at the file."


class SheetAbsent(Problem):
    """A workbook without the sheet that the source names."""

    code = "M014"
    reason = "missing"
    zh = "工作簿里没有工作表 `{name}`{hint_zh}"
    en = "the workbook has no sheet `{name}`{hint_en}"
    mend_zh = "现有工作表：{known}。"
    mend_en = "It has: {known}."


class HeaderAbsent(Problem):
    """A column that the source needs and the file does not hold under any of its headers."""

    code = "M015"
    reason = "missing"
    zh = "缺少列 {column}（表头应为 {headers}）{hint_zh}"
    en = "column {column} is absent (its header may be {headers}){hint_en}"
    mend_zh = "请补上该列，或在映射的 from 里加上文件所用的表头，或写 optional: true。"
    mend_en = "Add the column, or list the file's own header under `from`, or write optional: true."


class HeaderTwice(Problem):
    """A header that stands over two columns, so that nobody knows which one is meant."""

    code = "M016"
    reason = "duplicate"
    zh = "表头 `{header}` 出现了 {count} 次"
    en = "the header `{header}` stands over {count} columns"
    mend_zh = "请给这些列起不同的表头。"
    mend_en = "Give these columns different headers."


class CellKindUnknown(Problem):
    """A Parquet column of a type that holds no single value, such as a list."""

    code = "M017"
    reason = "unknown"
    zh = "列 {header} 的类型 {type} 不能读作单个值"
    en = "column {header} has type {type}, which is not a single value"
    mend_zh = "请导出为文本、数字、日期或是否。"
    mend_en = "Export it as text, number, date or yes/no."


class RowsSetAside(Problem):
    """Event rows that could not be read: counted, listed in a file, left out of every figure."""

    code = "M020"
    zh = "有 {count} 行未能读取，已单独列出（{reasons}）"
    en = "{count} rows could not be read and are set aside ({reasons})"
    mend_zh = "清单是工作区里的 {listed}。请在其中改正，用 kaohe import --mended 交回；或用 kaohe waive 指名放弃。"
    mend_en = "The list is {listed} in the workspace. Mend it and hand it back (import --mended), or waive the rows (kaohe waive)."


class StillBad(Problem):
    """A row that came back mended and still cannot be read."""

    code = "M051"
    zh = "{file} 第 {row} 行改后仍读不出来：{zh}，写的是 {found!r}"
    en = "row {row} of {file} cannot be read after mending either: {en}, found {found!r}"
    mend_zh = "该行仍搁置。请再改正后交回，或指名放弃（kaohe waive）。"
    mend_en = "It stays set aside. Mend it again and hand it back, or waive it by name (kaohe waive)."


class NotSetAside(Problem):
    """A row that is to be mended or waived, and is not set aside."""

    code = "M052"
    reason = "unknown"
    zh = "{file} 的第 {row} 行没有被搁置"
    en = "row {row} of {file} is not set aside"
    mend_zh = "kaohe import --list --rows 列出全部搁置的行。"
    mend_en = "kaohe import --list --rows shows every row set aside."


class MendedUnlike(Problem):
    """A file of mended rows whose headers are not those of the list that was written."""

    code = "M053"
    reason = "not_allowed"
    zh = "{file} 的表头与搁置清单不同"
    en = "{file} does not have the headers of a list of rows set aside"
    mend_zh = "请在清单里只改单元格，不要增删或移动列；清单在工作区的 set-aside 下，也可用 --to-mend 重新写出。"
    mend_en = (
        "Change cells only, and leave the columns as they are; lists stand under set-aside in the workspace, and --to-mend writes one."
    )


class ListLineBad(Problem):
    """A line of a mended list that cannot be read at all."""

    code = "M054"
    zh = "清单的这一行读不出来：{zh}"
    en = "this line of the list cannot be read: {en}"
    mend_zh = "请改正该行，或从工作区的 set-aside 重新取一份清单。"
    mend_en = "Mend the line, or take the list anew from set-aside in the workspace."


class ImportAmbiguous(Problem):
    """A file name under which several imports are known."""

    code = "M055"
    reason = "not_allowed"
    zh = "名为 {name} 的文件读入了 {count} 次"
    en = "{count} imports are called {name}"
    mend_zh = "请改写读入记录的编号：{known}。"
    mend_en = "Name the import itself: {known}."


class SameNameAgain(Problem):
    """A file with a name that was imported before, and other content."""

    code = "M056"
    reason = "duplicate"
    zh = "名为 {file} 的文件已读入过 {table}，内容不同（当时 {rows} 行）：不知道新文件是取代它，还是与它并存"
    en = "a file named {file} was imported into {table} before, with other content ({rows} rows): does this one replace it or add to it?"
    mend_zh = "更正后的重新导出，请用 kaohe import --same-name replaces；另一批数据，请用 --same-name adds；也可在数据源里写 same_name。"
    mend_en = "A corrected export: kaohe import --same-name replaces; other data: --same-name adds; or write same_name in the source."


class MappingUnconfirmed(Problem):
    """A file whose mapping was suggested, and that nobody has confirmed."""

    code = "M057"
    reason = "not_allowed"
    zh = "表 {table} 的列映射还没有人确认"
    en = "nobody has confirmed how the columns of {table} are mapped"
    mend_zh = "请核对数据源里的每一列，再把 confirmed 改为 yes。"
    mend_en = "Look over every column of the source, then write confirmed: yes."


class AddressUnset(Problem):
    """A database whose address the environment does not hold."""

    code = "M058"
    reason = "missing"
    zh = "环境变量 {name} 没有设置，不知道数据库在哪里"
    en = "the environment variable {name} is not set, so nobody knows where the database is"
    mend_zh = "请设置 {name}，例如 postgresql://用户:口令@主机/库；口令只放在环境里，不写进文件。"
    mend_en = "Set {name}, such as postgresql://user:password@host/database; passwords belong into the environment, not into files."


class DatabaseFailed(Problem):
    """A database that cannot be reached, or refuses the query."""

    code = "M059"
    zh = "{kind} 没有给出数据：{why}"
    en = "{kind} did not answer: {why}"
    mend_zh = "请检查地址、权限与查询语句；只读的查询即可。"
    mend_en = "Check the address, the rights and the query; one that reads is enough."


class ExtraMissing(Problem):
    """Something that needs a package which is not installed."""

    code = "M060"
    reason = "missing"
    zh = "读取 {what} 要用 {package}，它没有安装"
    en = "reading {what} needs {package}, which is not installed"
    mend_zh = "请运行 pip install 'kaohe[{extra}]' {package}。"
    mend_en = "Run pip install 'kaohe[{extra}]' {package}."


class RemoteFailed(Problem):
    """A file that stands elsewhere and cannot be fetched."""

    code = "M061"
    zh = "取不到文件：{why}"
    en = "the file cannot be fetched: {why}"
    mend_zh = "请检查地址、网络与访问权限（凭据由该存储自己的环境变量或配置给出）。"
    mend_en = "Check the address, the network and the rights; credentials come from the store's own variables or configuration."


# --- workspace and figures ----------------------------------------------------------------------


class WorkspaceDamaged(Problem):
    """A workspace whose manifest or files are not as they were written."""

    code = "M030"
    zh = "工作区已损坏：{why}"
    en = "the workspace is damaged: {why}"
    mend_zh = "请从备份恢复，或重新导入。"
    mend_en = "Restore it from the backup, or import again."


class WorkspaceBusy(Problem):
    """A workspace to which another process writes."""

    code = "M050"
    reason = "not_allowed"
    zh = "工作区正由另一个进程写入（进程号 {pid}，主机 {host}）"
    en = "another process is writing to this workspace (process {pid} on {host})"
    mend_zh = "请等它结束后重试，或用 --wait 等得久一些。"
    mend_en = "Try again when it has ended, or wait longer with --wait."


class ImportedOtherwise(Problem):
    """A file that was imported under an older mapping of its table."""

    code = "M031"
    reason = "out_of_order"
    zh = "{file} 是按旧的 {table} 映射导入的"
    en = "{file} was imported under an older mapping of {table}"
    mend_zh = "请重新导入该文件。"
    mend_en = "Import that file again."


class NothingImported(Problem):
    """A measure over a table of which no file was imported."""

    code = "M032"
    reason = "missing"
    zh = "还没有导入过 {table} 的文件"
    en = "no file of {table} has been imported"
    mend_zh = "请先导入 {table}。"
    mend_en = "Import {table} first."


class FigureTooLarge(Problem):
    """A sum or product beyond what the engine counts exactly."""

    code = "M033"
    reason = "out_of_range"
    zh = "{table} 的度量超出可精确计算的范围：{why}"
    en = "measuring {table} goes beyond exact whole numbers: {why}"
    mend_zh = "请检查数据是否有误，或减少小数位数。"
    mend_en = "Look for a wrong cell, or declare fewer decimal places."


class EngineExhausted(Problem):
    """A query that needs more memory or disk than the settings allow."""

    code = "M034"
    reason = "out_of_range"
    zh = "度量 {table} 时内存或磁盘不足：{why}"
    en = "measuring {table} ran out of memory or disk: {why}"
    mend_zh = "请调高设置 memory_limit，或分期度量。"
    mend_en = "Raise the setting memory_limit, or measure shorter periods."


class AccountsOverlap(Problem):
    """Two entries that give one account to somebody on the same day."""

    code = "M036"
    reason = "duplicate"
    zh = "账号 {account} 在 {day} 同时归两行所有：{other}（{other_person}）与本行（{person}）"
    en = "the account {account} belongs to two rows on {day}: {other} ({other_person}) and this one ({person})"
    mend_zh = "请填好前一行的停用日（该日起不再归此人），使两行首尾相接。"
    mend_en = "Give the earlier row the day from which it no longer holds, so that one ends where the other begins."


class AccountBackwards(Problem):
    """An entry of an account that ends on the day it starts, or before."""

    code = "M037"
    reason = "out_of_range"
    zh = "账号 {account} 的停用日 {end} 不晚于启用日 {start}"
    en = "the account {account} ends on {end}, not after it starts on {start}"
    mend_zh = "停用日是不再归此人的第一天，请改正。"
    mend_en = "The end is the first day on which it no longer holds; correct it."


class AccountNobodys(Problem):
    """Rows under an account that is nobody's at their time: left out of everybody's figures."""

    code = "M038"
    reason = "unknown"
    zh = "账号 {account} 有 {count} 行（表 {table}）在发生当日不归任何人，未计入任何人"
    en = "{count} rows of {table} are under the account {account}, which is nobody's on their day; they count for no one"
    mend_zh = "请在 {accounts} 表里补上该账号的使用人与起止日，或在定义里写明排除理由。"
    mend_en = "Add who used it, and from when to when, to the table {accounts}; or exclude such rows with a reason."


class PeriodBackwards(Problem):
    """A period that ends before it starts."""

    code = "M035"
    reason = "period"
    zh = "周期的终点 {end} 早于起点 {start}"
    en = "the period ends on {end}, before it starts on {start}"
    mend_zh = "请对调或改正。"
    mend_en = "Swap or correct them."


class PresetLacksTable(Problem):
    """A preset speaks of a table of events that no source fills."""

    code = "M040"
    reason = "missing"
    zh = "预设度量 {preset} 要用表 {table}，数据源里没有（已有：{known}）"
    en = "the preset {preset} looks at the table {table}, which no source fills (there are: {known})"
    mend_zh = "请在 sources 里把文件对应到表 {table}；各表的列见 docs/reference/presets.md。"
    mend_en = "Map a file to the table {table} under sources; docs/reference/presets.md lists its columns."


class CacheWrong(Problem):
    """Figures from kept states that a full scan does not bear out."""

    code = "M041"
    zh = "缓存算出的 {measures} 与全部重算的不一致；缓存已删除"
    en = "what the cache gives for {measures} differs from a full scan; the cache has been removed"
    mend_zh = "请再算一次；若仍如此，请报告这一缺陷。"
    mend_en = "Measure again; if it happens once more, report the defect."


# --- beside a platform's figures ----------------------------------------------------------------


class AccountPassedOn(Problem):
    """A platform's figure of an account that several people had within the period, and that cannot be split among them."""

    code = "M062"
    reason = "duplicate"
    zh = "账号 {account} 在本期先后归 {people}，平台对该账号的数字无法分给各人"
    en = "the account {account} was {people}'s within the period; the platform's figure for it cannot be split among them"
    mend_zh = "请按每人使用该账号的起止日分段对账，或按账号对账（度量的 subject 不经 through）。"
    mend_en = "Reconcile the days of each of them apart, or by account (a measure whose subject goes through nothing)."


class PlatformTwice(Problem):
    """Several figures of a platform for one subject, which cannot be added up."""

    code = "M063"
    reason = "duplicate"
    zh = "平台对 {subject} 有 {count} 个数字（另见 {other}），比值不能相加，未对账"
    en = "the platform has {count} figures for {subject} (see {other}); they do not add up and are not compared"
    mend_zh = "请用 where 只选一行，或写明 numerator 与 denominator。"
    mend_en = "Choose one row by `where`, or say `numerator` and `denominator`."
