"""What is asked twice before it stands for ever: division codes that cannot be, and digits that are almost an identity number."""

import pytest

from ledger.intake.divisions import bundled_divisions
from ledger.intake.registration import level_of_code, registration_doubts
from ledger.kinds.personal import is_almost_identity, personal_number
from tests.commands.shell import OFFICERS, Shell

RIGHT = "11010519491231002X"  # the example of GB 11643-1999

DOUBTFUL = {  # (code, name, level, parent, type) → the keys of what is said
    ("99990", "示例县", "county", "990000", None): ["length"],
    ("9999011", "示例县", "county", None, None): ["length"],
    ("9" * 20, "示例县", "county", None, None): ["length"],
    ("110000", "上海市", "province", None, None): ["name_elsewhere"],
    ("110000", "某省", "province", None, None): ["name"],
    ("110000", "北京市", "county", None, None): ["province"],
    ("990000", "某省", "county", None, None): ["province"],
    ("999900", "某市", "county", "990000", None): ["city"],
    ("999901", "示例县", "city", "990000", None): ["county"],
    ("999901001", "某乡", "county", "990000", None): ["township"],
    ("999901001001", "某村", "township", "999901", None): ["village"],
    ("999901", "示例县", "county", "980000", None): ["parent"],
    ("999901", "示例县", "county", "999800", None): ["parent"],
    ("999902001", "某乡", "township", "999901", None): ["parent"],
    ("999901001001", "某村", "village", "999901002", "village"): ["parent"],
    ("411499", "某县", "county", "411400", None): ["unlisted"],
}
SOUND = [
    ("999901", "示例县", "county", "990000", None), ("990000", "某省", "province", None, None), ("999900", "某市", "city", "990000", "government"),
    ("999901", "示例县", "county", "999900", None), ("999901001", "某乡", "township", "999901", "township"), ("999901001203", "某村", "village", "999901001", None),
    ("999901001000", "某乡", "township", "999901", None), ("999901000000", "示例县", "county", "990000000000", None),
    ("410000", "河南省", "province", None, None), ("411422", "睢县", "county", "411400", None), ("411422", "睢县人民政府", "county", "410000", None),
    ("110105", "朝阳区", "county", "110000", None), ("110000", "北京", "province", None, None),
    ("7", "县", "county", None, None), ("1001", "县", "county", None, None), ("xcb7a2695", "镇", "township", None, None), ("999901-czj", "财政局", "county", "999901", None),
    ("99990101", "财政局", "county", "999901", "department"), ("62280001", "银行", "county", "999901", "bank"), ("999901", "示例县", "county", "p1", None),
]  # fmt: skip


@pytest.mark.parametrize("body", DOUBTFUL)
def test_what_cannot_be_of_a_division_code_is_doubted(body: tuple[str, str, str, str | None, str | None]) -> None:
    """Length, level, parent, and the name beside the bundled table."""
    code, name, level, parent, sort = body
    found = registration_doubts(bundled_divisions(), code=code, name=name, level=level, parent=parent, sort=sort)
    assert [fault.key.removeprefix("DIVISION:") for fault in found] == DOUBTFUL[body]


@pytest.mark.parametrize("body", SOUND)
def test_real_invented_and_own_codes_are_not_doubted(body: tuple[str, str, str, str | None, str | None]) -> None:
    """示例县 999901, short codes, codes with letters, departments and banks."""
    code, name, level, parent, sort = body
    assert list(registration_doubts(bundled_divisions(), code=code, name=name, level=level, parent=parent, sort=sort)) == []


def test_every_row_of_the_table_fits_itself() -> None:
    """Each real division under its own parent, level and name is beyond doubt."""
    table = bundled_divisions()
    ahead, seen = table.children(""), 0
    while ahead:
        one = ahead.pop()
        seen += 1
        assert level_of_code(one.code) == one.level
        assert list(registration_doubts(table, code=one.code, name=one.name, level=one.level, parent=one.parent or None, sort=None)) == []
        ahead += table.children(one.code)
    assert seen > 3000


@pytest.mark.parametrize("text", [
    "110105194912310021", "11010519491231002", "1101051949123102", "户主110105194912310021，", "110105 19491231 0021", "110105-1949-1231-0021",
    "１１０１０５１９４９１２３１００２１", "110105194912310029", "11010519491231012X", "1101019491231002X",
])  # fmt: skip
def test_p02_a_mistyped_identity_number_is_doubted_however_it_is_written(text: str) -> None:
    """One digit wrong, one or two left out, spaces, dashes, full width."""
    assert is_almost_identity(text)
    assert personal_number(text) == ""


@pytest.mark.parametrize("text", [
    RIGHT, "", "12000000元", "示财农〔2025〕12号", "6222020200000000007", "2025年1月至2026年12月", "110105194913310029", "999901001201", "6228480402564890018",
    "1234567890123456", "20250101", "2025-01-01 2025-12-31", "G1234567890",
])  # fmt: skip
def test_p02_other_numbers_are_not_doubted(text: str) -> None:
    """A right one is refused, not doubted; a day that does not exist makes no birth date."""
    assert not is_almost_identity(text)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A ledger with two officers."""
    shell = Shell(tmp_path_factory.mktemp("doubts"))
    shell.all(OFFICERS.format(policy="small"))
    return shell


DOUBTED = {
    "--as root authority register --code 99990 --name 示例乙县 --level county --parent 990000": ("99990 有 5 位", "99990 has 5 digits"),
    "--as li project propose --project P9 --county 999901 --name 示例项目 --content 户主110105194912310021": ("身份证号", "identity number"),
}


@pytest.mark.parametrize("line", DOUBTED)
def test_yes_prints_the_doubt_and_records(shell: Shell, line: str) -> None:
    """A dry run too, on stderr, and as JSON; nothing is refused that may be right."""
    zh, en = DOUBTED[line]
    head = shell.head()
    for language, words in (("zh", zh), ("en", en)):
        done = shell.line(f"{line} --dry-run --lang {language}")
        assert (done.code, words in done.err) == (0, True), done
        assert words in shell.line(f"{line} --dry-run --json --lang {language}").json["preview"]["doubts"][0]
    assert shell.head() == head
    done = shell.line(f"{line} --yes")
    assert (done.code, zh in done.err) == (0, True), done
    assert shell.head()[0] == head[0] + 1


def test_what_is_transcribed_is_not_doubted(shell: Shell) -> None:
    """A paper says what it says."""
    done = shell.line("--as li project propose --project P8 --county 999901 --name 示例 --content 110105194912310021 --capacity transcribed --yes")
    assert (done.code, "请核对" in done.err) == (0, False), done


def test_codes_made_of_a_division_and_a_date_are_not_doubted(shell: Shell) -> None:
    """Ids of projects and entries look like that in many counties."""
    done = shell.line("--as li project propose --project 411422202503010003 --id P-411422202503010004 --county 999901 --name 示例 --yes")
    assert (done.code, "请核对" in done.err) == (0, False), done


def test_p02_a_right_number_is_refused_as_ever(shell: Shell) -> None:
    """Exit 3, not a question."""
    done = shell.line(f"--as li project propose --project P7 --county 999901 --name 示例 --content {RIGHT} --yes")
    assert done.code == 3
    assert "INPUT.PERSONAL" in done.err
