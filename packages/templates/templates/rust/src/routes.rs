//! What this service is for. Everything else in this folder is the same in every service.

use crate::server::{problem, Problem};
use axum::extract::rejection::JsonRejection;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

pub fn routes() -> Router {
    Router::new()
        .route("/greetings/{name}", get(greet))
        .route("/greetings", post(greet_somebody))
}

#[derive(Serialize)]
struct Greeting {
    message: String,
}

#[derive(Deserialize)]
struct Somebody {
    #[serde(default)]
    name: String,
}

async fn greet(Path(name): Path<String>) -> Json<Greeting> {
    Json(Greeting { message: format!("Hello, {name}") })
}

async fn greet_somebody(body: Result<Json<Somebody>, JsonRejection>) -> Result<(StatusCode, Json<Greeting>), Problem> {
    let Json(Somebody { name }) = body.map_err(|refused| problem(refused.status().as_u16(), &refused.body_text()))?;
    if name.is_empty() {
        return Err(problem(400, "the body needs a name"));
    }
    Ok((StatusCode::CREATED, Json(Greeting { message: format!("Hello, {name}") })))
}
