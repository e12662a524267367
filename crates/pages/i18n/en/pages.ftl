# The frame
node-title = { $city } and its partner cities
skip = Skip to the content
nav-label = Main
nav-home = Home
nav-relations = Relations
nav-calls = Calls
nav-programmes = Programmes
nav-organisations = Organisations
nav-numbers = Numbers
nav-plan = Plan
nav-desk = My queue
nav-my-work = My work
nav-sign-in = Sign in
nav-sign-out = Sign out
trail-label = You are here
acting-as = Acting as
acting-myself = { $name }, myself
acting-choice = { $body }, { $role }
acting-until = mandate until { $day }
acting-switch = Switch
foot-help = Help
foot-rules = Who may do what
foot-data = Download the data
foot-api = API
foot-accessibility = Accessibility
foot-source = Source code
foot-say = Run by { $office }. { $contact }
demo-line = This is a demonstration. Facts carry their source; what is marked “illustrative” is made up.
theme-label = Colours
theme-button = Set
theme-system = as my device
theme-light = light
theme-dark = dark
title-error = Error: { $title }
list-more = Show more

# Small parts
illustrative = illustrative
table-made-up = Made up
table-made-up-yes = made up for a demonstration
seal = checked
machine-made = machine translation
source-language = Written in { $lang }
source-n = Source { $n }
language-zh = Chinese
language-en = English
language-de = German
language-fr = French
language-ja = Japanese
language-ko = Korean
language-th = Thai
language-ru = Russian
language-es = Spanish
language-it = Italian
language-nl = Dutch
language-hu = Hungarian
language-fa = Persian
language-ar = Arabic
field-education = education
field-health = health
field-culture = culture
field-sport = sport
field-economy = economy
field-science = science
field-environment = environment
field-emergency = emergency services
role-office-lead = office lead
role-department-officer = department officer
role-district-officer = district officer
role-panel-lead = panel lead
role-panel-member = panel member
role-finance = finance
role-auditor = auditor
role-delegate = delegate
role-partner-officer = partner city officer
role-individual = individual
role-public = anyone

# Forms
form-optional = (optional)
form-error-prefix = Error:{" "}
form-errors = { $count ->
    [one] One thing needs a change
   *[other] { $count } things need a change
}

# Refusals every room shares
refusal-required = This is needed.
refusal-too-long = At most { $max } characters; you have { $count }.
refusal-one-language = Write it in at least one language.
refusal-not-a-number = Write a whole number.
refusal-out-of-range = Between { $min } and { $max }.
refusal-not-money = Write an amount in { $currency }, such as 60,000.00.
refusal-money-negative = The amount cannot be below zero.
refusal-money-digits = { $digits ->
    [0] { $currency } has no digits after the point.
    [one] { $currency } has one digit after the point.
   *[other] { $currency } has { $digits } digits after the point.
}
refusal-money-too-large = The amount is too large.
refusal-not-a-date = Write a date such as 2026-11-30.
refusal-not-in-list = Choose one from the list.
refusal-not-email = Write an e-mail address such as name@example.org.
refusal-not-web-address = Write an address that begins with https://.
refusal-inside-address = This address leads inside a network. Write one that anybody can open.
refusal-file-empty = The file is empty.
refusal-file-too-large = The file is larger than { $max } MB.
refusal-file-kind = This kind of file is not accepted. Use PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG, GIF, WebP or plain text.
refusal-form-unreadable = The form did not arrive whole. Go back; what you typed should still be there.
refusal-upload-broken = The upload was too large or broke off. Go back and try a smaller file.
refusal-cross-origin = This request came from another site and was not carried out.
refusal-if-match = Say which version you read: If-Match with the ETag of the last answer.
refusal-not-text = Something here holds the character NUL, which no text may hold. Take it out.
refusal-version-needed = The form does not say which version it was made on, so it could overwrite what somebody else changed. Open the page again.
file-kept = { $name } is kept in this form: it need not be chosen again, unless another file should take its place.

# Problems
problem-refused = { $count ->
    [one] This cannot be done
   *[other] { $count } reasons why this cannot be done
}
problem-sign-in = Please sign in
problem-sign-in-detail = Reading needs no account; this step does.
problem-denied = You may not do this
problem-no-rule-allows = No rule allows it for you.
problem-rule-says = { $rule }
problem-who-could = Who could: { $who }.
problem-changed = Somebody changed this meanwhile
problem-changed-detail = Nothing was overwritten. Go back, load the page again and see what changed.
problem-not-found = Not found
problem-not-found-detail = Nothing is here, or it is not open to you.
problem-slow = Too many tries
problem-slow-detail = { $seconds ->
    [one] Try again in one second.
   *[other] Try again in { $seconds } seconds.
}
problem-fault = Something of ours failed
problem-fault-detail = Nothing was half done. The fault is on record; try again later.
problem-fault-id = Fault { $id }
problem-method = This address does not take that
problem-method-detail = The method is not allowed here.
problem-too-large = Too large
problem-too-large-detail = What you sent is larger than this page takes.
problem-media-type = Not in this form
problem-media-type-detail = Send JSON, with Content-Type: application/json.
problem-unreadable = Could not be read
problem-unreadable-detail = The request is not well formed.
problem-home = To the home page
problem-ask-recovery = Ask for a new link to choose a password
problem-ask-confirmation = Sign up again
problem-rules = Who may do what
refusal-json-type = The type or the form of this value is not what the description says.
demo-clock = The demonstration’s clock says { $now }.
demo-clock-hour = an hour on
demo-clock-day = a day on
demo-clock-week = a week on
demo-clock-month = a month on
demo-clock-move = Move it
