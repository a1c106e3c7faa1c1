"""Files made to break the reader end in a clear problem, soon and in little memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.hostile

MEMORY = 300 * 1024 * 1024
SECONDS = 20  # it takes well below one; a busy machine may be slow

# The reader runs in a process of its own, which says what was told and how much memory it took at most.
READ = """
import json, resource, sys
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
print(json.dumps([sorted(set(codes)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def alias_bomb():
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{chr(98 + row)}: &{chr(98 + row)} [{', '.join(['*' + chr(97 + row)] * 9)}]" for row in range(12)]
    return "\n".join(rows).encode()


def with_formula(whole, formula):
    return whole.replace("when: grade == C", f'when: "{formula}"').encode()


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
    "a-hundred-thousand-keys": (lambda whole: b"\n".join(b"k%d: 1" % key for key in range(30_000)), "S001"),
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
    assert codes == [code]
    assert memory < MEMORY


def test_the_limit_on_memory_means_something():
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
