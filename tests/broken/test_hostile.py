"""Files made to break the reader end in a clear problem, soon and in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

pytestmark = pytest.mark.hostile

MEMORY = 300 * 1024 * 1024
SECONDS = 20  # it takes well below one; a busy machine may be slow

# The reader runs in a process of its own, which says what was told and how much memory it took at most.
READ = """
import json, sys
from pathlib import Path
from kaohe.problems import Problems
from kaohe.reading import read_plan
try:
    read_plan(Path(sys.argv[1]))
    codes = []
except Problems as problems:
    codes = [problem.code for problem in problems]
    sentences = [problem.tell("zh") + problem.tell("en") for problem in problems]
    assert all(len(sentence) < 4000 for sentence in sentences)
status = Path("/proc/self/status").read_text()  # not ru_maxrss: that one remembers the parent from before the exec
peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
print(json.dumps([sorted(set(codes)), peak]))
"""


def alias_bomb():
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{chr(98 + row)}: &{chr(98 + row)} [{', '.join(['*' + chr(97 + row)] * 9)}]" for row in range(12)]
    return "\n".join(rows).encode()


def with_formula(whole, formula):
    return whole.replace("when: grade == C", f'when: "{formula}"').encode()


def with_figures(whole, figures):
    return whole.replace("figures:\n", "figures:\n" + "".join(f"  {figure}\n" for figure in figures)).encode()


def figure(name, formula):
    return f"{name}: {{name: {name}, is: {formula}, clause: §9}}"


def squares(whole):
    """Each figure is the square of the one before: thirty of them would need a thousand million digits."""
    return with_figures(whole, [figure("f0", "refill_rate")] + [figure(f"f{row}", f"f{row - 1} * f{row - 1}") for row in range(1, 31)])


def chain(whole, rows):
    return with_figures(whole, [figure("f0", "refill_rate")] + [figure(f"f{row}", f"f{row - 1} + 1") for row in rows])


def blanks(whole):
    """A named rule whose every blank asks twice for the next one."""
    letters = [f"b{row}" for row in range(40)]
    given = ", ".join(f"{one}: {other} + {other}" for one, other in pairwise(letters))
    rule = f"  doubling: {{is: b0, note: {' '.join(letters)}}}"
    item = f"rule: doubling, {given}, b39: refill_rate"
    return whole.replace("\nitems:", f"\nrules:\n{rule}\n\nitems:").replace("by: wait_seconds, line: {60: 100, 300: 0}", item).encode()


HOSTILE = {
    "alias-bomb": (lambda whole: alias_bomb(), "D003"),
    "merge-key": (lambda whole: (whole + "\nbase: &base {x: 1}\nmore: {<<: *base}\n").encode(), "D003"),
    "ten-megabytes": (lambda whole: (whole + "# padding\n" * 1_000_000).encode(), "D001"),
    "one-scalar-of-a-megabyte": (lambda whole: (whole + "\nabout: " + "x" * 1_000_000).encode(), "D001"),
    "ten-thousand-brackets": (lambda whole: b"scheme: " + b"[" * 10_000 + b"]" * 10_000, "D005"),
    "ten-thousand-braces": (lambda whole: b"scheme: " + b"{a: " * 10_000 + b"}" * 10_000, "D005"),
    "ten-thousand-indents": (lambda whole: b"\n".join(b" " * depth + b"a:" for depth in range(800)), "D005"),
    "ten-thousand-question-marks": (lambda whole: b"? " * 10_000 + b"a", "D005"),
    "python-tag": (lambda whole: b"scheme: !!python/object/apply:os.system ['true']\n", "D004"),
    "duplicate-keys": (lambda whole: (whole + "\nscale: 100\n").encode(), "D006"),
    "thirty-thousand-unknown-keys": (lambda whole: (whole + "".join(f"k{key}: 1\n" for key in range(30_000))).encode(), "S001 S057"),
    "five-thousand-unknown-names": (lambda whole: with_figures(whole, [figure(f"f{row}", f"g{row}") for row in range(5000)]), "S004 S057"),
    "squares-of-squares": (squares, "S059"),
    "chain-of-two-thousand-figures": (lambda whole: chain(whole, range(1, 2001)), "S058"),
    "chain-of-two-thousand-figures-from-its-end": (lambda whole: chain(whole, range(2000, 0, -1)), "S058"),
    "blanks-within-blanks": (blanks, "S059"),
    "binary-junk": (lambda whole: bytes(range(256)) * 400, "D012"),
    "a-zip": (lambda whole: b"PK\x03\x04" + bytes(2000), "D012"),
    "neither-utf8-nor-gbk": (lambda whole: whole.encode() + b"\nabout: \xff\xff\xff\n", "D007"),
    "list-at-the-top": (lambda whole: b"- a\n- b\n", "D011"),
    "empty": (lambda whole: b"", "D011"),
    "only-comments": (lambda whole: b"# nothing\n", "D011"),
    "formula-of-ten-thousand-parentheses": (lambda whole: with_formula(whole, "(" * 10_000 + "1" + ")" * 10_000), "E001"),
    "formula-of-a-hundred-thousand-signs": (lambda whole: with_formula(whole, "1 + " * 30_000 + "1 > 0"), "E001"),
    "formula-of-ten-thousand-minuses": (lambda whole: with_formula(whole, "-" * 490 + "1 > 0"), "E001"),
    "formula-of-powers": (lambda whole: with_formula(whole, "9 ** 9 ** 9 ** 9 > 1"), "E003"),
    "formula-with-an-import": (lambda whole: with_formula(whole, "__import__('os').system('true')"), "E003"),
    "weight-of-1e400": (lambda whole: whole.replace("weight: 30%", "weight: 1e400").encode(), "N002"),
    "weight-of-1e999999999": (lambda whole: whole.replace("weight: 30%", "weight: 1e999999999").encode(), "N002"),
    "weight-of-nan": (lambda whole: whole.replace("weight: 30%", "weight: .nan").encode(), "N001"),
    "weight-of-infinity": (lambda whole: whole.replace("weight: 30%", "weight: .inf").encode(), "N001"),
    "anchored-levels-without-end": (
        lambda whole: whole.replace("allowed: 0..100", "anchors: {0..999999999: 好}").encode(),
        "S031",
    ),
}


@pytest.fixture(scope="module")
def reader():
    """Reads a file in a process of its own: the codes that were told, and the most memory in bytes."""

    def read(path: Path) -> tuple[list[str], int]:
        run = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, timeout=SECONDS, check=True)
        codes, kilobytes = json.loads(run.stdout)
        return codes, kilobytes * (1 if sys.platform == "darwin" else 1024)

    return read


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_its_problem_in_little_memory(name, whole, reader, tmp_path):
    make, code = HOSTILE[name]
    path = tmp_path / f"{name}.yaml"
    path.write_bytes(make(whole))
    codes, memory = reader(path)
    assert codes == code.split()
    assert memory < MEMORY
