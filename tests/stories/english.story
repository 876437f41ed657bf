# The same in English; options stand anywhere.
$ export SUNLEDGER_LANG=en
$ sunledger init --origin demo.example/county --name county --policy small --yes
ledger made: county (demo.example/county)
ledger id HASH
signed by root
a ledger for management, not a set of accounts; it does not replace the state's budget systems
! next: sunledger authority register --code … --name … --level province
$ sunledger --as root authority register --code 999901 --name county --level county --yes
recorded #1
signed by root
! next: sunledger officer new-key …
$ sunledger officer new-key wang
key wang made: HASH
public key BASE64
! next, by an administrator (a witness's key is not enrolled): sunledger officer enroll --officer wang --public-key wang …
! the key is not encrypted; see --passphrase-file
$ sunledger --as root officer enroll --officer wang --name Wang --authority 999901 --roles programme,finance --public-key wang --yes
recorded #2
signed by root
! next: sunledger officer new-key …
$ sunledger quota receive --as wang --quota Q1 --holder 999901 --amount 0.01 --year 2025 --source-level city --yes --dry-run
receive a quota from outside the ledger (quota.receive)  TODAY
  quota: Q1
  holder: 999901 county
  amount: 0.01 yuan
  year: 2025
  source_level: city
  total 0.01 yuan (壹分)
  moves: outside → county available  0.01 yuan  quota Q1
  afterwards: Q1 in county available [999901:available] still has 0.01 yuan
dry run, nothing recorded: would be #3
would be signed by wang, Wang (county)
$ sunledger quota --as wang receive --quota Q1 --holder 999901 --amount 0.01 --year 2025 --source-level city --yes --id R1
recorded #3
signed by wang, Wang (county)
! next: sunledger project propose …
$ sunledger --as wang quota receive --quota Q1 --holder 999901 --amount 0.01 --year 2025 --source-level city --yes --id R1
recorded before: #3
signed by wang, Wang (county)
! next: sunledger show 3
$ sunledger --as wang quota receive --quota Q2 --holder 999901 --amount 0.01 --year 2025 --source-level city --yes --id R1
! error[ID.TAKEN]: id R1 stands already, as #3: its quota is Q1, typed now: Q2. Nothing was recorded. See it: sunledger show 3. If it is wrong, reverse it (sunledger entry reverse --entry 3 --reason …), and only then record anew, under a new --id
=> 6
$ sunledger show R1
#3 quota.receive receive a quota from outside the ledger  effective
entry id R1  occurred on TODAY  recorded TIME +08:00
recorded by Wang [wang]
key KEY (Wang [wang], still in force), seal over #3–#3
books 999901/money county
leaf HASH
  amount: 0.01 yuan
  holder: 999901 county
  quota: Q1
  source_level: city
  year: 2025
  outside [world:outside] → county available [999901:available]  0.01 yuan  quota Q1
$ sunledger log
seq  date        kind                by    about           amount (yuan)  status
  0  TODAY  ledger.open         root  county
  1  TODAY  authority.register  root  county  999901
  2  TODAY  officer.enroll      root  Wang  wang
  3  TODAY  quota.receive       wang  Q1  county               0.01
$ sunledger balance
holder           quota  stage      amount (yuan)
county [999901]  Q1     available           0.01
$ sunledger trace R1
#3 quota.receive  uses
0.01 yuan  quota Q1  on county available [999901:available]
    outside [world:outside] → county available [999901:available]  0.01 yuan  entries #3
$ sunledger status
county (demo.example/county, control)
at $PWD/county.db
entries 4  root HASH
ledger id HASH
ledger key demo.BASE64
open work: none
void entries 0, acknowledged 0
last checkpoint none  memory of this key store: extends 4
checked: guards, last seal, frontier. The whole proof: sunledger verify
$ sunledger doctor
mind  hands  this key store signs for 2 persons (root, wang): whoever has it can sign as each of them
mind  hands  root alone brought in the keys of all officers: this ledger does not show that they are different persons
well  version  sunledger 0.2.0
well  guards  as this release sets them
well  head  4 entries, sealed
well  memory  extends 4
well  clock  machine TIME +08:00, last entry TIME +08:00
well  database  $PWD/county.db, mode 0600
mind  keys  $PWD/keys: unencrypted: LEDGER-KEY, root, wang; oldest 0 days
well  fonts  Noto Sans SC
$ sunledger officer list
officer  name  authority        roles               key since  active  suspect
root     root                   administrator       0          yes     0
wang     Wang  county [999901]  programme, finance  2          yes     0
$ sunledger authority list
code    name    level   parent  type
999901  county  county          government
$ sunledger kinds quota.release
quota.release release a quota to another body
`available` of one body → `available` of another; the quota stays what it was.
roles: finance  second person: as the policy says (release)  book: money
  capacity                         own, or transcribed from a paper (own, transcribed)
  date_precision                   how exact the date is (month, year)
  decided_by                       the body that decided
  decided_on                       the day it decided
  derived                          worked out by the transcriber, not printed
  document_number                  document number
  documents                        papers behind the entry
  from                    required from; the author's authority if not given
  legs                    required quotas and amounts
  line                             the line of that paper
  paper                            the paper.record it was transcribed from
  received_on                      received on
  to                      required to
example: sunledger quota release --from 990000 --to 999901 --quota 2025-C-01 --amount 1000000元
$ sunledger payment approve --help
Usage: sunledger payment approve [OPTIONS]

  approve and pay a request, whole or part. `reserved` of the payment → `paid`
  of its project, by another person than the one who asked

Options:
  --payment ID            payment (required)
  --amount AMOUNT         amount: 1200万元; if absent, the whole that was
                          requested
  --reason TEXT           reason
  --voucher TEXT          voucher
  --quota QUOTA[=AMOUNT]  quota, repeatable: Q1=60000元

When recording:
  --yes               do not ask
  --dry-run           record nothing
  --id ID             entry id, for safe retry
  --occurred-on DATE  business date
  --against FILE      a checkpoint you trust
  --first-time        first sight of this ledger

Where it comes from (transcribed, decided, worked out):
  --capacity TEXT        own, or transcribed from a paper (own, transcribed)
  --date-precision TEXT  how exact the date is (month, year)
  --decided-by TEXT      the body that decided
  --decided-on DATE      the day it decided
  --derived BOOLEAN      worked out by the transcriber, not printed
  --line NUMBER          the line of that paper
  --paper TEXT           the paper.record it was transcribed from

Example:
  sunledger payment approve --payment PAY-1

General options (--ledger, --as, --keys, --json, --lang …): sunledger help
options
$ sunledger rebuild --quiet
derived tables made again from 4 entries; now: sunledger verify
$ sunledger verify
verified (its tail is not proved): demo.example/county, 4 entries, root HASH
mind: this key store signs for 2 persons (root, wang): whoever has it can sign as each of them
mind: root alone brought in the keys of all officers: this ledger does not show that they are different persons
ledger id HASH  at $PWD/county.db
  INV-01 bytes          ok
  INV-02 chain          ok
  INV-03 tree           ok
  INV-04 seals          ok
  INV-05 rights         ok
  INV-06 second-person  ok
  INV-07 books          ok
  INV-08 references     ok
  INV-09 balances       ok
  INV-10 quotas         ok
  INV-11 reversals      ok
  INV-12 clock          ok
  INV-13 projections    ok
  INV-14 sealed         ok  no sealed values
  INV-15 guards         ok
  INV-16 heads          ok
void entries: 0, acknowledged 0; ahead: 0, acknowledged 0
no outside checkpoint given: a missing tail cannot be excluded
N entries/s, sunledger 0.2.0; this does not prove that what was recorded is true, nor find what was never recorded
