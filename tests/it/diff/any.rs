//! What holds of every comparison.

use proptest::{collection::vec, option, prelude::*};

use super::*;

/// Values of which lists are told apart by places alone.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..5i64).prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("[a-d/~]{1,2}", inner), 0..4).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn named(items: Vec<(String, Value)>, key: &str, more: &str) -> Value {
    let mut seen = std::collections::BTreeSet::new();
    let items = items.into_iter().filter(|(name, _)| seen.insert(name.clone()));
    items.map(|(name, value)| json!({key: name, more: value})).collect()
}

fn items(key: &'static str, more: &'static str) -> impl Strategy<Value = Value> {
    vec(("[A-D]", prop_oneof!["[a-c]".prop_map(Value::from), Just(Value::Null)]), 0..5)
        .prop_map(move |items| named(items, key, more))
}

prop_compose! {
    fn one_container()(
        name in "[a-c]", env in option::of(items("name", "value")), mounts in option::of(items("mountPath", "name")),
        args in option::of(vec("[a-c]", 0..4)), cpu in option::of(prop_oneof!["[1-3]", "[1-3]000m"]),
        ports in vec((1..4u16, option::of(prop_oneof![Just("TCP"), Just("UDP")]), option::of("[a-b]")), 0..4),
    ) -> Value {
        let ports: Vec<Value> = ports.into_iter().map(|(port, protocol, name)| {
            json!({"containerPort": port, "protocol": protocol, "name": name})
        }).collect();
        json!({"name": name, "env": env, "volumeMounts": mounts, "args": args, "ports": ports, "resources": {"limits": {"cpu": cpu}}})
    }
}

prop_compose! {
    pub fn object()(
        containers in vec(one_container(), 0..3), labels in option::of(value()), spec in value(),
        modes in option::of(vec("[A-C]", 0..3)),
    ) -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "labels": labels},
            "spec": {"template": {"spec": {"containers": containers}}, "more": spec, "accessModes": modes},
        })
    }
}

fn of(value: Value) -> Document {
    Document::new(value, "a.yaml")
}

fn data(value: Value) -> Document {
    Document::new(json!({ "a": value }), "a.yaml")
}

/// The same with its maps, and the lists whose order means nothing, the other way round.
fn turned(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(map) => {
            Value::Object(map.iter().rev().map(|(key, value)| (key.clone(), turned(value, key))).collect())
        }
        Value::Array(items) if matches!(key, "volumeMounts" | "containers" | "accessModes") => {
            let name = |item: &Value| item.get("name").or(item.get("mountPath")).unwrap_or(item).to_string();
            let names: std::collections::BTreeSet<String> = items.iter().map(name).collect();
            let turned = items.iter().map(|item| turned(item, ""));
            if names.len() == items.len() { turned.rev().collect() } else { turned.collect() }
        }
        Value::Array(items) => items.iter().map(|item| turned(item, "")).collect(),
        value => value.clone(),
    }
}

/// Applies changes to what they were found in: those that take away from named lists, those that put something there,
/// those that take away from others, from the end.
fn applied(old: &Value, changes: &[Change]) -> Value {
    let (mut value, mut places) = (old.clone(), Places::new());
    let is_named =
        |change: &&Change| change.change == Kind::Remove && !last(change).chars().all(|c| c.is_ascii_digit());
    let gone = |change: &&Change| change.change == Kind::Remove;
    changes.iter().filter(|change| is_named(change)).for_each(|change| apply(&mut value, change, &mut places));
    changes.iter().filter(|change| !gone(change)).for_each(|change| apply(&mut value, change, &mut places));
    changes
        .iter()
        .rev()
        .filter(|change| gone(change) && !is_named(change))
        .for_each(|change| apply(&mut value, change, &mut places));
    value
}

fn last(change: &Change) -> String {
    change.path.rsplit('/').next().unwrap().replace("~1", "/").replace("~0", "~")
}

fn find(items: &[Value], token: &str) -> Option<usize> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is = |item: &Value| {
        token == text(item)
            || token.contains('=')
                && token.split(',').all(|part| {
                    let (key, wanted) = part.split_once('=').unwrap();
                    item.get(key).is_some_and(|value| text(value) == wanted)
                })
                && (token.contains("protocol") || item.get("protocol").is_none_or(|p| p.is_null() || *p == "TCP"))
    };
    token.parse().ok().filter(|at| *at <= items.len()).or_else(|| items.iter().position(is))
}

