# The two-officer set-up of the command line's contract, exactly as written there.
$ export SUNLEDGER_LEDGER=$PWD/county.db SUNLEDGER_KEYS=$PWD/keys
$ sunledger init --origin demo.example/county --name 示例县台账 --policy small --yes   # root officer "root": administrator
台账已建：示例县台账（demo.example/county）
台账编号 HASH
签名：root
管理台账，不是会计账簿，不替代预算管理一体化系统
! 下一步：sunledger authority register --code … --name … --level province
$ sunledger --as root authority register --code 990000 --name 某省 --level province --yes
已登记 #1
签名：root
! 下一步：sunledger authority register --code … --name … --level county --parent 990000
$ sunledger --as root authority register --code 999901 --name 示例县 --level county --parent 990000 --yes
已登记 #2
签名：root
! 下一步：sunledger officer new-key …
$ sunledger officer new-key li ; sunledger officer new-key wang
密钥 li 已建：HASH
公钥 BASE64
! 下一步（管理员；见证人的密钥不登记）：sunledger officer enroll --officer li --public-key li …
! 密钥未加密（仅限本人可读）；加密：--passphrase-file
密钥 wang 已建：HASH
公钥 BASE64
! 下一步（管理员；见证人的密钥不登记）：sunledger officer enroll --officer wang --public-key wang …
! 密钥未加密（仅限本人可读）；加密：--passphrase-file
$ sunledger --as root officer enroll --officer li   --name 李某 --authority 999901 --roles programme,handler --public-key li --yes
已登记 #3
签名：root
! 下一步：sunledger officer new-key …
$ sunledger --as root officer enroll --officer wang --name 王某 --authority 999901 --roles finance,treasury,approver --public-key wang --yes
已登记 #4
签名：root
! 下一步：sunledger quota receive …
$ sunledger --as wang quota receive --quota Q1 --holder 999901 --amount 1000000元 --year 2025 --source-level province --yes
已登记 #5
签名：wang 王某（示例县）
! 下一步：sunledger project propose …
$ sunledger --as li   project propose --project P1 --county 999901 --name 示例项目 --yes
已登记 #6
签名：li 李某（示例县）
! 下一步：sunledger project approve --project P1 --document-number …
$ sunledger --as wang project approve --project P1 --document-number 示批〔2025〕1号 --yes
已登记 #7
签名：wang 王某（示例县）
! 下一步：sunledger project fund --project P1 --quota … --amount …
$ sunledger --as wang project fund --project P1 --quota Q1 --amount 1000000元 --yes
已登记 #8
签名：wang 王某（示例县）
! 下一步：sunledger payment request --project P1 …
$ sunledger --as li   payment request --payment PAY-1 --project P1 --amount 1.00元 --payee 示例公司 --yes --id PAY-1
已登记 #9
签名：li 李某（示例县）
! 下一步：sunledger payment approve --payment PAY-1
$ sunledger --as wang payment approve --payment PAY-1 --yes
已登记 #10
签名：wang 王某（示例县）
! 下一步：sunledger trace 10 --up
$ sunledger balance --project P1 --json ; sunledger verify
{
 "format": "sunledger.balance/1",
 "rows": [
  {
   "holder": "P1",
   "quota": "Q1",
   "stage": "budget",
   "project": "P1",
   "unit": "CNY",
   "amount_fen": 99999900,
   "n": 99999900,
   "holder_name": "示例项目",
   "project_name": "示例项目",
   "quota_name": ""
  },
  {
   "holder": "P1",
   "quota": "Q1",
   "stage": "paid",
   "project": "P1",
   "unit": "CNY",
   "amount_fen": 100,
   "n": 100,
   "holder_name": "示例项目",
   "project_name": "示例项目",
   "quota_name": ""
  }
 ],
 "checked": [
  "guards",
  "last seal",
  "frontier"
 ],
 "available_fen": 99999900,
 "reserved_fen": 0,
 "paid_fen": 100
}
通过（末尾未证）：demo.example/county，11 条，树根 HASH
注意：此密钥库能以 3 人的名义签名（li、root、wang）：谁拿到它，就能一人代几人签名
注意：全部人员的密钥都由 root 一人登记：是否确为不同的人，本台账不能证明
台账编号 HASH　位置 $PWD/county.db
  INV-01 通过　 内容与条目头为规范格式且一致
  INV-02 通过　 条目自0起连续，逐条指向前一条
  INV-03 通过　 叶值与每个封签的树根均相符
  INV-04 通过　 封签首尾相接，均由登记人签名
  INV-05 通过　 角色、管辖、密钥在登记时有效
  INV-06 通过　 复核、批准者为另一人
  INV-07 通过　 账册归属可复算，序号无缺
  INV-08 通过　 类型、字段、编号、引用正确
  INV-09 通过　 变动与事项相符，账户不为负
  INV-10 通过　 每项指标收到数等于各环节之和
  INV-11 通过　 冲销仅一次、指明原条目、未被后续使用
  INV-12 通过　 无未经确认的超前时间
  INV-13 通过　 派生表与重放结果一致
  INV-14 通过　 密封值可开启或已依法删除：没有密封值
  INV-15 通过　 触发器与表结构为本版本所设
  INV-16 通过　 各外部检查点均为本历史的前缀
