# Stages and statuses
undertaking-status-agreed = terms agreed
undertaking-status-running = under way
undertaking-status-delivered = delivered, under review
undertaking-status-accepted = accepted
undertaking-status-settled = settled
undertaking-status-stopped = stopped
mode-outsourcing = outsourcing, after a call
mode-assignment = assignment
milestone-status-open = open
milestone-status-handed-in = handed in, under review
milestone-status-returned = returned, another round
milestone-status-accepted = accepted
verdict-none = under review
verdict-returned = returned
verdict-accepted = accepted
instalment-status-planned = planned
instalment-status-requested = asked for
instalment-status-approved = approved
instalment-status-paid = paid
instalment-status-reconciled = paid, found on the bank’s statement
instalment-status-refused = refused
instalment-advance = Advance
amendment-proposed = proposed
amendment-agreed = agreed by both sides
amendment-declined = declined

# The undertaking
undertaking-about = Carried out by { $executor }, guided by { $guiding }.
undertaking-lead = { $executor } carries this out. { $guiding } guides and judges; it does not take part in the work.
fact-programme = Programme
fact-executor = Carried out by
fact-mode = Mode
fact-why = Why this party
fact-guiding = Guided by
fact-responsible = Responsible person
fact-span = From, until
fact-span-value = { $starts } to { $ends }
fact-status = Status
fact-stopped = Why it was stopped

# Tables
table-undertakings = Undertakings
table-milestones = Milestones
table-instalments = Instalments
table-undertaking = Undertaking
table-undertaking-title = Title of the undertaking
table-award = Award
table-milestone = Milestone
table-instalment = Instalment
table-number = Number
table-started = Started on
table-ended = Ended on
table-budget = Budget
table-currency = Currency
table-due = Due on
table-accepted = Accepted on
table-requested = Asked for on
table-approved = Approved on
table-paid = Paid on
table-reconciled = Found on the statement on

river-label = Stages of the undertaking
stage-terms = Terms
stage-start = Start
stage-settled = Settled
n-of-m = { $n } of { $m }
part-milestones = Milestones
part-deliverables = Deliverables
part-money = Money
part-changes = Changes of terms
part-lines = Budget lines
col-what = What
col-due = Due
col-state = State
col-amount = Amount
col-line = Line
col-who = By whom
col-reason = Reason
col-when = When
col-entry = Entry in the journal
sum-total = Budget
sum-paid = Paid
sum-promised = In instalments, not refused
sum-left = Not in any instalment
money-caption = Budget and instalments, in { $currency }
money-not-public = The sums of this undertaking are not published yet.
money-public-since = The sums have been public since { $day }.
button-publish-money = Publish the sums
nothing-accepted-yet = Nothing is accepted yet. What is handed in becomes public when it is accepted.
round-n = Round { $n }
handed-in-at = Handed in { $at }{ $known ->
    [yes] {""} by { $by }
   *[no] {""}
}.
judged-at = Judged { $at }{ $known ->
    [yes] {""} by { $by }
   *[no] {""}
}.
open-round = Open this round
open-instalment = Open
open-amendment = Open
change-ends = ends on { $day }
change-due = “{ $milestone }” due on { $day }
change-budget = budget of { $sum }
lead-ahead = { $days ->
    [one] 1 day left
   *[other] { $days } days left
}; hand in by { $safe } to be accepted in time
lead-tight = last safe day was { $safe }; { $days ->
    [one] 1 day left
   *[other] { $days } days left
}
lead-late = { $days ->
    [one] late by 1 day
   *[other] late by { $days } days
}

# What is next
step-take-on = Take the terms on and start
step-hand-in = Hand in for “{ $milestone }”
step-judge = Judge what was handed in for “{ $milestone }”
step-decide = Answer the proposed change of terms
step-request = Ask for an instalment
step-approve = Approve “{ $what }”, { $sum }
step-pay = Record the payment of “{ $what }”, { $sum }
step-reconcile = Compare the payment of “{ $what }”, { $sum }, with the bank’s statement
step-settle = Settle the undertaking
next-until = Until { $day }.
waits-on = { $what }: waits for { $who }
turn-of = This is the turn of { $who }.
turn-second = a second person of finance or of { $guiding }
turn-finance = finance
turn-fourth = a fourth person, of finance or the office lead
who-requested = asked:
who-approved = approved:
who-paid = paid:
who-reconciled = reconciled:

