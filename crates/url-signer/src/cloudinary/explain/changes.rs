//! The changes that a search undoes, one level at a time.

mod characters;
mod collector;
mod encoding;
mod source;
mod steps;

pub(super) use self::characters::composed;
use self::collector::Collector;
pub(super) use self::collector::Undone;
use super::change::Change;
use super::signed_parts::SignedParts;
use crate::cloudinary::url::parse::DeliveryUrl;

/// The maximum number of changes that are undone alone.
const MAX_SINGLE: usize = 600;

/// The maximum number of changes that are combined with others.
const MAX_COMBINED: usize = 48;

/// Returns the parts that may have been signed, each with the later change.
pub(super) fn single(url: &DeliveryUrl<'_>, parts: &SignedParts) -> Vec<Undone> {
    let mut changes = Collector::new(parts, MAX_SINGLE);
    encoding::common(&mut changes);
    characters::all(&mut changes);
    steps::whole(&mut changes);
    source::extensions(source::ALL, &mut changes);
    encoding::rare(&mut changes);
    source::rare(url, &mut changes);
    steps::added(&mut changes);
    steps::parameters_added(&mut changes);
    steps::reordered(&mut changes);
    changes.undone
}

/// Returns the parts that may have been signed, for changes that often occur together.
pub(super) fn combined(earlier: &[Change], parts: &SignedParts) -> Vec<Undone> {
    let mut changes = Collector::new(parts, MAX_COMBINED);
    encoding::common(&mut changes);
    characters::all(&mut changes);
    steps::whole(&mut changes);
    if !earlier.iter().any(source::is_extension) {
        source::extensions(source::COMMON, &mut changes);
    }
    steps::added(&mut changes);
    if earlier.len() < 2 {
        steps::parameters_added(&mut changes);
    }
    changes.undone
}
