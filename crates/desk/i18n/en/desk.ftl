# The queue
desk-title = My queue
tally-today = due today
tally-late = late
tally-mine = with you
tally-others = with others
tally-letters = letters held
tally-jobs = jobs given up
clock-one = { $day }, { $home } in { $city }.
clock-two = { $day }, { $home } in { $city }, { $there } in { $partner }.
mine-title = With you
mine-order = Nearest deadline first.
mine-caption = Tasks with you, by deadline
mine-none = Nothing waits on you.
mine-none-narrowed = Nothing of this kind waits on you.
show-all = Show all
others-title = With others
others-say = What you wait for and cannot finish alone.
others-caption = Tasks with others
others-none = You wait for nobody.
filter-field = Field
filter-all = all
filter-show = Show
export-csv = Export as a table (CSV)
export-xlsx = Export as a table (XLSX)
column-left = Left
column-what = What to do
column-about = Part of
column-field = Field
column-state = State
column-who = Who has it
column-since = Since
column-due = Due
column-address = Address
column-made-up = Illustrative
column-programme = Programme
left-over = over
left-late = { $count ->
    [one] day late
   *[other] days late
}
left-today = today
left-days = { $count ->
    [one] day
   *[other] days
}
left-open = no date
since-today = today
since-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
due-clock = { $clock } in { $city }
due-named = { $day }, { $clock } in { $city }
bar-today = today
who-others = others
who-you = you
next-others-due = Next, with others: { $what }, by { $when }
next-others = Next, with others: { $what }
next-gaps = See where the plan has gaps
next-plan = Go to the plan
next-relations = Go to the relations
work-of-ours = Our offers and undertakings
next-calls = See open calls
next-programmes = See the programmes
duty-letters = Read letters and release them
duty-dead-letters = Letters could not be sent
duty-letters-about = { $count ->
    [one] { $count } letter
   *[other] { $count } letters
}
duty-dead-jobs = Jobs were given up
duty-jobs-about = { $count ->
    [one] { $count } job
   *[other] { $count } jobs
}
relations-title = Your relations
relations-say = Both sides see the same.
relations-none = No relation with your city is on record here yet.
relation-no-programmes = No programme under this relation yet.
relation-programmes = Programmes under this relation
relation-more = All programmes of this relation
side-yours = { $count ->
    [0] Nothing waits on you.
    [one] One thing waits on you.
   *[other] { $count } things wait on you.
}
side-theirs = { $count ->
    [0] Nothing waits on others.
    [one] One thing waits on others.
   *[other] { $count } things wait on others.
}

# One’s own work
work-title = My work
work-lead-body = What { $name } may answer, has offered and has to deliver.
work-lead-person = What you may answer, have offered and have to deliver in your own name.
due-title = Due from you
due-none = Nothing is due from you.
offers-ours = Our offers
offers-mine = My offers
offers-none = No offer yet. Open calls are listed below.
offer-status-draft = draft
offer-status-submitted = submitted
offer-status-withdrawn = withdrawn
offer-status-awarded = chosen
offer-status-declined = not chosen
step-offer-agreed = Chosen, and the terms are agreed: go on with the undertaking.
step-offer-awarded = Chosen: the guiding unit prepares the terms next.
step-offer-declined = Not chosen. The reasons are on the call’s page.
step-offer-cancelled = The call was cancelled. The reason is on its page.
step-offer-draft-open = Not submitted yet: submit before { $when }.
step-offer-draft-closed = Never submitted; the call closed on { $when }.
step-offer-sealed = Sealed until { $when }. Until then you may change or withdraw it.
step-offer-closed = Sealed. The call has closed; the opening comes next.
step-offer-read = Opened. The panel reads it now.
step-offer-undecided = The call is decided. See its page.
step-offer-withdrawn-open = Withdrawn. You may take it up again until { $when }.
step-offer-withdrawn = Withdrawn.
calls-ours = Calls we may answer
calls-mine = Calls I may answer
calls-order = Those that suit first, then those that close soonest.
calls-all = All calls
calls-none = No open call waits for an answer now.
call-closes = closes { $when }
why-field = In a field you work in: { $field }
why-district = In your district
why-open = Open to you; look at who may offer
works-title = Undertakings
works-none = No undertaking yet. When an offer is chosen, it appears here.
work-until = until { $day }
work-ended = ended { $when }
work-left = { $sum } of the budget left
record-title = Promises kept
record-say = Plain counts, open to everybody. Kept: settled by the day it was due; late: after it; broken: given up.
record-nothing = Nothing promised yet.
record-open = Promised, and nothing due yet.
record-kept = Everything due was kept in time.
record-late = Everything due was done, some of it late.
record-broken = Some promises were broken.
record-page = The organisation’s page
count-kept = kept
count-late = late
count-broken = broken
count-open = not due

