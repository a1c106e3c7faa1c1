"""Makes the two fonts of src/kaohe/papers/fonts from Noto Sans CJK, so that anybody can make them again.

    python tools/fonts.py /usr/share/fonts/opentype/noto

The folder holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc (Debian: fonts-noto-cjk, version 1:20220127+repack1-1, which is
Noto Sans CJK 2.004). Taken is the Simplified Chinese face; kept are Latin, Greek and Cyrillic letters, signs and punctuation, and
every Chinese character of the basic block, in both weights. The regular weight keeps every other Chinese character of the face
too, for the rare letter of a name; where a name is set bold, typst takes that letter from the regular weight.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "Kaohe Sans"
SIMPLIFIED_CHINESE = "Noto Sans CJK SC"
FOLDER = Path(__file__).resolve().parents[1] / "src" / "kaohe" / "papers" / "fonts"
BASIC = [
    range(0x20, 0x7F),
    range(0xA0, 0x250),  # Latin
    range(0x2B0, 0x460),  # marks, Greek, Cyrillic
    range(0x2000, 0x2C00),  # punctuation, signs, arrows, boxes
    range(0x3000, 0x3100),  # Chinese punctuation, kana
    range(0x3200, 0x3400),  # enclosed and squared
    range(0x4E00, 0xA000),  # the basic block of Chinese characters
    range(0xFE10, 0xFE70),
    range(0xFF00, 0xFFF0),  # full-width forms
]
RARE = [range(0x3400, 0x4DC0), range(0x20000, 0x32000)]
WEIGHTS = {"Regular": [*BASIC, *RARE], "Bold": BASIC}
NAMED = {1: FAMILY, 16: FAMILY, 4: f"{FAMILY} {{weight}}", 6: "KaoheSans-{weight}", 3: "kaohe;KaoheSans-{weight}"}


def main(folder: Path) -> None:
    """Write KaoheSans-Regular.otf and KaoheSans-Bold.otf."""
    for weight, ranges in WEIGHTS.items():
        font = _face(folder / f"NotoSansCJK-{weight}.ttc")
        _subset(font, {letter for letters in ranges for letter in letters})
        _rename(font, weight)
        path = FOLDER / f"KaoheSans-{weight}.otf"
        font.save(path)
        print(f"{path.name}: {len(font.getBestCmap())} characters, {path.stat().st_size:,} bytes")


def _face(path: Path) -> TTFont:
    """The Simplified Chinese face of a collection."""
    return next(face for face in TTCollection(path).fonts if face["name"].getDebugName(1) == SIMPLIFIED_CHINESE)


def _subset(font: TTFont, letters: set[int]) -> None:
    """Leave only these letters; what only vertical setting and screens need goes too."""
    options = Options()
    options.hinting = False
    options.layout_features = ["kern", "halt"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["vhea", "vmtx", "VORG", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)


def _rename(font: TTFont, weight: str) -> None:
    """A name of its own: what was changed does not pass for the original. Copyright and licence stay as they are."""
    table = font["name"]
    for record in [record for record in table.names if record.nameID in (1, 3, 4, 6, 16, 17)]:
        table.removeNames(record.nameID, record.platformID, record.platEncID, record.langID)
    for number, text in NAMED.items():
        table.setName(text.format(weight=weight), number, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [f"KaoheSans-{weight}"]
    top = cff.topDictIndex[0]
    top.FamilyName, top.FullName = FAMILY, f"{FAMILY} {weight}"
    font.recalcTimestamp = False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
