//! What an image's name tells of the Kafka in it.

/// Maker and name of an image: `apache` and `kafka` of `docker.io/apache/kafka:4.3.1`.
pub(super) fn image_name(image: &str) -> (&str, &str) {
    let (path, _) = split_tag(image);
    let (before, name) = path.rsplit_once('/').unwrap_or(("", path));
    (before.rsplit('/').next().unwrap_or_default(), name)
}

/// The first number of an image's tag: 4 of `apache/kafka:4.3.1`.
pub(super) fn major_version(image: &str) -> Option<u32> {
    let tag = split_tag(image).1?;
    let digits = tag.bytes().take_while(u8::is_ascii_digit).count();
    tag[..digits].parse().ok()
}

fn split_tag(image: &str) -> (&str, Option<&str>) {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        // A port of a registry is no tag.
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (image, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_taken_apart_whatever_stands_before_it() {
        for (image, name, version) in [
            ("apache/kafka:4.3.1", ("apache", "kafka"), Some(4)),
            ("kafka", ("", "kafka"), None),
            ("host:5000/mirror/apache/kafka", ("apache", "kafka"), None),
            ("confluentinc/cp-kafka:7.5.0@sha256:ab", ("confluentinc", "cp-kafka"), Some(7)),
            ("apache/kafka:latest", ("apache", "kafka"), None),
            ("", ("", ""), None),
        ] {
            assert_eq!(image_name(image), name, "{image}");
            assert_eq!(major_version(image), version, "{image}");
        }
    }
}