# Letters
letters-title = Letters
letters-lead = Letters wait here until somebody has read them.
letters-by-status = Letters by status
letter-status-held = to be read
letter-status-ready = released, not sent yet
letter-status-sent = sent
letter-status-withheld = withheld
letter-status-dead = could not be sent
letter-kind-account = about an account
letter-kind-decisions = a decision about a call
letter-kind-digest = digest
letter-kind-deadlines = deadlines
letters-release = Release the chosen letters
letters-release-all = Release all shown
letters-withhold = Withhold the chosen letters
letters-retry = Try the chosen letters again
letters-none-held = No letter waits to be read. New ones appear here and in your queue.
letters-none-dead = No letter has been given up.
letters-none = No letter here.
letter-made = written { $when }
letter-sent = sent { $when }
letter-to = To
letter-kind = Kind
letter-text = The whole text
letter-personal = The words of this letter are for its addressee alone.
letter-error = { $count ->
    [one] Tried once. The last error:
   *[other] Tried { $count } times. The last error:
}
done-letters-released = Released. They go out now.
done-letters-withheld = Withheld. They do not go out.
done-letters-retried = They will be tried again now.
done-letters-some = Done; some of them somebody else had settled meanwhile.
refusal-no-letter = Choose at least one letter.
refusal-letter-unknown = One of these is no letter here. Load the page again.

# Jobs
jobs-title = Jobs given up
jobs-lead = Work in the background that failed again and again. Remove the cause, then have it tried again.
jobs-waiting = { $count ->
    [0] Nothing waits in the background.
    [one] One job waits in the background.
   *[other] { $count } jobs wait in the background.
}
jobs-none = No job has been given up. There is nothing to do here.
jobs-retry = Try the chosen jobs again
job-error = { $count ->
    [one] Tried once. The last error:
   *[other] Tried { $count } times. The last error:
}
job-payload = What it was to do
done-jobs-retried = They will be tried again now.
refusal-no-job = Choose at least one job.
refusal-job-unknown = One of these is no job here. Load the page again.

