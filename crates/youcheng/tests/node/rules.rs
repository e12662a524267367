//! The rules of all rooms together.

/// A separation that names an action no room has would stand on paper only.
#[test]
fn every_action_that_a_separation_names_is_some_rooms() {
    let gate = access::Gate::new(&youcheng::rooms::policies()).unwrap();
    assert_eq!(gate.unclaimed(), [""; 0]);
}
