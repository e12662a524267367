use std::sync::atomic::{AtomicI64, Ordering};

/// An instant, to the microsecond, in no zone.
pub type Moment = jiff::Timestamp;
/// A date on some calendar wall, in no zone.
pub type Day = jiff::civil::Date;

/// Time comes in as an argument: deadlines are tested by moving the clock, not by waiting.
pub trait Clock: Send + Sync {
    fn now(&self) -> Moment;
}

/// The machine's clock; made once, by the binary.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Moment {
        let now = Moment::now();
        // The stores keep microseconds; what is written must compare equal to what is read back.
        Moment::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

/// A clock that stands where a test puts it.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);
impl FixedClock {
    pub fn at(moment: Moment) -> Self {
        FixedClock(AtomicI64::new(moment.as_microsecond()))
    }
    pub fn set(&self, moment: Moment) {
        self.0.store(moment.as_microsecond(), Ordering::SeqCst);
    }
    pub fn forward(&self, by: std::time::Duration) {
        self.0.fetch_add(by.as_micros() as i64, Ordering::SeqCst);
    }
}
impl Clock for FixedClock {
    fn now(&self) -> Moment {
        Moment::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Moment::UNIX_EPOCH)
    }
}

/// The machine's clock, moved on: a demonstration's visitor need not wait for a deadline.
#[derive(Debug, Default)]
pub struct ShiftedClock(AtomicI64);
impl ShiftedClock {
    /// How far it has been moved, in microseconds.
    pub fn shift(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
    /// A clock that was moved before.
    pub fn by(shift: i64) -> Self {
        ShiftedClock(AtomicI64::new(shift.max(0)))
    }
    /// Never back: what was written would lie in the future.
    pub fn forward(&self, by: std::time::Duration) {
        self.0.fetch_add(by.as_micros() as i64, Ordering::SeqCst);
    }
}
impl Clock for ShiftedClock {
    fn now(&self) -> Moment {
        let now = SystemClock.now();
        Moment::from_microsecond(now.as_microsecond().saturating_add(self.shift())).unwrap_or(now)
    }
}