# Histories
history-title = History
history-link = History
history-of = { $kind }: { $title }
history-back = Back to it
history-zone = Times are those of { $city }.
history-full = Newest first, with reasons and what changed.
history-open = Newest first: what was done, when and by which office. People are not named here.
history-none = Nothing is on record yet.
history-reason = Reason
history-erased = The details of this entry were erased, as personal data may be. The entry itself stays and is proved.
history-changes = { $count ->
    [one] What changed: one part
   *[other] What changed: { $count } parts
}
entry-number = entry { $n }
column-part = Part
column-before = Before
column-after = After
part-whole = the whole
yes = yes
no = no
nothing = nothing
who-house = the platform itself
who-erased = somebody whose account was erased
who-organisation = an organisation
who-person = a person
acting-for = { $body }, { $role }
via-command = the command line
via-import = an import
via-job = the platform itself
via-seed = the platform’s reference data
kind-account = Account
kind-agreement = Agreement
kind-allocation = Allocation
kind-attachment = Attachment
kind-award = Award
kind-body = Organisation or office
kind-call = Call
kind-deliverable = Deliverable
kind-evaluation = Evaluation
kind-fact = Fact
kind-government = Local government
kind-import = Import
kind-instalment = Instalment
kind-job = Job
kind-letter = Letter
kind-link = Institution pair
kind-mandate = Mandate
kind-milestone = Milestone
kind-need = Need
kind-offer = Offer
kind-plan-item = Programme
kind-policy-line = Policy line
kind-relation = Relation
kind-session = Session
kind-token = API key
kind-undertaking = Undertaking
did-account-acts-as = changed whom they act for
did-account-confirmed = confirmed the mailbox
did-account-erased = erased the account
did-account-linked-to-provider = linked the account to a provider
did-account-made = entered the account
did-account-other-sessions-ended = ended all other sign-ins
did-account-password-changed = changed the password
did-account-password-hash-renewed = stored the password anew
did-account-profile-changed = changed the profile
did-account-recovered = recovered the account
did-account-recovery-asked = asked to recover the account
did-account-signed-up = asked for an account
did-session-begun = signed in
did-session-ended = signed out
did-token-ended = ended an API key
did-token-made = made an API key
did-letter-released = Letter released
did-letter-withheld = Letter withheld
did-letter-retried = Letter to be tried again
did-job-retried = Job to be tried again

# Parts of things, as histories name them
part-about = about
part-accepted_on = accepted on
part-account = person
part-added = added
part-advance_share = most in advance, of 100
part-agreed = agreed by
part-aim = aim
part-amount = amount
part-amount_reason = why this sum
part-answer = answer
part-answer_by = answer awaited until
part-answered_at = answered
part-answered_by = answered by
part-appointed = appointed
part-approved = approved
part-as_of = as of
part-asked = sum asked for
part-assigned_by = assigned by
part-at = when
part-body = organisation
part-brief = brief
part-budget = budget
part-by = by
part-capabilities = capabilities
part-carried_to = carried over to
part-ceiling = ceiling
part-change-due = new due day of a milestone
part-change-ends = new end
part-changed = changed
part-channel = channel
part-claimant = who says so
part-closes_at = closes
part-code = code
part-confidence = how sure
part-conflict = conflict of interest
part-conflict-declared_at = conflicts declared
part-conflict-note = conflict of interest
part-country = country
part-criteria = criteria
part-currency = currency
part-days = days
part-decided = decided by
part-decided_at = decided
part-decision_reason = reason for the decision
part-disputed = sources disagree
part-district = district
part-done = done by
part-drafted = handed in
part-due = due
part-email = e-mail
part-ended = ended
part-ended-done = ended by
part-ended-reason = why it ended
part-ends = ends
part-evaluators = evaluators
part-field = field
part-fields = fields
part-file_name = file
part-filed_on = filed on
part-found = finding
part-government = local government
part-guiding = guiding unit
part-handed = handed in by
part-illustrative = illustrative
part-issuer = signs in with
part-kind = kind
part-lang = language
part-languages = languages
part-lead = leads the panel
part-led_by = led by
part-legal_form = legal form
part-letter = letter
part-letters-not-wanted = letters not wanted
part-level = level
part-lines = budget lines
part-listed_at = entered
part-made_at = entered
part-made_by = entered by
part-max = at most
part-measure = measured by
part-min = at least
part-mode = mode
part-money_public = sums published
part-name = name
part-needs = needs
part-note = note
part-number = number
part-objects = how many
part-occasion = occasion
part-opened_at = offers opened
part-opened_by = opened by
part-opens_at = opens
part-own = our side
part-own_name = our institution
part-paid = paid by
part-parent = belongs to
part-partner = partner
part-partner_name = partner’s institution
part-plan_item = programme
part-policy = policy line
part-priority = priority
part-promised = promised so far
part-proposed = proposed by
part-published = published
part-published_at = published
part-purpose = purpose
part-reason = reason
part-reconciled = found on the bank’s statement by
part-reference = reference
part-refused = refused by
part-registration_no = registration number
part-relation = relation
part-reply = reply
part-requested = asked for by
part-responsible = answers for the work
part-role = role
part-round = round
part-say = statement
part-scopes = it may
part-scored_at = scores handed in
part-seal = seal
part-set = set by
part-side = side
part-signed = signed
part-since = since
part-source = source
part-stage = stage
part-stage-reason = why it was refused
part-stage-reference = reference of the payment
part-stage-status = where the money stands
part-standing = standing
part-started = started by
part-starts = starts
part-state = result
part-statement = bank statement
part-status = status
part-struck = off the panel
part-successor = carried on by
part-summary = summary
part-supports = government-led work it supports
part-target = target
part-text = text
part-title = title
part-to = carried over to
part-unit = unit
part-until = until
part-upgrade_from = before it applied for more
part-value = value
part-verdict-done = judged by
part-verdict-note = note
part-verdict-reason = why it was returned
part-verdict-status = verdict
part-verified_by = checked by
part-verified_until = checked until
part-wanted_name = new name asked for
part-website = website
part-weight = weight
part-weights = weights
part-weights-dates = weight of the dates
part-weights-languages = weight of the languages
part-weights-panel = weight of the panel’s scores
part-weights-place = weight of the place
part-weights-promises = weight of promises kept
part-weights-skills = weight of the skills
part-what = what they do
part-who = who may offer
part-work_from = work from
part-work_until = work until
part-year = year
part-zone = time zone

