//! The published vectors of the Certificate Transparency reference implementation, the definition of the RFC
//! written down naively, and forged proofs.
use super::*;
use proptest::prelude::*;
use std::{collections::HashMap, convert::Infallible};

const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const N96: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const N5F: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const N6B: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const NBC: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const NCA: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const N0E: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

/// (leaf counted from 0, size, audit path), from the same implementation.
const INCLUSION: [(u64, u64, &[&str]); 5] = [
    (0, 1, &[]),
    (0, 8, &[N96, N5F, N6B]),
    (5, 8, &[NBC, NCA, ROOTS[3]]),
    (2, 3, &[ROOTS[1]]),
    (1, 5, &[ROOTS[0], N5F, NBC]),
];

const CONSISTENCY: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (1, 8, &[N96, N5F, N6B]),
    (6, 8, &[N0E, NCA, ROOTS[3]]),
    (2, 5, &[N5F, NBC]),
];

fn hashes(hex: &[&str]) -> Vec<Hash> {
    hex.iter().map(|h| h.parse().unwrap()).collect()
}

#[derive(Default)]
struct Tree {
    nodes: HashMap<Node, Hash>,
    size: u64,
}

impl Tree {
    /// Looks a node up and fails the test when it was not announced by the `nodes_for_*` in `allowed`.
    fn get<'a>(&'a self, allowed: &'a [Node]) -> impl Fn(u32, u64) -> Result<Hash, Infallible> + 'a {
        move |level, index| {
            assert!(allowed.contains(&(level, index)), "unannounced node {level} {index}");
            Ok(self.nodes[&(level, index)])
        }
    }

    fn push(&mut self, data: &[u8]) {
        let new = append(self.size, leaf_hash(data), self.get(&nodes_for_append(self.size))).unwrap();
        for (level, index, hash) in new {
            assert!(
                self.nodes.insert((level, index), hash).is_none(),
                "a node may be written once"
            );
        }
        self.size += 1;
    }

    fn of<T: AsRef<[u8]>>(leaves: impl IntoIterator<Item = T>) -> Self {
        let mut tree = Tree::default();
        leaves.into_iter().for_each(|l| tree.push(l.as_ref()));
        tree
    }

    fn root(&self, size: u64) -> Hash {
        root(size, self.get(&nodes_for_root(size))).unwrap()
    }

    fn inclusion(&self, i: u64, n: u64) -> Vec<Hash> {
        inclusion_path(i, n, self.get(&nodes_for_inclusion(i, n))).unwrap()
    }

    fn consistency(&self, m: u64, n: u64) -> Vec<Hash> {
        consistency_path(m, n, self.get(&nodes_for_consistency(m, n))).unwrap()
    }
}

/// MTH, PATH and SUBPROOF exactly as sections 2.1.1, 2.1.3.1 and 2.1.4.1 write them.
mod naive {
    use super::*;

    fn k(n: usize) -> usize {
        let mut k = 1;
        while k * 2 < n {
            k *= 2;
        }
        k
    }

    pub fn mth(d: &[Vec<u8>]) -> Hash {
        match d.len() {
            0 => empty_root(),
            1 => leaf_hash(&d[0]),
            n => node_hash(&mth(&d[..k(n)]), &mth(&d[k(n)..])),
        }
    }

    pub fn path(m: usize, d: &[Vec<u8>]) -> Vec<Hash> {
        let n = d.len();
        if n == 1 {
            return vec![];
        }
        let k = k(n);
        let (mut p, other) = if m < k {
            (path(m, &d[..k]), mth(&d[k..]))
        } else {
            (path(m - k, &d[k..]), mth(&d[..k]))
        };
        p.push(other);
        p
    }

    pub fn subproof(m: usize, d: &[Vec<u8>], b: bool) -> Vec<Hash> {
        let n = d.len();
        if m == n {
            return if b { vec![] } else { vec![mth(d)] };
        }
        let k = k(n);
        let (mut p, other) = if m <= k {
            (subproof(m, &d[..k], b), mth(&d[k..]))
        } else {
            (subproof(m - k, &d[k..], false), mth(&d[..k]))
        };
        p.push(other);
        p
    }
}

