pub fn api() -> utoipa_axum::router::OpenApiRouter<::pages::App> { utoipa_axum::router::OpenApiRouter::new() }
