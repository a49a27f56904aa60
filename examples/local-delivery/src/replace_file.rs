//! Atomic writes of files.

use std::io;

use cap_std::fs::{Dir, File, OpenOptions};

/// Writes a file so that readers see the old or the new content, never a part. The content is
/// first written to the path `temporary`.
pub(crate) fn replace_file(
    folder: &Dir,
    path: &str,
    temporary: &str,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let written = (|| {
        let mut options = OpenOptions::new();
        let mut file = folder.open_with(temporary, options.write(true).create_new(true))?;
        write(&mut file)?;
        folder.rename(temporary, folder, path)
    })();
    if written.is_err() {
        let _ = folder.remove_file(temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use cap_std::ambient_authority;

    use super::*;

    #[test]
    fn failed_writes_keep_the_old_content() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        let replace = |text: &[u8], result: io::Result<()>| {
            replace_file(&folder, "a", ".a", |file| {
                file.write_all(text)?;
                result
            })
        };
        replace(b"old", Ok(())).unwrap();
        let failed = Err(io::ErrorKind::StorageFull.into());
        let error = replace(b"new", failed).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(folder.read("a").unwrap(), b"old");
        assert!(!folder.exists(".a"));
        replace(b"new", Ok(())).unwrap();
        assert_eq!(folder.read("a").unwrap(), b"new");
    }
}
