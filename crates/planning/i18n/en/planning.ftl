# The plan
plan-title = Plan
plan-year = Plan { $year }
plan-lead = What is planned this year under which policy line, where each item stands, and what came to nothing, with the reason. Everybody may read it.
plan-status = Status
plan-reason = Reason
plan-policy = Policy line
plan-by-line = By policy line
plan-by-line-say = How many items of the year stand where, whatever is filtered above.
plan-none = Nothing is planned here yet.
plan-shown = { $count ->
        [one] One item shown
       *[other] { $count } items shown
    }
plan-who = Planning is for: { $who }.
plan-status-planned = planned
plan-status-in-progress = in progress
plan-status-nearly-done = nearly done
plan-status-done = done
plan-status-carried-over = carried over
plan-status-dropped = dropped
filter-any = any
download-csv = Download CSV
download-xlsx = Download Excel
not-known = not known

# The balance of the portfolio
balance-title = Balance
balance-say = Economy is one form of cooperation; culture is indispensable; social forces shall lead more. Numbers with their method, no verdict.
balance-counted = { $items ->
        [one] One item
       *[other] { $items } items
    } of the year, counted on { $day }
balance-what = What
balance-share = Share
balance-method = Method
balance-culture = Partners and districts with a cultural item
balance-culture-method = { $part } of { $whole } partners and districts with any item; dropped items do not count.
balance-economy = Economic items
balance-economy-method = { $part } of { $whole } items that were not dropped.
balance-social = Led by social forces or individuals
balance-social-method = { $part } of { $whole } items whose lead is known from an award.
balance-neither = Neither done nor in progress
balance-neither-method = { $part } of { $whole } items: planned, carried over or dropped.

# The gap finder
gaps-title = Gaps
gaps-heading = Gaps: which partners, which fields nobody has taken up yet
gaps-lead = Each cell counts what is on record between one partner and us in one field. The darker, the more. A red ring marks a gap suggested to be filled first.
gaps-districts-lead = Each cell counts what is on record in one district in one field. Districts that no partner reaches yet come first.
gaps-update = Update
gaps-view = Rows
gaps-view-relations = partners
gaps-view-districts = districts
gaps-level = Level
gaps-level-city = the city’s partners
gaps-level-districts = districts’ partners
gaps-level-all = all partners
gaps-all-years = all years
gaps-corner = Partner or district
gaps-scroll = Coverage, scrolls sideways
gaps-caption-relations = { $rows ->
        [one] One partner
       *[other] { $rows } partners
    } × { $fields } fields: what is on record
gaps-caption-districts = { $rows ->
        [one] One district
       *[other] { $rows } districts
    } × { $fields } fields: what is on record
gaps-total = Total
gaps-legend-partner-has = the partner has a registered institution, nothing joint yet
gaps-legend-planned = planned
gaps-legend-suggested = suggested first; the number leads to the reasons below
gaps-legend-empty = nothing found
gaps-method-title = Method.
gaps-method = Only institution pairs with a source and evaluated programmes count, as of { $day }. No source does not mean no contact: whoever knows more may add it, with a document.
gaps-before = The rows before
gaps-after = { $left ->
        [one] One more row
       *[other] { $left } more rows
    }
gaps-count = On record
gaps-rank = Rank
gaps-first = Suggested first
gaps-first-say = Districts that no partner reaches come first, then what has most points. Every reason is listed; people decide.
gaps-none = No empty cell is left here.
gaps-plan-it = Plan it
gaps-plan-label = Plan it: { $name } × { $field }
gaps-weights = Points
gaps-weights-say = The same for every cell; the list can be computed again from them.
gaps-reason = Reason
gaps-points = Points
gaps-untouched = Districts that no partner reaches yet
cell-covered = { $count ->
        [one] one on record
       *[other] { $count } on record
    }
