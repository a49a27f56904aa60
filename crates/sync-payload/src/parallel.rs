use std::io;

use image_model::{Image, Unsigned};
use rayon::prelude::*;
use url_signer::cloudinary::Asset;

use crate::encoder::PayloadEncoder;
use crate::signer::ImageSigner;
use crate::wire_style::WireStyle;

/// Images that a thread signs as one task.
const TASK: usize = 64;

/// Tasks for each thread between two writes, so that a thread that was
/// interrupted does not delay the others much.
const TASKS_PER_THREAD: usize = 8;

/// Signs a payload on all threads of the rayon pool and writes it from the
/// calling thread.
///
/// The bytes are those of [`PayloadEncoder::push_signed`]. A few megabytes of
/// memory are enough for any number of images.
///
/// Use it for some thousand images or more that are in memory, on a host with
/// idle threads. The pool waits while the calling thread writes, so a slow writer
/// gains nothing. A host that serves many requests at once is faster with one
/// thread per request.
///
/// ```
/// use image_model::{Image, Unsigned};
/// use sync_payload::{ImageSigner, WireStyle, par_to_writer};
/// use url_signer::cloudinary::Asset;
///
/// fn body(
///     signer: &ImageSigner,
///     records: &[(Image<Unsigned>, Asset)],
/// ) -> std::io::Result<Vec<u8>> {
///     let mut body = Vec::new();
///     par_to_writer(&mut body, signer, records, WireStyle::Rails, |(image, asset)| {
///         (image, Some(asset))
///     })?;
///     Ok(body)
/// }
/// ```
///
/// # Errors
///
/// - An error of the writer. The payload in the writer is incomplete then.
pub fn par_to_writer<R: Sync>(
    mut writer: impl io::Write,
    signer: &ImageSigner,
    records: &[R],
    style: WireStyle,
    image_and_asset: impl Fn(&R) -> (&Image<Unsigned>, Option<&Asset>) + Sync,
) -> io::Result<()> {
    let tasks = rayon::current_num_threads() * TASKS_PER_THREAD;
    let mut encoders: Vec<_> = (0..tasks).map(|_| PayloadEncoder::new(style)).collect();
    let mut before = 0;
    for records in records.chunks(tasks * TASK) {
        encoders
            .par_iter_mut()
            .zip(records.par_chunks(TASK))
            .enumerate()
            .for_each(|(task, (encoder, records))| {
                encoder.continue_after((before + task * TASK) as u64);
                for record in records {
                    let (image, asset) = image_and_asset(record);
                    encoder.push_signed(signer, image, asset);
                }
            });
        before += records.len();
        for encoder in &mut encoders {
            writer.write_all(encoder.as_bytes())?;
            encoder.clear();
        }
    }
    let mut last = PayloadEncoder::new(style);
    last.continue_after(before as u64);
    writer.write_all(&last.finish())?;
    writer.flush()
}
