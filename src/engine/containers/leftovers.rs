//! What the container engine has of a home although nothing is written down of it.

use super::docker::Docker;
use super::error::DockerError;
use super::project::{ENVIRONMENT, filters_of_home};
use crate::paths::Paths;
use crate::printable;

/// Something of this home's in the container engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// What it is.
    pub kind: Kind,
    /// The environment that it was made for.
    pub environment: String,
    /// Its name, without what a terminal would act on.
    pub name: String,
}

/// Kinds of what can be left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A container, running or not.
    Container,
    /// A volume with data.
    Volume,
    /// A network.
    Network,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Container, Self::Volume, Self::Network];

    /// How it is listed, and what its name is called there.
    const fn listed(self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Container => (&["ps", "--all"], "Names"),
            Self::Volume => (&["volume", "ls"], "Name"),
            Self::Network => (&["network", "ls"], "Name"),
        }
    }
}

/// What bears the label of a home, and that of no environment among `known`.
pub(super) async fn of_home(
    docker: &Docker,
    paths: &Paths,
    known: &[&str],
) -> Result<Vec<Leftover>, DockerError> {
    let lists = Kind::ALL.map(|kind| async move {
        let (words, name) = kind.listed();
        let format = format!("{{{{.Label \"{ENVIRONMENT}\"}}}}\t{{{{.{name}}}}}");
        let words = words.iter().map(|word| (*word).to_owned());
        let words = words.chain(["--format".to_owned(), format]).chain(filters_of_home(paths));
        docker.ask(&words.collect::<Vec<_>>()).await.map(|text| (kind, text))
    });
    let lists = futures::future::try_join_all(lists).await?;
    let all =
        lists.iter().flat_map(|(kind, text)| text.lines().filter_map(|line| read(*kind, line)));
    Ok(all.filter(|left| !known.contains(&left.environment.as_str())).collect())
}

fn read(kind: Kind, line: &str) -> Option<Leftover> {
    let (environment, name) = line.split_once('\t')?;
    Some(Leftover { kind, environment: environment.to_owned(), name: printable::name(name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_lost_its_environment_is_still_of_this_home() {
        let left = read(Kind::Volume, "\tsome\u{1b}name").unwrap();
        assert_eq!((left.environment.as_str(), left.name.as_str()), ("", "some\\u{1b}name"));
        assert_eq!(read(Kind::Volume, "no tab"), None);
    }
}
