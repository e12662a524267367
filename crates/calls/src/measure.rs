//! What units are counted in. Hours, rooms, events and money are loads of their own: eight rooms and eighty hours add up
//! to nothing. Units are named in words, in one language or two, so the words decide which ones are the same.

use basis::Text;
use std::collections::HashMap;

/// Words for the same unit in both languages and in both numbers; what is not here counts by its own word.
const SAME: [&[&str]; 8] = [
    &["hour", "hours", "h", "小时", "工时"],
    &["day", "days", "天", "日", "工日"],
    &["room", "rooms", "间", "房间"],
    &["event", "events", "场", "场次"],
    &["time", "times", "次"],
    &["person", "persons", "people", "人", "名"],
    &["place", "places", "个名额", "名额"],
    &["piece", "pieces", "item", "items", "件"],
];

/// A word as it is compared: case, width and spaces do not make another unit.
fn plain(word: &str) -> String {
    let folded: String = word
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            // Full-width forms of ASCII.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect();
    match SAME.iter().find(|words| words.contains(&folded.as_str())) {
        Some(words) => words[0].to_owned(),
        None => folded,
    }
}

fn words(unit: &Text) -> impl Iterator<Item = String> + '_ {
    unit.langs().filter_map(|l| unit.get(l.as_str())).map(plain)
}

/// One unit of measure among those that were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Measure(usize);

/// Units of measure, told apart over everything that is counted together. Two units are the same where they share a word in
/// any language; whoever wrote "hours" only and whoever wrote "小时" only are brought together by who wrote both.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    by_word: HashMap<String, usize>,
    above: Vec<usize>,
}
impl Measures {
    pub fn of_all<'a>(units: impl IntoIterator<Item = &'a Text>) -> Measures {
        let mut all = Measures::default();
        for unit in units {
            let mut first = None;
            for word in words(unit) {
                let fresh = all.above.len();
                let at = *all.by_word.entry(word).or_insert(fresh);
                if at == fresh {
                    all.above.push(fresh);
                }
                let (top, other) = (all.top(at), all.top(*first.get_or_insert(at)));
                // The earlier one stays, so that an order of first sight remains.
                let (low, high) = (top.min(other), top.max(other));
                all.above[high] = low;
            }
        }
        all
    }
    fn top(&self, mut at: usize) -> usize {
        while self.above[at] != at {
            at = self.above[at];
        }
        at
    }
    /// None for a unit that was not among those compared.
    pub fn of(&self, unit: &Text) -> Option<Measure> {
        let at = words(unit).find_map(|word| self.by_word.get(&word))?;
        Some(Measure(self.top(*at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use basis::Lang;

    #[test]
    fn words_decide_in_whatever_language() {
        let (hours, zh, en) = (
            Text::both("小时", "hours"),
            Text::new(Lang::zh(), "小 时"),
            Text::new(Lang::en(), "Hour"),
        );
        let (rooms, sets) = (Text::both("间", "rooms"), Text::both("套", "sets"));
        let m = Measures::of_all([&rooms, &zh, &sets, &en, &hours]);
        assert_eq!((m.of(&zh), m.of(&en)), (m.of(&hours), m.of(&hours)));
        assert_ne!(m.of(&rooms), m.of(&hours));
        assert_ne!(m.of(&sets), m.of(&rooms));
        assert_eq!(m.of(&Text::both("册", "volumes")), None);
    }
    #[test]
    fn one_who_writes_both_brings_two_together() {
        let (zh, en) = (Text::new(Lang::zh(), "课时"), Text::new(Lang::en(), "lessons"));
        let apart = Measures::of_all([&zh, &en]);
        assert_ne!(apart.of(&zh), apart.of(&en));
        let both = Text::both("课时", "lessons");
        let one = Measures::of_all([&zh, &en, &both]);
        assert_eq!(one.of(&zh), one.of(&en));
        let (small, large) = (Text::both("千元", "CNY 1,000"), Text::both("万元", "CNY 10,000"));
        let money = Measures::of_all([&small, &large]);
        assert_ne!(
            money.of(&small),
            money.of(&large),
            "not the same size, so not the same unit"
        );
    }
}
