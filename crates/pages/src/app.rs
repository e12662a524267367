use access::{AccessConfig, House};
use basis::{Field, Id, Kind, Moment, RelationId, Text};

use crate::{Registry, Texts};

/// What the node is, as pages say it.
#[derive(Clone, Debug)]
pub struct Node {
    /// The home city: "重庆 / Chongqing".
    pub city: Text,
    /// The office that runs it.
    pub office: Text,
    /// Where people reach it, without a slash at the end.
    pub public_url: String,
    /// The home zone's IANA name.
    pub zone_name: String,
    /// A demonstration: sign-in links are printed, a line on every page says so.
    pub demo: bool,
    /// A demonstration's clock, which its visitors may move on.
    pub moving_clock: Option<std::sync::Arc<basis::ShiftedClock>>,
    /// How to write to the office.
    pub contact: String,
}

/// The state of the web side. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub house: House,
    pub node: std::sync::Arc<Node>,
    pub access: std::sync::Arc<AccessConfig>,
    pub texts: Registry,
    pub cache: std::sync::Arc<crate::cache::Shelf>,
    /// Where the source of the running program can be had (AGPL-3.0, section 13).
    pub source: Option<std::sync::Arc<str>>,
    /// What one request with files may come to, so that a form says what will be taken.
    pub upload_megabytes: u32,
}
impl App {
    pub fn new(house: House, node: Node, access: AccessConfig, rooms: Vec<&'static Texts>) -> App {
        App {
            house,
            node: node.into(),
            access: access.into(),
            texts: Registry::new(rooms),
            cache: Default::default(),
            source: None,
            upload_megabytes: 25,
        }
    }
    /// Every page offers the source of the program from here on.
    pub fn offer_source(&mut self, address: &str) {
        self.source = Some(address.into());
    }
    /// A demonstration's visitors may move this clock on.
    pub fn let_clock_move(&mut self, clock: std::sync::Arc<basis::ShiftedClock>) {
        let mut node = (*self.node).clone();
        node.moving_clock = Some(clock);
        self.node = node.into();
    }
}

/// Something that waits, on the viewer or on somebody else: a line of the queue.
#[derive(Clone, Debug)]
pub struct Duty {
    /// What, in the reader's language.
    pub what: String,
    /// About what: the programme's or call's title.
    pub about: String,
    pub href: String,
    pub due: Option<Moment>,
    /// The viewer's own turn; else `who` says whose.
    pub mine: bool,
    pub who: Option<String>,
    pub illustrative: bool,
    pub matter: Matter,
}
/// What a line of the queue is about. The room that makes the line says so: an address need not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matter {
    /// The thing whose history tells how far it is: its kind as the journal calls it, and its id.
    pub object: Option<(&'static str, String)>,
    /// The fields of cooperation it belongs to: one as a rule, several for an organisation, none for what serves all.
    pub fields: Vec<Field>,
    pub relation: Option<RelationId>,
}
impl Matter {
    pub fn of<K: Kind>(id: Id<K>) -> Matter {
        Matter {
            object: Some((K::NAME, id.to_string())),
            ..Matter::default()
        }
    }
    #[must_use]
    pub fn within(mut self, fields: impl IntoIterator<Item = Field>, relation: Option<RelationId>) -> Matter {
        self.fields = fields.into_iter().collect();
        self.relation = relation;
        self
    }
}
