# Statuses
evaluation-status-appointed = evaluators appointed
evaluation-status-drafted = findings handed in
evaluation-status-published = published
finding-met = met
finding-in-part = in part
finding-not-met = not met
finding-cannot-tell = cannot be told

# The evaluation
evaluation-title = Evaluation: { $about }
evaluation-lead = Judged by people who did not take part, against aims set before the start.
part-aims = Aims and outcome
aims-note = Aims are set before the start.
part-summary = Summary
part-reply = Reply of the executing party
part-evaluators = Evaluators
part-history = History
part-finding = What was found
col-aim = Aim
col-target = Set before the start
col-found = Found
col-state = State
col-when = When
col-what = What
col-who = By whom
col-entry = Entry in the journal
findings-not-public = Findings are public once they are published.
evaluators-count = { $count ->
    [one] One evaluator
   *[other] { $count } evaluators
}, due { $due }. Their names are public with the result.
declared-at = declared no conflict, { $at }
declared-not-yet = has not declared yet
outside-note = None of them executed, guided, sat on the panel, approved or paid, or belongs to a body that did (R18).

# What is next
button-declare = I declare that I have no part in this
step-declare = Declare that you have no conflict
step-find = Write the findings
step-find-next = Write the finding on “{ $aim }”
step-publish = Publish the evaluation
step-appoint = Appoint evaluators
turn-evaluators = the evaluators
waits-on-evaluators = This waits for the evaluators, until { $due }.
publish-when-over = It can be published when the undertaking is settled or stopped.
button-publish = Publish
button-reply = Reply in writing
button-submit = Hand the evaluation in
link-write-finding = write
link-change-finding = change
link-back = Back without change

# Forms
find-lead = Measured by: { $measure }. Set before the start: { $target }.
field-state = How does the aim stand?
field-found-zh = What was found, in Chinese
field-found-en = What was found, in English
hint-found = The number or the fact, for example: 3.1 loans per volume and year. Chinese, English or both.
field-source = Source
hint-source = A document or an address. What cannot be told may have none, but then the note says why.
field-note-zh = Note, in Chinese
field-note-en = Note, in English
hint-note = Why it stands so, or why it cannot be told.
button-find = Save the finding
title-submit = Hand the evaluation in
submit-lead = After this nobody changes the findings.
field-summary-zh = Summary, in Chinese
field-summary-en = Summary, in English
hint-summary = What was reached, what was not, and what should be done otherwise next time. Chinese, English or both.
title-reply = Reply to the evaluation
field-reply = Your reply
hint-reply = It stands beside the result, unshortened. One reply is given.
hint-evaluators = Only people are shown against whom no rule stands.
field-others = Others, by e-mail address
hint-others = People with a confirmed account here, separated by commas.
field-due = Until when
hint-due = For example 2027-09-30.
appoint-lead = Choose people from outside; a rule that stands against somebody is named.
button-appoint = Appoint
aims-title = Aims: { $programme }
no-aims-yet = No aims are set yet.
part-set-aim = Set an aim
field-aim-zh = Aim, in Chinese
field-aim-en = Aim, in English
hint-aim = What is to come of it, for example: readers are asked and heard. Each of the three in Chinese, English or both.
field-measure-zh = How it is measured, in Chinese
field-measure-en = How it is measured, in English
hint-measure = For example: loans per volume and year.
field-target-zh = How much, in Chinese
field-target-en = How much, in English
hint-target = For example: 4.0.
button-set-aim = Set this aim
button-drop-aim = Take back

# What was done, at the top of the next page
done-declared = Declared. You can write findings now.
done-found = The finding is saved.
done-submitted = Handed in. The executing party may reply.
done-published = Published.
done-replied = Your reply stands beside the result.
done-appointed = Appointed.
done-aim-set = The aim is set.
done-aim-dropped = The aim is taken back.

# History
did-plan-item-aim-set = Aim set
did-plan-item-aim-dropped = Aim taken back
did-evaluation-appointed = Evaluators appointed
did-evaluation-no-conflict-declared = No conflict declared
did-evaluation-found = Finding written
did-evaluation-submitted = Handed in
did-evaluation-published = Published
did-evaluation-replied = Replied

# Refusals
refusal-aims-after-start = Aims are set before the start; work has begun (R19).
refusal-too-many-aims = At most { $max } aims.
refusal-no-aims = No aims were set before the start, so there is nothing to judge against.
refusal-evaluation-before-start = The undertaking has not started.
refusal-evaluation-exists = Evaluators are appointed already.
refusal-appointer-on-panel = You sat on the panel of this call, so somebody else appoints the evaluators (R18).
refusal-too-many-evaluators = At most { $max } evaluators.
refusal-day-past = This day is past.
refusal-evaluator-executed = { $name } took part in the work (R18).
refusal-evaluator-guided = { $name } guided or judged the work (R18).
refusal-evaluator-panel = { $name } sat on a panel that scored offers of this programme (R18).
refusal-evaluator-approved = { $name } approved money of it (R18).
refusal-evaluator-paid = { $name } paid money of it (R18).
refusal-evaluator-of-executing = { $name } belongs to the executing body (R18).
refusal-evaluator-of-guiding = { $name } belongs to the guiding unit (R18).
refusal-evaluator-of-panel = { $name } belongs to a body whose people scored offers of this programme (R18).
refusal-nobody-at-address = Nobody with a confirmed account has the address { $address }.
refusal-evaluator-of-approving = { $name } belongs to a body that approved its money (R18).
refusal-evaluator-of-paying = { $name } belongs to the body that paid it (R18).
refusal-declared = You have declared this already.
refusal-not-declared = First declare that you have no conflict.
refusal-finding-source = Say where this is known from.
refusal-aims-without-finding = { $count ->
    [one] One aim has
   *[other] { $count } aims have
} no finding yet.
refusal-evaluators-undeclared = { $count ->
    [one] One evaluator has
   *[other] { $count } evaluators have
} not declared yet.
refusal-evaluation-drafted = The evaluation is handed in; nothing in it changes any more.
refusal-evaluation-published = The evaluation is published.
refusal-evaluation-not-drafted = The evaluators have not handed it in yet.
refusal-undertaking-not-over = The undertaking is neither settled nor stopped yet.
refusal-reply-given = A reply has been given.

# Files
export-aims = Aims
export-evaluations = Evaluations
column-programme = Programme
column-programme-zh = Programme, in Chinese
column-programme-en = Programme, in English
column-year = Year
column-evaluation = Evaluation
column-set-at = Set at
column-published-at = Published at
column-reply-zh = Reply, in Chinese
column-reply-en = Reply, in English
column-illustrative = Illustrative
column-illustrative-yes = illustrative
