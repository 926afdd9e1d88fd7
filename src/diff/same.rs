//! When two single values mean the same.

use serde_json::Value;

use super::{
    Form,
    quantity::{bytes, nano},
    step::{Step, key_from_end},
};

/// Whether two values that hold no others mean the same at a place.
pub(super) fn same(form: Form, at: &[Step], a: &Value, b: &Value) -> bool {
    if a == b {
        return true;
    }
    if let (Value::Number(a), Value::Number(b)) = (a, b) {
        return a.as_f64() == b.as_f64();
    }
    let (Some(one), Some(other)) = (spelled(a), spelled(b)) else { return false };
    match form {
        Form::Object if is_quantity(at) => nano(&one).is_some_and(|one| Some(one) == nano(&other)),
        Form::Object => is_number_or_text(at) && one == other,
        // Compose makes a text of a number, and the other way round, wherever it wants one.
        Form::Compose if one == other => true,
        Form::Compose if is_memory(at) => bytes(&one).is_some_and(|one| Some(one) == bytes(&other)),
        Form::Compose => key_from_end(at, 0) == "cpus" && one.parse::<f64>().ok() == other.parse::<f64>().ok(),
        Form::Data | Form::Text => false,
    }
}

fn spelled(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Where the Kubernetes API has a `Quantity`; in objects of others, where they have one by the same name.
fn is_quantity(at: &[Step]) -> bool {
    let (key, above) = (key_from_end(at, 0), key_from_end(at, 1));
    matches!(above, "limits" | "requests" | "capacity" | "hard" | "overhead")
        || matches!(key, "sizeLimit" | "averageValue" | "divisor")
        || matches!((above, key), ("target", "value") | ("storage" | "walStorage", "size"))
}

/// Where the Kubernetes API has an `IntOrString`.
fn is_number_or_text(at: &[Step]) -> bool {
    matches!(key_from_end(at, 0), "port" | "targetPort" | "maxSurge" | "maxUnavailable" | "minAvailable")
}

fn is_memory(at: &[Step]) -> bool {
    matches!(key_from_end(at, 0), "mem_limit" | "mem_reservation" | "memswap_limit" | "shm_size" | "memory" | "size")
}