cell-planned = planned
cell-suggested = a gap, see suggestion { $rank }
cell-partner-has = a gap; the partner has a registered institution
cell-empty = nothing found
gap-untouched = No partner reaches this district yet.
gap-partner-has = { $count ->
        [one] The partner has one registered institution in this field.
       *[other] The partner has { $count } registered institutions in this field.
    }
gap-we-have = { $count ->
        [one] We have one registered institution in this field.
       *[other] We have { $count } registered institutions in this field.
    }
gap-quiet-for = Nothing has been on record with this partner for { $years } years.
gap-never-active = Nothing at all is on record with this partner.
gap-resting = The relation is quiet.
gap-anniversary = { $year } is the { $years }th year of the relation.
gap-complement = Institutions: theirs { $theirs }, ours { $ours }. One side can learn from the other.
gap-experience = { $relations ->
        [one] It is done with one other partner already: the way is known.
       *[other] It is done with { $relations } other partners already: the way is known.
    }
gap-culture-missing = Economy is on record here, culture is not.
gap-no-partner-institution = No institution of the partner is registered in this field.
gap-no-own-institution = None of our institutions is registered in this field.
gap-points = { $points ->
    [one] one point
   *[other] { $points } points
}
gap-weight-untouched = No partner reaches the district yet
gap-weight-partner-has = The partner has an institution
gap-weight-we-have = We have an institution
gap-weight-quiet = Nothing for five years, or marked quiet
gap-weight-anniversary = A tenth, twentieth, … year
gap-weight-complement = One side has clearly more
gap-weight-experience = Done with other partners already
gap-weight-culture = Economy on record, culture not

# An item
item-new = Put an item into the plan
item-edit = Amend
item-edit-title = Amend a plan item
item-lead = A small project with an aim and an end, under a policy line, that supports government-led work.
item-form = The item
item-save = Save
item-relation = Relation
item-relation-hint = A relation, a district, or both.
item-district = District
item-field = Field
item-year = Year
item-policy-hint = Lines that hold in that year.
item-title-zh = Title in Chinese
item-title-en = Title in English
either-language = One of the two is enough; the other can follow.
item-aim-zh = Aim in Chinese
item-aim-en = Aim in English
item-aim-hint = What shall be different at the end, so that others can tell whether it was reached. For example: readers of both cities find 200 books about the other city.
item-supports = Supports
item-supports-zh = Work it supports, in Chinese
item-supports-en = Work it supports, in English
item-supports-hint = Which government-led work it supports.
item-due = To be finished by
item-due-hint = In its year, or early in the next. For example 2026-11-30.
item-due-on = by { $day }
item-late = late since { $day }
item-what = What
item-about = With whom
item-guiding = Guided by
item-lead-by = Led by
item-programme = The programme, as everybody reads it
item-history = History
item-call = Draft a call
item-call-say = No call has been published for it yet.
item-call-who = The next step is a call. It is for: { $who }.
item-assign = Assign directly
lead-social = social forces
lead-public = a public institution
lead-individual = an individual
river-label = Where it stands

# Steps
step-title = Move it on
step-note = Published calls, settled undertakings and evaluations move an item by themselves. Carrying over and dropping need a reason, which everybody reads.
step-to = Next
step-save = Move it
step-reason-hint = Needed when it is carried over or dropped.
step-carried-to = Carried over to
step-carried-hint = The year; only when it is carried over.

# Policy lines
column-illustrative = Illustrative
column-illustrative-yes = illustrative
lines-title = Policy lines
lines-lead = What the plan stands under, quoted with its source and how long it holds.
lines-in-force = In force
lines-past = No longer in force
lines-none = None yet.
line-new = Enter a policy line
line-edit = Amend
line-edit-title = Amend a policy line
line-items = Items under it
line-code = Code
line-code-hint = What people call it by, for example 2026-03.
line-text-zh = Wording in Chinese
line-text-en = Wording in English
line-source = Source
line-source-hint = The document and its number, or an address that begins with https://.
line-starts = Holds from
line-until = Holds until
line-until-hint = Empty: until further notice.
line-holds = { $starts } to { $until }
line-holds-open = from { $starts }, until further notice

