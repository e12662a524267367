//! Who and what the tests of calls live among: a department that guides, makers, a panel, and the shortest way to each state.

use super::*;

pub(super) const ROOMS: &[::store::Migrations] = &[
    ::store::MIGRATIONS,
    access::MIGRATIONS,
    parties::MIGRATIONS,
    relations::MIGRATIONS,
    planning::MIGRATIONS,
    MIGRATIONS,
];

/// A culture department that guides, organisations a and b, a person, an outside panel, an auditor, and a plan item.
pub(super) struct World<'a> {
    pub(super) h: House,
    pub(super) t: &'a TestDb,
}
pub(super) async fn person(tx: &::store::Tx, name: &str) {
    let new = MadeAccount {
        id: Id::named(name),
        name: name.into(),
        email: Some(format!("{name}@example.org")),
        locale: Locale::En,
        zone: "Asia/Shanghai".into(),
        illustrative: true,
    };
    make_account(tx, &new).await.unwrap();
    // Letters go to confirmed mailboxes only.
    tx.exec(
        "UPDATE account SET confirmed_at = 1 WHERE id = $1",
        vals![Id::<basis::Account>::named(name)],
    )
    .await
    .unwrap();
}
pub(super) fn plan_item() -> PlanItemId {
    Id::named("item")
}
impl<'a> World<'a> {
    pub(super) async fn new(t: &'a TestDb) -> World<'a> {
        let h = House {
            db: t.db.clone(),
            gate: Gate::new(&[POLICIES, planning::POLICIES]).unwrap(),
            blobs: Blobs::open(&BlobsConfig::Folder(t.dir.join("blobs"))).unwrap(),
            zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
        };
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        for (body, kind, role, people) in [
            ("office", BodyKind::Office, Role::OfficeLead, &["lead"][..]),
            (
                "culture",
                BodyKind::Department,
                Role::DepartmentOfficer,
                &["officer", "second"],
            ),
            ("health", BodyKind::Department, Role::DepartmentOfficer, &["stranger"]),
            ("audit", BodyKind::AuditUnit, Role::Auditor, &["auditor"]),
            (
                "panel",
                BodyKind::Panel,
                Role::PanelMember,
                &["judge1", "judge2", "judge3"],
            ),
            ("a", BodyKind::Organisation, Role::Delegate, &["anna"]),
            ("b", BodyKind::Organisation, Role::Delegate, &["ben"]),
        ] {
            let field = (kind == BodyKind::Department).then(|| basis::Code::from_code(body).unwrap());
            let card = BodyCard {
                id: Id::named(body),
                kind,
                name: Text::both(body, body),
                field,
                district: None,
                government: None,
                home: true,
                illustrative: true,
                ended_at: None,
            };
            found_body(&tx, &card).await.unwrap();
            for name in people {
                person(&tx, name).await;
                let g = HouseGrant {
                    account: Id::named(name),
                    body: card.id,
                    role,
                    purpose: "w".into(),
                    letter: "1".into(),
                    until: None,
                };
                grant_by_house(&tx, &g).await.unwrap();
            }
        }
        // Both stand checked by the office.
        for body in ["a", "b"] {
            tx.exec(
                "INSERT INTO organisation (id, reference, legal_form, country, fields, capabilities, status, verified_until, purpose, letter, made_at, version, illustrative) VALUES ($1, $2, 'association', 'CN', '[]', '[]', 'verified', '2027-12-31', 'p', 'l', 0, 1, $3)",
                vals![Id::<basis::Body>::named(body), body, true],
            )
            .await
            .unwrap();
        }
        person(&tx, "ida").await;
        let (line, both): (PolicyLineId, Text) = (Id::named("line"), Text::both("甲", "A"));
        tx.exec("INSERT INTO policy_line (id, code, title, text, source, starts, illustrative, version) VALUES ($1, 'R86', $2, $2, 's', '2020-01-01', $3, 1)", vals![line, both, true]).await.unwrap();
        tx.exec(
            "INSERT INTO plan_item (id, field, district, year, policy, title, aim, supports, guiding, status, made_at, illustrative, version) VALUES ($1, 'culture', $5, 2027, $2, $3, $3, $3, $4, 'planned', 0, $6, 1)",
            vals![plan_item(), line, both, Id::<basis::Body>::named("culture"), Id::<basis::Government>::named("d"), true],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        World { h, t }
    }
    pub(super) async fn viewer(&self, name: &str) -> Viewer {
        let v = viewer_of(&self.t.db, Id::named(name), None, Via::Page).await.unwrap();
        // Whoever has one mandate acts under it here.
        Viewer {
            acting: v.mandates.first().cloned(),
            ..v
        }
    }
    pub(super) async fn asking(&self, name: &str) -> Asking {
        Asking::new(self.viewer(name).await)
    }
    /// Drafted and published by the department; open for ten days.
    pub(super) async fn call(&self, mode: &str) -> CallId {
        let officer = self.asking("officer").await;
        let id = draft(&self.h, &officer, &call_input(mode)).await.unwrap();
        publish(&self.h, &officer, id).await.unwrap()
    }
    pub(super) async fn offer(&self, name: &str, call: CallId) -> OfferId {
        self.offer_for("1000", name, call).await
    }
    pub(super) async fn offer_for(&self, asked: &str, name: &str, call: CallId) -> OfferId {
        let asking = self.asking(name).await;
        let id = begin(&self.h, &asking, call).await.unwrap();
        let needs = sql::needs(&self.h.db, call).await.unwrap();
        let input = OfferInput {
            asked: asked.into(),
            ..offer_input(&needs, name)
        };
        save(self, &asking, id, &input).await.unwrap();
        submit(&self.h, &asking, id).await.unwrap()
    }
    /// A call in review without a panel, with the offers of anna, ben and ida.
    pub(super) async fn three_offers(&self) -> (CallId, [OfferId; 3]) {
        let id = self.call("assignment").await;
        let offers = [
            self.offer("anna", id).await,
            self.offer("ben", id).await,
            self.offer("ida", id).await,
        ];
        self.after_close();
        open(&self.h, &self.asking("officer").await, id).await.unwrap();
        (id, offers)
    }
    pub(super) fn after_close(&self) {
        self.t.clock.forward(Duration::from_secs(11 * 86_400));
    }
    pub(super) async fn judged(&self, call: CallId, offers: &[OfferId]) {
        for (i, judge) in ["judge1", "judge2"].into_iter().enumerate() {
            let asking = self.asking(judge).await;
            declare(&self.h, &asking, call, &DeclareInput::default()).await.unwrap();
            for o in offers {
                score(&self.h, &asking, *o, &marks(7 + i as i64)).await.unwrap();
            }
            hand_in(&self.h, &asking, call).await.unwrap();
        }
    }
}
pub(super) fn call_input(mode: &str) -> CallInput {
    let need = |title: &str, min: &str, max: &str| NeedInput {
        title_en: title.into(),
        channel: "service".into(),
        min: min.into(),
        max: max.into(),
        unit_en: "hours".into(),
        priority: "5".into(),
        ..Default::default()
    };
    CallInput {
        plan_item: plan_item().to_string(),
        title_zh: "河水监测".into(),
        title_en: "River".into(),
        brief_zh: "说明".into(),
        who_zh: "学校".into(),
        mode: mode.into(),
        closes_on: "2026-12-02".into(),
        closes_time: "17:00".into(),
        ceiling: "60000".into(),
        work_from: "2027-01-01".into(),
        work_until: "2027-12-31".into(),
        languages: vec!["zh-Hans".into()],
        needs: vec![need("teach", "2", "4"), need("measure", "1", "2")],
        criteria: vec![
            CriterionInput {
                title_en: "Quality".into(),
                weight: "60".into(),
                ..Default::default()
            },
            CriterionInput {
                title_en: "Reach".into(),
                weight: "40".into(),
                ..Default::default()
            },
        ],
        ..Default::default()
    }
}
pub(super) fn offer_input(needs: &[Need], secret: &str) -> OfferInput {
    OfferInput {
        summary_en: format!("offer of {secret}"),
        plan_en: format!("secret-{secret}"),
        starts: "2027-02-01".into(),
        ends: "2027-11-30".into(),
        asked: "1000".into(),
        spend: "paper".into(),
        lines: needs
            .iter()
            .map(|n| OfferLineInput {
                need: n.id.to_string(),
                units: "2".into(),
            })
            .collect(),
        languages: vec!["zh-Hans".into()],
        people: "somebody".into(),
        conflict: "none".into(),
        ..Default::default()
    }
}
/// As a form saves it: with the version it was shown.
pub(super) async fn save(w: &World<'_>, asking: &Asking, id: OfferId, input: &OfferInput) -> Result<OfferId, Fail> {
    let seen = sql::offer(&w.h.db, id).await.unwrap().unwrap();
    let shown = OfferInput {
        version: seen.version.to_string(),
        ..input.clone()
    };
    save_draft(&w.h, asking, id, &shown).await
}
/// As the page asks for a reason: with the version it was shown.
pub(super) async fn because(w: &World<'_>, id: CallId, reason: &str) -> CancelInput {
    CancelInput {
        reason: reason.into(),
        version: sql::load(&w.h.db, id).await.unwrap().unwrap().version.to_string(),
    }
}
pub(super) fn marks(points: i64) -> ScoreInput {
    let mark = |c: &str| MarkInput {
        criterion: c.into(),
        points: points.to_string(),
        note: format!("note {points}"),
    };
    ScoreInput {
        marks: vec![mark("c1"), mark("c2")],
    }
}
pub(super) fn code(f: Fail) -> (String, &'static str) {
    match f {
        Fail::Refused(r) => (r[0].field.as_deref().unwrap_or("").to_owned(), r[0].code),
        other => panic!("{other}"),
    }
}
pub(super) fn seat_of(name: &str) -> SeatInput {
    SeatInput {
        account: Id::<basis::Account>::named(name).to_string(),
        lead: String::new(),
    }
}
