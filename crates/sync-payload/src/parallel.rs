use std::io;

use image_model::{Image, Unsigned};
use rayon::prelude::*;
use url_signer::cloudinary::Asset;

use crate::{EncodeError, ImageSigner, PayloadEncoder, WireStyle};

/// Images that one thread signs at a time.
const AT_A_TIME: usize = 64;

/// What each thread signs before all that is signed is written, so that one
/// that was held up has less to catch up with.
const TURNS: usize = 8;

/// Signs a payload on all threads of rayon's pool, and writes it from this one.
///
/// The bytes are those of [`PayloadEncoder::push_signed`], and some megabytes
/// of memory are enough for any number of images. It pays for some thousand
/// images and more that are at hand, on a host with threads to spare. While
/// this thread writes, the others wait: a slow writer is no faster. A host that
/// answers many requests at once is better off with one thread for each.
///
/// ```
/// use image_model::{Image, Unsigned};
/// use sync_payload::{EncodeError, ImageSigner, WireStyle, par_to_writer};
/// use url_signer::cloudinary::Asset;
///
/// fn body(
///     signer: &ImageSigner,
///     records: &[(Image<Unsigned>, Asset)],
/// ) -> Result<Vec<u8>, EncodeError> {
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
/// - Those of [`PayloadEncoder::push_signed`].
/// - Those of the writer.
///
/// What the writer took before an error is no whole payload.
pub fn par_to_writer<R: Sync>(
    mut writer: impl io::Write,
    signer: &ImageSigner,
    records: &[R],
    style: WireStyle,
    image_and_asset: impl Fn(&R) -> (&Image<Unsigned>, Option<&Asset>) + Sync,
) -> Result<(), EncodeError> {
    let together = rayon::current_num_threads() * TURNS;
    let mut encoders: Vec<_> = (0..together).map(|_| PayloadEncoder::new(style)).collect();
    let mut before = 0;
    for records in records.chunks(together * AT_A_TIME) {
        encoders
            .par_iter_mut()
            .zip(records.par_chunks(AT_A_TIME))
            .enumerate()
            .try_for_each(|(chunk, (encoder, records))| {
                encoder.continue_after((before + chunk * AT_A_TIME) as u64);
                records.iter().try_for_each(|record| {
                    let (image, asset) = image_and_asset(record);
                    encoder.push_signed(signer, image, asset)
                })
            })?;
        before += records.len();
        for encoder in &mut encoders {
            writer.write_all(encoder.as_bytes())?;
            encoder.clear();
        }
    }
    let mut last = PayloadEncoder::new(style);
    last.continue_after(before as u64);
    writer.write_all(&last.finish())?;
    writer.flush()?;
    Ok(())
}
