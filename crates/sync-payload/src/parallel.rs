use std::io;

use image_model::{Image, Unsigned};
use rayon::prelude::*;
use url_signer::cloudinary::Asset;

use crate::encoder::PayloadEncoder;
use crate::signer::ImageSigner;
use crate::wire_style::WireStyle;

/// Images that a thread signs as one task.
const TASK: usize = 64;

/// Tasks for each thread between two writes. With several, the other threads take
/// over the tasks of a thread that was interrupted.
const TASKS_PER_THREAD: usize = 8;

/// Signs and encodes a payload on all threads of the rayon pool. Requires the feature
/// `rayon`.
///
/// `image_and_asset` returns the image of a record and its asset. The asset is `None`
/// while the file of the image is pending, that is, not uploaded yet.
///
/// This function signs decoded images; stored images are encoded with
/// [`PayloadEncoder::push_stored`].
///
/// The calling thread writes the payload to `writer`. The bytes are equal to those of
/// [`PayloadEncoder::push_signed`]. Memory use does not depend on the number of images.
/// With 3 KB of JSON per image, each thread of the pool uses about 2 MB.
///
/// Use this function for several thousand images or more, on a machine with idle CPU
/// cores. The pool waits while the calling thread writes, so use a fast writer. If a
/// service handles many requests at once, one thread per request is faster.
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
/// - The writer returns an error. The payload in the writer is then incomplete.
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
