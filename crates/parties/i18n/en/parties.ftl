# Closed lists
legal-form-association = Association
legal-form-foundation = Foundation
legal-form-service-body = Social service body
legal-form-public-institution = Public institution
legal-form-peoples-organisation = People’s organisation
legal-form-overseas-ngo = Overseas NGO
legal-form-company = Company
legal-form-university = University
legal-form-other = Other
standing-unverified = not checked
standing-pending = waiting for the office
standing-verified = checked
standing-refused = refused
export-organisations = Organisations
kind-offer = offer
kind-undertaking = undertaking
kind-milestone = milestone
kind-award = award

# The list
organisations-title = Organisations
organisations-lead = Associations, schools, hospitals, libraries and companies that take part. A seal says that the foreign affairs office checked who they are, and until when.
organisations-none = No organisation fits.
organisations-register = Register an organisation
organisations-filter-field = Field
organisations-filter-all = All fields
organisations-filter-go = Show
organisations-table = Organisations that take part
organisations-download = Download: { $csv } or { $xlsx }
organisations-waiting-link = { $count ->
    [one] One organisation waits to be checked
   *[other] { $count } organisations wait to be checked
}

# One organisation
organisation-facts = Who they are
organisation-legal-form = Legal form
organisation-country = Country
organisation-number = Registration number
organisation-website = Website
organisation-fields = Fields
organisation-checked = Checked
organisation-checked-until = by the foreign affairs office, until { $day }
organisation-checked-over = The check ran out on { $day }.
organisation-not-checked = Nobody has checked this yet.
organisation-can = What they can do
organisation-promises = Promised and kept
organisation-promises-how = Counted, not scored. A promise is made when an offer is awarded. It is kept when it is settled by its due day, late when settled after it, broken when given up. Open ones are not judged.
organisation-promise-what = Promise
organisation-promise-due = Due
organisation-promise-state = State
promise-kept = kept
promise-late = late
promise-broken = given up
promise-open = open
said-nothing = Nothing promised yet.
said-only-open = { $open ->
    [one] One promise is open; nothing is due yet.
   *[other] { $open } promises are open; nothing is due yet.
}
said-all-kept = Of { $settled } settled promises, all were kept in time. { $open } are open.
said-some-late = Of { $settled } settled promises, { $kept } were kept in time and { $late } were late. { $open } are open.
said-some-broken = Of { $settled } settled promises, { $kept } were kept in time, { $late } were late and { $broken } given up. { $open } are open.
organisation-edit = Change this page
organisation-decide-link = Decide
organisation-people = Who may act for it
organisation-people-none = Nobody yet.
organisation-until = until { $day }
organisation-application = The application
organisation-applied = { $who } asked to act for it: { $purpose }. Letter: { $letter }.
organisation-refused-because = The office refused: { $reason }
organisation-pending-say = The office is checking this. Until then nobody acts for it and only you see it.

# Forms
form-register-title = Register an organisation
form-register-lead = Tell who they are and by which letter you may act for them. The office checks it; then you can offer in their name.
form-register-submit = Hand in
form-edit-title = Change what the organisation says of itself
form-edit-lead = A new name, form, country or number has to be checked again.
form-edit-submit = Save
form-name-zh = Name in Chinese
form-name-en = Name in English
form-name-hint = At least one of the two.
form-legal-form = Legal form
form-country = Country code
form-country-hint = Two letters, such as CN or DE.
form-number = Registration number
form-website = Website
form-website-hint = Such as https://www.example.org
form-about-zh = About, in Chinese
form-about-en = About, in English
form-fields = Fields of cooperation
form-can = What they can do
form-can-hint = A line each, such as “two interpreters, Chinese and German”.
form-district = District
form-part-who = Who they are
form-part-mandate = Your mandate
form-purpose = What you will do for them
form-purpose-hint = Such as “hand in offers and report on them”.
form-letter = Letter
form-letter-hint = Number or name of the letter that gives you the mandate.
form-letter-file = The letter as a file
form-letter-file-hint = PDF or picture. Only the office sees it.

