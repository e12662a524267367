//! The readers: what they take, what they refuse and where, and that no bytes make them panic.

#[path = "../fuzz/body.rs"]
mod body;
mod common;

use common::Dice;
use matching::table::{File, read, read_allocation, write_allocation};
use matching::{Options, Side, Status, solve};

const NEEDS: &str = "need_id,min,max,priority\nn1,1,2,3\nn2,0,5,1\n";
const OFFERS: &str = "offer_id,capacity\no1,2\no2,3\n";
const PAIRS: &str = "offer_id,need_id,value,max_units,status\no1,n1,5,2,\no2,n2,-1,3,forbidden\no2,n1,4,1,forced\n";

fn faults(needs: &str, offers: &str, pairs: &str, groups: Option<&str>) -> Vec<(File, u64, usize)> {
    match read(
        needs.as_bytes(),
        offers.as_bytes(),
        pairs.as_bytes(),
        groups.map(str::as_bytes),
    ) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|f| (f.file, f.line, f.column)).collect(),
    }
}

#[test]
fn reads_what_is_right() {
    let groups = "group_id,side,member_id,min,max\ng,offer,o1,0,4\ng,offer,o2,0,4\nh,need,n1,1,2\n";
    let tables = read(
        NEEDS.as_bytes(),
        OFFERS.as_bytes(),
        PAIRS.as_bytes(),
        Some(groups.as_bytes()),
    )
    .unwrap();
    assert_eq!(tables.need_ids, ["n1", "n2"]);
    assert_eq!(tables.problem.pairs[1].status, Status::Forbidden);
    assert_eq!(tables.problem.groups[0].members, [0, 1]);
    assert_eq!(tables.problem.groups[1].side, Side::Need);
    let answer = solve(&tables.problem, &Options::default()).unwrap();
    let out = String::from_utf8(write_allocation(&tables, &answer)).unwrap();
    assert_eq!(out, "offer_id,need_id,units,value\no1,n1,1,5\no2,n1,1,4\n");
    assert_eq!(read_allocation(&tables, out.as_bytes()), Ok(answer.units));
    let wrong = "offer_id,need_id,units,value\no1,n1,1,6\no1,n2,1,0\no1,n1,x,5\no9,n1,1,4\n";
    let faults = read_allocation(&tables, wrong.as_bytes()).unwrap_err();
    let at: Vec<_> = faults.iter().map(|f| (f.line, f.column)).collect();
    assert_eq!(at, [(2, 4), (3, 2), (4, 3), (5, 1)]);
}

#[test]
fn takes_bom_crlf_quotes_other_order_and_no_last_newline() {
    let needs = "\u{feff}priority,\"max\",min,need_id\r\n3,2,1,\"n,\"\"1\"\r\n\r\n1,5,0,\"n\n2\"";
    let tables = read(
        needs.as_bytes(),
        b"offer_id,capacity",
        b"offer_id,need_id,value,max_units\n",
        None,
    )
    .unwrap();
    assert_eq!(tables.need_ids, ["n,\"1", "n\n2"]);
    assert_eq!(tables.problem.needs[1].max, 5);
    assert!(tables.problem.offers.is_empty());
}

#[test]
fn an_organisation_holds_its_offers_and_who_names_none_stands_alone() {
    let offers = "organisation,offer_id,capacity\nA,o1,2\n,o2,3\nA,o3,1\n,A,1\n";
    let pairs = "offer_id,need_id,value,max_units\n";
    let read = |offers: &str| read(NEEDS.as_bytes(), offers.as_bytes(), pairs.as_bytes(), None).unwrap();
    let tables = read(offers);
    let all = tables.organisations();
    let members: Vec<&[u32]> = all.iter().map(|o| o.offers.as_slice()).collect();
    assert_eq!(members, [&[0, 2][..], &[1], &[3]]);
    let names: Vec<String> = all.iter().map(|o| tables.organisation(o)).collect();
    assert_eq!(names, ["organisation A", "offer o2", "offer A"]);
    let without = read(OFFERS);
    assert!(without.organisation_of.is_empty());
    assert_eq!(without.organisations().len(), 2);
    let broken = b"offer_id,capacity,organisation\no1,1,\xff\n";
    let faults = matching::table::read(NEEDS.as_bytes(), broken, pairs.as_bytes(), None).unwrap_err();
    assert_eq!((faults[0].file, faults[0].line, faults[0].column), (File::Offers, 2, 3));
}

