//! Delivery URLs: built, signed, parsed and verified.

pub(crate) mod asset_signer;
pub(crate) mod compiled;
pub(crate) mod delivery;
pub(crate) mod parse;
pub(crate) mod sign;
pub(crate) mod signature;
pub(crate) mod signed;
pub(crate) mod signed_path;
pub(crate) mod verified;
pub(crate) mod verify;
