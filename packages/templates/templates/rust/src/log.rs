use crate::config::LEVELS;
use serde_json::{json, Value};
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// One JSON object a line on stdout, where the platform collects it.
#[derive(Clone, Copy)]
pub struct Log {
    pub least: usize,
}

impl Log {
    pub fn write(self, level: usize, message: &str, fields: Value) {
        if level < self.least {
            return;
        }
        let mut line = json!({ "time": now(), "level": LEVELS[level], "message": message });
        if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
            line.extend(fields);
        }
        // A log that nobody reads is no reason to end.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }

    pub fn debug(self, message: &str, fields: Value) {
        self.write(0, message, fields)
    }

    pub fn info(self, message: &str, fields: Value) {
        self.write(1, message, fields)
    }

    pub fn warn(self, message: &str, fields: Value) {
        self.write(2, message, fields)
    }

    pub fn error(self, message: &str, fields: Value) {
        self.write(3, message, fields)
    }
}

/// The trace of a W3C traceparent, or a new one.
pub fn trace_id(traceparent: Option<&str>) -> String {
    let parts: Vec<&str> = traceparent.unwrap_or("").split('-').collect();
    let hex = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    match parts.as_slice() {
        ["00", trace, parent, flags] if hex(trace, 32) && hex(parent, 16) && hex(flags, 2) && trace.bytes().any(|b| b != b'0') => {
            trace.to_string()
        }
        _ => format!("{:016x}{:016x}", random(), random()),
    }
}

/// Each hasher of the standard library has keys of its own.
fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

/// RFC 3339 with milliseconds.
fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, seconds) = ((since.as_secs() / 86_400) as i64, since.as_secs() % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", since.subsec_millis())
}

/// The day of the Gregorian calendar that is this many days after 1970-01-01. Years begin in March here, so that the leap day is their last.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_calendar() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(19_782), (2024, 2, 29));
        assert_eq!(date(20_454), (2026, 1, 1));
    }

    #[test]
    fn takes_over_a_trace() {
        let trace = "0af7651916cd43dd8448eb211c80319c";
        assert_eq!(trace_id(Some(&format!("00-{trace}-b7ad6b7169203331-01"))), trace);
        assert_ne!(trace_id(Some("00-nonsense")), trace_id(None));
    }
}
