# Refusals
refusal-call-not-draft = This call is published; it stays as it was published.
refusal-call-closes-past = The window must close after it opens, and later than now.
refusal-call-no-needs = Name at least one need.
refusal-weights-sum = The weights add up to { $sum }; they must add up to 100.
refusal-call-still-open = The call takes offers until { $closes }. Nobody opens them before.
refusal-call-not-to-open = There is nothing to open here.
refusal-call-not-in-review = This is for a call in review: opened and not decided.
refusal-call-ended = This call has ended.
refusal-call-not-open-yet = The call opens at { $opens }.
refusal-call-closed = The call closed at { $closes }. The clock of this server decides.
refusal-call-no-item = This plan item is not there or has ended.
refusal-call-item-fixed = A call stays under its plan item.
refusal-call-assigned = This work was handed to one party; it takes no offers.
refusal-assignment-one-party = Choose an organisation, or write a person’s e-mail address: one of the two.
refusal-assignment-guides = Who guides does not execute: this party belongs to the unit that guides (R64).
refusal-assignment-unverified = This organisation is not verified, or its verification has run out.
refusal-award-unverified = This organisation is not verified, or its verification has run out. Have it checked again before it is chosen.
refusal-offer-unverified = The office has not checked your organisation, or the check has run out. The draft is kept: submit it as soon as the office has checked the organisation.
refusal-assignment-nobody = Nobody with a confirmed account has this address.
refusal-assignment-answer-past = Give the party time: choose a day after today.
refusal-assignment-answer-far = The work ends on { $until }; the answer has to come before.
refusal-assignment-late = The answer was due by { $closes }. Ask the unit that guides to hand the work on again.
refusal-assignment-over = This assignment has been answered, or taken back.
refusal-need-max-below-min = At least { $min }, the least that is needed.
refusal-too-many = At most { $max }.
refusal-not-a-time = Write a time such as 17:00.
refusal-need-twice = This need stands twice.
refusal-offer-no-need = Offer something for at least one need.
refusal-offer-starts-early = The work begins on { $from } or later.
refusal-offer-ends-late = The work ends by { $until }.
refusal-over-ceiling = You ask for { $asked }; that is { $over } over the ceiling of { $most }.
refusal-offer-not-draft = This offer can no longer be submitted.
refusal-offer-not-to-withdraw = This offer can no longer be withdrawn.
refusal-offer-not-submitted = This offer is not there to be awarded.
refusal-offer-awarded = This offer has been chosen already.
refusal-offer-not-shortlisted = This offer is not on the short list.
refusal-offer-not-in-plan = This offer is not in the published allocation. Lock it there, work it out again and publish, or award another.
refusal-seat-made-call = Who made the call does not sit on its panel.
refusal-seat-guides = This person belongs to the unit that guides the call.
refusal-seat-offers = This person belongs to somebody who offers.
refusal-seat-taken = This person has a seat already.
refusal-seat-struck = Your seat does not count: you stand close to this call or to an offer, or it was taken off the panel.
refusal-strike-scored = This member has handed in: the scores stay, and so does the seat.
refusal-strike-twice = This seat does not count already.
refusal-call-awarded = Somebody was chosen already: decide the call instead. What was agreed is stopped on its own page.
refusal-scores-in = Your scores are handed in and stay as they are.
refusal-panel-not-declared = Declare first whether you stand close to any of those who offer.
refusal-conflict-declared = You declared that you stand close to this offer.
refusal-offers-unscored = { $missing ->
    [one] One offer is not scored yet.
   *[other] { $missing } offers are not scored yet.
}
refusal-panel-too-small = A panel has at least { $least } members whose seats count.
refusal-scores-missing = { $missing ->
    [one] One member has not handed in.
   *[other] { $missing } members have not handed in.
}
refusal-plan-fixed = This plan is published or set aside. Lay a new one beside it.
refusal-plan-has-faults = This plan has no allocation: its wishes do not hold together.
refusal-plan-over-limit = Somebody in this plan gives fewer units by now: another call was allocated them meanwhile, or a smaller limit has become known. Work it out again.
refusal-award-over-limit = This is more than its maker gives in all: other calls have been given the rest. Publish an allocation first; it gives what is left.
refusal-plan-unread = { $unread ->
    [one] One offer in this plan was read by nobody on the panel. Seat another member to read it, or leave it off the short list.
   *[other] { $unread } offers in this plan were read by nobody on the panel. Seat another member to read them, or leave them off the short list.
}
refusal-plan-offers-changed = The short list or the offers are not those that this plan was worked out with. Work it out again.
refusal-plan-marks-changed = Scores or other marks have changed since this plan was worked out. Work it out again.
refusal-pin-no-units = Write how many units to lock here.
refusal-pin-units-free = Choose “lock at” to fix so many units, or empty the field.
refusal-pin-gone = This offer can no longer be allocated here. Set it to “free”.
refusal-pin-over-offered = { $offered ->
    [one] Only one unit was offered here.
   *[other] Only { $offered } units were offered here.
}
refusal-pin-offer-over = { $locked } units are locked for this offer in all; it gives { $has } at most.
refusal-pin-need-over = { $locked } units are locked for this need in all; it takes { $most } at most.
refusal-pin-aim = With this pair locked, what the plan aims at cannot be kept. Set it to “free”, or choose another aim in a new plan.
refusal-pins-collide = The locked pairs collide with each other.
refusal-award-over-asked = At most { $asked }: that is what the offer asked.
refusal-award-nothing-asked = This offer asks for no money.
refusal-award-amount-reason = { $share } is proposed. Say why the award is of another sum.
refusal-award-amount-needed = Write the sum. { $asked } was asked for all that was offered; it is counted in different units, so no part can be worked out.
refusal-allocation-too-large = The numbers are too large to be worked out exactly.