# Words that parts hold, by their codes
value-accepted = accepted
value-active = active
value-agreed = agreed
value-announced = announced
value-answer-accepted = accepted
value-answer-declined = declined
value-application = sister-city application
value-appointed = evaluators appointed
value-approved = approved
value-asked = asked, answer awaited
value-assignment = assignment
value-association = association
value-audit-unit = audit unit
value-awaited = awaited
value-awarded = chosen
value-calls = new calls
value-cancelled = cancelled
value-cannot-tell = cannot be told
value-carried-over = carried over
value-closed = closed
value-company = company
value-consultation = consultation
value-contact = in contact
value-deadlines = deadlines
value-decided = decided
value-decisions = decisions
value-declined = declined
value-deliverables = deliverables
value-delivered = delivered, under review
value-department = department
value-digest = digest
value-district-unit = district unit
value-done = done
value-draft = draft
value-drafted = handed in
value-dropped = dropped
value-ended = ended
value-evaluation = evaluation
value-executing = who carries out
value-field-kind = kind of relation
value-field-level = level
value-field-name-en = English name
value-field-name-native = native name
value-field-name-zh = Chinese name
value-field-other = other
value-field-signed = day of signing
value-field-status = status
value-field-successor = successor
value-filed = filed
value-finance-unit = finance unit
value-foundation = foundation
value-friendly-cooperation = friendly cooperation
value-friendly-exchange = friendly exchange
value-guiding = guiding side
value-handed-in = handed in, under review
value-high = high
value-in-part = in part
value-in-progress = in progress
value-in-review = in review
value-intent-signed = letter of intent signed
value-lead = first lead
value-level-autonomous-county = autonomous county
value-level-city = city
value-level-county = county
value-level-department = department
value-level-district = district
value-level-municipality = municipality
value-level-oblast = oblast
value-level-prefecture = prefecture
value-level-province = province
value-level-region = region
value-level-republic = republic
value-level-state = state
value-listed = listed, to be confirmed
value-low = low
value-medium = medium
value-met = met
value-milestones = milestones
value-money = money
value-nearly-done = nearly done
value-need = need
value-not-met = not met
value-office = foreign affairs office
value-open = open
value-organisation = organisation
value-other = other
value-outsourcing = outsourcing
value-overseas-ngo = overseas NGO
value-paid = paid
value-panel = review panel
value-partner-office = partner city’s office
value-pending = waiting for the office
value-peoples-organisation = people’s organisation
value-planned = planned
value-proposed = proposed
value-public-institution = public institution
value-published = published
value-quiet = quiet
value-read = read
value-reconciled = paid, found on the bank’s statement
value-refused = refused
value-requested = asked for
value-returned = returned, another round
value-running = under way
value-service = service
value-service-body = social service body
value-set-aside = set aside
value-settled = settled
value-signed = signed
value-sister = sister city
value-stopped = stopped
value-struck-gone = erased the account
value-struck-guides = belongs to the guiding unit
value-struck-made-call = made the call
value-struck-offers = stands close to an offer
value-struck-withdrawn = taken off by the guiding unit
value-submitted = submitted
value-succeeded = carried on by a successor
value-suspended = suspended
value-them = their side
value-third = third party
value-unclear = sister city or friendly exchange
value-university = university
value-unverified = not checked
value-us = our side
value-venue-equipment = venue or equipment
value-verified = checked
value-volunteering = volunteering
value-withdrawn = withdrawn
value-write = read and change

