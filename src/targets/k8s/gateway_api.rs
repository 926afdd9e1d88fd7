//! `gateway.networking.k8s.io/v1` HTTPRoute, which the Kubernetes API does not have by itself.
//!
//! Every field of the standard channel of Gateway API 1.6; we write few of them, patches may write the others. What the
//! API requires is no `Option`, and appears when it is missing.

use k8s_openapi::{Metadata, NamespaceResourceScope, Resource, apimachinery::pkg::apis::meta::v1::ObjectMeta};
use serde::{Deserialize, Serialize};

/// A group of optional and required fields, as the API writes them.
macro_rules! fields {
    ($($(#[doc = $about:literal])* $name:ident { $($field:ident: $type:ty),* $(,)? $(; $($option:ident: $of:ty),* $(,)?)? })*) => {
        $($(#[doc = $about])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $(#[serde(default)] pub $field: $type,)*
            $($(#[serde(default, skip_serializing_if = "Option::is_none")] pub $option: Option<$of>,)*)?
        })*
    };
}

fields! {
    /// Requests that a gateway sends on.
    HttpRoute { api_version: String, kind: String, metadata: ObjectMeta, spec: HttpRouteSpec }
    HttpRouteSpec { ; hostnames: Vec<String>, parent_refs: Vec<ParentRef>, rules: Vec<HttpRouteRule> }
    /// What a route attaches to.
    ParentRef {
        name: String;
        group: String, kind: String, namespace: String, port: i32, section_name: String,
    }
    HttpRouteRule {
        ;
        backend_refs: Vec<HttpBackendRef>, filters: Vec<HttpRouteFilter>, matches: Vec<HttpRouteMatch>, name: String,
        timeouts: HttpRouteTimeouts,
    }
    HttpRouteTimeouts { ; backend_request: String, request: String }
    HttpRouteMatch { ; headers: Vec<ValueMatch>, method: String, path: HttpPathMatch, query_params: Vec<ValueMatch> }
    HttpPathMatch { ; type_: String, value: String }
    /// The value of a header or of a query parameter.
    ValueMatch { name: String, value: String; type_: String }
    HttpBackendRef {
        name: String;
        filters: Vec<HttpRouteFilter>, group: String, kind: String, namespace: String, port: i32, weight: i32,
    }
    HttpRouteFilter {
        type_: String;
        cors: Cors, extension_ref: ExtensionRef, request_header_modifier: HeaderModifier, request_mirror: RequestMirror,
        request_redirect: RequestRedirect, response_header_modifier: HeaderModifier, url_rewrite: UrlRewrite,
    }
    Cors {
        ;
        allow_credentials: bool, allow_headers: Vec<String>, allow_methods: Vec<String>, allow_origins: Vec<String>,
        expose_headers: Vec<String>, max_age: i32,
    }
    ExtensionRef { group: String, kind: String, name: String }
    HeaderModifier { ; add: Vec<Header>, remove: Vec<String>, set: Vec<Header> }
    Header { name: String, value: String }
    RequestMirror { backend_ref: BackendRef; fraction: Fraction, percent: i32 }
    BackendRef { name: String; group: String, kind: String, namespace: String, port: i32 }
    Fraction { numerator: i32; denominator: i32 }
    RequestRedirect { ; hostname: String, path: PathModifier, port: i32, scheme: String, status_code: i32 }
    PathModifier { type_: String; replace_full_path: String, replace_prefix_match: String }
    UrlRewrite { ; hostname: String, path: PathModifier }
}

impl Resource for HttpRoute {
    const API_VERSION: &'static str = "gateway.networking.k8s.io/v1";
    const GROUP: &'static str = "gateway.networking.k8s.io";
    const KIND: &'static str = "HTTPRoute";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "httproutes";
    type Scope = NamespaceResourceScope;
}

impl Metadata for HttpRoute {
    type Ty = ObjectMeta;

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}
