//! The figures of a server with one load.

use serde::Serialize;

use super::{mib, significant};
use crate::measure::{LoadResult, Measured, Sample};
use crate::signing::SigningSample;
use crate::subject::Subject;

/// Medians. Each ratio is the median of the ratios of the rounds.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    ids: usize,
    connections: usize,
    server: &'static str,
    per_second: f64,
    /// The figures of the rounds, which show the spread.
    per_second_rounds: Vec<f64>,
    p50_us: f64,
    p99_us: f64,
    cpu_seconds_per_1000: f64,
    database_cpu_seconds_per_1000: Option<f64>,
    peak_bytes: u64,
    /// Requests per second compared with the constant-bytes server.
    rate_to_constant: Option<f64>,
    /// CPU time compared with the constant-bytes server.
    cpu_to_constant: Option<f64>,
    /// Requests per second compared with the query-only server.
    rate_to_query_only: Option<f64>,
    /// CPU time of the server without PostgreSQL, compared with the query-only server.
    cpu_to_query_only: Option<f64>,
    us_per_image: Option<f64>,
    cpu_us_per_image: Option<f64>,
    push_signed_us_per_image: Option<f64>,
    push_signed_cpu_us_per_image: Option<f64>,
    /// The time per image compared with `push_signed` alone.
    time_to_push_signed: Option<f64>,
    /// The CPU time per image compared with that of `push_signed` alone.
    cpu_to_push_signed: Option<f64>,
}

impl Row {
    /// The header of [`line`](Self::line).
    pub(super) fn header(result: &LoadResult) -> String {
        let mut header = format!("{:<24}", "");
        header.push_str("   req/s   ratio  p50 ms  p99 ms   CPU s   ratio  DB CPU  peak MiB");
        if result.load.ids == 0 {
            header.push_str("  µs/image   ratio  CPU µs   ratio");
        }
        header
    }

    pub(super) fn all(result: &LoadResult) -> Vec<Self> {
        let servers = result.servers.iter();
        servers.map(|server| Self::new(result, server)).collect()
    }

    fn new(result: &LoadResult, server: &Measured) -> Self {
        let samples = &server.samples;
        let of = |figure: fn(&Sample) -> f64| {
            let figures: Vec<_> = samples.iter().map(figure).collect();
            median(&figures).unwrap_or_default()
        };
        let database: Vec<_> = samples
            .iter()
            .filter_map(|sample| sample.database_cpu_seconds)
            .collect();
        let subject = server.subject;
        let constant = Some(subject.constant()).filter(|constant| *constant != subject);
        let query = Some(Subject::Query).filter(|_| subject == Subject::Postgres);
        let ratio = |other: Option<Subject>, figure: fn(&Sample) -> f64| {
            let mut servers = result.servers.iter();
            let other = servers.find(|server| Some(server.subject) == other)?;
            let rounds = samples.iter().zip(&other.samples);
            let ratios: Vec<_> = rounds
                .map(|(sample, other)| figure(sample) / figure(other))
                .collect();
            median(&ratios)
        };
        let rate: fn(&Sample) -> f64 = |sample| sample.per_second;
        let cpu: fn(&Sample) -> f64 = |sample| sample.cpu_seconds;
        let images = result.images as f64;
        let is_all = result.load.ids == 0;
        let us_per_image = |sample: &Sample| 1e6 / sample.per_second / images;
        let cpu_us_per_image = |sample: &Sample| sample.cpu_seconds * 1e3 / images;
        let per_image = |time: &dyn Fn(&Sample) -> f64| {
            let times: Vec<_> = samples.iter().map(time).collect();
            median(&times).filter(|_| is_all)
        };
        let to_signing = |time: &dyn Fn(&Sample) -> f64, signing: fn(&SigningSample) -> f64| {
            let rounds = samples.iter().zip(&result.signing);
            let ratios: Vec<_> = rounds
                .map(|(sample, alone)| time(sample) / signing(alone))
                .collect();
            median(&ratios).filter(|_| subject.signs())
        };
        Self {
            ids: result.load.ids,
            connections: result.load.connections,
            server: subject.name(),
            per_second: of(rate),
            per_second_rounds: samples.iter().map(rate).collect(),
            p50_us: of(|sample| sample.p50_us),
            p99_us: of(|sample| sample.p99_us),
            cpu_seconds_per_1000: of(cpu),
            database_cpu_seconds_per_1000: median(&database),
            peak_bytes: samples
                .iter()
                .map(|sample| sample.peak_bytes)
                .max()
                .unwrap_or_default(),
            rate_to_constant: ratio(constant, rate),
            cpu_to_constant: ratio(constant, cpu),
            rate_to_query_only: ratio(query, rate),
            cpu_to_query_only: ratio(query, cpu),
            us_per_image: per_image(&us_per_image),
            cpu_us_per_image: per_image(&cpu_us_per_image),
            push_signed_us_per_image: signing(result, |alone| alone.us_per_image),
            push_signed_cpu_us_per_image: signing(result, |alone| alone.cpu_us_per_image),
            time_to_push_signed: to_signing(&us_per_image, |alone| alone.us_per_image),
            cpu_to_push_signed: to_signing(&cpu_us_per_image, |alone| alone.cpu_us_per_image),
        }
    }

    pub(super) fn line(&self) -> String {
        let mut columns = vec![
            (Some(self.per_second), 8),
            (self.rate_to_constant, 8),
            (Some(self.p50_us / 1e3), 8),
            (Some(self.p99_us / 1e3), 8),
            (Some(self.cpu_seconds_per_1000), 8),
            (self.cpu_to_constant, 8),
            (self.database_cpu_seconds_per_1000, 8),
            (Some(mib(self.peak_bytes)), 10),
        ];
        if self.ids == 0 {
            columns.extend([
                (self.us_per_image, 10),
                (self.time_to_push_signed, 8),
                (self.cpu_us_per_image, 8),
                (self.cpu_to_push_signed, 8),
            ]);
        }
        let columns = columns
            .into_iter()
            .map(|(number, width)| format!("{:>width$}", significant(number)));
        format!("{:<24}{}", self.server, columns.collect::<String>())
    }

    /// Returns the comparison with the query-only server.
    pub(super) fn query_line(&self) -> Option<String> {
        let (rate, cpu) = self.rate_to_query_only.zip(self.cpu_to_query_only)?;
        let [rate, cpu] = [rate, cpu].map(|ratio| significant(Some(ratio)));
        Some(format!(
            "{} to {}: {rate} of the req/s, {cpu} times the CPU s",
            self.server,
            Subject::Query.name()
        ))
    }
}

/// Returns the median of a figure of signing without a server. `None` for requests with
/// ids.
pub(super) fn signing(result: &LoadResult, figure: fn(&SigningSample) -> f64) -> Option<f64> {
    let figures: Vec<_> = result.signing.iter().map(figure).collect();
    median(&figures)
}

/// Returns the median, or `None` if there are no numbers.
pub(super) fn median(numbers: &[f64]) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}
