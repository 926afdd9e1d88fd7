//! What stands between profiles and a cluster: pipelines, bots and controllers.

mod argocd;
mod examples;
mod function;
mod function_config;
mod pipelines;
mod set_image;
mod splice;
