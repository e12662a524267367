use access::PolicyFile;

/// This room's rules, in words and as Cedar reads them.
pub const POLICIES: PolicyFile = PolicyFile {
    room: "evaluation",
    text: include_str!("../policies/evaluation.cedar"),
    actions: &[
        "aim.set",
        "evaluation.appoint",
        "evaluation.begin",
        "evaluation.judge",
        "evaluation.submit",
        "evaluation.publish",
        "evaluation.reply",
    ],
};