/// Where named items stood when they were last found: one of them may have another name by now.
type Places = std::collections::BTreeMap<String, usize>;

fn apply(value: &mut Value, change: &Change, places: &mut Places) {
    let tokens: Vec<String> = change.path.split('/').skip(1).map(|t| t.replace("~1", "/").replace("~0", "~")).collect();
    let Some((last, way)) = tokens.split_last() else {
        *value = change.new_value.clone().unwrap_or(Value::Null);
        return;
    };
    let mut at = value;
    let mut path = String::new();
    for token in way {
        path.push_str(&format!("/{token}"));
        at = match at {
            Value::Object(map) => map.get_mut(token).unwrap_or_else(|| panic!("{token} of {}", change.path)),
            Value::Array(items) => {
                let place = find(items, token).or_else(|| places.get(&path).copied());
                let place = place.unwrap_or_else(|| panic!("{token} of {}", change.path));
                places.insert(path.clone(), place);
                &mut items[place]
            }
            _ => panic!("{} leads nowhere", change.path),
        };
    }
    let to = change.pointer.rsplit('/').next().unwrap();
    match (at, change.change) {
        (Value::Object(map), Kind::Remove) => drop(map.shift_remove(last)),
        (Value::Object(map), Kind::Add | Kind::Replace) => {
            drop(map.insert(last.clone(), change.new_value.clone().unwrap()))
        }
        (Value::Object(map), Kind::Reorder) => {
            let items = map[last].as_array_mut().unwrap();
            let order: Vec<Value> = change.new_value.as_ref().unwrap().as_array().unwrap().clone();
            *items = order.iter().map(|name| items[find(items, name.as_str().unwrap()).unwrap()].clone()).collect();
        }
        (Value::Array(items), Kind::Remove) => drop(items.remove(find(items, last).unwrap())),
        (Value::Array(items), Kind::Add) => {
            items.insert(to.parse::<usize>().unwrap().min(items.len()), change.new_value.clone().unwrap())
        }
        (Value::Array(items), Kind::Replace) => {
            let place = find(items, last).unwrap();
            items[place] = change.new_value.clone().unwrap();
        }
        (at, _) => panic!("{} of {at}", change.path),
    }
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(one in object(), other in value()) {
        prop_assert_eq!(told(&of(one.clone()), &of(one)), [""; 0]);
        prop_assert_eq!(told(&data(other.clone()), &data(other)), [""; 0]);
    }

    #[test]
    fn the_order_of_what_has_none_makes_no_difference(one in object()) {
        let turned = turned(&one, "");
        prop_assert_eq!(told(&of(one), &of(turned)), [""; 0]);
    }

    #[test]
    fn changes_lead_from_the_old_to_the_new(old in object(), new in object()) {
        let (old, new) = (of(old), of(new));
        let changes = changes(&old, &new);
        let reached = of(applied(&old.value, &changes));
        prop_assert_eq!(told(&reached, &new), [""; 0], "by {:?} to {}", lines(&changes), reached.value);
    }

    #[test]
    fn changes_of_values_without_names_lead_to_the_very_same(old in value(), new in value()) {
        let (old, new) = (data(old), data(new));
        let changes = changes(&old, &new);
        prop_assert_eq!(applied(&old.value, &changes), new.value, "by {:?}", lines(&changes));
    }

    #[test]
    fn the_way_back_changes_the_same_places(old in value(), new in value()) {
        let (old, new) = (data(old), data(new));
        let places = |changes: &[Change]| {
            changes.iter().map(|change| change.path.clone()).collect::<std::collections::BTreeSet<_>>()
        };
        prop_assert_eq!(places(&changes(&old, &new)), places(&changes(&new, &old)));
    }

    #[test]
    fn pointers_lead_to_what_they_tell(old in object(), new in object()) {
        let (old, new) = (of(old), of(new));
        for change in changes(&old, &new).iter().filter(|change| change.change != Kind::Reorder) {
            let side = if change.change == Kind::Remove { &old } else { &new };
            prop_assert!(side.value.pointer(&change.pointer).is_some(), "{}", change.pointer);
        }
    }

    #[test]
    fn no_text_is_too_strange_to_be_read(text in "[ -~\n]{0,80}", name in "(a.yaml|docker-compose.yml|a.json|a.txt)") {
        let _ = documents(&text, &name);
    }
}