# Files
import-title = Import a plan
import-lead = A table of items, CSV or Excel. Look first: every fault is told with its row and column. It is written whole or not at all.
import-file = File
import-file-hint = CSV (UTF-8) or XLSX, with a row of headings. The template holds them.
import-note = Files keep their headings in either language, as downloaded from the plan.
import-template = Download the template
import-look = Look only
import-write = Write
import-report = Report
import-clean = { $rows ->
        [one] One row, no fault. Choose the file again and write it.
       *[other] { $rows } rows, no fault. Choose the file again and write it.
    }
import-counts = { $added } new, { $changed } changed, { $unchanged } as before.
import-faults = { $faults ->
        [one] One fault
       *[other] { $faults } faults
    } in { $rows ->
        [one] one row
       *[other] { $rows } rows
    }.
import-nothing-written = Nothing was written.
import-unread = Columns that are not read: { $columns }.
import-row = Row
import-column = Column
import-value = Value
import-what = What is wrong

# What waits
duty-draft = Draft a call
duty-late = Late and without a call: draft one, carry the item over or drop it

# Left after a step
done-planned = The item is in the plan.
done-plan-saved = Saved.
done-plan-moved = The item has moved on.
done-plan-imported = All rows are in the plan.
done-line-saved = The policy line is saved.

# Refusals
refusal-plan-step = From “{ $from ->
        [planned] { plan-status-planned }
        [in-progress] { plan-status-in-progress }
        [nearly-done] { plan-status-nearly-done }
        [done] { plan-status-done }
        [carried-over] { plan-status-carried-over }
       *[dropped] { plan-status-dropped }
    }” there is no step to “{ $to ->
        [planned] { plan-status-planned }
        [in-progress] { plan-status-in-progress }
        [nearly-done] { plan-status-nearly-done }
        [done] { plan-status-done }
        [carried-over] { plan-status-carried-over }
       *[dropped] { plan-status-dropped }
    }”.
refusal-plan-place = Name the relation or the district it belongs to.
refusal-plan-due = It must be finished in { $year } or early in the year after.
refusal-plan-row-twice = The same item stands in row { $row } already.
refusal-plan-ended = This item has ended; its words stay as they are.
refusal-carried-later = Carry it over to a year after { $year }.
refusal-policy-code-taken = Another policy line has this code.
refusal-policy-not-in-force = Policy line { $code } does not hold in { $year }.
refusal-no-department = No department guides this field yet. The office lead names one first.
refusal-before-start = It must not be before { $starts }.
refusal-table-column-missing = The column “{ $column }” is missing.
refusal-table-column-twice = The column “{ $column }” stands twice.
refusal-table-column-unknown = Nothing answers to the heading “{ $column }”.
refusal-table-no-heading = From row { $row } on there are cells without a heading.
refusal-table-too-many-rows = At most { $max } rows.
refusal-table-too-many-cells = At most { $max } filled cells.
refusal-table-too-wide = Row { $row } has too many columns.
refusal-table-cell-too-long = A cell in row { $row } is too long.
refusal-table-quote = In row { $row } a quotation mark is not closed.
refusal-table-unsafe = This file could do harm when unpacked, or holds macros. Save a copy with values only.
refusal-table-locked = This workbook has a password. Save a copy without one.
refusal-table-kind = Only CSV and XLSX tables can be read.
refusal-table-encoding = The characters could not be read. Save as CSV UTF-8 or XLSX.

# The journal
did-policy-line-added = entered a policy line
did-policy-line-amended = amended a policy line
did-plan-item-added = put an item into the plan
did-plan-item-amended = amended a plan item
did-plan-item-lead-noted = noted who leads a plan item, from its award
did-plan-item-moved = moved a plan item