# Waiting for the office
waiting-title = Organisations to be checked
waiting-none = Nothing waits.
waiting-since = since { $day }
duty-decide = Check an organisation
decide-title = Check { $name }
decide-decision = Decision
decide-verify = Checked: they are who they say
decide-refuse = Refuse
decide-until = Checked until
decide-until-hint = At most five years ahead.
decide-reason = Reason
decide-reason-hint = Needed to refuse. The applicant reads it.
decide-submit = Decide
decide-letter-file = The letter: { $name }

# Departments
departments-title = Competent departments
departments-lead = Each field has one body that guides it. Who guides does not execute.
departments-none = nobody yet
departments-body = Body
departments-submit = Name it

# Import
import-title = Organisations from a file
import-lead = CSV or XLSX with the columns of the download. First see what would happen; nothing is written before you say so.
import-file = File
import-file-hint = At most 20 MB and 50,000 rows.
import-look = See what would happen
import-take = Take it in
import-would = { $rows } rows: { $added } would be new, { $changed } would change, { $unchanged } stay as they are.
import-taken = { $added } are new, { $changed } changed, { $unchanged } stayed as they were.
import-faults = Nothing was written. Mend these cells and try again:
import-more-faults = And { $count } more.
import-row = Row
import-column = Column
import-cell = Cell
import-fault = What is wrong
import-again = To take it in, choose the same file again.

# Refusals
refusal-own-application = You cannot decide on your own application; somebody else has to.
refusal-until-past = Choose a day to come.
refusal-until-far = At most until { $longest }.
refusal-country = Write the two letters of a country, such as DE.
refusal-reference-taken = This reference is taken.
refusal-not-a-department = Choose an office or department; others execute, and who guides does not.
refusal-row-twice = This reference stands in row { $row } already.
refusal-sheet-bytes = The file is larger than { $limit } MB.
refusal-sheet-rows = The file has more than { $limit } rows.
refusal-sheet-columns = Row { $row } has more than { $limit } columns.
refusal-sheet-cells = The file has more than { $limit } filled cells.
refusal-sheet-cell = Cell { $column }{ $row } holds more than { $limit } characters.
refusal-sheet-nothing = The file is empty.
refusal-sheet-old-excel = This is the old Excel format (.xls). Save it as .xlsx and try again.
refusal-sheet-locked = The workbook has a password. Save it without one and try again.
refusal-sheet-open-document = This is an OpenDocument file. Save it as .xlsx or CSV and try again.
refusal-sheet-html = This is a web page that is called a table. Save it as .xlsx or CSV and try again.
refusal-sheet-unsafe = The workbook holds macros, embedded files or links to other workbooks. Save a copy with values only.
refusal-sheet-other = This is not a table that can be read. Use CSV or XLSX.
refusal-sheet-bomb = The file unpacks to far more than a table would. It was not opened.
refusal-sheet-encoding = The characters cannot be read at byte { $byte }. Save as CSV UTF-8 and try again.
refusal-sheet-quote = In row { $row } (line { $line }) a quotation mark does not fit.
refusal-column-missing = The column “{ $wanted }” is missing.
refusal-column-doubled = Columns { $first } and { $second } mean the same.
remark-column-unknown = Column { $column } (“{ $header }”) is not read.
remark-column-nameless = Column { $column } has no heading; what stands in it from row { $row } on is not read.
remark-other-sheets = Only the first sheet is read; these are not: { $names }.

# What was done
did-organisation-registered = registered the organisation
did-organisation-verified = checked the organisation
did-organisation-refused = refused the organisation
did-organisation-edited = changed what the organisation says of itself
did-organisation-imported = brought in organisations from a file
did-department-set = named the competent department
done-registered = Handed in. The office checks it now.
done-organisation-saved = Saved.
done-decided = Decided.
done-department = Named.
