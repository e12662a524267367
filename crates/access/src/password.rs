//! Passwords: argon2id with OWASP's parameters, worked out away from the threads that answer requests.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use basis::{Chance, Fail, Refusal};
use unicode_normalization::UnicodeNormalization;

/// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

pub const SHORTEST: usize = 12;
/// Long enough for any sentence, short enough that nobody makes us hash megabytes.
pub const LONGEST: usize = 200;

/// So that a crowd at the door cannot take all memory: four hashes at a time are 76 MiB.
static AT_ONCE: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(4);

/// Common passwords of at least twelve characters, and what people of this house would think of first.
const COMMON: &str = "123456789012 1234567890123 12345678901234 123456789123 1234567890ab 0123456789ab 123123123123 \
    111111111111 000000000000 987654321098 112233445566 121212121212 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc \
    q1w2e3r4t5y6 zaq12wsxcde3 qwertyuiop12 qwertyuiop123 qwertyuiop[] qwertyuiopas qwerty123456 qwerty1234567 \
    qwertyqwerty asdfghjkl123 asdfghjkl;'# abcdefghijkl abcdefgh1234 abcd12345678 abc123456789 abcabcabcabc \
    password1234 password12345 password123456 passwordpassword password@123 p@ssw0rd1234 passw0rd1234 mypassword12 \
    iloveyou1234 iloveyou12345 iloveyouforever letmein12345 letmeinplease welcome12345 welcome123456 administrator \
    administrator1 admin1234567 admin12345678 changeme1234 changemeplease superman1234 football1234 baseball1234 \
    sunshine1234 princess1234 dragon123456 monkey123456 trustno1trustno1 woaini123456 woaini1314520 woaini5201314 \
    5201314520131 a123456789012 aa1234567890 a12345678901 zhongguo1234 zhongguo12345 chongqing123 chongqing1234 \
    chongqing12345 youcheng1234 youcheng12345 sistercity12 sistercities sistercities1 friendship12 friendshipcity \
    correcthorsebatterystaple correct horse battery staple";

/// A password fit to keep.
///
/// # Errors
/// A refusal at `field`: too short, too long, among the common ones, made of a few characters, or the person's own
/// e-mail or name.
pub fn checked(field: &'static str, raw: &str, personal: &[&str]) -> Result<String, Refusal> {
    // NFKC (NIST SP 800-63B 5.1.1.2): the same keys on another keyboard or system give the same password.
    let password: String = raw.nfkc().collect();
    let count = password.chars().count();
    if count < SHORTEST {
        return Err(Refusal::at(field, "refusal-password-short").with("min", SHORTEST));
    }
    if count > LONGEST {
        return Err(Refusal::at(field, "refusal-too-long")
            .with("max", LONGEST)
            .with("count", count));
    }
    let plain = password.to_lowercase();
    let distinct: std::collections::BTreeSet<char> = plain.chars().collect();
    let own = |p: &&str| {
        let p = p.to_lowercase();
        p.chars().count() >= 4 && plain.replace(&p, "").chars().count() < 6
    };
    let common = plain == "correct horse battery staple" || COMMON.split_whitespace().any(|c| c == plain);
    if distinct.len() < 5 || common || personal.iter().any(own) {
        return Err(Refusal::at(field, "refusal-password-common"));
    }
    Ok(password)
}

fn argon() -> Result<Argon2<'static>, Fail> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| Fail::fault(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to keep, in PHC form.
pub async fn hash(password: &str, chance: &dyn Chance) -> Result<String, Fail> {
    let mut salt = [0u8; 16];
    chance.fill(&mut salt);
    let password = password.to_owned();
    aside(move || {
        let hash: PasswordHash = argon()?
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|e| Fail::fault(e.to_string()))?;
        Ok(hash.to_string())
    })
    .await
}

/// What a comparison found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    No,
    Yes,
    /// Yes, but made with other parameters than today's: to be hashed anew.
    Outdated,
}
/// Compares with a kept hash; without one, takes the same time over a made-up one, so that nobody learns by the clock
/// whether there is an account.
pub async fn compare(raw: &str, kept: Option<String>) -> Result<Match, Fail> {
    // A password longer than any we keep cannot fit; a short one takes its place so that the time stays the same.
    let password: String = raw.nfkc().take(LONGEST + 1).collect();
    aside(move || {
        let argon = argon()?;
        let Some(kept) = kept else {
            argon
                .hash_password_with_salt(password.as_bytes(), b"nobody has this salt")
                .map_err(|e| Fail::fault(e.to_string()))?;
            return Ok(Match::No);
        };
        let hash = PasswordHash::new(&kept).map_err(|e| Fail::fault(e.to_string()))?;
        if argon.verify_password(password.as_bytes(), &hash).is_err() {
            return Ok(Match::No);
        }
        let today = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$");
        Ok(if kept.starts_with(&today) {
            Match::Yes
        } else {
            Match::Outdated
        })
    })
    .await
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, Fail> + Send + 'static) -> Result<T, Fail> {
    let _turn = AT_ONCE.acquire().await.map_err(Fail::fault)?;
    tokio::task::spawn_blocking(work).await.map_err(Fail::fault)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_at_their_field() {
        let code = |raw: &str| checked("password", raw, &["li.wei@example.org", "Li Wei Ming"]).map_err(|r| r.code);
        assert_eq!(code("short"), Err("refusal-password-short"));
        assert_eq!(code("aaaaaaaaaaaaaaaa"), Err("refusal-password-common"));
        assert_eq!(code("Password1234"), Err("refusal-password-common"));
        assert_eq!(code("li.wei@example.org1"), Err("refusal-password-common"));
        assert_eq!(code(&"ab cd ef ".repeat(40)), Err("refusal-too-long"));
        assert_eq!(code("两江交汇处的老朋友 2026"), Ok("两江交汇处的老朋友 2026".into()));
        // Full-width letters are the same keys.
        assert_eq!(code("ｂｒｉｄｇｅｓ ｏｆ 重庆"), Ok("bridges of 重庆".into()));
    }
    #[test]
    fn hashes_compare_and_old_parameters_are_seen() {
        store::testing::block_on(async {
            let kept = hash("bridges of 重庆 1937", &store::OsChance).await.unwrap();
            assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
            assert_eq!(
                compare("bridges of 重庆 1937", Some(kept.clone())).await.unwrap(),
                Match::Yes
            );
            assert_eq!(compare("bridges of 重庆 1938", Some(kept)).await.unwrap(), Match::No);
            assert_eq!(compare("anything at all", None).await.unwrap(), Match::No);
            let weak = Argon2::new(
                Algorithm::Argon2id,
                Version::V0x13,
                Params::new(1024, 1, 1, None).unwrap(),
            );
            let old: PasswordHash = weak
                .hash_password_with_salt(b"an old password", b"salt of sixteen.")
                .unwrap();
            assert_eq!(
                compare("an old password", Some(old.to_string())).await.unwrap(),
                Match::Outdated
            );
        });
    }
}
