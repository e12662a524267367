/// How full the circle before a status word is: the look says progress by shape, never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Not begun.
    Empty,
    /// Under way.
    Half,
    /// Done.
    Full,
    /// Cannot move.
    Dotted,
    /// The reader's own turn, now.
    Now,
}
