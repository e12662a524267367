//! The queue over the whole house: whoever narrows it to a field loses nothing that belongs to the field.

use std::{collections::BTreeSet, time::Duration};

use basis::Locale;
use store::Via;
use youcheng::demo;

use crate::{house::Node, on_each};

on_each!(
    async fn every_line_says_what_it_belongs_to(engine) {
        let node = Node::start(engine, &[]).await;
        demo::seed(&node.parts, &node.clock).await.unwrap();
        let house = node.parts.house();
        let mut kinds = BTreeSet::new();
        // As the stories leave it; after calls have closed; after days have passed.
        for days in [0, 13, 60] {
            node.clock.forward(Duration::from_secs(days * 24 * 3600));
            for player in demo::players() {
                let all = access::viewer_of(&house.db, player.account, None, Via::Page).await.unwrap();
                for mandate in all.mandates.iter().map(|m| Some(m.id)).chain([None]) {
                    let viewer = access::viewer_of(&house.db, player.account, mandate, Via::Page).await.unwrap();
                    let whole = desk::duties(house, &viewer, Locale::En).await.unwrap();
                    let mut within = 0;
                    for d in &whole {
                        let kind = d.href.split('/').nth(1).unwrap().split('?').next().unwrap().to_owned();
                        // Letters and jobs serve all fields; a note may be about the relation as a whole, and an
                        // organisation may name no field.
                        let of_none = kind == "desk" || kind == "organisations" || (kind == "relations" && d.matter.relation.is_some());
                        assert!(!d.matter.fields.is_empty() || of_none, "{}: {d:?}", player.role);
                        assert!(d.matter.object.is_some() || kind == "desk", "{}: {d:?}", player.role);
                        within += usize::from(!d.matter.fields.is_empty());
                        kinds.insert(kind);
                    }
                    let mut found = BTreeSet::new();
                    for field in <basis::Field as basis::Code>::ALL {
                        let narrow = desk::Narrow { field: Some(*field), relation: None };
                        let queue = desk::queue_of(house, &viewer, Locale::En, narrow).await.unwrap();
                        for t in queue.mine.iter().chain(&queue.others) {
                            found.insert((t.duty.what.clone(), t.duty.about.clone(), t.duty.href.clone(), t.duty.who.clone()));
                        }
                    }
                    let lines: BTreeSet<_> = whole
                        .iter()
                        .filter(|d| !d.matter.fields.is_empty())
                        .map(|d| (d.what.clone(), d.about.clone(), d.href.clone(), d.who.clone()))
                        .collect();
                    assert!(lines.len() <= within && found == lines, "{}: {found:?} of {lines:?}", player.role);
                }
            }
        }
        println!("{kinds:?}");
        for kind in ["calls", "plan"] {
            assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
        }
    }
);