# The journal and its proofs
journal-title = Journal
journal-lead = Every change of state, newest first. Nothing can be taken out or put in unseen: each entry is a leaf of one tree.
journal-size = Entries in the journal
journal-root = Root
journal-action = What was done
journal-kind = Kind
journal-sign-ins = with sign-ins
journal-caption = Entries of the journal, newest first
journal-none = No entry fits.
journal-older = Older entries
journal-sealed = not in lists: it may lie under seal
column-entry = Entry
column-when = When
column-done = What was done
column-object = On what
column-by = By whom
proof-title = Proof of entry { $n }
proof-unsaid = What this entry says is not for everybody; that it is there, and has not changed, can be proved.
proof-json = As JSON
proof-heading = The proof
proof-say = An inclusion proof after RFC 9162, over the whole journal as it stands now.
proof-seq = Number of the entry
proof-leaf = Leaf
proof-path = The hashes beside the way to the root, lowest first
proof-path-none = The journal has one entry only: its leaf is the root.
proof-line = The entry’s line, byte by byte
check-heading = How to check this yourself
check-say = With any SHA-256 tool; nothing of ours is needed.
check-1 = Where you may see the entry’s line: take a byte of value 0, then the line’s bytes; their SHA-256 is the leaf.
check-2 = Begin with the leaf as your hash, the entry’s number as n and the number of entries minus one as m.
check-3 = For each hash of the path: if n is odd or n equals m, your new hash is SHA-256 of a byte of value 1, the hash of the path, your hash; then, as long as n is even and not 0, halve n and m. Otherwise it is SHA-256 of a byte of value 1, your hash, the hash of the path. Then halve n and m, rounding down.
check-4 = At the end m is 0 and your hash is the root. If not, the proof does not hold: tell the auditor.
check-5 = Keep the root and the number of entries. Whoever shows you a later journal has to prove that it begins with this one; “youcheng verify” recomputes the whole.

# Digest letters
letter-subject-day = { $count ->
    [one] One thing is due these days
   *[other] { $count } things are due these days
}
letter-subject-week = { $count ->
    [one] Your week: one thing waits on you
   *[other] Your week: { $count } things wait on you
}
letter-subject-calls = { $count ->
    [one] A new call in your fields
   *[other] { $count } new calls in your fields
}
letter-mine = These wait on you, nearest deadline first:
letter-line = { $what }: { $about }
letter-due = by { $when }
letter-late = was due { $when }
letter-closes = closes { $when }
letter-two-clocks = { $own } your time ({ $home } ours)
letter-more = and { $count } more in your queue.
letter-others = { $count ->
    [one] You wait for others with one thing.
   *[other] You wait for others with { $count } things.
}
letter-calls = New calls in your fields:
letter-choose = You choose which letters you get: { $link }
