"""What can be wrong with a command's own words: a scheme, a file, a person that is not there."""

from __future__ import annotations

from kaohe.problems import Problem


class SchemeNotFound(Problem):
    """A scheme that is neither in the library nor a file."""

    code = "C001"
    reason = "unknown"
    zh = "找不到方案 {name}{guess_zh}"
    en = "there is no scheme {name}{guess_en}"
    mend_zh = "请写方案库里的编号（kaohe schemes 列出全部），或方案文件、文件夹的路径。"
    mend_en = "Name a scheme of the library (kaohe schemes lists them), or the path of a scheme file or its folder."


class PathNotFound(Problem):
    """A file or folder that is not there."""

    code = "C002"
    reason = "missing"
    zh = "没有这个文件或文件夹"
    en = "there is no such file or folder"
    mend_zh = "请检查路径是否写对。"
    mend_en = "Check the path."


class SubjectNotFound(Problem):
    """A person or unit without a result in these facts."""

    code = "C003"
    reason = "unknown"
    zh = "{name} 不在考核结果之中{guess_zh}"
    en = "{name} has no result here{guess_en}"
    mend_zh = "请写被考核人的编号或姓名：{known}。"
    mend_en = "Name somebody by id or name: {known}."


class SubjectAmbiguous(Problem):
    """A name that several people bear."""

    code = "C004"
    reason = "not_allowed"
    zh = "有 {count} 人叫 {name}"
    en = "{count} people are called {name}"
    mend_zh = "请改写编号：{known}。"
    mend_en = "Use an id: {known}."


class ItemNotFound(Problem):
    """An item that the subject's results do not have."""

    code = "C005"
    reason = "unknown"
    zh = "{subject} 没有 {name} 这一项{guess_zh}"
    en = "{subject} has nothing called {name}{guess_en}"
    mend_zh = "可选：{known}。"
    mend_en = "There are: {known}."


class CodeNotFound(Problem):
    """A code that no problem bears."""

    code = "C006"
    reason = "unknown"
    zh = "没有编号为 {name} 的问题{guess_zh}"
    en = "no problem has the code {name}{guess_en}"
    mend_zh = "kaohe problems 列出全部编号。"
    mend_en = "kaohe problems lists every code."


class PeriodUnreadable(Problem):
    """A period that is none."""

    code = "C007"
    reason = "period"
    zh = "{text!r} 不是考核周期"
    en = "{text!r} is no period"
    mend_zh = "请写 2026-01、2026-Q1、2026 或 2026-01-21..2026-02-20。"
    mend_en = "Write 2026-01, 2026-Q1, 2026 or 2026-01-21..2026-02-20."


class TableNotNamed(Problem):
    """A file of events of which nobody said what it holds."""

    code = "C008"
    reason = "missing"
    zh = "没有说明 {file} 属于哪一张表"
    en = "it is not said which table {file} belongs to"
    mend_zh = "请在文件前写上表名，例如 {example}={file}；表有：{known}。"
    mend_en = "Write the table before the file, such as {example}={file}; there are: {known}."


class SourcesNotNamed(Problem):
    """An import of which nobody said what the files hold."""

    code = "C020"
    reason = "missing"
    zh = "没有说明数据源定义"
    en = "it is not said what the files hold"
    mend_zh = "请写 kaohe import sources.yaml 表名=文件；只看读入记录请用 --list。"
    mend_en = "Write kaohe import sources.yaml TABLE=FILE; --list alone shows what was imported."


class RowsUnreadable(Problem):
    """A row number that is none."""

    code = "C021"
    zh = "{text!r} 不是行号"
    en = "{text!r} is no row number"
    mend_zh = "请写 12，或 12-15；kaohe import --list --rows 列出搁置的行。"
    mend_en = "Write 12, or 12-15; kaohe import --list --rows shows the rows set aside."


class TableNotChosen(Problem):
    """A file of which nobody said which table it holds."""

    code = "C022"
    reason = "missing"
    zh = "没有说明这个文件装的是哪一张标准表"
    en = "it is not said which canonical table this file holds"
    mend_zh = "请用 --table 指定，可选：{known}。"
    mend_en = "Say it with --table; there are: {known}."


class BindingUnreadable(Problem):
    """A binding that is none."""

    code = "C009"
    zh = "{text!r} 不是“度量=数据项”"
    en = "{text!r} is not `measure=value`"
    mend_zh = "例如 --bind answer_share=connect_rate。"
    mend_en = "For instance --bind answer_share=connect_rate."


class SampleTooSmall(Problem):
    """A company too small to plant every story in."""

    code = "C011"
    reason = "out_of_range"
    zh = "这样规模的样例造不出来：{why}"
    en = "such a sample cannot be made: {why}"
    mend_zh = "请增加客服人数、会话数或月数，例如 --agents 60 --conversations 200000 --months 3。"
    mend_en = "Ask for more agents, conversations or months, such as --agents 60 --conversations 200000 --months 3."


class FileThere(Problem):
    """A file that would be replaced, with whatever somebody filled in."""

    code = "C012"
    reason = "not_allowed"
    zh = "文件已经存在"
    en = "the file is there already"
    mend_zh = "请换一个文件名；确要覆盖，请加 --force。"
    mend_en = "Choose another name, or add --force to replace it."


class CannotWrite(Problem):
    """A place where nothing can be written, or a file that cannot be opened."""

    code = "C010"
    reason = "not_allowed"
    zh = "无法读写：{why}"
    en = "cannot be read or written: {why}"
    mend_zh = "请检查权限、磁盘空间，以及文件是否正被别的程序打开。"
    mend_en = "Check permissions, disk space, and whether another program has the file open."


class PageNeedsFile(Problem):
    """A page for printing that was asked for without a file to write it to."""

    code = "C030"
    reason = "missing"
    zh = "PDF 要写进文件"
    en = "a PDF is written to a file"
    mend_zh = "请加 -o 文件名，例如 -o 考核制度.pdf。"
    mend_en = "Add -o with a file's name, such as -o regulation.pdf."


class PageKindUnknown(Problem):
    """A file whose name does not say how the page is to be written."""

    code = "C031"
    reason = "unknown"
    zh = "看不出 {name} 要写成什么"
    en = "the name {name} does not say how to write it"
    mend_zh = "文件名请以 .md、.html 或 .pdf 结尾，或写明 --as。"
    mend_en = "End the name in .md, .html or .pdf, or say --as."


class TableKindUnknown(Problem):
    """A file whose name does not say how a table is to be written."""

    code = "C032"
    reason = "unknown"
    zh = "看不出 {name} 要写成什么"
    en = "the name {name} does not say how to write it"
    mend_zh = "文件名请以 .csv、.json 或 .xlsx 结尾。"
    mend_en = "End the name in .csv, .json or .xlsx."


class ReconciliationNotNamed(Problem):
    """Definitions without a reconciliation, or several of which none was named."""

    code = "C033"
    reason = "missing"
    zh = "没有指明用哪一份对账（已有：{known}）"
    en = "which reconciliation is meant is not said (there are: {known})"
    mend_zh = "请在定义的 reconciliations 下写一份；有多份时用 --use 指明。"
    mend_en = "Write one under `reconciliations` of the definitions; where there are several, name one with --use."
