# Policy `standard`: releases, funding and corrections wait for a second person.
$ sunledger init --origin demo.example/county --name 示例县台账 --yes
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
$ sunledger officer new-key zhao ; sunledger officer new-key qian
密钥 zhao 已建：HASH
公钥 BASE64
! 下一步（管理员；见证人的密钥不登记）：sunledger officer enroll --officer zhao --public-key zhao …
! 密钥未加密（仅限本人可读）；加密：--passphrase-file
密钥 qian 已建：HASH
公钥 BASE64
! 下一步（管理员；见证人的密钥不登记）：sunledger officer enroll --officer qian --public-key qian …
! 密钥未加密（仅限本人可读）；加密：--passphrase-file
$ sunledger --as root officer enroll --officer zhao --name 赵某 --authority 990000 --roles finance --public-key zhao --yes
已登记 #3
签名：root
! 下一步：sunledger officer new-key …
$ sunledger --as root officer enroll --officer qian --name 钱某 --authority 990000 --roles finance,reviewer --public-key qian --yes
已登记 #4
签名：root
! 下一步：sunledger officer new-key …
$ sunledger --as zhao quota receive --quota 2025-C-01 --holder 990000 --amount 1200万元 --year 2025 --source-level central --yes
已登记 #5
签名：zhao 赵某（某省）
! 下一步：sunledger project propose …
$ sunledger --as zhao quota release --quota 2025-C-01 --to 999901 --amount 500万元 --yes
已登记 #6
签名：zhao 赵某（某省）
! 下一步（等待第二人复核）：sunledger entry confirm --entry 6
! 可复核的人员：钱某〔qian〕
$ sunledger balance --by holder
持有方               金额(元)
某省〔990000〕  12,000,000.00
$ sunledger --as zhao entry confirm --entry 6 --yes
! error[RIGHTS.SAME_PERSON]：条目 #6 由“zhao”登记，须由另一人复核。未登记任何内容。请同事复核：sunledger entry confirm --entry 6 --as …
=> 4
$ sunledger --as qian entry confirm --entry 6 --yes
已登记 #7
签名：qian 钱某（某省）
! 下一步：sunledger verify
$ sunledger balance --by holder
持有方                 金额(元)
某省〔990000〕     7,000,000.00
示例县〔999901〕   5,000,000.00
合计              12,000,000.00
$ sunledger --as zhao entry reverse --entry 6 --reason 金额录入错误 --yes
已登记 #8
签名：zhao 赵某（某省）
! 下一步（等待第二人复核）：sunledger entry confirm --entry 8
! 可复核的人员：钱某〔qian〕
$ sunledger --as qian entry confirm --entry 8 --yes
已登记 #9
签名：qian 钱某（某省）
! 下一步：sunledger verify
$ sunledger balance --by holder
持有方               金额(元)
某省〔990000〕  12,000,000.00
$ sunledger --as zhao entry reverse --entry 6 --reason 再冲一次 --yes
! error[REVERSAL.TWICE]：条目 #6 已经冲销。未登记任何内容。查看：sunledger show 6
=> 6
$ sunledger log
序号  业务日期    事项      登记人  摘要                                        金额(元)  状态
   0  TODAY  建账      root    示例县台账
   1  TODAY  登记机构  root    某省  990000
   2  TODAY  登记机构  root    示例县  999901
   3  TODAY  登记人员  root    赵某  zhao
   4  TODAY  登记人员  root    钱某  qian
   5  TODAY  收到指标  赵某    2025-C-01  某省                        12,000,000.00
   6  TODAY  下达指标  赵某    某省 → 示例县  2025-C-01                5,000,000.00  已冲销 #8
   7  TODAY  复核      钱某    #6 下达指标  某省 → 示例县  2025-C-01
   8  TODAY  红字冲销  赵某    #6 下达指标  某省 → 示例县  2025-C-01  -5,000,000.00  复核 #9 钱某
   9  TODAY  复核      钱某    #8 红字冲销  某省 → 示例县  2025-C-01
$ sunledger --json verify --against nothing.note
{
 "format": "sunledger.error/1",
 "code": "NOT_FOUND.FILE",
 "message": "文件 nothing.note 不存在",
 "hint": "请核对文件名和目录",
 "fate": "",
 "problems": [
  {
   "code": "NOT_FOUND.FILE",
   "message": "文件 nothing.note 不存在",
   "what": "file",
   "path": "nothing.note",
   "hint": "请核对文件名和目录"
  }
 ]
}
! error[NOT_FOUND.FILE]：文件 nothing.note 不存在。请核对文件名和目录
=> 5