# Letters
letter-awarded-subject = Your offer was chosen: { $call }
letter-awarded = Your offer to “{ $call }” was chosen. The reason, as published: { $reason }
    You serve: { $units }
    The sum: { $sum }
    The next step: the unit that guides the call prepares the agreement with milestones and budget. You will find it under My work; please answer there.
letter-declined-subject = The answer to your offer: { $call }
letter-declined = Your offer to “{ $call }” was not chosen. The reason, as published: { $reason }
    The next step: your scores and the decision are on the call’s page. If you think a rule was broken, write to the office named there. Your offer stays yours and you can use it again.
letter-cancelled-subject = The call was cancelled: { $call }
letter-cancelled = “{ $call }” was cancelled, so nobody is chosen. The reason, as published: { $reason }
    The next step: there is nothing you have to do. What you wrote stays yours and you can use it again.
letter-assigned-subject = You are asked to take on: { $call }
letter-assigned = You are asked to take on “{ $call }” by assignment, without a call for offers. The reason: { $reason }
    The next step: accept or decline on the page of the work, under “My work”, by the end of { $by }. If you accept, mode and reason are published, and the unit that guides proposes the terms.
letter-answered-subject = The answer to your assignment: { $call }
letter-answered-yes = “{ $call }” is accepted. The next step: agree its terms.
letter-answered-no = “{ $call }” is declined. The reason: { $reason }
    The next step: hand the work to somebody else, or publish a call.

# The journal
did-call-drafted = drafted a call
did-call-amended = amended the draft of a call
did-call-published = published a call
did-call-opened = opened the offers
did-call-cancelled = cancelled a call
did-call-assigned = handed work to one party
did-call-assignment-accepted = accepted the work
did-call-assignment-declined = declined the work
did-call-awarded = awarded an offer
did-call-decided = decided the call
did-offer-begun = began an offer
did-offer-submitted = submitted an offer
did-offer-withdrawn = withdrew an offer
did-offer-emptied = emptied an offer: its maker’s account was erased
did-offer-scored = scored an offer
did-offer-shortlisted = set the short list
did-offer-awarded = was chosen
did-offer-declined = was not chosen
did-offer-imported = entered an offer that came on paper
did-panel-seated = seated a panel member
did-panel-unseated = cancelled a seat
did-panel-declared = declared conflicts of interest
did-panel-struck = lost a seat on the panel
did-review-submitted = handed in scores
did-allocation-solved = worked out an allocation
did-allocation-published = published an allocation
refusal-call-sealed = The offers are sealed until the opening.
refusal-import-late = A panel member has handed in scores; no offers are added any more.
refusal-offer-twice = This organisation has an offer to this call already, or guides it.
refusal-received = It must have come in while the call was open, before { $closes }.
offer-status = Status
offer-mean = Panel’s mean
offers-title = Offers

# States and kinds
phase-draft = draft
phase-announced = announced
phase-open = open
phase-closed = closed, still sealed
phase-in-review = in review
phase-decided = decided
phase-cancelled = cancelled
phase-asked = assigned, answer awaited
mode-outsourcing = outsourcing
mode-outsourcing-hint = An open call, an outside panel, a reasoned choice.
mode-assignment = assignment
mode-assignment-hint = Offers are asked for, but no panel scores; the reason is all there is, and it is published. To ask one party directly, use “Assign directly” on the plan item.
channel-money = money
channel-venue-equipment = venue or equipment
channel-service = service
channel-consultation = consultation
channel-volunteering = volunteering
offer-draft = draft
offer-submitted = submitted
offer-withdrawn = withdrawn
offer-awarded = chosen
offer-declined = not chosen
plan-state-draft = draft
plan-state-published = published
plan-state-set-aside = set aside
struck-offers = does not count: belongs to somebody who offers
struck-guides = does not count: belongs to the unit that guides
struck-made-call = does not count: made the call
struck-withdrawn = does not count: taken off by the unit that guides; the journal has the reason
struck-gone = does not count: the account was erased
aspect-panel = the panel’s score
aspect-skills = work in this field
aspect-dates = dates that fit
aspect-languages = languages
aspect-place = nearness
aspect-promises = kept promises
in-kind-venue = a place
in-kind-equipment = equipment
in-kind-advice = advice
in-kind-time = volunteers’ time
somebody = somebody who left
clock-of = { $when } in { $city }
left-minutes = { $count ->
    [one] one minute left
   *[other] { $count } minutes left
}
left-hours = { $count ->
    [one] one hour left
   *[other] { $count } hours left
}
left-days = { $count ->
    [one] one day left
   *[other] { $count } days left
}
either-language = Chinese, English or both.

# The list
calls-title = Calls
calls-lead = What cooperation with partner cities needs now, and who may offer it. Open ones first, closing soonest.
calls-show = Show
calls-feed = Feed of open calls
calls-drafts = Drafts
calls-drafts-note = Seen by the units that draft and guide them.
calls-all = Published
calls-order = Open first, closing soonest.
calls-none = No call yet.
filter-all-fields = all fields
call-up-to = up to { $sum }
call-closes = closes { $when }; { $left }
call-opens = opens { $when }
call-closed-on = closed { $when }
call-answer-by = answer awaited until { $when }

