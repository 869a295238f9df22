mod config;
mod log;
mod metrics;
mod routes;
mod server;

use std::process::exit;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let config = config::read(|name| std::env::var(name).ok()).unwrap_or_else(|problems| {
        eprintln!("{}", problems.join("\n"));
        exit(2)
    });
    if server::run(routes::routes(), config).await.is_err() {
        exit(1)
    }
}