无效条目 0（已确认 0）　超前条目 0（已确认 0）
未给出外部检查点，不能排除末尾缺失
N 条/秒，sunledger 0.2.0；不能证明条目内容属实，也不能发现从未登记的事项

# What an auditor and a villager ask next.
$ sunledger status
示例县台账（demo.example/county，管控）
位置 $PWD/county.db
条目 11　树根 HASH
台账编号 HASH
台账公钥 demo.BASE64
待办：无
无效条目 0（已确认 0）
最近检查点 无　本机记忆 延续所见的 11 条
已核：防改触发器、末端封签、前沿。完整核验：sunledger verify
$ sunledger log
序号  业务日期    事项      登记人  摘要                金额(元)  状态
   0  TODAY  建账      root    示例县台账
   1  TODAY  登记机构  root    某省  990000
   2  TODAY  登记机构  root    示例县  999901
   3  TODAY  登记人员  root    李某  li
   4  TODAY  登记人员  root    王某  wang
   5  TODAY  收到指标  王某    Q1  示例县      1,000,000.00
   6  TODAY  项目入库  李某    示例项目  P1
   7  TODAY  项目批复  王某    示例项目  P1
   8  TODAY  资金安排  王某    示例项目  P1    1,000,000.00
   9  TODAY  用款申请  李某    示例公司  P1            1.00
  10  TODAY  批准支付  王某    示例公司  P1            1.00
$ sunledger show PAY-1
#9 payment.request 用款申请  生效
条目编号 PAY-1　业务日期 TODAY　登记 TIME（北京时间）
登记人 李某〔li〕
密钥 KEY（李某〔li〕，现仍有效），封签 #9–#9
账册 999901/money 示例县
叶值 HASH
  资金来源及金额：Q1 1.00 元
  收款人：示例公司
  支付编号：PAY-1
  项目编码：P1 示例项目
  示例项目·预算〔P1:budget〕 → 已申请〔PAY-1:reserved〕  1.00 元  指标 Q1
  ← #10 批准支付  1.00 元  王某〔wang〕  生效
$ sunledger trace PAY-1 --up
#9 用款申请  来源
1.00 元（0.0001 万元）　指标 Q1　收款人 示例公司
    来源外〔world:outside〕 → 示例县·可用〔999901:available〕  1,000,000.00 元  条目 #5
    → 示例项目·预算〔P1:budget〕  1,000,000.00 元  条目 #8
    → 已申请〔PAY-1:reserved〕  1.00 元  条目 #9
    → 示例项目·已支付〔P1:paid〕  1.00 元  条目 #10
$ sunledger trace Q1 --down
#5 收到指标  去向　合计 1,000,000.00 元
1.00 元（0.0001 万元）　指标 Q1　收款人 示例公司
    来源外〔world:outside〕 → 示例县·可用〔999901:available〕  1,000,000.00 元  条目 #5
    → 示例项目·预算〔P1:budget〕  1,000,000.00 元  条目 #8
    → 已申请〔PAY-1:reserved〕  1.00 元  条目 #9
    → 示例项目·已支付〔P1:paid〕  1.00 元  条目 #10