# A call
call-what = What it is about
call-reason = Reason
call-needs = What is needed
call-needs-note = Offer for one need or for several.
call-who = Who may offer
call-criteria = Criteria
call-criteria-note = The outside panel gives 0 to 10 points for each; the weights add up to 100.
call-how = How to offer
call-state = State
call-window = Window
call-from-to = { $from } to { $to }
call-left = Time left
call-with = With
call-field = Field
call-district = District
call-mode = Mode
call-work = Time of the work
call-languages = Languages of the work
call-ceiling = Ceiling per offer
call-guiding = Guided by
call-programme = Programme
call-programme-link = the whole story
call-edit = Amend the draft
call-cancel = Cancel the call
need-number = No.
need-what = Need
need-channel = Kind
need-amount = How much
need-min = Least
need-max = Most
need-priority = Priority
criterion = Criterion
criterion-weight = Weight
how-sealed = Offers stay sealed until the opening after the close: nobody but you sees what you write, officers and auditors included.
how-own = Your offer
how-sign-in = Sign in to offer
how-begin = Begin an offer
how-not-as-officer = You act for an office now. To offer, switch to an organisation you are a delegate of, or to yourself.
how-not-yet = The call is announced and not open yet.
how-closed = The call is closed.
how-ask = Questions: { $office }.
offers-note = Who offers and what, since the opening. Scores are told once the call is decided.
offers-none = No offer was handed in.
offers-csv = Offers as CSV
table-call = Call
table-call-title = Title of the call
table-award = Award
table-awarded = Awarded on
table-amount = Sum
table-programme = Programme
table-title-zh = Title in Chinese
table-title-en = Title in English
table-who-zh = Who may offer, in Chinese
table-who-en = Who may offer, in English
table-opens = Opens
table-closes = Closes
table-currency = Currency
offers-xlsx = Offers for Excel
offers-import = Enter offers that came on paper
offer-maker = Who
offer-what = What
offer-asked = Asked
offer-read = read
awards-title = Awards
award-line = by { $mode }, { $day }
award-undertaking = The undertaking
next-title = Next
next-publish = Publish
next-publish-say = After this the text, the needs and the criteria stay as they are.
next-publish-others = A draft. { $unit } guides this call, so { $unit } publishes it; you may go on amending the draft.
next-open = Open the offers
next-open-say = The window is closed. The opening goes on record with the seal of every offer.
next-review = Go on with the review
next-score = Declare and score
next-answer = Accept or decline
next-answer-others = { $party } has yet to accept or decline. To ask somebody else, cancel this first.
cancel-hint = Everybody can read it.
cancel-lead = Those who offered keep what they wrote and get a letter with the reason. This cannot be undone.

# The form of a call
call-new = Draft a call
call-form = The call
call-form-lead = Small tasks with an end: what is needed, by whom, until when, and how it is judged.
call-save = Save the draft
call-plan-item = Plan item
title-zh = Title in Chinese
title-en = Title in English
brief-zh = What it is about, in Chinese
brief-en = What it is about, in English
brief-hint = What is to be done, for whom, and what will be different afterwards.
who-zh = Who may offer, in Chinese
who-en = Who may offer, in English
who-hint = Entry criteria that can be checked, such as: registered schools of the city with a laboratory.
opens-on = Opens on
opens-hint = Empty: when it is published.
opens-time = Opens at
closes-on = Closes on
closes-time = Closes at
time-hint = By the clock of { $city }, such as 17:00.
work-from = Work from
work-hint = The days in which the work is to be done.
work-until = Work until
call-currency = Currency
currency-hint = Three letters, such as CNY or EUR.
ceiling-hint = The most that one offer may ask for. Empty: no ceiling.
languages-hint = Those the work cannot do without.
need-n = Need { $n }
need-title-zh = What is needed, in Chinese
need-title-en = What is needed, in English
need-hint = A row left empty is no need.
need-min-hint = Without so many units it is not met.
need-max-hint = More than so many units are not taken.
need-unit-zh = Unit in Chinese
need-unit-en = Unit in English
need-unit-hint = What is counted, such as hours, rooms or CNY 1,000.
need-field = Field of this need
need-field-hint = Only where it is another than the call’s: skills are then looked at in this field.
need-kind-field = { $kind } ({ $field })
need-priority-hint = 1 to 9: how much a missing unit weighs.
need-more = One more need
criteria-hint = For outsourcing: weights that add up to 100. A row left empty is no criterion.
criterion-zh = Criterion { $n } in Chinese
criterion-en = Criterion { $n } in English
criterion-more = One more criterion

