//! What happens by the clock happens once a day.

use std::time::Duration;

use store::{Query, vals};
use youcheng::calendar::{Done, look};

use crate::{house::Node, on_each};

on_each!(
    async fn each_night_and_each_morning_once(engine) {
        // Eight in the morning by UTC is four in the afternoon in the home city.
        let node = Node::start(engine, &[]).await;
        let house = node.parts.house();
        let nights = async || {
            house
                .db
                .number("SELECT COUNT(*) AS n FROM outbox WHERE topic = $1", vals!["night"])
                .await
                .unwrap()
        };
        let mut first = Done::default();
        look(house, "http://x", &mut first).await.unwrap();
        assert_eq!(nights().await, 1);
        // Another process, or the same after a restart, does it no second time.
        look(house, "http://x", &mut Done::default()).await.unwrap();
        look(house, "http://x", &mut first).await.unwrap();
        assert_eq!(nights().await, 1);
        node.clock.forward(Duration::from_secs(24 * 3600));
        look(house, "http://x", &mut first).await.unwrap();
        assert_eq!(nights().await, 2);
    }
);
