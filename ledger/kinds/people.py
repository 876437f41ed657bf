"""Kinds of stream `people`: households by pseudonym, their personal data sealed, and its erasure."""

from ledger.kinds.declare import Kind, field
from ledger.kinds.types import Code, Count, Date, Id, Sealed, Text, Word

HOUSEHOLD_TYPES = {"registered": "建档立卡户", "lifted": "脱贫户", "monitored": "监测对象", "other": "其他"}


class HouseholdEnroll(
    Kind,
    kind="household.enroll",
    zh="农户登记",
    en="enrol a household",
    stream="people",
    by=("programme", "clerk"),
    second="household",
    reversible=True,
):
    """A registered household by pseudonym; who it is stands in the vault alone."""

    household: Id = field(zh="农户代号", en="pseudonym of the household", new="household", example="H-0001")
    place: Code = field(zh="所在地", en="village, township or county", ref="authority", book=True, scope=True,
                        example="999901")  # fmt: skip
    type: Word | None = field(zh="农户类型", en="type", choices=HOUSEHOLD_TYPES, example="registered")
    persons: Count | None = field(zh="家庭人口", en="persons", example=4)
    enrolled_on: Date | None = field(zh="识别日期", en="enrolled on")
    head: Sealed | None = field(zh="户主姓名", en="name of the head, sealed", sealed="household", example="李某")
    identity: Sealed | None = field(zh="身份证号", en="identity number, sealed", sealed="household")
    phone: Sealed | None = field(zh="电话", en="phone, sealed", sealed="household")
    address: Sealed | None = field(zh="住址", en="address, sealed", sealed="household")
    account: Sealed | None = field(zh="银行账号", en="account, sealed", sealed="household")


class PersonErase(
    Kind,
    kind="person.erase",
    zh="依法删除个人信息",
    en="erase a person's data by law",
    stream="open",
    by=("administrator",),
    second="always",
):
    """The key of a person's sealed values is destroyed; amounts, dates, projects and commitments stay."""

    person: Id = field(zh="人员代号", en="pseudonym of the person", ref="subject", example="H-0001")
    holder: Code | None = field(zh="所属机构", en="the body whose book lists it", ref="authority", book=True, scope=True,
                                completed=True, example="999901")  # fmt: skip
    basis: Text | None = field(zh="法律依据", en="legal basis", example="《中华人民共和国个人信息保护法》第四十七条")
    reason: Text = field(zh="原因", en="reason", example="本人申请")