# An offer
offer-parts = Parts of the offer
part-what = What you will do
part-needs = Which needs
part-money = Time and money
part-people = People and qualification
part-interest = Interests
part-check = Check and submit
part-done = done
part-wrong = to be corrected
part-not-begun = not begun
part-ready = ready
part-not-ready = not ready
part-submitted = submitted
offer-to = Offer to “{ $call }”
saved-at = Draft saved, { $when }
sealed-until = You can leave at any time and go on under the same account. Nobody else sees anything before the opening, after { $when }.
save-and-on = Save and go on
save-later = Save, fill in later
summary-zh = Summary in Chinese
summary-en = Summary in English
summary-hint = Two sentences that everybody can read after the opening. At most 300 characters.
plan-zh = Your plan in Chinese
plan-en = Your plan in English
plan-hint = How you will do it, step by step. At most 4,000 characters.
units-hint = { $channel }, in { $unit }; { $min } to { $max } are needed in all. Empty: not offered.
units-hint-exact = { $channel }, in { $unit }; { $max } needed in all. Empty: not offered.
offer-starts = On which day do you begin?
offer-starts-hint = { $from } or later, such as 2027-03-15.
offer-ends = On which day do you end?
offer-ends-hint = { $until } at the latest.
offer-asked-how-much = How much money do you ask for?
asked-hint = At most { $most }. What you bring yourselves is entered apart and not counted here.
asked-hint-open = Empty: none. What you bring yourselves is entered apart.
offer-spend = What is the money for?
offer-spend-hint = At most 300 characters. Needed when you ask for money.
offer-in-kind = What else do you bring?
offer-in-kind-hint = By kind, not turned into a sum, and without weight in the scores.
offer-in-kind-note = More about it
offer-people = Who does the work, with what qualification?
offer-people-hint = Name the responsible persons. At most 1,500 characters.
offer-most = At most so many units in all
offer-most-hint = Over all needs here, and over your other offers until their work is over, whoever guides them. The smallest number you state in any of them binds them all. Leave empty if you can give all that you offer.
offer-most-of = At most so many { $unit } in all
offer-fields = In which fields have you worked?
offer-fields-hint = Counts as skills when needs are allocated, as the fields that organisations are registered in do.
offer-near = Are you at home in the district that the call names?
offer-near-in = Are you at home in { $district }?
offer-near-hint = Counts as nearness when needs are allocated.
offer-near-yes = yes
offer-near-no = no
limit-title = What you give in all
limit-say = Only you see where your limits are stated and what uses them. Whoever allocates sees what is left for their call.
limit-left = { $left } of { $most } { $unit } are left.
limit-stated = The smallest limit stands in your offer to “{ $call }”.
limit-awarded = { $units } { $unit } awarded:
limit-planned = { $units } { $unit } in the published plan:
offer-languages = In which languages can you work?
interest = Does anybody of yours stand close to the unit that guides the call, or to its panel?
interest-hint = A tie is no fault; to be silent about it is.
interest-none = no
interest-some = yes
interest-some-hint = Say below who and how.
interest-note = Who, and how
check-faults = { $count ->
    [one] One thing is still missing
   *[other] { $count } things are still missing
}
check-say = You can change and submit again until the close; the last one counts.
offer-submit = Submit under seal
offer-submit-again = Submit again
offer-summary = Summary
offer-plan = Plan
offer-days = Days
offer-own = Your offer
offer-handed-in = Handed in
offer-receipt = Seal (your receipt)
offer-go-on = Go on writing
offer-withdraw = Withdraw the offer
offer-content = What is in it
offer-content-own = As it lies sealed, or lay at the opening.
offer-call = The call
offer-changed = Submit the change
offer-changed-say = The draft differs from what you submitted. Submit it before { $closes }, or the earlier one counts.
offer-changed-late = The draft differs from what you submitted. What you submitted counts.
offer-seal = Seal
seal-whole = whole: this is what was handed in
seal-broken = broken: this is not what was handed in
next-draft-open = Finish the parts and submit before { $closes }.
next-draft-late = The call closed before this was submitted. What you wrote stays yours.
next-submitted-open = Nothing to do. You can change and submit again until { $closes }; then the offers are opened.
next-submitted-closed = Nothing to do. The call is closed; the unit that guides it opens the offers next.
next-submitted-review = Nothing to do. The outside panel reads and scores; you get a letter with the answer and its reason.
next-cancelled = The call was cancelled. What you wrote stays yours.
next-withdrawn = You withdrew this offer.
next-withdrawn-open = You withdrew this offer. Write on if you want to offer again; the call is still open.
next-awarded = Your offer was chosen. Look at the agreement and answer it.
next-declined = Your offer was not chosen. The reason:
withdraw-reason = Reason
withdraw-keep = Keep it
withdraw-free = The call is open: no reason is needed, and you can offer again.
withdraw-late = The call is closed: say why. You cannot offer again.

# Panel and review
panel-title = Panel
panel-say = People from outside: nobody of the unit that guides, nobody who made the call, nobody who offers.
panel-seats = Seats
panel-note = A seat of somebody who turns out to stand close to an offer is struck at the opening.
panel-none = Nobody sits on the panel yet.
panel-person = Person
panel-person-hint = Those who hold a panel’s mandate.
panel-seat = Seat somebody
panel-lead = lead
panel-lead-legend = Part on the panel
panel-state = State
panel-conflicts = Declared
panel-remove = Cancel this seat
panel-strike = Strike the seat
strike-title = Strike the seat of { $name }
strike-lead = For a member who declared and does not come back. Their points do not count, they cannot be seated again, and the panel must still have two members who hand in.
strike-hint = It stays in the journal.
strike-back = Back to the panel
seat-scored = handed in { $when }
seat-declared = declared, scoring
seat-waiting = has not declared yet
conflict-none = stands close to nobody
conflict-some = { $count ->
    [one] close to one offer: { $note }
   *[other] close to { $count } offers: { $note }
}
review-title = Review
review-say = What was handed in, as far as you may see it.
review-sealed = Sealed until the opening, after { $when }.
review-struck = Your seat does not count: you stand close to this call or to somebody who offers, or it was taken off the panel.
declare = Declare
declare-again = Declare anew
declare-title = Interests
declare-say = Before you read: say who of these you stand close to.
declare-legend = I stand close to
declare-hint = Kin, work, money, quarrel. You will neither read nor score those. None is an answer too.
declare-note = How
score-title = Scores
score-say = 0 to 10 points for each criterion. Nobody sees them before you hand in.
score-own = Your score
score-open = open
score-fixed = Your scores are in and stay as they are.
score-missing = { $count ->
    [one] One offer is still open.
   *[other] { $count } offers are still open.
}
score-others = What the panel said
score-notes = Notes
score-save = Save the points
score-lead = Read, then score.
score-criterion = { $criterion } ({ $weight } %)
score-points-hint = 0 to 10
score-note = Note
marks-say = Means of the members who have handed in.
hand-in = Hand in
hand-in-say = Everything is scored. After handing in nothing changes, and you see what the others said.
shortlist = Short list
shortlist-this = On the short list: { $maker }
shortlist-yes = yes
shortlist-save = Save the short list
shortlist-say = Once a short list is made, only offers on it are allocated and awarded.

