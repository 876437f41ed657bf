"""Kinds that put projects into the library, approve them and give them money."""

from ledger.kinds.declare import Kind, field
from ledger.kinds.types import Amount, Code, Count, Date, Leg, Text, Word

APPROVAL_TYPES = {"plan": "计划批复", "design": "设计批复", "budget_review": "预算评审"}


class ProjectPropose(
    Kind,
    kind="project.propose",
    zh="项目入库",
    en="enter a project into the library",
    stream="open",
    by=("programme", "clerk"),
    reversible=True,
):
    """A project of the county's library; its id shares one namespace with the codes of bodies."""

    project: Code = field(zh="项目编码", en="project", new="project", example="P1")
    county: Code = field(zh="县", en="county", ref="authority", book=True, scope=True, example="999901")
    name: Text = field(zh="项目名称", en="name", example="示例村产业路硬化项目")
    type: Text | None = field(zh="项目类型", en="type", example="基础设施")
    township: Code | None = field(zh="乡镇", en="township", ref="authority", scope=True, example="999901001")
    village: Text | None = field(zh="村", en="village")
    place: Text | None = field(zh="实施地点", en="place as printed")
    planned_amount: Amount | None = field(zh="计划投资", en="planned amount", example=50000000)
    content: Text | None = field(zh="建设内容", en="content")
    construction_nature: Text | None = field(zh="建设性质", en="nature of the construction")
    grant_mode: Text | None = field(zh="补助方式", en="grant mode")
    responsible_unit: Text | None = field(zh="责任单位", en="responsible unit")
    responsible_person: Text | None = field(zh="责任人", en="responsible person")
    starts_on: Date | None = field(zh="计划开工", en="starts on")
    ends_on: Date | None = field(zh="计划完工", en="ends on")
    households: Count | None = field(zh="受益户数", en="households that gain")
    persons: Count | None = field(zh="受益人数", en="persons that gain")
    performance_target: Text | None = field(zh="绩效目标", en="performance target")


class ProjectApprove(
    Kind,
    kind="project.approve",
    zh="项目批复",
    en="approve a project",
    stream="open",
    by=("approver",),
    reversible=True,
):
    """The county's decision on a project of the library."""

    project: Code = field(zh="项目编码", en="project", ref="project", book=True, scope=True, example="P1")
    document_number: Text = field(zh="批复文号", en="document number", example="示批〔2025〕1号")
    approval_type: Word | None = field(zh="批复类型", en="type", choices=APPROVAL_TYPES)
    approved_amount: Amount | None = field(zh="批复金额", en="approved amount")


class ProjectFund(
    Kind,
    kind="project.fund",
    zh="资金安排",
    en="give a project money",
    stream="money",
    by=("finance",),
    second="funding",
    reversible=True,
):
    """`available` of the county → `budget` of the project, by quota."""

    project: Code = field(zh="项目编码", en="project", ref="project", book=True, scope=True, example="P1")
    legs: list[Leg] = field(zh="指标及金额", en="quotas and amounts", ref="quota")
    function_code: Text | None = field(zh="功能科目", en="function code", example="21305")
    document_number: Text | None = field(zh="文号", en="document number", example="示财农〔2025〕3号")