#[test]
fn names_the_place_of_every_fault() {
    assert_eq!(
        faults("", "offer_id\n", "offer_id,need_id,value,max_units,colour\n", None),
        [(File::Needs, 1, 0), (File::Offers, 1, 0), (File::Pairs, 1, 5)]
    );
    let needs = "need_id,min,max,priority\nn1,-1,2,1\nn1,1,x,1\n,3,2,\n\nn4,9223372036854775808,1,1\nn5,1,1\n";
    assert_eq!(
        faults(needs, OFFERS, "offer_id,need_id,value,max_units\n", None),
        [
            (File::Needs, 2, 2),
            (File::Needs, 3, 1),
            (File::Needs, 3, 3),
            (File::Needs, 4, 1),
            (File::Needs, 4, 3),
            (File::Needs, 4, 4),
            (File::Needs, 6, 2),
            (File::Needs, 7, 3),
        ]
    );
    let pairs = "offer_id,need_id,value,max_units,status\no1,n1,1,1,\no9,n9,1,1,\no1,n1,1,1,\no2,n1,1,-1,Forced\n";
    assert_eq!(
        faults(NEEDS, OFFERS, pairs, None),
        [
            (File::Pairs, 3, 1),
            (File::Pairs, 3, 2),
            (File::Pairs, 4, 2),
            (File::Pairs, 5, 4),
            (File::Pairs, 5, 5),
        ]
    );
    let groups = "group_id,side,member_id,min,max\ng,offer,o1,0,4\ng,offer,o1,0,4\ng,need,n1,0,4\ng,offer,n1,0,4\ng,offer,o2,0,5\nh,both,o1,5,4\n";
    assert_eq!(
        faults(NEEDS, OFFERS, PAIRS, Some(groups)),
        [
            (File::Groups, 3, 3),
            (File::Groups, 4, 2),
            (File::Groups, 5, 3),
            (File::Groups, 6, 5),
            (File::Groups, 7, 2),
        ]
    );
    assert_eq!(
        faults(
            "need_id,min,max,priority\n\"n1,1,1,1\n",
            OFFERS,
            "offer_id,need_id,value,max_units\n",
            None
        )
        .len(),
        1
    );
}

#[test]
fn one_fault_does_not_bring_others() {
    let header = "need_id,min,max,priority\n";
    let pairs = "offer_id,need_id,value,max_units\no1,n4,1,1\no2,\"n,5\",1,1\no1,n1,1,1\no1,n4,1,1\no1,n9,1,1\n";
    // Too short, too long for want of quotes; and the id that only looked as if it stood there already is right.
    let needs = format!("{header}n4,1,1\nn,5,0,1,1\nn,0,1,1\nn1,0,1,1\n");
    assert_eq!(
        faults(&needs, OFFERS, pairs, None),
        [
            (File::Needs, 2, 3),
            (File::Needs, 3, 5),
            (File::Pairs, 5, 2),
            (File::Pairs, 6, 2),
        ]
    );
    // The offer's row cannot be split at all, and what comes behind it is not known.
    let offers = "offer_id,capacity\n\"o1,1\no2,1\n";
    let needs = format!("{header}n4,0,1,1\n\"n,5\",0,1,1\nn1,0,1,1\nn9,0,1,1\n");
    assert_eq!(faults(&needs, offers, pairs, None), [(File::Offers, 2, 1)]);
    // A column is missing: nothing is said of the ids.
    assert_eq!(
        faults(
            "need_id,min,max\nn1,0,1\n",
            OFFERS,
            "offer_id,need_id,value,max_units\no1,n1,1,1\n",
            None
        ),
        [(File::Needs, 1, 0)]
    );
}