# Who reads what
readings-title = Who reads what
readings-say = Every member of the panel scores every offer, unless the reading is divided here. A member with a tie to an offer never reads it.
readings-later = The reading can be divided once the offers are open, for calls whose offers a panel scores.
readings-ask = Propose a division
readings-ask-say = The solver that gives offers to needs gives readers to offers: as many as wanted, evenly shared, nobody near an offer. What is divided already stays where it can. Asking changes nothing.
readings-wanted = Readers for each offer
readings-most = At most so many offers for each member (empty: evenly)
readings-propose = Propose
readings-proposed = Proposal
readings-now = As it stands
readings-now-say = Tick who reads what. Scores that are in stay as they are.
readings-most-say = Nobody reads more than { $most }. Change what you like, then save: nothing holds before.
readings-short-say = { $count ->
    [one] One offer gets
   *[other] { $count } offers get
} fewer readers than wanted, with at most { $most } for each member. Seat more people, or allow more for each.
readings-all-in = Every member has handed in: nothing is left to divide.
readings-few-say = An offer cannot be read by more members than there are ({ $count }). Seat more people.
readings-nobody = There is nobody to read, or nothing to be read.
readings-load = { $name } ({ $count })
readings-one = { $name } reads { $maker }
readings-close = stands close
readings-done = handed in
readings-save = Save this division
readings-accept = Accept the whole proposal
readings-lift = Everybody reads all again
readings-before = Offers before
readings-after = { $left ->
    [one] One more offer
   *[other] { $left } more offers
}
readings-yours = The reading is divided: these are the offers given to you.
refusal-reading-others = The reading is divided: others score this offer.
refusal-reader-close = This member stands close to this offer.
refusal-reader-fixed = This member has handed in: what they read stays as it is.
refusal-readers-few = { $least ->
    [one] At least one member reads it.
   *[other] At least { $least } members read and score it.
}
did-panel-divided = divided the reading among the panel
done-panel-divided = The division is saved.

