//! The second clock: which zone a partner country keeps, where the whole country keeps one (IANA tz database, zone1970.tab).

use jiff::tz::TimeZone;

/// ISO 3166-1 alpha-2 to IANA zone. Countries with several zones are left out: a wrong clock is worse than none.
const ONE_ZONE: &[(&str, &str)] = &[
    ("AT", "Europe/Vienna"),
    ("BE", "Europe/Brussels"),
    ("BG", "Europe/Sofia"),
    ("BY", "Europe/Minsk"),
    ("CH", "Europe/Zurich"),
    ("CZ", "Europe/Prague"),
    ("DE", "Europe/Berlin"),
    ("DK", "Europe/Copenhagen"),
    ("EG", "Africa/Cairo"),
    ("FI", "Europe/Helsinki"),
    ("FR", "Europe/Paris"),
    ("GB", "Europe/London"),
    ("GR", "Europe/Athens"),
    ("HU", "Europe/Budapest"),
    ("IL", "Asia/Jerusalem"),
    ("IN", "Asia/Kolkata"),
    ("IR", "Asia/Tehran"),
    ("IT", "Europe/Rome"),
    ("JP", "Asia/Tokyo"),
    ("KE", "Africa/Nairobi"),
    ("KH", "Asia/Phnom_Penh"),
    ("KR", "Asia/Seoul"),
    ("LA", "Asia/Vientiane"),
    ("LK", "Asia/Colombo"),
    ("MM", "Asia/Yangon"),
    ("MY", "Asia/Kuala_Lumpur"),
    ("NL", "Europe/Amsterdam"),
    ("NO", "Europe/Oslo"),
    ("NP", "Asia/Kathmandu"),
    ("PH", "Asia/Manila"),
    ("PK", "Asia/Karachi"),
    ("PL", "Europe/Warsaw"),
    ("RO", "Europe/Bucharest"),
    ("RS", "Europe/Belgrade"),
    ("SE", "Europe/Stockholm"),
    ("SG", "Asia/Singapore"),
    ("SK", "Europe/Bratislava"),
    ("TD", "Africa/Ndjamena"),
    ("TH", "Asia/Bangkok"),
    ("TR", "Europe/Istanbul"),
    ("UY", "America/Montevideo"),
    ("VN", "Asia/Ho_Chi_Minh"),
    ("ZA", "Africa/Johannesburg"),
];

pub fn of_country(code: &str) -> Option<TimeZone> {
    let (_, name) = ONE_ZONE.iter().find(|(c, _)| *c == code)?;
    TimeZone::get(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn every_zone_is_known() {
        for (code, name) in ONE_ZONE {
            assert!(of_country(code).is_some(), "{name}");
        }
        assert!(of_country("US").is_none());
    }
    #[test]
    fn the_list_is_in_order_and_names_each_once() {
        assert!(ONE_ZONE.windows(2).all(|w| w[0].0 < w[1].0));
    }
}
