plan-title = Plan
plan-status = Status
plan-reason = Reason
plan-status-planned = planned
plan-status-in-progress = in progress
plan-status-nearly-done = nearly done
plan-status-done = done
plan-status-carried-over = carried over
plan-status-dropped = dropped

# Refusals
refusal-plan-place = Name the relation or the district it belongs to.
refusal-plan-due = It must be finished in { $year } or early in the year after.
refusal-plan-step = From “{ $from }” there is no step to “{ $to }”.
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
did-plan-item-moved = moved a plan item