# Allocation
allocation-title = Allocation
allocation-say = Which offer serves which need. First, as few minimum units as possible are missing; then the total value is the greatest there is. A separate checker proves it.
plans-title = Plans
plans-say = Lay several side by side, compare them, publish one. Total values can be compared only where the weights and the scores are the same.
plans-none = No plan yet.
plan-number = Plan
plan-state = State
plan-pins = Fixed by hand
plan-made = Made (in { $city })
plan-objective = Total value
plan-missing = Missing, by priority
plan-beyond = Could be better by
plan-beyond-value = At most { $percent } %: no plan that misses as few units is worth more than { $most }.
plan-beyond-missing = Of units missing, weighed by priority, no plan has fewer than { $least }.
plan-proof = Proof
plan-proved-yes = proved
plan-served = Needs served
plan-served-of = { $served } of { $needs } reach their minimum
plan-published-at = Published
plan-need-head = Need
plan-need-number = Need, number
plan-need-min = At least
plan-need-max = At most
plan-need-unit = Unit
plan-offer = Offer
plan-csv = The plan as CSV
plan-xlsx = The plan for Excel
plan-json = The plan with its certificate (JSON)
plan-json-plain = The plan as JSON
plan-whole = { $needs ->
    [one] The plan with its one need
   *[other] The whole plan with its { $needs } needs
}
plan-beside = Beside plan { $n }
plan-beside-more = { $count ->
    [one] Beside one more plan
   *[other] Beside one of { $count } more plans
}
plan-beside-same = Both plans give the same units to the same offers.
plan-beside-cut = The first { $shown } of { $count } differences are shown. The files of both plans hold all.
plan-beside-say = Total value { $here } here, { $there } there.
plan-beside-missing = Missing by priority { $here } here, { $there } there.
plan-beside-weights = The plans weigh differently, so that their total values cannot be compared.
plan-beside-scores = The plans rest on different scores, so that their total values cannot be compared.
plan-proved-say = “Proved” means: no other allocation within the same limits leaves fewer minimum units missing, weighed by priority; and of those that leave as few, none has a greater total value. The solver also gives prices, and a small checker that shares nothing with the solver confirmed by them that this is so.
plan-not-proved-say = Nobody has shown that nothing better exists: where limits of groups overlap, with a budget, exclusions or a share that nobody goes beyond, the time for that can run out. The plan keeps all limits. How much better another one could be at most is told with its value.
plan-proof-how = The JSON file holds the whole question, the units and the prices, so that anybody can check it with a program of their own.
plan-draw-how = The JSON file holds the whole question and the seed, so that anybody can draw again with a program of their own.
plan-proof-later = Values, reasons and the certificate hold the panel’s scores; they are told when the call is decided.
maker-withdrawn = an offer taken back since
allocation-public-say = Who serves which need, as the guiding unit published it.
plan-n = Plan { $n }
solve = Work out an allocation
solve-again = Work out again with these wishes
solve-title = A new plan
solve-say = Values come from the weights below; they are shown with every plan.
weights-title = Weights
weights-say = Of 100 together.
weight-panel-how = The panel’s mean; where no panel sits or no score is in yet, all stand in the middle.
weight-skills-how = Full for an organisation that is registered in the need’s field (the call’s, where the need names none), none for one registered in others only; for a person, the fields stated in the offer; where nothing is known, the middle.
weight-dates-how = The share of the call’s days that the offer covers.
weight-languages-how = The share of the languages needed that the offer has.
weight-place-how = Full for an organisation of the call’s district, none for one of another district; for a person, as the offer says; where a place is not known, the middle; all in full where the call names no district.
weight-promises-how = Of organisations, and of people in their own name: kept and half of the late ones, plus one, of all settled plus two. Who is new stands in the middle.
weight-aspect = Part of the scoring
weight-how = How it is counted
weights-call-say = When needs are allocated to offers. An officer may weigh differently in a plan; every plan shows its own weights.
plan-say = { $lines ->
    [one] One pair
   *[other] { $lines } pairs
} for { $needs ->
    [one] one need
   *[other] { $needs } needs
}.
plan-proved = proved: nothing better exists
plan-not-proved = not proved
plan-publish = Publish this plan
plan-faults = Why there is no plan
plan-faults-say = These wishes do not hold together. Loosen one.
plan-short = Still missing
plan-short-more = { $count ->
    [one] One more need that stays short
   *[other] { $count } more needs that stay short
}
plan-lines = Needs and offers
plan-lines-say = Lock a pair at so many units, or forbid it, and work out again. “Lock at” with an empty field locks what the plan gives now.
plan-ties = Among plans that are equally good, the offer that was handed in first gives as much as it can, then the second, and so on; each serves the needs in their order on the call.
plan-passed = { $count ->
    [one] One offer not chosen
   *[other] { $count } offers not chosen
}
plan-all-offers = { $count ->
    [one] The offer not chosen for this need
   *[other] All { $count } offers not chosen for this need
}
plan-offers-before = Offers before
plan-offers-after = { $left ->
    [one] One more offer
   *[other] { $left } more offers
}
plan-all-needs = Back to all { $needs } needs
plan-needs = Needs
plan-units-of = { $units } of { $offered }
plan-pin = { $maker }, { $need }
plan-scores = Scores
plan-publish-not-yet = This plan cannot be published yet. { $why }
scores-in = { $handed_in } of { $seats } scores in
scores-wait = { $handed_in } of { $seats } scores are in. What is worked out now is a draft: it is worked out again and published when all are in.
scores-changed = { $then } when it was worked out; now { $now }. Work it out again.
weights-other = Weights: { $weights }
plan-pages = More needs
plan-need = { $need }: { $units } of { $min } to { $max } { $unit }
plan-need-exact = { $need }: { $units } of { $max } { $unit }
plan-need-empty = Nobody.
plan-units = Units
plan-left = Left to give
plan-left-say = “Left to give” is what the maker could still give when the plan was worked out, of all that is counted in this unit; where the rest went is the maker’s own.
marks-pairs = What speaks for each pair
marks-pairs-say = Marks from 0 to 100; the value is their mean by the weights of this plan, rounded down to a tenth.
plan-value = Value
plan-why = Why
plan-fix = Fix
pin-fix = Fix: { $pair }
pin-units = Units: { $pair }
fix-free = free
fix-lock = lock at
fix-forbid = forbid
why-fair = By the fairness chosen for this plan, not by value alone.
fair-title = What the plan aims at
fair-say = In every case no limit is broken. What fairness costs in value is shown with the plan.
fair-value = greatest value
fair-value-how = First as few minimum units missing as possible, then the greatest total value.
fair-worst = worst-served needs first
fair-worst-how = The need that gets least gets as many units as it can, then the next, whatever its minimum and priority. Among plans that are as fair, minima and priorities decide, then value.
fair-share = at most so many percent from one maker
fair-share-how = Nobody gives more than this share of all units given, whatever they are counted in; then as the greatest value.
fair-share-of = at most { $percent } % from one maker
fair-draw = drawn
fair-draw-how = Against collusion: no pair has more than this chance, and it gets one unit at most. The seed follows from the seals of the offers, so nobody chooses it and anybody can draw again.
fair-draw-of = drawn, no pair with more than { $percent } % chance, seed { $seed }
fair-draw-most = drawn, no pair with more than { $percent } % chance
fair-percent = Percent
fair-percent-how = 1 to 100 for a share, 1 to 99 for a draw.
fair-cost = Its cost in value
fair-cost-of = { $cost }; the greatest value is { $best }, with { $missing } missing by priority
fair-drawn = drawn
fair-proved = proved: nothing as fair is better
fair-draw-say = Drawn with seed { $seed }: no pair had more than { $percent } % of a chance, and under that the expected value is the greatest. The seed is worked out from the call and the seals of its offers, which went on record at the opening; the draw is described with the solver, so that anybody can repeat it.
fair-proved-say = “Proved” means: of all allocations that are as fair as this one asks, none leaves fewer minimum units missing, weighed by priority, and of those none has a greater total value. The bounds that fairness sets are in the certificate.
refusal-fair-too-long = This takes too long for needs of so many units. Choose another aim.
refusal-fair-not-possible = This aim cannot be worked out exactly for these numbers. Choose another.
plan-aim = Aim
plan-aim-terms = { $aim }; { $count ->
    [one] keeps one limit
   *[other] keeps { $count } limits
}
plan-searched = best: every possibility was looked at
plan-searched-short = best, by search
plan-searched-say = Every possibility was looked at, and no other allocation within the same limits leaves fewer minimum units missing, weighed by priority; of those that leave as few, none has a greater total value. Where limits of groups overlap, or with a budget or exclusions, prices alone often cannot show this: the certificate then proves less. Whoever wants to confirm it works the question out again.
terms-fold = { $count ->
    [0] Limits of groups, “either, not both”, budget: none
    [one] Limits of groups, “either, not both”, budget: one
   *[other] Limits of groups, “either, not both”, budget: { $count }
}
terms-say = Only where they are needed. They hold for the whole plan, are published with it, and stay when it is worked out again. An empty row says nothing.
terms-typed = So many have offered that makers are not listed here: write the name in full, as it stands on the page of the call.
terms-kept = Keeps these limits
quotas-title = Limits of groups
quotas-say = What all whom a limit counts give together, at least and at most. Unlike units are never added up: each limit counts one unit of measure.
quota-who = Who
quota-unit = Unit
quota-least = At least
quota-most = At most
quota-head-unit = { $head } ({ $unit })
quota-row = Limit { $n }: { $field }
quota-more = One more limit
budget = Budget
budget-all = All chosen offers together ask at most
budget-hint = Each chosen offer counts with all it asks, even where only part of its units is taken.
either-title = Either, not both
either-say = Of these two, the plan chooses one at most: two offers for the same hall, or two makers that may not work side by side.
either-one = Either this offer
either-other = or this one
either-row = Exclusion { $n }: { $field }
either-more = One more exclusion
who-count = { $who } ({ $offers ->
    [one] one offer
   *[other] { $offers } offers
})
who-newcomers = Newcomers: makers without a kept promise
who-partner = Organisations of the partner’s side
who-home = { $city }’s own side: its organisations, and persons who say they are at home in the district
who-district = Makers at home in { $district }
who-field = Needs in the field of { $field }
group-newcomers = newcomers
group-partner = the partner’s side
group-home = { $city }’s own side
group-field = needs in the field of { $field }
term-least = { $who }: at least { $least } { $unit }
term-most = { $who }: at most { $most } { $unit }
term-both = { $who }: at least { $least }, at most { $most } { $unit }
term-budget = budget of { $most }
term-either = { $one } or { $other }, not both
term-quoted = “{ $term }”
reached-least = { $who }: { $units } of at least { $least } { $unit }
reached-most = { $who }: { $units } of at most { $most } { $unit }
reached-both = { $who }: { $units } of at least { $least } and at most { $most } { $unit }
reached-budget = Budget: the chosen offers ask { $asked } of at most { $most }
reached-either = { $term }: { $chosen } is chosen
reached-neither = { $term }: neither is chosen
why-other-barred = { $other } would be worth { $by } more here, but the plan’s limit “{ $term }” leaves it no more.
why-equal-barred = As good as { $other }, to which the plan’s limit “{ $term }” leaves no more.
why-counted = { $other } would be worth { $by } more here, but these units are needed for the plan’s limit “{ $term }”.
why-equal-counted = As good as { $other }; these units are needed for the plan’s limit “{ $term }”.
not-barred = The plan’s limit “{ $term }” leaves it no more.
not-counted = Worth { $by } more here than { $other }, whose units are needed for the plan’s limit “{ $term }”.
not-equal-counted = As good as { $other }, whose units are needed for the plan’s limit “{ $term }”.
short-terms = { $need } ({ $unit }): { $missing } missing. Enough is offered, but { $count ->
    [one] a limit of the plan keeps it back: { $terms }.
   *[other] limits of the plan keep it back: { $terms }.
}
fault-term-over = “{ $term }”: all whom it counts can give { $has } { $unit } at most.
fault-terms = These cannot hold together: { $terms }.
refusal-quota-empty = Write at least, at most, or both.
refusal-no-such-maker = No maker has this name. Write it in full, as it stands on the page of the call.
refusal-quota-order = “At most” is smaller than “at least”.
refusal-quota-twice = There is a limit for these already, in the same unit. Put both bounds into one row.
refusal-either-same = Choose another offer here: these are the same.
refusal-terms-many = There are too many rows: { $most } limits and { $most } exclusions at most.
refusal-terms-too-long = With these limits no plan was found in the time there is. Leave one out, or choose groups that do not overlap.
refusal-term-over = { $has ->
    [0] None of those whom this limit counts can give anything here.
    [one] All whom this limit counts can give one unit at most.
   *[other] All whom this limit counts can give { $has } units at most.
}
refusal-term-alone = Nothing that is offered and needed can keep this limit. Loosen it.
refusal-terms-collide = This cannot hold together with the others marked here. Loosen one of them.
refusal-pin-terms = With this pair locked, a limit of the plan cannot be kept. Set it to “free”, or loosen the limit.
refusal-fair-terms = This aim cannot be worked out exactly with a budget, with exclusions, with limits of groups that overlap, or (worst-served first) with a limit of a whole field. Leave those out, or choose another aim.
refusal-share-small = With { $makers } makers, nobody can stay within less than { $least } %: the plan would be empty.
refusal-fair-terms-room = The limits leave no room for this aim. Loosen one, or choose another aim.
refusal-plan-groups-changed = Somebody whom a limit of this plan counts, or does not, has changed since: a promise was kept, or a maker is at home elsewhere. Work it out again.
why-locked = Fixed by an officer.
why-forbidden = Taken out by an officer.
why-only = Nobody else offers for this.
why-all-taken = Everything offered for this is in the plan.
why-others-full = All others give here everything they offered for it.
why-others-forbidden = An officer took out all others that offer for this.
why-others-locked = An officer fixed all others that offer for this.
why-others-held = All others that offer for this give everything they offered, or an officer fixed or took them out.
why-equal = As good as { $other }.
why-earlier = As good as { $other }, and handed in earlier.
why-equal-needed = As good as { $other }, which has nothing left to give: it serves “{ $need }”.
why-equal-locked = As good as { $other }, whose units an officer fixed for “{ $need }”; nothing is left.
why-equal-spent = As good as { $other }, whose maker can give no more in all.
why-best = Worth { $by } more here than { $other }.
why-best-in = Worth { $by } more here than { $other }, most of all by { $aspect }.
why-other-needed = { $other } would be worth { $by } more here, but has nothing left to give.
why-other-needed-at = { $other } would be worth { $by } more here, but has nothing left to give: it serves “{ $need }”.
why-other-locked = { $other } would be worth { $by } more here, but an officer fixed its units for “{ $need }”; nothing is left.
why-other-spent = { $other } would be worth { $by } more here, but its maker can give no more in all.
why-equal-share = As good as { $other }, whose maker already gives the whole share that this plan allows.
why-other-share = { $other } would be worth { $by } more here, but its maker already gives the whole share that this plan allows.
why-drawn = Drawn by lot.
why-unproved = { $other } would be worth { $by } more here. This plan is not proved to be the best.
why-gone = This offer was not among those to choose from.
not-place-fixed = This need takes no more; an officer fixed who serves it.
not-less = Even the least of those chosen, { $other }, is worth { $by } more here.
not-less-in = Even the least of those chosen, { $other }, is worth { $by } more here, most of all by { $aspect }.
not-later = As good as { $other }, which was handed in earlier.
not-elsewhere = It has nothing left to give: it serves “{ $need }”.
not-locked-elsewhere = An officer fixed its units for “{ $need }”; nothing is left.
not-spent = Its maker can give no more in all.
not-worse-served = Worth more here, but all its units serve “{ $need }”, which gets no more than this need and would get less.
not-share = Its maker already gives the whole share that this plan allows.
not-drawn = The lot did not fall on it.
not-fair = By the fairness chosen for this plan, not by value alone.
not-unplaced = The plan has no place for it.
short-no-offer = { $need } ({ $unit }): { $missing } missing. Nobody offers for it.
short-too-little = { $need } ({ $unit }): { $missing } missing. All offers for it together are too little.
short-elsewhere = { $need } ({ $unit }): { $missing } missing. What there is, is needed more elsewhere, fixed there by an officer, or more than its makers give in all.
short-fair = { $need } ({ $unit }): { $missing } missing, by the fairness chosen for this plan.
short-taken-out = { $need } ({ $unit }): { $missing } missing. Enough is offered, but an officer took out or fixed too much of it.
fault-offer-over = { $maker }: { $locked } locked, { $has } offered.
fault-need-over = { $need } ({ $unit }): { $locked } locked, at most { $most } taken.
fault-not-offered = { $maker } for “{ $need }” ({ $unit }): { $locked } locked, { $offered } offered.
fault-aim = The locked pairs leave no room for what the plan aims at.
fault-other = The locked pairs collide with each other.