#[test]
fn numbers_that_are_too_large_have_a_place() {
    let needs = "need_id,min,max,priority\nn1,1,2,3\nn2,0,5,9000000000000000000\n";
    let pairs = "value,offer_id,need_id,max_units\n5,o1,n1,2\n-9000000000000000001,o2,n2,1\n4,o2,n1,1\n";
    let tables = read(needs.as_bytes(), OFFERS.as_bytes(), pairs.as_bytes(), None).unwrap();
    let Err(matching::Refusal::TooLarge(what)) = solve(&tables.problem, &Options::default()) else {
        panic!("it is too large")
    };
    let at = matching::table::too_large(&tables, what, needs.as_bytes(), pairs.as_bytes());
    let at: Vec<_> = at.iter().map(|f| (f.file, f.line, f.column)).collect();
    assert_eq!(at, [(File::Needs, 3, 4), (File::Pairs, 3, 1)]);
    let units = "offer_id,need_id,value,max_units\no1,n1,5,2\no2,n2,1,9000000000000000000\n";
    let needs = "need_id,min,max,priority\nn1,1,2,3\nn2,0,9000000000000000000,1\n";
    let offers = "offer_id,capacity\no1,2\no2,9000000000000000000\n";
    let tables = read(needs.as_bytes(), offers.as_bytes(), units.as_bytes(), None).unwrap();
    let Err(matching::Refusal::TooLarge(what)) = solve(&tables.problem, &Options::default()) else {
        panic!("it is too large")
    };
    let at = matching::table::too_large(&tables, what, needs.as_bytes(), units.as_bytes());
    assert_eq!((at[0].file, at[0].line, at[0].column), (File::Pairs, 3, 4));
}

#[test]
fn no_bytes_make_it_panic() {
    let mut dice = Dice(7);
    let seeds = [
        NEEDS,
        "offer_id,capacity,organisation\no1,2,A\no2,3,\n",
        PAIRS,
        "group_id,side,member_id,min,max\ng,offer,o1,0,4\n",
    ];
    // The bytes of the fuzz target: what it finds fails here too, on the stable compiler.
    let spice = b",\"\n\r-0919\xef\xbb\xbf\xff n1o";
    let mut read = 0;
    for _ in 0..20_000 {
        let mut files: Vec<Vec<u8>> = seeds.iter().map(|s| s.as_bytes().to_vec()).collect();
        for _ in 0..dice.range(1, 6) {
            let file = &mut files[dice.range(0, 3) as usize];
            let at = dice.range(0, file.len() as i64) as usize;
            match dice.range(0, 3) {
                0 if at < file.len() => {
                    file.remove(at);
                }
                1 => file.truncate(at),
                _ => file.insert(at, spice[dice.range(0, spice.len() as i64 - 1) as usize]),
            }
        }
        read += i32::from(body::run(&files.join(&0)));
    }
    // As other programs write them, and as hands spoil them: whole columns and fields at a time.
    for _ in 0..10_000 {
        let mut files: Vec<Vec<u8>> = seeds.iter().map(|s| s.as_bytes().to_vec()).collect();
        for _ in 0..dice.range(1, 3) {
            let file = &mut files[dice.range(0, 3) as usize];
            *file = spoilt(&mut dice, file);
        }
        read += i32::from(body::run(&files.join(&0)));
    }
    assert!(read > 4_000, "{read}");
}

/// A table with its columns in another order, a field in quotes, a huge number, a mark at its front, other line ends, or with
/// bytes of any kind.
fn spoilt(dice: &mut Dice, file: &[u8]) -> Vec<u8> {
    let mut rows: Vec<Vec<Vec<u8>>> = file
        .split(|&b| b == b'\n')
        .map(|line| line.split(|&b| b == b',').map(<[u8]>::to_vec).collect())
        .collect();
    let kind = dice.range(0, 6);
    let ends: &[u8] = if kind == 0 { b"\r\n" } else { b"\n" };
    let at = dice.range(0, rows.len() as i64 - 1) as usize;
    let field = dice.range(0, rows[at].len() as i64 - 1) as usize;
    match kind {
        1 => {
            let (one, other) = (dice.range(0, 4) as usize, dice.range(0, 4) as usize);
            for row in rows.iter_mut().filter(|row| row.len() > one.max(other)) {
                row.swap(one, other);
            }
        }
        2 => rows[at][field] = [b"\"", rows[at][field].as_slice(), b"\""].concat(),
        3 => {
            let huge: [&[u8]; 4] = [
                b"9223372036854775807",
                b"9223372036854775808",
                b"-1",
                b"99999999999999999999999",
            ];
            rows[at][field] = huge[dice.range(0, 3) as usize].to_vec();
        }
        4 => rows[at][field] = (0..8).map(|_| dice.range(1, 255) as u8).collect(),
        5 => {
            let again = rows[at].clone();
            rows.insert(at, again);
        }
        _ => {}
    }
    let lines: Vec<Vec<u8>> = rows.iter().map(|row| row.join(&b',')).collect();
    let marked: &[u8] = if kind == 6 { b"\xef\xbb\xbf" } else { b"" };
    [marked, &lines.join(ends)].concat()
}
