use crate::config::Config;
use crate::log::{trace_id, Log};
use crate::metrics::Metrics;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{header, HeaderMap, StatusCode};
use axum::middleware::{from_fn_with_state, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::Router;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::Arc;
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::signal::unix::{signal, SignalKind};

/// Larger bodies are refused with 413.
const BODY_BYTES_MAX: usize = 1024 * 1024;

struct Shared {
    log: Log,
    metrics: Metrics,
    is_stopping: AtomicBool,
}

/// An answer that is no success; returned from anywhere below a handler.
#[derive(Debug)]
pub struct Problem {
    status: u16,
    title: String,
}

pub fn problem(status: u16, title: &str) -> Problem {
    Problem { status, title: title.to_string() }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({ "type": "about:blank", "status": status.as_u16(), "title": self.title }).to_string();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

/// Serves until SIGTERM: then it is no longer ready, finishes what it has begun, and ends with 0.
pub async fn run(routes: Router, config: Config) -> std::io::Result<()> {
    let log = Log { least: config.log_level };
    let shared = Arc::new(Shared { log, metrics: Metrics::default(), is_stopping: AtomicBool::new(false) });
    let address = format!("{}:{}", config.host, config.port);
    let listener = TcpListener::bind(&address).await.inspect_err(|error| {
        log.error(&format!("can't listen on {address}: {error}"), json!({}));
    })?;
    let mut terminate = signal(SignalKind::terminate())?;
    log.info("listening", json!({ "address": address }));
    let (begin, begun) = tokio::sync::oneshot::channel::<()>();
    let stopping = shared.clone();
    let serving = axum::serve(listener, application(routes, shared)).with_graceful_shutdown(async move {
        terminate.recv().await;
        log.info("stopping", json!({}));
        stopping.is_stopping.store(true, Relaxed);
        let _ = begin.send(());
    });
    let too_late = async {
        // Without the signal there is no end of the time.
        if begun.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(config.shutdown * 8 / 10).await;
    };
    tokio::select! {
        ended = async { serving.await } => ended?,
        () = too_late => log.warn("requests were cut because the time for shutting down was over", json!({})),
    }
    log.info("stopped", json!({}));
    Ok(())
}

fn application(routes: Router, shared: Arc<Shared>) -> Router {
    let operations = Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(shared.clone());
    routes
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(shared, measure))
        .merge(operations)
}

async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    if shared.is_stopping.load(Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    "ok\n".into_response()
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], shared.metrics.exposition()).into_response()
}

async fn unknown(request: Request) -> Problem {
    problem(404, &format!("there is no {} {}", request.method(), request.uri().path()))
}

async fn measure(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let trace = trace_id(text(request.headers(), "traceparent"));
    let (method, path) = (request.method().to_string(), request.uri().path().to_string());
    let route = request.extensions().get::<MatchedPath>().map_or("(none)".into(), |found| found.as_str().to_string());
    let response = next.run(request).await;
    let (status, seconds) = (response.status().as_u16(), started.elapsed().as_secs_f64());
    shared.metrics.observe(&method, &route, status, seconds);
    let fields = json!({ "method": method, "path": path, "route": route, "status": status, "ms": seconds * 1e3, "trace_id": trace });
    if status >= 500 {
        shared.log.error("a request failed", fields);
    } else {
        shared.log.debug("request", fields);
    }
    response
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
