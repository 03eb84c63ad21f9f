//! The language that a learner has chosen, which the next start of the program begins with.

use std::fs;

use crate::engine::files::write_aside;
use crate::paths::Paths;
use crate::phrase::Lang;
use crate::problem::Problem;

/// The language that was chosen last in this home, if any.
pub fn chosen(paths: &Paths) -> Option<Lang> {
    let tag = fs::read_to_string(paths.language()).ok()?;
    Lang::ALL.into_iter().find(|lang| lang.tag() == tag.trim())
}

/// Keeps a choice.
pub fn choose(paths: &Paths, lang: Lang) -> Result<(), Problem> {
    let path = paths.language();
    write_aside(&path, lang.tag().as_bytes()).map_err(|e| Problem::file(&path, &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_kept_and_what_is_no_language_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::at(folder.path().join("home"), "/cache");
        assert_eq!(chosen(&paths), None);
        choose(&paths, Lang::Zh).unwrap();
        assert_eq!(chosen(&paths), Some(Lang::Zh));
        fs::write(paths.language(), "klingon").unwrap();
        assert_eq!(chosen(&paths), None);
    }
}
