//! The Merkle tree of RFC 9162 section 2.1 over SHA-256. Pure: nothing here reads or writes.
//!
//! The tree of `n` leaves is never held in memory. A caller keeps one row for every *complete*
//! subtree: `(level, index, hash)`, where the node `(level, index)` covers the leaves
//! `index * 2^level .. (index + 1) * 2^level`. Such a node never changes once it is there, so the
//! table is append-only, and every root and proof is a handful of those rows hashed together.
//!
//! Two ways to use it from a database: give a `get` that looks a row up, or ask the matching
//! `nodes_for_*` first, load those rows in one query, and let `get` read from the loaded map.
//! `get` is called only with coordinates that `nodes_for_*` names.
#![cfg_attr(test, allow(clippy::unwrap_used))]

use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// A SHA-256 value: a leaf, a node or a root. Shown and parsed as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// Where a complete subtree stands: its level (0 = leaf) and its index on that level.
pub type Node = (u32, u64);

/// The text or the bytes were not a hash: 64 hexadecimal digits or 32 bytes were wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAHash;

impl fmt::Display for NotAHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a SHA-256 value: 64 hexadecimal digits wanted")
    }
}

impl std::error::Error for NotAHash {}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = NotAHash;

    fn from_str(s: &str) -> Result<Self, NotAHash> {
        let digit = |c: u8| (c as char).to_digit(16).map(|d| d as u8);
        let s = s.as_bytes();
        if s.len() != 64 {
            return Err(NotAHash);
        }
        let mut out = [0u8; 32];
        for (byte, pair) in out.iter_mut().zip(s.chunks_exact(2)) {
            *byte = digit(pair[0]).ok_or(NotAHash)? << 4 | digit(pair[1]).ok_or(NotAHash)?;
        }
        Ok(Hash(out))
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = NotAHash;

    fn try_from(bytes: &[u8]) -> Result<Self, NotAHash> {
        bytes.try_into().map(Hash).map_err(|_| NotAHash)
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Hash(bytes)
    }
}

