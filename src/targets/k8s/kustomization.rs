//! `kustomization.yaml`: the list of objects that kustomize asks for, where somebody puts his own over ours.

use crate::{
    bundle::File,
    tree::{Content, Node, Note},
};

/// Lists files, in the order in which they can be applied. Not rendered unasked: `kubectl apply -f` takes it for an
/// object.
pub fn kustomization(files: &[File]) -> File {
    let noted = |text: &str, reason: &'static str| Node::text(text).noted(Note::new(reason, Vec::new()));
    let mut root = Node::map();
    root.set("apiVersion", noted("kustomize.config.k8s.io/v1beta1", "the version that every kustomize reads"));
    root.set("kind", noted("Kustomization", "asked for with the tree"));
    let resources = files.iter().map(|file| Node::text(&file.path)).collect();
    let reason = "all objects beside it, in the order in which they can be applied";
    root.set("resources", Node::new(Content::Seq(resources)).noted(Note::new(reason, Vec::new())));
    File::new("kustomization.yaml", root)
}
