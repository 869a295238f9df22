use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;

const NAME: &str = "http_server_request_duration_seconds";
const BOUNDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0];
const PAGE_BYTES: u64 = 4_096;
/// Clock ticks of /proc in a second, the same on every Linux.
const TICKS: f64 = 100.0;

/// By route, never by path: a stranger can't make series.
#[derive(Default)]
pub struct Metrics {
    series: Mutex<BTreeMap<String, Series>>,
}

#[derive(Default)]
struct Series {
    counts: [u64; BOUNDS.len()],
    count: u64,
    sum: f64,
}

impl Metrics {
    pub fn observe(&self, method: &str, route: &str, status: u16, seconds: f64) {
        let labels = format!("method={method:?},route={route:?},status=\"{status}\"");
        let mut all = self.series.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let series = all.entry(labels).or_default();
        series.count += 1;
        series.sum += seconds;
        for (count, bound) in series.counts.iter_mut().zip(BOUNDS) {
            *count += u64::from(seconds <= bound);
        }
    }

    /// The text that Prometheus reads.
    pub fn exposition(&self) -> String {
        let mut out = format!("# HELP {NAME} Time from request to answer.\n# TYPE {NAME} histogram\n");
        let all = self.series.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        for (labels, Series { counts, count, sum }) in all.iter() {
            for (bound, within) in BOUNDS.iter().zip(counts) {
                let _ = writeln!(out, "{NAME}_bucket{{{labels},le=\"{bound}\"}} {within}");
            }
            let _ = writeln!(out, "{NAME}_bucket{{{labels},le=\"+Inf\"}} {count}");
            let _ = writeln!(out, "{NAME}_sum{{{labels}}} {sum}\n{NAME}_count{{{labels}}} {count}");
        }
        let _ = writeln!(out, "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total {}", cpu_seconds());
        let _ = writeln!(out, "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes {}", resident_bytes());
        out
    }
}

fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or("");
    let ticks: u64 = after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks as f64 / TICKS
}

fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * PAGE_BYTES
}
