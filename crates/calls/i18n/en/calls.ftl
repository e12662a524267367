# Refusals
refusal-call-not-draft = This call is published; it stays as it was published.
refusal-call-closes-past = The window must close after it opens, and later than now.
refusal-call-no-needs = Name at least one need.
refusal-weights-sum = The weights add up to { $sum }; they must add up to 100.
refusal-call-still-open = The call takes offers until { $closes } (UTC). Nobody opens them before.
refusal-call-not-to-open = There is nothing to open here.
refusal-call-not-in-review = This is for a call in review: opened and not decided.
refusal-call-ended = This call has ended.
refusal-call-not-open-yet = The call opens at { $opens } (UTC).
refusal-call-closed = The call closed at { $closes } (UTC). The clock of this server decides.
refusal-call-no-item = This plan item is not there or has ended.
refusal-call-item-fixed = A call stays under its plan item.
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
refusal-offer-awarded = This offer is awarded already.
refusal-offer-not-shortlisted = This offer is not on the short list.
refusal-offer-not-in-plan = This offer is not in the published allocation. Lock it there, solve again and publish, or award another.
refusal-seat-made-call = Who made the call does not sit on its panel.
refusal-seat-guides = This person belongs to the unit that guides the call.
refusal-seat-offers = This person belongs to somebody who offers.
refusal-seat-taken = This person has a seat already.
refusal-seat-struck = Your seat does not count: you stand close to this call or to an offer.
refusal-scores-in = Your scores are handed in and stay as they are.
refusal-not-declared = Declare first whether you stand close to any of those who offer.
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
refusal-allocation-too-large = The numbers are too large to be solved exactly.

# Letters
letter-awarded-subject = Your offer was chosen: { $call }
letter-awarded = Your offer to “{ $call }” was chosen. The reason, as published: { $reason }
    The next step: the unit that guides the call prepares the agreement with milestones and budget. You will find it under My work; please answer there.
letter-declined-subject = The answer to your offer: { $call }
letter-declined = Your offer to “{ $call }” was not chosen. The reason, as published: { $reason }
    The next step: your scores and the decision are on the call's page. If you think a rule was broken, write to the office named there. Your offer stays yours and you can use it again.

# The journal
did-call-drafted = drafted a call
did-call-amended = amended the draft of a call
did-call-published = published a call
did-call-opened = opened the offers
did-call-cancelled = cancelled a call
did-call-awarded = awarded an offer
did-call-decided = decided the call
did-offer-begun = began an offer
did-offer-submitted = submitted an offer
did-offer-withdrawn = withdrew an offer
did-offer-scored = scored an offer
did-offer-shortlisted = set the short list
did-offer-awarded = was awarded
did-offer-declined = was declined
did-offer-imported = entered an offer that came on paper
did-panel-seated = seated a panel member
did-panel-unseated = took a seat away
did-panel-declared = declared conflicts of interest
did-panel-struck = lost a seat on the panel
did-review-submitted = handed in scores
did-allocation-solved = solved an allocation
did-allocation-published = published an allocation
refusal-call-sealed = The offers are sealed until the opening.
refusal-import-late = A panel member has handed in scores; no offers are added any more.
refusal-offer-twice = This organisation has an offer to this call already, or guides it.
refusal-received = It must have come in while the call was open, before { $closes } (UTC).
offer-status = Status
offer-mean = Panel’s mean
offers-title = Offers
