use access::PolicyFile;

/// This room's rules, in words and as Cedar reads them.
pub const POLICIES: PolicyFile = PolicyFile {
    room: "undertakings",
    text: include_str!("../policies/undertakings.cedar"),
    actions: &[
        "undertaking.agree",
        "undertaking.sign",
        "undertaking.read",
        "undertaking.stop",
        "undertaking.settle",
        "undertaking.publish-money",
        "deliverable.submit",
        "deliverable.accept",
        "deliverable.return",
        "instalment.request",
        "instalment.approve",
        "instalment.pay",
        "instalment.reconcile",
        "instalment.refuse",
        "amendment.propose",
        "amendment.decide",
    ],
};
