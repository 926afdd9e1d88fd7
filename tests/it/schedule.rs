//! Schedules: what a cluster reads is taken, as it is meant, and nothing else.

use std::collections::BTreeSet;

use proptest::{prelude::*, sample::select};
use render::app::{Schedule, Timezone};

/// Least and most of each field.
const FIELDS: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];

/// A part of a field, and the numbers that it means.
fn part((least, most): (u32, u32)) -> impl Strategy<Value = (String, BTreeSet<u32>)> {
    let range = (least..=most, least..=most).prop_map(|(a, b)| (a.min(b), a.max(b)));
    (0..6, range, 1..=most.max(1)).prop_map(move |(form, (first, last), step)| {
        let stepped = |first: u32, last: u32| (first..=last).step_by(step as usize).collect();
        match form {
            0 => ("*".into(), (least..=most).collect()),
            1 => (first.to_string(), BTreeSet::from([first])),
            2 => (format!("{first}-{last}"), (first..=last).collect()),
            3 => (format!("*/{step}"), stepped(least, most)),
            4 => (format!("{first}-{last}/{step}"), stepped(first, last)),
            _ => (format!("{first}/{step}"), stepped(first, most)),
        }
    })
}

fn field(bounds: (u32, u32)) -> impl Strategy<Value = (String, BTreeSet<u32>)> {
    prop::collection::vec(part(bounds), 1..4).prop_map(|parts| {
        let texts: Vec<String> = parts.iter().map(|(text, _)| text.clone()).collect();
        (texts.join(","), parts.into_iter().flat_map(|(_, numbers)| numbers).collect())
    })
}

/// A field as the simplest of all readers reads it: values, ranges and steps of ranges.
fn simple(field: &str, (least, most): (u32, u32)) -> BTreeSet<u32> {
    let number = |text: &str| text.parse::<u32>().unwrap_or_else(|_| panic!("`{text}` of `{field}`"));
    let part = |part: &str| {
        let (range, step) = part.split_once('/').map_or((part, 1), |(range, step)| (range, number(step)));
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (least, most),
            Some((first, last)) => (number(first), number(last)),
            None => {
                assert_eq!(step, 1, "other crons do not know `{part}`");
                (number(range), number(range))
            }
        };
        (first..=last).step_by(step as usize).collect::<Vec<_>>()
    };
    field.split(',').flat_map(part).collect()
}

proptest! {
    #[test]
    fn what_the_five_fields_say_is_taken_and_kept(
        fields in (field(FIELDS[0]), field(FIELDS[1]), field(FIELDS[2]), field(FIELDS[3]), field(FIELDS[4])),
        blank in select(&[" ", "  ", "\t"][..]),
    ) {
        let fields = [fields.0, fields.1, fields.2, fields.3, fields.4];
        let text = fields.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(blank);
        prop_assert!(Schedule::is_one(&text), "{}", text);
        if let Ok(schedule) = Schedule::parse(&text) {
            let written = schedule.to_string();
            prop_assert_eq!(Schedule::parse(&written).map(|again| again.to_string()), Ok(written.clone()));
            for ((word, (_, meant)), bounds) in written.split(' ').zip(&fields).zip(FIELDS) {
                prop_assert_eq!(&simple(word, bounds), meant, "{} of {}", word, text);
            }
        }
    }

    #[test]
    fn no_text_is_too_much(text in "[-0-9*/,?@a-z ]{0,24}|\\PC{0,24}") {
        // Whatever is taken has five fields or is a name, in characters that mean something.
        if let Ok(schedule) = Schedule::parse(&text) {
            let written = schedule.to_string();
            prop_assert!(written.starts_with('@') || written.split(' ').count() == 5, "{}", written);
            prop_assert!(written.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"*/,-@ ".contains(&byte)));
        }
        drop(Timezone::parse(&text));
    }
}

#[test]
fn names_stand_for_numbers_and_a_question_mark_for_all() {
    for good in ["0 3 * jan-MAR mon,WED", "@daily", "*/5 * ? * ?", "59 23 29 2 *", "0 0 31 2 1"] {
        assert!(Schedule::parse(good).is_ok(), "{good}");
    }
    assert_eq!(Schedule::parse("5/15 * ? * ?").unwrap().to_string(), "5-59/15 * * * *");
    for bad in
        ["0 3 * * sun-sat-mon", "0 3 L * *", "0 3 * * 1#2", "0 3 15W * *", "+1 * * * *", "0 0 31 4,6 *", "@daily 3"]
    {
        assert!(Schedule::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn zones_are_named_by_area_and_place() {
    for good in
        ["Etc/UTC", "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "America/Port-au-Prince"]
    {
        assert!(Timezone::parse(good).is_ok(), "{good}");
    }
    for bad in ["Local", "local", "", "Europe", "Europe/", "Europe/../UTC", "/UTC", "PST", "Europe/berlin", "+02:00"] {
        assert!(Timezone::parse(bad).is_err(), "{bad:?}");
    }
}
