use serde::Serialize;
use serde_json::Serializer;

use crate::formatter::WireFormatter;

/// Appends JSON to a buffer.
pub(super) struct DirectWriter<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) formatter: WireFormatter,
}

/// A value with a direct way to its JSON.
pub(super) trait WriteJson {
    fn write_json(&self, writer: &mut DirectWriter<'_>);
}

impl DirectWriter<'_> {
    /// Appends JSON.
    pub(super) fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// Appends an object. `members` appends its members, each after a comma.
    pub(super) fn object(&mut self, members: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        members(self);
        // In place of the comma before the first member.
        if let Some(first) = self.out.get_mut(start) {
            *first = b'{';
        }
        self.raw("}");
    }

    /// Appends a text that needs no escaping as a string.
    pub(super) fn quoted(&mut self, text: &[u8]) {
        self.out.push(b'"');
        self.out.extend_from_slice(text);
        self.out.push(b'"');
    }

    /// Appends a number, a string, `true`, `false` or `null` by the serializer.
    pub(super) fn serialized(&mut self, scalar: &(impl Serialize + ?Sized)) {
        let start = self.out.len();
        // Not reached: a `Vec` accepts every byte, and scalars serialize without
        // errors of their own. `null` keeps the JSON valid.
        if self.serialize(scalar).is_err() {
            self.out.truncate(start);
            self.raw("null");
        }
    }

    /// Appends a value of any type by the serializer.
    pub(super) fn serialize(
        &mut self,
        value: &(impl Serialize + ?Sized),
    ) -> serde_json::Result<()> {
        let mut serializer = Serializer::with_formatter(&mut *self.out, self.formatter);
        value.serialize(&mut serializer)
    }

    /// Appends items with commas between them.
    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        let mut first = true;
        for item in items {
            if !first {
                self.raw(",");
            }
            first = false;
            write(self, item);
        }
    }
}