#[test]
fn reference_vectors() {
    assert_eq!(
        empty_root().to_string(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let tree = Tree::of(LEAVES);
    assert_eq!(tree.root(0), empty_root());
    for (i, want) in ROOTS.iter().enumerate() {
        assert_eq!(tree.root(i as u64 + 1).to_string(), *want);
    }
    for (index, size, path) in INCLUSION {
        let (path, top) = (hashes(path), tree.root(size));
        assert_eq!(tree.inclusion(index, size), path);
        assert!(verify_inclusion(
            &leaf_hash(LEAVES[index as usize]),
            index,
            size,
            &path,
            &top
        ));
    }
    for (m, n, path) in CONSISTENCY {
        let path = hashes(path);
        assert_eq!(tree.consistency(m, n), path);
        assert!(verify_consistency(m, n, &path, &tree.root(m), &tree.root(n)));
    }
}

#[test]
fn hex_both_ways() {
    let h = leaf_hash(b"");
    assert_eq!(h.to_string().parse(), Ok(h));
    assert_eq!(h.to_string().to_uppercase().parse(), Ok(h));
    assert_eq!(Hash::try_from(h.as_ref()), Ok(h));
    for bad in [
        "",
        "6e",
        &format!("{h}0"),
        &h.to_string().replace('6', "g"),
        &"é".repeat(32),
    ] {
        assert_eq!(bad.parse::<Hash>(), Err(NotAHash));
    }
    assert_eq!(Hash::try_from(&[0u8; 31][..]), Err(NotAHash));
}

#[test]
fn ranges_and_failing_reads() {
    let never = |_, _| -> Result<Hash, &str> { Err("gone") };
    assert_eq!(
        inclusion_path(3, 3, never),
        Err(Fault::OutOfRange { asked: 3, size: 3 })
    );
    assert_eq!(
        consistency_path(4, 3, never),
        Err(Fault::OutOfRange { asked: 4, size: 3 })
    );
    assert_eq!(inclusion_path(0, 3, never), Err(Fault::Node("gone")));
    assert_eq!(consistency_path(2, 3, never), Err(Fault::Node("gone")));
    assert_eq!(root(1, never), Err("gone"));
    assert_eq!(append(1, leaf_hash(b"a"), never), Err("gone"));
    assert_eq!(consistency_path(0, 3, never), Ok(vec![]));
    assert!(nodes_for_inclusion(3, 3).is_empty() && nodes_for_consistency(4, 3).is_empty());
    // Sizes near the end of u64 neither overflow nor loop.
    assert!(nodes_for_root(u64::MAX).len() == 64 && nodes_for_inclusion(u64::MAX - 1, u64::MAX).len() >= 63);
    assert!(!nodes_for_consistency(u64::MAX - 1, u64::MAX).is_empty());
}

#[test]
fn the_empty_tree() {
    let (e, other) = (empty_root(), leaf_hash(b"x"));
    assert!(verify_consistency(0, 0, &[], &e, &e) && verify_consistency(0, 5, &[], &e, &other));
    assert!(!verify_consistency(0, 5, &[], &other, &other), "a forged empty root");
    assert!(!verify_consistency(0, 0, &[], &other, &other));
    assert!(!verify_consistency(0, 5, &[other], &e, &other));
    assert!(!verify_inclusion(&other, 0, 0, &[], &e));
}

#[test]
fn every_pair_up_to_forty() {
    let leaves: Vec<Vec<u8>> = (0u8..40).map(|i| vec![i]).collect();
    let tree = Tree::of(&leaves);
    for n in 1..=40usize {
        let top = naive::mth(&leaves[..n]);
        for i in 0..n {
            let p = tree.inclusion(i as u64, n as u64);
            assert_eq!(p, naive::path(i, &leaves[..n]));
            assert!(verify_inclusion(&leaf_hash(&leaves[i]), i as u64, n as u64, &p, &top));
            // The same path must not speak for any other position.
            for j in (0..n).filter(|&j| j != i) {
                assert!(!verify_inclusion(&leaf_hash(&leaves[i]), j as u64, n as u64, &p, &top));
            }
        }
        for m in 1..=n {
            let p = tree.consistency(m as u64, n as u64);
            assert_eq!(p, naive::subproof(m, &leaves[..n], true));
            assert!(verify_consistency(
                m as u64,
                n as u64,
                &p,
                &naive::mth(&leaves[..m]),
                &top
            ));
        }
    }
}

proptest! {
    #[test]
    fn roots_agree_with_the_definition(leaves in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..6), 0..200)) {
        let tree = Tree::of(&leaves);
        for n in [0, leaves.len() / 3, leaves.len() / 2, leaves.len()] {
            prop_assert_eq!(tree.root(n as u64), naive::mth(&leaves[..n]));
        }
        // One row per complete subtree and no more: fewer than two per leaf.
        prop_assert!(tree.nodes.len() < 2 * leaves.len().max(1));
    }

    #[test]
    fn tampered_proofs_are_refused(n in 2u64..300, a in any::<u64>(), b in any::<u64>(), flip in 0usize..256, kind in 0u8..6) {
        let tree = Tree::of((0..n).map(|i| i.to_be_bytes()));
        let (i, m) = (a % n, 1 + b % (n - 1));
        let (top, old) = (tree.root(n), tree.root(m));
        let (inc, con) = (tree.inclusion(i, n), tree.consistency(m, n));
        let leaf = leaf_hash(&i.to_be_bytes());
        prop_assert!(verify_inclusion(&leaf, i, n, &inc, &top));
        prop_assert!(verify_consistency(m, n, &con, &old, &top));
        let spoil = |h: &Hash| { let mut h = *h; h.0[flip / 8] ^= 1 << (flip % 8); h };
        let bend = |p: &[Hash]| {
            let (mut p, at) = (p.to_vec(), flip % p.len().max(1));
            match kind {
                0 => p[at] = spoil(&p[at]),
                1 => { p.remove(at); }
                2 => p.insert(at, leaf),
                3 => p.push(top),
                4 => p.clear(),
                _ => p.insert(0, old),
            }
            p
        };
        prop_assert!(!verify_inclusion(&leaf, i, n, &bend(&inc), &top));
        prop_assert!(!verify_consistency(m, n, &bend(&con), &old, &top));
        prop_assert!(!verify_inclusion(&spoil(&leaf), i, n, &inc, &top));
        prop_assert!(!verify_inclusion(&leaf, i, n, &inc, &spoil(&top)));
        prop_assert!(!verify_inclusion(&leaf, n, n, &inc, &top));
        prop_assert!(!verify_consistency(m, n, &con, &spoil(&old), &top));
        prop_assert!(!verify_consistency(m, n, &con, &old, &spoil(&top)));
        prop_assert!(!verify_consistency(n, m, &con, &top, &old));
    }
}