999,999.00 元（99.9999 万元）　指标 Q1　在 示例项目·预算〔P1:budget〕
    来源外〔world:outside〕 → 示例县·可用〔999901:available〕  1,000,000.00 元  条目 #5
    → 示例项目·预算〔P1:budget〕  1,000,000.00 元  条目 #8
$ sunledger balance --by stage
环节                金额(元)
预算〔budget〕    999,999.00
已支付〔paid〕          1.00
合计            1,000,000.00
$ sunledger balance --at 9
持有方            项目            指标  环节                金额(元)
示例县〔999901〕  示例项目〔P1〕  Q1    预算〔budget〕  1,000,000.00
$ sunledger doctor
注意  签名  此密钥库能以 3 人的名义签名（li、root、wang）：谁拿到它，就能一人代几人签名
注意  签名  全部人员的密钥都由 root 一人登记：是否确为不同的人，本台账不能证明
正常  版本  sunledger 0.2.0
正常  防改触发器  与本版本所设一致
正常  末端  11 条，已封签
正常  本机记忆  延续所见的 11 条
正常  时钟  本机 TIME（北京时间），最后一条 TIME（北京时间）
正常  数据库  $PWD/county.db，权限 0600
注意  密钥  $PWD/keys：未加密：LEDGER-KEY、li、root、wang；最久 0 天
正常  字体  Noto Sans SC
$ sunledger checkpoint -o head.note
已写入 head.note：11 条，签名 demo.example/county
! 台账公钥 demo.BASE64
! 把它交给台账之外的人保存；核对：sunledger verify --against 文件
$ sunledger verify --against head.note
通过：demo.example/county，11 条，树根 HASH
注意：此密钥库能以 3 人的名义签名（li、root、wang）：谁拿到它，就能一人代几人签名
注意：全部人员的密钥都由 root 一人登记：是否确为不同的人，本台账不能证明
台账编号 HASH　位置 $PWD/county.db
  INV-01 通过　 内容与条目头为规范格式且一致
  INV-02 通过　 条目自0起连续，逐条指向前一条
  INV-03 通过　 叶值与每个封签的树根均相符
  INV-04 通过　 封签首尾相接，均由登记人签名
  INV-05 通过　 角色、管辖、密钥在登记时有效
  INV-06 通过　 复核、批准者为另一人
  INV-07 通过　 账册归属可复算，序号无缺
  INV-08 通过　 类型、字段、编号、引用正确
  INV-09 通过　 变动与事项相符，账户不为负
  INV-10 通过　 每项指标收到数等于各环节之和
  INV-11 通过　 冲销仅一次、指明原条目、未被后续使用
  INV-12 通过　 无未经确认的超前时间
  INV-13 通过　 派生表与重放结果一致
  INV-14 通过　 密封值可开启或已依法删除：没有密封值
  INV-15 通过　 触发器与表结构为本版本所设
  INV-16 通过　 各外部检查点均为本历史的前缀
无效条目 0（已确认 0）　超前条目 0（已确认 0）
外部检查点 head.note：11 条
N 条/秒，sunledger 0.2.0；不能证明条目内容属实，也不能发现从未登记的事项
$ sunledger export bundle -o bundle.zip
已写入 bundle.zip：11 条；格式见 docs/format.md
$ sunledger book state --book 999901 --yes --as wang
已登记 #11、#12、#13
签名：wang 王某（示例县）
! 下一步：sunledger report allocation --book 999901 --year … -o 公告.pdf
$ sunledger report allocation --book 999901 --year 2025 -o 公告.pdf --json
{
 "format": "sunledger.report.allocation/1",
 "file": "公告.pdf",
 "sha256": "HASH",
 "pages": 2,
 "size": 14,
 "root": "HASH",
 "rows": 1,
 "verified": true,
 "received_fen": 100000000,
 "received_whole": true,
 "arranged_fen": 100000000,
 "arranged_whole": true,
 "paid_fen": 100,
 "later_reversals": []
}
$ sunledger rebuild
已由 14 条重建派生表；请再核验：sunledger verify
