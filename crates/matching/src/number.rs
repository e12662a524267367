//! The widths the engine runs in: 32 bits for small problems, 64 for nearly every other, 128 where values are huge.

use core::fmt::Debug;
use core::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// See [`Cost::small`].
pub(crate) const SMALL: i64 = 2048;

/// A cost or a price.
pub(crate) trait Cost:
    Copy
    + Ord
    + Debug
    + Default
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
{
    /// Stands for "not reached"; sums with it are never formed.
    const FAR: Self;
    /// Prices beyond this could overflow in the next sum.
    const ROOM: i128;
    fn of(value: i128) -> Self;
    fn wide(self) -> i128;
    /// The number itself when it is small enough to count in buckets.
    fn small(self) -> Option<usize>;
}

macro_rules! cost {
    ($width:ty, room $room:expr) => {
        impl Cost for $width {
            const FAR: Self = <$width>::MAX;
            const ROOM: i128 = $room;
            fn of(value: i128) -> Self {
                value as $width
            }
            fn wide(self) -> i128 {
                self as i128
            }
            fn small(self) -> Option<usize> {
                (0..SMALL as $width).contains(&self).then_some(self as usize)
            }
        }
    };
}
cost!(i32, room 1 << 28);
cost!(i64, room 1 << 60);
cost!(i128, room 1 << 123);

/// Units on one pair.
pub(crate) trait Units: Copy + Eq + Ord + Debug + Default + Send + Sync {
    fn of(units: i64) -> Self;
    fn wide(self) -> i64;
}

impl Units for u32 {
    fn of(units: i64) -> Self {
        units as u32
    }
    fn wide(self) -> i64 {
        i64::from(self)
    }
}

impl Units for i64 {
    fn of(units: i64) -> Self {
        units
    }
    fn wide(self) -> i64 {
        self
    }
}