# Award and decision
award = Award
award-whom = To whom?
award-amount = The sum, if another than proposed
award-amount-hint = Leave empty for the sum proposed beside the offer; where none is proposed, write it. Never more than the offer asked.
award-amount-reason = Why another sum
award-amount-reason-hint = Published with the award.
award-share = { $sum } of { $asked } asked
award-proposed = { $asked } asked, { $sum } proposed
award-unproposed = { $asked } asked, the sum is to be written
award-for = For { $units }.
award-unit = { $units } { $unit } ({ $need })
award-count = { $units } { $unit }
award-no-money = none
award-mean = score { $mean }
award-units = in the published plan: { $units }
award-reason-zh = Reason in Chinese
award-reason-en = Reason in English
award-reason-hint = Published with the award. Chinese, English or both.
award-nobody = Nobody can be awarded now.
award-outsourcing-say = By outsourcing: the panel has scored; the reason says why this offer.
award-assignment-say = By assignment: the reason is obligatory and public.
awards-say = Who decides does not sit on the panel and does not belong to those who offer.
decide = Decide the call
decide-say = Ends the review. Those not chosen get a letter with this reason; letters wait for release in the outbox.
decide-reason-zh = Reason for the others, in Chinese
decide-reason-en = Reason for the others, in English
decide-hint = Obligatory, also when nobody was chosen. Chinese, English or both.

