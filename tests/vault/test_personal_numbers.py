"""P-02: an identity, phone or card number in free text is refused at entry, however it is written; other numbers are not."""

from pathlib import Path

import pytest

from ledger.errors import InputRejected
from ledger.kinds.personal import personal_number
from tests.vault.sealed_world import SealedWorld
from tests.world import LI, draft

IDENTITY = "11010519491231002X"  # the example of GB 11643-1999
PHONE = "13800138000"
CARD = "6222020200000000006"  # invented; its check digit is right


@pytest.mark.parametrize("text", [
    IDENTITY, IDENTITY.lower(), f"户主{IDENTITY}，", "110105 19491231 002X", "110105-1949-1231-002X",
    "１１０１０５１９４９１２３１００２Ｘ", f"a{IDENTITY}", f"{IDENTITY} 2025-12-31", f"2025 {IDENTITY}",
])
def test_p02_identity_numbers_are_seen(text: str) -> None:
    assert personal_number(text) == "identity"


@pytest.mark.parametrize("text", [PHONE, f"电话{PHONE}", "138-0013-8000", "138 0013 8000", "１３８００１３８０００", "电话：13800138000。"])
def test_p02_phone_numbers_are_seen(text: str) -> None:
    assert personal_number(text) == "phone"


@pytest.mark.parametrize("text", [CARD, "6222 0202 0000 0000 006", f"卡号{CARD}"])
def test_p02_card_numbers_are_seen(text: str) -> None:
    assert personal_number(text) == "card"


@pytest.mark.parametrize("text", [
    "", "示例村产业路硬化项目", "2025-C-01", "12000000元", "110105194912310021", "110105194913310029", "12800138000", "0991-1234567",
    "示财农〔2025〕12号", "6222020200000000007", "2025年1月至2026年12月", "138001380001", "99990100120250101",
])
def test_p02_other_numbers_are_left_alone(text: str) -> None:
    assert personal_number(text) == ""


@pytest.mark.parametrize("number", [IDENTITY, PHONE, CARD])
def test_p02_it_is_refused_and_not_repeated(target: str, tmp_path: Path, number: str) -> None:
    """Nothing is recorded, and the message does not say the number again."""
    world = SealedWorld(target, tmp_path).world
    before = world.verify().size
    with pytest.raises(InputRejected) as caught:
        world.record(LI, draft("project.propose", "p9", project="P9", county="999901", name=f"示例项目（联系 {number}）"))
    assert caught.value.code == "INPUT.PERSONAL"
    assert number not in str(caught.value.problems)
    assert world.verify().size == before


def test_p02_what_was_published_is_transcribed_as_printed(target: str, tmp_path: Path) -> None:
    world = SealedWorld(target, tmp_path).world
    world.record(LI, draft("project.propose", "p9", project="P9", county="999901", name=f"监督电话{PHONE}", capacity="transcribed"))


def test_p02_numbers_of_papers_are_no_personal_numbers(target: str, tmp_path: Path) -> None:
    """Invoices, vouchers and contracts have long numbers of their own."""
    world = SealedWorld(target, tmp_path).world
    world.record(LI, draft("payment.request", "PAY-9", payment="PAY-9", project="P1", legs=[{"amount": 1, "quota": "Q1"}], payee="示例公司",
                           invoice=CARD, voucher=PHONE, contract=IDENTITY))
