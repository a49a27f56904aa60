//! The computation of an image, with results that are shared.

use std::sync::Arc;

use super::component::Component;
use super::deadline::Deadline;
use super::decode::Source;
use super::error::RenderError;
use super::geometry::Size;
use super::key;
use super::limits::Limits;
use super::memo::{FileIdentity, Memo};
use super::pixels::Pixels;

/// The computation of an image from a stored file and components.
#[derive(Clone, Copy)]
pub(super) struct Chain<'a> {
    pub(super) source: Source<'a>,
    pub(super) identity: &'a FileIdentity,
    pub(super) memo: &'a Memo,
    pub(super) original: Size,
    pub(super) deadline: Deadline,
    pub(super) limits: &'a Limits,
}

impl Chain<'_> {
    /// Returns the image after these components.
    ///
    /// A component depends on the result of the components before it only. So the results
    /// are shared by all transformations that begin with the same components.
    pub(super) fn image(&self, components: &[Component]) -> Result<Arc<Pixels>, RenderError> {
        self.deadline.check()?;
        let Some((last, before)) = components.split_last() else {
            let key = self.key(components);
            return self.memo.get_or_create(self.identity, &key, || {
                self.memo.count_decode();
                self.source.decode(self.deadline, self.limits).map(Arc::new)
            });
        };
        let compute = || {
            let input = self.image(before)?;
            let input_area = input.size().area();
            let output = last.apply(input, self.original, self.deadline, self.limits)?;
            Ok((input_area > output.size().area(), Arc::new(output)))
        };
        if last.resize.is_none() {
            return compute().map(|(_, output)| output);
        }
        let key = self.key(components);
        let mut is_smaller = true;
        let output = self.memo.get_or_create(self.identity, &key, || {
            let output;
            (is_smaller, output) = compute()?;
            Ok(output)
        })?;
        if !is_smaller {
            // It would displace the images that it is computed from.
            self.memo.remove(self.identity, &key);
        }
        Ok(output)
    }

    /// Returns the key of the image after these components.
    fn key(&self, components: &[Component]) -> String {
        let mut key = String::from(if self.source.ignores_orientation() {
            "as stored"
        } else {
            "upright"
        });
        for component in components {
            key.push('/');
            key.push_str(&key::component(component));
        }
        key
    }
}