# Files
import-file = The file
import-file-hint = CSV or XLSX, with the headings of the download. Needs as “1: 2; 2: 1”: number, units.
import-lead = Only offers that came in before the close. All rows go in, or none.
import-note = First look: nothing is written.
import-look = Look only
import-write = Write all rows
import-report = What is in the file
import-clean = { $rows ->
    [one] One row, nothing wrong.
   *[other] { $rows } rows, nothing wrong.
}
import-faults = { $faults ->
    [one] One fault. Nothing was written.
   *[other] { $faults } faults. Nothing was written.
}
import-unread = Not read: { $columns }.
import-row = Row
import-column = Column
import-value = Cell
import-what = What to change

# Words left after a step
done-call-drafted = The draft is saved.
done-call-published = The call is published.
done-call-opened = The offers are open.
done-call-cancelled = The call is cancelled.
done-call-decided = The call is decided. The letters wait in the outbox.
done-call-assigned = The party is asked. The letter waits in the outbox.
done-assignment-answered = Your answer is recorded.
done-offer-saved = Saved.
done-offer-submitted = Submitted and sealed. This page is your receipt.
done-offer-withdrawn = Withdrawn.
done-offers-imported = The rows are in.
done-seated = Seated.
done-unseated = The seat is cancelled.
done-struck = The seat is struck.
done-call-declared = Declared.
done-scored = The points are saved.
done-scores-in = Handed in.
done-shortlisted = The short list is saved.
done-solved = Worked out.
done-plan-published = The plan is published.
done-awarded = Awarded. The letter waits in the outbox.

# The queue
duty-publish = Publish the call
duty-open = Open the offers
duty-panel = The panel scores
duty-panel-who = panel, { $scored } of { $seats } in
duty-decide = Award and decide
duty-answer = Accept or decline an assignment
duty-answer-who = the party that was asked
duty-unanswered = No answer came: cancel and assign again
duty-declare = Declare your interests
duty-score = Score the offers
duty-finish-offer = Finish and submit your offer

# Assignment: work handed to one named party
assignment-who = One party, named when it accepts.
assign-title = Assign directly
assign-lead = Concrete work for one named party, without a call. The party accepts or declines; mode and reason are public.
assign-form = The assignment
assign-party = Handed to
assign-organisation = Organisation
assign-organisation-hint = Verified organisations, and offices of partner cities.
assign-person = Or a person, by e-mail address
assign-person-hint = Somebody with an account here.
assign-reason = Why this party
assign-reason-hint = Why this party and no call. An assignment has nothing else to stand on, so the reason is published. Chinese, English or both.
assign-answer-by = Answer until
assign-answer-by-hint = The end of this day, by the clock of the home city.
assign-work = The work
assign-amount = Most it may cost
assign-amount-hint = The budget stays within it. Empty: none is set.
assign-save = Ask the party
assigned-title = Assignment
assigned-note = Handed to one party with a stated reason, without a call (R65).
answer-title = Your answer
answer-lead = You are asked to take this work on. Nothing binds you until you accept.
answer-legend = Do you take it on?
answer-accept = Accept
answer-accept-hint = The award is made at once and published; the terms follow.
answer-decline = Decline
answer-decline-hint = The reason is public.
answer-reason = Why not
answer-reason-hint = Needed if you decline.
answer-save = Answer
