"""The faces of the papers cut to what papers need: `python -m tests.fonts FOLDER`, where FOLDER holds the two faces as released.

Kept is every character of the released face but those of CJK extension A, of which the ones stay that GB 18030 writes in two
bytes, and those of the 通用规范汉字表 of 2013, by which names of people and places are written. reportlab uses no layout table
and no vertical metrics: those go too. Nothing of the clock or the machine comes into the bytes.
"""

import sys
from hashlib import sha256
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from reports.faces import BOLD, FOLDER, REGULAR

EXTENSION_A = range(0x3400, 0x4DC0)
# Those of the table's 8,105 characters that stand in extension A.
IN_THE_TABLE = "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"


def is_kept(code: int) -> bool:
    """Whether papers may need a character of the released face."""
    return code not in EXTENSION_A or chr(code) in IN_THE_TABLE or len(chr(code).encode("gb18030")) == 2


def cut(released: Path, to: Path) -> None:
    """Write a face cut down."""
    font = TTFont(released, recalcTimestamp=False)
    options = Options(layout_features=[], name_IDs=["*"], name_languages=["*"], notdef_outline=True, hinting=True,
                      drop_tables=["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx"])  # fmt: skip
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if is_kept(code)])
    subsetter.subset(font)
    font.save(to)


def main(folder: Path) -> None:
    """Cut both faces and say their sums."""
    lines = []
    for name in (BOLD, REGULAR):
        cut(folder / f"{name}.ttf", FOLDER / f"{name}.ttf")
        data = (FOLDER / f"{name}.ttf").read_bytes()
        lines.append(f"{sha256(data).hexdigest()}  {name}.ttf\n")
        print(name, len(data), lines[-1].strip())
    (FOLDER / "SHA256SUMS").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