# Forms
title-agree = Agree the terms
agree-lead = { $executor }, by { $mode }.
agree-note = The executing party takes the terms on by starting; every milestone is a promise from then on.
agree-terms-waits = Agree the terms of an award
hint-title = As the call is called, if left empty.
field-title-zh = Title in Chinese
field-title-en = Title in English
hint-responsible = A named person of the executing party, who answers for the work.
field-starts = Starts on
field-ends = Ends on
hint-day = For example 2027-03-01.
hint-award-reason = If left empty, what the award says: { $reason }
hint-most = All lines together at most { $sum }: what was awarded or, if the offer named no sum, what the call allowed.
hint-advance = Paid when the work has started, without a milestone; at most the share of the budget below.
field-advance-share = Most that advances may come to, in % of the budget
hint-advance-share = Usually { $usual } %, at most { $most } %: the rest follows what is accepted.
field-line-zh = Line { $n }, in Chinese
field-line-en = Line { $n }, in English
field-line-amount = Line { $n }, amount
field-milestone-zh = Milestone { $n }, in Chinese
field-milestone-en = Milestone { $n }, in English
field-milestone-due = Milestone { $n }, due on
field-milestone-amount = Milestone { $n }, instalment it earns
button-agree = Agree these terms
button-more-rows = More rows
title-hand-in = Hand in
hand-in-lead = Due on { $due }. The guiding side may take ten days to look at it.
returned-because = The last round was returned:
field-text = What was done
hint-text = What was done, what came of it, what is still missing. It becomes public when it is accepted.
field-lang = Written in
field-files = Files
hint-files = PDF, Office, OpenDocument, pictures or plain text, at most 20 MB each, at most ten, and all together at most { $most } MB. Pack more into an archive of your own and write where it lies.
field-more-files = File { $n }
button-hand-in = Hand in
link-back = Back without change
title-round = What was handed in
round-lead = Due on { $due }.
part-accept = Accept
part-return = Return
part-verdict = Verdict
field-note = Remark
hint-note = Only the two sides read it.
field-return = What is missing
hint-return = Say what must change, so that the next round can be accepted.
button-accept = Accept
button-return = Return it
title-request = Ask for an instalment
field-planned = Planned instalment
hint-planned = An instalment can be asked for when its milestone is accepted.
part-planned = A planned instalment
part-own-sum = Another sum
own-sum-note = Out of what the budget still holds, for what no instalment is planned for.
nothing-to-ask = There is nothing to ask for now: no planned instalment is due, and the budget holds nothing more.
field-earned-by = Milestone that earns it
hint-earned-by = Left empty, it is an advance. By the terms all advances together come to at most { $share } % of the budget, { $sum }.
field-amount = Amount
hint-left = The budget still holds { $left }.
field-purpose = What it is for
hint-purpose = For example: freight, invoice of 3 March.
four-people-note = Who asks, who approves, who pays and who compares the payment with the bank’s statement are four people.
instalment-choice = { $what }: { $sum }
button-request = Ask for it
title-instalment = Instalment: { $what }
part-approve = Approval
part-pay = Payment
part-refuse = Refuse
button-approve = Approve
button-pay = Record the payment
part-reconcile = Reconciliation
button-reconcile = It is on the statement
field-statement = Bank statement, number or line
hint-statement = For example statement 12 of March, line 4.
field-statement-amount = Sum on the statement
hint-statement-amount = Type it from the statement: another sum than the one recorded is refused.
button-refuse = Refuse
field-reference = Voucher or bank number
hint-reference = For example 2027-0017.
field-refusal = Why not
hint-refusal = The sum goes back to the budget.
tool-request = Ask for an instalment
tool-amend = Propose a change of terms
tool-stop = Stop the undertaking
tool-history = History
history-note = Every step is an entry of the journal, which can be proved.
title-stop = Stop the undertaking
field-stop = Why it must stop
hint-stop = The reason is public.
stop-note = What is promised and not accepted counts as broken. What is approved is still paid; the rest goes back to the budget.
button-stop = Stop it
amend-note = Terms change only when both sides agree.
hint-now = Now { $now }.
field-milestone = Milestone to move
field-due = Its new day
field-budget = New budget
hint-amend = What happened, and why this change helps.
milestone-due = { $title }, due { $day }
button-propose = Propose it
title-amendment = Change of terms
field-decision = Decision
choice-agree = Agree
choice-decline = Decline
hint-decline = Needed if you decline.
button-decide = Answer

