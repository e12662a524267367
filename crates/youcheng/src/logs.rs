//! Log lines: one readable sentence and the same fields everywhere, for people or as JSON.

use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{LogForm, LogsConfig};

/// Starts writing log lines to standard error. Of several calls in one process the first counts.
pub fn start(config: &LogsConfig) {
    let filter: Targets = config.filter.parse().unwrap_or_else(|_| Targets::new());
    let ansi = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(ansi)
        .with_writer(std::io::stderr);
    let layer = match config.form {
        LogForm::Text => layer.with_target(false).boxed(),
        LogForm::Json => layer
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
    };
    let _ = tracing_subscriber::registry()
        .with(layer.with_filter(filter))
        .try_init();
}
