//! Which image runs a service, and what follows from its version.

use super::facts::{Facts, Form, Release};
use crate::{
    app::{Image, findings::Findings, image},
    key::Key,
    problem::Code,
};

/// The image of a service, and the major version that it is of, as far as that is known.
pub struct Chosen {
    pub image: Image,
    pub version: String,
    pub major: Option<u32>,
}

pub fn choose(
    facts: &Facts,
    version: Option<&str>,
    image: Option<&str>,
    at: &Key,
    findings: &mut Findings<'_>,
) -> Chosen {
    let Release { repository, prefix, suffix, default, .. } = facts.image;
    let key = at.below("version");
    if let Some(reference) = image {
        let image = image::image(reference, &at.below("image"), findings).unwrap_or_default();
        let tag = image.tag.clone().unwrap_or_default();
        let major = version.map_or_else(|| in_tag(&tag), major);
        if major.is_none() && facts.data.len() > 1 {
            findings.value(
                Code::MissingKey,
                &at.below("image"),
                format!("the version of {} in this image is not known", facts.name),
                "its data lies elsewhere in other versions",
                format!("say which major version it holds, as in `version = \"{default}\"`"),
            );
        }
        let version = version.map(str::to_owned).or(major.map(|major| major.to_string()));
        return Chosen { image, version: version.unwrap_or_else(|| default.to_owned()), major };
    }
    let wanted = version.unwrap_or(default);
    if version.is_some() {
        check(facts, wanted, &key, findings);
    }
    let tag = format!("{prefix}{}{suffix}", wanted.strip_prefix(prefix).unwrap_or(wanted));
    let image = Image::parse(&format!("{repository}:{tag}")).unwrap_or_default();
    let numbers = wanted.strip_prefix(prefix).unwrap_or(wanted);
    Chosen { image, version: wanted.to_owned(), major: major(numbers) }
}

/// A version that there is no tag of, or one that is older than what is known.
fn check(facts: &Facts, version: &str, key: &Key, findings: &mut Findings<'_>) {
    let Release { prefix, default, form, oldest, .. } = facts.image;
    let numbers = version.strip_prefix(prefix).unwrap_or(version);
    let parts = numbers.split('.').filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let (count, are_numbers) = (numbers.split('.').count(), parts.count() == numbers.split('.').count());
    let fits = match form {
        Form::Free => true,
        Form::Any => are_numbers,
        Form::Whole => are_numbers && count == 3,
    };
    if !fits {
        let number = numbers.split(|c: char| c != '.' && !c.is_ascii_digit()).next().unwrap_or_default();
        let help = match form {
            Form::Whole => format!("write it as in \"{default}\", with all three numbers: there are no tags of fewer"),
            _ if number.is_empty() => format!("write it as in \"{default}\""),
            _ => format!("write \"{number}\"; another build is `image = \"{}:{version}\"`", facts.image.repository),
        };
        let title = format!("`{version}` is not a version of {}", facts.name);
        findings.value(Code::BadFormat, key, title, "no tag of its image", help);
    } else if major(numbers).is_some_and(|major| major < oldest) && form != Form::Free {
        findings.value(
            Code::BadFormat,
            key,
            format!("{} {version} is older than what is known here", facts.name),
            &format!("below {oldest}"),
            "take a newer one, or describe it by an `image` of your own and a patch",
        );
    }
}

fn major(version: &str) -> Option<u32> {
    version.split('.').next().and_then(|number| number.parse().ok())
}

/// The major version that a tag tells: `17.6-bookworm`, or `2.20-pg17` of what is built upon PostgreSQL.
fn in_tag(tag: &str) -> Option<u32> {
    let digits = |text: &str| text.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse().ok());
    match tag.find("pg") {
        Some(at) => digits(&tag[at + 2..]),
        None => digits(tag.trim_start_matches('v')),
    }
}
