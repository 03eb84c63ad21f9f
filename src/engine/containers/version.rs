//! Versions of Compose.

/// What the overlay needs: `!override` (release notes of Compose 2.24.4).
const NEEDED: (u32, u32, u32) = (2, 24, 4);

/// Whether a Compose that calls itself `2.40.3`, `v2.40.3` or `2.27.0-desktop.2` will do.
pub(super) fn will_do(version: &str) -> bool {
    number_of(version.trim()).is_some_and(|number| number >= NEEDED)
}

fn number_of(version: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = version.trim_start_matches('v').split(|c: char| !c.is_ascii_digit());
    let mut next = || numbers.next()?.parse().ok();
    Some((next()?, next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_before_the_needed_version_will_not_do() {
        for version in ["2.24.4", "v2.40.3", "2.27.0-desktop.2", "2.24.6+ds1-0ubuntu1", "5.0.0\n"] {
            assert!(will_do(version), "{version}");
        }
        for version in
            ["1.29.2", "2.24.3", "2.9.0", "docker-compose version 1.29.2", "", "2", "dev"]
        {
            assert!(!will_do(version), "{version}");
        }
    }
}