impl AsRef<[u8]> for Hash {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Why a proof could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault<E> {
    /// The index or the smaller size lies outside the tree that was named.
    OutOfRange { asked: u64, size: u64 },
    /// `get` could not deliver a node.
    Node(E),
}

impl<E: fmt::Display> fmt::Display for Fault<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::OutOfRange { asked, size } => write!(f, "{asked} is outside a tree of {size} leaves"),
            Fault::Node(e) => write!(f, "a stored node could not be read: {e}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for Fault<E> {}

/// The hash of one leaf: SHA-256(0x00 || data). RFC 9162 section 2.1.1.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0u8]).chain_update(data).finalize().into())
}

/// The hash over two subtrees: SHA-256(0x01 || left || right). RFC 9162 section 2.1.1.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([1u8])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// The root of the tree without leaves: the hash of nothing. RFC 9162 section 2.1.1.
pub fn empty_root() -> Hash {
    Hash(Sha256::new().finalize().into())
}

/// The largest power of two smaller than `n`: where RFC 9162 splits a tree. `n` is at least 2.
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// The complete subtrees that make up the leaves `start .. end`, left to right. `start` is where a
/// subtree of the RFC's recursion begins, so it is aligned to every block that follows.
fn blocks(start: u64, end: u64) -> Vec<Node> {
    let (mut at, mut out) = (start, Vec::new());
    while at < end {
        let level = 63 - (end - at).leading_zeros();
        out.push((level, at >> level));
        at += 1 << level;
    }
    out
}

/// Hashes the blocks of one range together, from the right: MTH of RFC 9162 section 2.1.1.
fn range_hash<E>(range: (u64, u64), get: &mut impl FnMut(u32, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let mut acc: Option<Hash> = None;
    for (level, index) in blocks(range.0, range.1).into_iter().rev() {
        let left = get(level, index)?;
        acc = Some(acc.map_or(left, |right| node_hash(&left, &right)));
    }
    Ok(acc.unwrap_or_else(empty_root))
}

/// The ranges of leaves whose hashes make the audit path, nearest to the leaf first (section 2.1.3.1).
fn inclusion_ranges(index: u64, size: u64) -> Vec<(u64, u64)> {
    let (mut lo, mut hi, mut out) = (0, size, Vec::new());
    if index >= size {
        return out;
    }
    while hi - lo > 1 {
        let mid = lo + split(hi - lo);
        if index < mid {
            out.push((mid, hi));
            hi = mid;
        } else {
            out.push((lo, mid));
            lo = mid;
        }
    }
    out.reverse();
    out
}

/// The ranges whose hashes make the consistency proof (section 2.1.4.1, SUBPROOF unrolled).
fn consistency_ranges(m: u64, n: u64) -> Vec<(u64, u64)> {
    let (mut lo, mut hi, mut out) = (0, n, Vec::new());
    if m == 0 || m >= n {
        return out;
    }
    while m < hi {
        let mid = lo + split(hi - lo);
        if m <= mid {
            out.push((mid, hi));
            hi = mid;
        } else {
            out.push((lo, mid));
            lo = mid;
        }
    }
    // While nothing was skipped on the left, the range that is left over is the old tree itself,
    // whose root the verifier already holds; otherwise it must be sent.
    if lo > 0 {
        out.push((lo, hi));
    }
    out.reverse();
    out
}

fn nodes_of(ranges: &[(u64, u64)]) -> Vec<Node> {
    ranges.iter().flat_map(|&(a, b)| blocks(a, b)).collect()
}

fn path_of<E>(ranges: &[(u64, u64)], mut get: impl FnMut(u32, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, Fault<E>> {
    ranges
        .iter()
        .map(|&r| range_hash(r, &mut get).map_err(Fault::Node))
        .collect()
}

/// The nodes that [`append`] reads when the tree has `size` leaves: at most 63, none for even sizes.
pub fn nodes_for_append(size: u64) -> Vec<Node> {
    (0..size.trailing_ones())
        .map(|level| (level, (size >> level) - 1))
        .collect()
}

/// The nodes that [`root`] reads.
pub fn nodes_for_root(size: u64) -> Vec<Node> {
    blocks(0, size)
}

/// The nodes that [`inclusion_path`] reads; none when `index` lies outside the tree.
pub fn nodes_for_inclusion(index: u64, size: u64) -> Vec<Node> {
    nodes_of(&inclusion_ranges(index, size))
}

/// The nodes that [`consistency_path`] reads; none when `m` is 0 or not smaller than `n`.
pub fn nodes_for_consistency(m: u64, n: u64) -> Vec<Node> {
    nodes_of(&consistency_ranges(m, n))
}

/// What to store when `leaf` (see [`leaf_hash`]) becomes leaf number `size`, counted from 0: the leaf and every
/// subtree that it completes. The tree then has `size + 1` leaves.
///
/// # Errors
/// Whatever `get` returns.
pub fn append<E>(
    size: u64,
    leaf: Hash,
    mut get: impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<(u32, u64, Hash)>, E> {
    let (mut hash, mut out) = (leaf, vec![(0, size, leaf)]);
    for (level, left) in nodes_for_append(size) {
        hash = node_hash(&get(level, left)?, &hash);
        out.push((level + 1, left >> 1, hash));
    }
    Ok(out)
}

/// The root over the first `size` leaves (RFC 9162 section 2.1.1); of any earlier size too, as complete
/// subtrees never change.
///
/// # Errors
/// Whatever `get` returns.
pub fn root<E>(size: u64, mut get: impl FnMut(u32, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    range_hash((0, size), &mut get)
}

/// The inclusion proof for leaf `index` in the tree of `size` leaves (RFC 9162 section 2.1.3.1), leaf side first.
///
/// # Errors
/// [`Fault::OutOfRange`] unless `index < size`; [`Fault::Node`] with whatever `get` returns.
pub fn inclusion_path<E>(
    index: u64,
    size: u64,
    get: impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, Fault<E>> {
    if index >= size {
        return Err(Fault::OutOfRange { asked: index, size });
    }
    path_of(&inclusion_ranges(index, size), get)
}

/// The consistency proof between the trees of `m` and `n` leaves (RFC 9162 section 2.1.4.1). Empty when `m == n`,
/// and when `m == 0`: the RFC leaves that case out, and every tree extends the empty one.
///
/// # Errors
/// [`Fault::OutOfRange`] unless `m <= n`; [`Fault::Node`] with whatever `get` returns.
pub fn consistency_path<E>(
    m: u64,
    n: u64,
    get: impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, Fault<E>> {
    if m > n {
        return Err(Fault::OutOfRange { asked: m, size: n });
    }
    path_of(&consistency_ranges(m, n), get)
}

/// Whether `path` proves that `leaf` stands at `index` in the tree of `size` leaves with `root`
/// (RFC 9162 section 2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut here, mut last, mut r) = (index, size - 1, *leaf);
    for p in path {
        if last == 0 {
            return false;
        }
        if here & 1 == 1 || here == last {
            r = node_hash(p, &r);
            while here & 1 == 0 && here != 0 {
                here >>= 1;
                last >>= 1;
            }
        } else {
            r = node_hash(&r, p);
        }
        here >>= 1;
        last >>= 1;
    }
    last == 0 && r == *root
}

/// Whether `path` proves that the tree of `n` leaves with `root_n` extends that of `m` leaves with `root_m`
/// (RFC 9162 section 2.1.4.2). For `m == n` the roots must be equal and for `m == 0` the older root must be
/// [`empty_root`], with an empty path in both cases.
pub fn verify_consistency(m: u64, n: u64, path: &[Hash], root_m: &Hash, root_n: &Hash) -> bool {
    if m > n {
        return false;
    }
    if m == n {
        return path.is_empty() && root_m == root_n && (m > 0 || *root_m == empty_root());
    }
    if m == 0 {
        return path.is_empty() && *root_m == empty_root();
    }
    // Steps 2 to 4: a whole old tree is not sent, so it takes its place at the front; both counters then skip
    // the levels below it.
    let mut rest = path.iter();
    let first = if m.is_power_of_two() { Some(root_m) } else { rest.next() };
    let Some(&first) = first else { return false };
    let skip = (m - 1).trailing_ones();
    let (mut here, mut last) = ((m - 1) >> skip, (n - 1) >> skip);
    let (mut old, mut new) = (first, first);
    for c in rest {
        if last == 0 {
            return false;
        }
        if here & 1 == 1 || here == last {
            old = node_hash(c, &old);
            new = node_hash(c, &new);
            while here & 1 == 0 && here != 0 {
                here >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, c);
        }
        here >>= 1;
        last >>= 1;
    }
    last == 0 && old == *root_m && new == *root_n
}

#[cfg(test)]
mod tests;
