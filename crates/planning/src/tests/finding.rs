//! The gap finder over a register, lists, the portfolio, files in and out.

use super::*;

on_each_engine!(
    ROOMS,
    async fn the_gap_finder_shows_empty_cells_and_forgets_planned_ones(t: TestDb) {
        let h = house(&t);
        world(&t, 2).await;
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        for (g, n) in [(gov("partner 1"), 2), (city(), 1)] {
            let rows = (0..n)
                .map(|i| {
                    vals![
                        Id::<basis::Import>::named(&format!("{g}{i}")),
                        g,
                        Field::Culture,
                        "library",
                        Text::both("馆", "Library"),
                        "s",
                        false
                    ]
                })
                .collect();
            tx.insert_many(
                "INSERT INTO institution (id, government, field, kind, name, source, illustrative)",
                7,
                rows,
            )
            .await
            .unwrap();
        }
        let c = |relation, field, object: &str| Cover {
            relation,
            district: None,
            field,
            year: Some(2013),
            kind: "link",
            object_kind: "link",
            object_id: object.into(),
        };
        sql::cover(&tx, &c(Some(rel(0)), Field::Culture, "a")).await.unwrap();
        sql::cover(&tx, &c(Some(rel(2)), Field::Health, "b")).await.unwrap();
        tx.done(()).await.unwrap();
        let public = Viewer::public(Via::Page);
        let found = find(&t.db, &public, &Ask::default(), 2026).await.unwrap();
        assert_eq!(found.rows.len(), 2, "the city's own relations");
        let first = &found.gaps[0];
        assert_eq!(
            (first.place, first.field),
            (gaps::Place::Relation(rel(1)), Field::Culture)
        );
        assert!(
            first
                .reasons
                .iter()
                .any(|(r, _)| *r == gaps::Reason::PartnerHas { count: 2 })
        );
        assert!(
            first
                .reasons
                .iter()
                .any(|(r, _)| *r == gaps::Reason::Anniversary { years: 40, year: 2026 })
        );
        let culture = Field::ALL.iter().position(|f| *f == Field::Culture).unwrap();
        assert_eq!(
            (
                found.rows[0].cells[culture].count,
                found.rows[0].cells[culture].rank,
                found.rows[1].cells[culture].rank
            ),
            (1, None, Some(1))
        );
        assert!(found.rows[1].cells[culture].partner_has);
        assert_eq!(found.totals[culture], 1);
        plan(
            &h,
            &office(),
            &PlanItemInput {
                relation: rel(1).to_string(),
                ..input()
            },
        )
        .await
        .unwrap();
        let again = find(
            &t.db,
            &public,
            &Ask {
                year: Some(2026),
                ..Default::default()
            },
            2026,
        )
        .await
        .unwrap();
        let cell = again.rows[1].cells[culture];
        assert_eq!((cell.planned, cell.rank), (true, None), "planned is no gap");
        assert!(again.rows[0].cells[culture].rank.is_some(), "2013 does not cover 2026");
        let districts = find(
            &t.db,
            &public,
            &Ask {
                view: View::Districts,
                ..Default::default()
            },
            2026,
        )
        .await
        .unwrap();
        assert_eq!(
            districts.gaps[0].place,
            gaps::Place::District(gov("south")),
            "no relation reaches it (R90)"
        );
        let health = Field::ALL.iter().position(|f| *f == Field::Health).unwrap();
        let north = districts
            .rows
            .iter()
            .find(|r| r.place == gaps::Place::District(gov("north")))
            .unwrap();
        assert_eq!(
            north.cells[health].count, 1,
            "what the district's relation does is done in the district"
        );
        let planned = sql::planned(&t.db, Some(2026), Some(line_id())).await.unwrap();
        assert_eq!(planned.len(), 1);
    }
);
on_each_engine!(
    ROOMS,
    async fn the_gap_finder_asks_the_same_of_three_and_of_many(t: TestDb) {
        world(&t, 3).await;
        let public = Viewer::public(Via::Page);
        let (_, few) = count_queries(find(
            &t.db,
            &public,
            &Ask {
                level: Scope::All,
                ..Default::default()
            },
            2026,
        ))
        .await;
        let tx = t.db.begin(&Act::house(Via::Seed)).await.unwrap();
        for table in ["relation", "government", "department", "policy_line", "body"] {
            tx.exec(&format!("DELETE FROM {table}"), vec![]).await.unwrap();
        }
        tx.done(()).await.unwrap();
        world(&t, 300).await;
        let (found, many) = count_queries(find(
            &t.db,
            &public,
            &Ask {
                level: Scope::All,
                ..Default::default()
            },
            2026,
        ))
        .await;
        assert_eq!(found.unwrap().rows.len(), 301);
        // Three of them read the register, which is not kept where no stamp was written.
        assert_eq!((few, many), (7, 7));
    }
);
on_each_engine!(
    ROOMS,
    async fn lists_and_portfolio(t: TestDb) {
        let h = house(&t);
        world(&t, 3).await;
        for (i, field) in ["economy", "economy", "culture"].into_iter().enumerate() {
            plan(
                &h,
                &office(),
                &PlanItemInput {
                    relation: rel(i % 2).to_string(),
                    field: field.into(),
                    ..input()
                },
            )
            .await
            .unwrap();
        }
        let old = plan(
            &h,
            &office(),
            &PlanItemInput {
                year: "2025".into(),
                due: String::new(),
                ..input()
            },
        )
        .await
        .unwrap();
        let p = portfolio_of(&t.db, 2026).await.unwrap();
        assert_eq!(
            (p.items, p.economy, p.culture),
            (3, Share { part: 2, whole: 3 }, Share { part: 1, whole: 2 })
        );
        assert_eq!(sql::counted(&t.db, 2025).await.unwrap().len(), 1);
        assert_eq!(years(&t.db).await.unwrap(), [2026, 2025]);
        let first = list(
            &t.db,
            &Filter {
                limit: Some(3),
                ..Default::default()
            },
        )
        .await
        .unwrap();
        let second = list(
            &t.db,
            &Filter {
                limit: Some(3),
                after: first.next.clone(),
                ..Default::default()
            },
        )
        .await
        .unwrap();
        assert_eq!(
            (first.items.len(), second.items.len(), second.items[0].id, second.next),
            (3, 1, old, None)
        );
        let only = list(
            &t.db,
            &Filter {
                field: Some(Field::Economy),
                year: Some(2026),
                policy: Some(line_id()),
                status: Some(PlanStatus::Planned),
                relation: Some(rel(0)),
                ..Default::default()
            },
        )
        .await
        .unwrap();
        assert_eq!(only.items.len(), 1);
        assert_eq!(sql::cards(&t.db, &[old]).await.unwrap().len(), 1);
        let (_, one) = count_queries(list(
            &t.db,
            &Filter {
                year: Some(2025),
                ..Default::default()
            },
        ))
        .await;
        let (_, three) = count_queries(list(
            &t.db,
            &Filter {
                year: Some(2026),
                ..Default::default()
            },
        ))
        .await;
        assert_eq!((one, three), (1, 1));
        assert_eq!(sql::years(&t.db).await.unwrap().len(), 2);
        let loaded = sql::load(&t.db, old).await.unwrap().unwrap();
        let tx = t.db.begin(&Act::house(Via::Job)).await.unwrap();
        sql::note_lead(&tx, &loaded, Lead::Individual).await.unwrap();
        assert!(matches!(
            sql::note_lead(&tx, &loaded, Lead::Public).await.unwrap_err(),
            Fail::Changed
        ));
        let loaded = sql::load(&tx, old).await.unwrap().unwrap();
        assert_eq!(loaded.led_by, Some(Lead::Individual));
        sql::save(
            &tx,
            &Item {
                led_by: Some(Lead::Public),
                ..loaded.clone()
            },
        )
        .await
        .unwrap();
        assert!(matches!(sql::save(&tx, &loaded).await.unwrap_err(), Fail::Changed));
        sql::insert(
            &tx,
            &[Item {
                id: tx.fresh(),
                ..loaded
            }],
        )
        .await
        .unwrap();
        tx.done(()).await.unwrap();
        assert_eq!(
            sql::list(
                &t.db,
                &Filter {
                    year: Some(2025),
                    ..Default::default()
                }
            )
            .await
            .unwrap()
            .items
            .len(),
            2
        );
    }
);
on_each_engine!(
    ROOMS,
    async fn a_plan_comes_in_whole_or_not_and_goes_out_readable(t: TestDb) {
        let h = house(&t);
        world(&t, 3).await;
        let good = "年份,领域,关系编号,政策条目,名称（中文）,目标（中文）,服务于（中文）,完成期限\n2026,文化,T00001,r86,书,读书,市里,2026-11-30\n2026,culture,t00002,R86,=1+1,读书,市里,\n";
        let bad = good.replace("T00001", "T99999").replace("2026-11-30", "soon");
        let report = import_items(&h, &office(), bad.as_bytes(), "p.csv", false)
            .await
            .unwrap();
        let at: Vec<_> = report
            .faults
            .iter()
            .map(|f| (f.row, f.letter.as_str(), f.value.as_str(), f.refusal.code))
            .collect();
        assert_eq!(
            at,
            [
                (Some(2), "C", "T99999", "refusal-not-in-list"),
                (Some(2), "H", "soon", "refusal-not-a-date")
            ]
        );
        assert_eq!(
            list(&t.db, &Filter::default()).await.unwrap().items.len(),
            0,
            "all or nothing"
        );
        let dry = import_items(&h, &office(), good.as_bytes(), "p.csv", true)
            .await
            .unwrap();
        assert_eq!((dry.is_clean(), dry.rows, dry.written), (true, 2, 0));
        assert!(matches!(
            import_items(&h, &department(Field::Culture), good.as_bytes(), "p.csv", true)
                .await
                .unwrap_err(),
            Fail::Denied(_)
        ));
        let done = import_items(&h, &office(), good.as_bytes(), "p.csv", false)
            .await
            .unwrap();
        assert_eq!(done.written, 2);
        let table = export_items(
            &t.db,
            &Viewer::public(Via::Page),
            &Filter::default(),
            basis::Locale::Zh,
            Day::constant(2026, 11, 22),
        )
        .await
        .unwrap();
        let csv = String::from_utf8(table.to_csv().unwrap()).unwrap();
        assert!(csv.contains("'=1+1"), "no formula runs in the officer's Excel");
        let again = import_items(&h, &office(), csv.as_bytes(), "again.csv", true)
            .await
            .unwrap();
        assert!(again.is_clean(), "{:?}", again.faults);
        assert_eq!(again.counts, Some((0, 0, 2)), "what did not change is known again");
        assert_eq!(again.unread, ["状态", "理由"]);
    }
);
on_each_engine!(
    ROOMS,
    async fn a_plan_taken_out_mended_and_taken_in_is_mended_not_doubled(t: TestDb) {
        let h = house(&t);
        world(&t, 3).await;
        let first = "year,field,relation,policy,title (English),aim (English),supports (English),due\n2026,culture,T00001,R86,Books,read,city,2026-11-30\n2026,health,T00002,R86,Beds,heal,city,\n";
        let import = async |text: &str| {
            import_items(&h, &office(), text.as_bytes(), "p.csv", false)
                .await
                .unwrap()
        };
        assert_eq!(import(first).await.counts, Some((2, 0, 0)));
        // Without an id a row is what it says: year, field, place and title.
        let again = import(first).await;
        assert_eq!((again.counts, again.written), (Some((0, 0, 2)), 0));
        let out = async || {
            let table = export_items(
                &t.db,
                &office().viewer,
                &Filter::default(),
                basis::Locale::En,
                Day::constant(2026, 11, 22),
            )
            .await
            .unwrap();
            String::from_utf8(table.to_csv().unwrap()).unwrap()
        };
        let csv = out().await;
        let mended = import(&csv.replace("2026-11-30", "2026-12-15").replace("Beds", "Hospital beds")).await;
        assert_eq!(
            (mended.counts, mended.written),
            (Some((0, 2, 0)), 2),
            "{:?}",
            mended.faults
        );
        let items = list(&t.db, &Filter::default()).await.unwrap().items;
        assert_eq!(items.len(), 2);
        let books = items
            .iter()
            .find(|i| i.title.plain(basis::Locale::En) == "Books")
            .unwrap();
        assert_eq!((books.due, books.version), (Some(Day::constant(2026, 12, 15)), 2));
        assert!(
            items
                .iter()
                .any(|i| i.title.plain(basis::Locale::En) == "Hospital beds")
        );
        let history = journal::history(&t.db, "plan-item", &books.id.to_string())
            .await
            .unwrap();
        let actions: Vec<_> = history.iter().map(|(l, _)| l.action.as_str()).collect();
        assert_eq!(actions, ["plan-item.added", "plan-item.amended"]);
        // A blank cell leaves what is there.
        let bare = format!("id,year,field,policy,due\n{},,,,2026-12-20\n", books.id);
        assert_eq!(import(&bare).await.counts, Some((0, 1, 0)));
        let card = item(&t.db, books.id).await.unwrap().unwrap();
        assert_eq!(
            (card.due, card.relation, card.title.plain(basis::Locale::En)),
            (Some(Day::constant(2026, 12, 20)), Some(rel(1)), "Books")
        );
        let codes = |r: &TableReport| {
            r.faults
                .iter()
                .map(|f| (f.letter.clone(), f.refusal.code))
                .collect::<Vec<_>>()
        };
        let unknown = import(&bare.replace(&books.id.to_string(), &rel(1).to_string())).await;
        assert_eq!(codes(&unknown), [("A".to_owned(), "refusal-not-in-list")]);
        let twice = import(&format!("{bare}{},,,,2026-12-21\n", books.id)).await;
        assert_eq!(codes(&twice), [(String::new(), "refusal-plan-row-twice")]);
        let stranger = import(&first.replace("T00001", &Id::<basis::Relation>::named("nobody").to_string())).await;
        assert_eq!(codes(&stranger), [("C".to_owned(), "refusal-not-in-list")]);
        let dropped = StepInput {
            to: "dropped".into(),
            reason: "flood".into(),
            version: card.version.to_string(),
            ..Default::default()
        };
        step(&h, &office(), books.id, &dropped).await.unwrap();
        assert_eq!(
            codes(&import(&bare.replace("12-20", "12-22")).await),
            [(String::new(), "refusal-plan-ended")]
        );
        assert_eq!(
            import(&out().await).await.counts,
            Some((0, 0, 2)),
            "an ended item that stays as it is"
        );
    }
);