# What was done, at the top of the next page
done-agreed = The terms are agreed. The executing party is told to take them on.
done-started = Started.
done-handed-in = Handed in.
done-accepted = Accepted.
done-returned = Returned with your reason.
done-requested = Asked for.
done-approved = Approved. Somebody else pays.
done-paid = The payment is on record.
done-reconciled = Reconciled with the bank’s statement.
done-refused = Refused; the sum is back in the budget.
done-proposed = Proposed to the other side.
done-decided = Answered.
done-stopped = Stopped.
done-settled = Settled.
done-money-published = The sums are public.

# History
did-undertaking-agreed = Terms agreed
did-undertaking-started = Terms taken on, started
did-undertaking-handed-in = Handed in
did-undertaking-accepted = Accepted
did-undertaking-returned = Returned
did-undertaking-requested = Instalment asked for
did-undertaking-approved = Instalment approved
did-undertaking-paid = Instalment paid
did-undertaking-reconciled = Payment reconciled
did-undertaking-refused = Instalment refused
did-undertaking-amendment-proposed = Change of terms proposed
did-undertaking-amended = Change of terms agreed
did-undertaking-amendment-declined = Change of terms declined
did-undertaking-money-published = Sums published
did-undertaking-stopped = Stopped
did-undertaking-settled = Settled

# Refusals
refusal-undertaking-started = It has started already.
refusal-undertaking-not-started = It has not started: the executing party has yet to take the terms on.
refusal-undertaking-over = It is over: settled or stopped.
refusal-settle-not-accepted = Not every milestone is accepted yet.
refusal-settle-money-open = { $count ->
    [one] One instalment is
   *[other] { $count } instalments are
} neither paid nor refused.
refusal-milestone-under-review = The last round is still under review.
refusal-milestone-accepted = This milestone is accepted already.
refusal-deliverable-judged = Somebody has judged this round already.
refusal-instalment-same-person = You did an earlier step of this payment. Request, approval, payment and reconciliation are four people’s.
refusal-instalment-not-planned = This instalment has been asked for already.
refusal-instalment-not-earned = The milestone is not accepted yet.
refusal-instalment-not-requested = This instalment does not wait for approval.
refusal-instalment-not-approved = This instalment is not approved.
refusal-instalment-not-paid = There is no recorded payment to compare yet, or it is reconciled already.
refusal-reconcile-differs = The payment was recorded as { $recorded }. Find out why the statement shows another sum.
refusal-advance-over-share = An advance comes to at most { $share } % of the budget: { $most }.
refusal-advances-over-share = By the terms all advances come to at most { $share } % of the budget, { $most }; { $left } of it is left.
refusal-instalment-closed = This instalment is paid or refused already.
refusal-amendment-empty = Say what should change: the end, a milestone’s day, or the budget.
refusal-amendment-open = Another change is proposed and not answered yet.
refusal-amendment-decided = This change has been answered already.
refusal-amendment-own-side = Your own side proposed it: the other side answers.
refusal-ends-before-start = The end must not be before the start, { $starts }.
refusal-ends-before-milestone = A milestone is due after that, on { $due }.
refusal-due-outside = Choose a day from { $starts } to { $ends }.
refusal-budget-below-promised = Instalments of { $promised } are planned or paid already.
refusal-guiding-executes = A unit that guides does not execute what it guides (R64).
refusal-guides-and-executes = You hold a mandate of the guiding unit, so you do not take part in the work, whoever you act for (R64).
refusal-responsible-elsewhere = Choose somebody of the executing party.
refusal-responsible-guides = This person holds a mandate of the guiding unit (R64).
refusal-assignment-reason = An assignment needs its reason; it is published.
refusal-no-milestone = At least one milestone, with its day.
refusal-budget-over-call = The call allowed { $most } at the most. More is a task of its own, with a call or an assignment of its own.
refusal-budget-over-award = The lines come to more than was awarded, or than the call allowed: { $most }.
refusal-instalments-over-budget = The instalments come to { $sum }, the budget is { $budget }.
refusal-over-budget = The budget still holds { $left }.
refusal-award-agreed = The terms of this award are agreed already.
refusal-too-many-files = At most { $max } files.
refusal-amount-zero = Write an amount above zero.
refusal-money-public = The sums are public already.
