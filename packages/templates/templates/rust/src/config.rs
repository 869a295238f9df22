use std::time::Duration;

#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub host: String,
    pub port: u16,
    pub log_level: usize,
    pub shutdown: Duration,
}

pub const LEVELS: [&str; 4] = ["debug", "info", "warn", "error"];

/// From the environment; everything that is wrong with it is said at once.
pub fn read(env: impl Fn(&str) -> Option<String>) -> Result<Config, Vec<String>> {
    let mut problems = Vec::new();
    let mut whole = |name: &str, otherwise: u64, most: u64| {
        let text = env(name).unwrap_or_else(|| otherwise.to_string());
        text.parse().ok().filter(|value| *value <= most).unwrap_or_else(|| {
            problems.push(format!("{name} is {text:?}, expected a whole number up to {most}"));
            otherwise
        })
    };
    let port = whole("PORT", 8080, 65_535);
    let shutdown = whole("SHUTDOWN_SECONDS", 45, 3_600);
    let level = env("LOG_LEVEL").unwrap_or_else(|| "info".into());
    let log_level = LEVELS.iter().position(|known| *known == level).unwrap_or_else(|| {
        problems.push(format!("LOG_LEVEL is {level:?}, expected one of {}", LEVELS.join(", ")));
        1
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Config {
        host: env("HOST").unwrap_or_else(|| "0.0.0.0".into()),
        port: port as u16,
        log_level,
        shutdown: Duration::from_secs(shutdown),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_everything_that_is_wrong_at_once() {
        let problems = read(|name| (name != "HOST").then(|| "much".to_string())).unwrap_err();
        assert_eq!(problems.len(), 3);
        assert!(problems[0].contains("PORT"), "{problems:?}");
    }
}
