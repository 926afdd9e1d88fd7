//! A service: answers requests.

use super::{
    annotations::Own,
    metadata,
    part::Part,
    template,
    types::{Service, ServiceSpec},
};
use crate::{
    app::{Exposure, Instances, Reader},
    problem::Problem,
    targets::object::Object,
    tree::{Notes, Path},
};

pub fn service(part: &Part<'_>, problems: &mut Vec<Problem>) -> Object {
    let mut notes = Notes::default();
    let own = if part.is_knative() { Vec::new() } else { vec![ingress(part)] };
    let mut metadata = metadata::object(part, own, Reader::Service, &mut notes);
    if part.is_knative() && part.process.cloudrun.ingress != Exposure::All {
        const VISIBILITY: &str = "networking.knative.dev/visibility";
        notes.add(Path::new("metadata.labels").key(VISIBILITY), "asked for", part.process.keys(&["cloudrun.ingress"]));
        metadata.labels.get_or_insert_default().insert(VISIBILITY.into(), "cluster-local".into());
    }
    let mut inner = Notes::default();
    let template = template::template(part, scaling(part), &mut inner, problems);
    notes.extend("spec.template", inner);
    let service = Service {
        api_version: "serving.knative.dev/v1".into(),
        kind: "Service".into(),
        metadata,
        spec: ServiceSpec { template, traffic: None },
    };
    let because = [part.process.own_keys(), part.app.served_keys(part.process)].concat();
    let reason = "answers requests, by as many instances as they need";
    Object::of(("Service", part.name()), &service, (reason, because), notes)
}

fn ingress(part: &Part<'_>) -> Own {
    let (value, reason) = match part.process.cloudrun.ingress {
        Exposure::All => ("all", "requests reach it from everywhere; who may call it is IAM's to say"),
        Exposure::Internal => ("internal", "asked for: requests of the project's own networks alone"),
        Exposure::InternalAndCloudLoadBalancing => (
            "internal-and-cloud-load-balancing",
            "asked for: what a load balancer lets in, and the project's own networks",
        ),
    };
    Own {
        name: "run.googleapis.com/ingress",
        value: value.into(),
        reason: reason.into(),
        keys: part.process.keys(&["cloudrun.ingress"]),
    }
}

/// Between how many instances the platform scales.
fn scaling(part: &Part<'_>) -> Vec<Own> {
    let Instances { min, min_reason, min_keys, max, max_reason, max_keys } = part.app.instances(part.process);
    let (least, most) = match part.is_knative() {
        true => ("autoscaling.knative.dev/min-scale", "autoscaling.knative.dev/max-scale"),
        false => ("autoscaling.knative.dev/minScale", "autoscaling.knative.dev/maxScale"),
    };
    vec![
        Own { name: least, value: min.to_string(), reason: min_reason.into(), keys: min_keys },
        Own { name: most, value: max.to_string(), reason: max_reason, keys: max_keys },
    ]
}
