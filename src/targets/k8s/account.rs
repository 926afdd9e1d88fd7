//! What becomes of every part of an app here. A new part does not compile until somebody has said it.

use crate::app::{App, Attached, Backing, Companion, Cron, Job, K8s, Process, ProcessK8s};

/// Part by part, the file that writes it; what is not written here says why.
pub fn account(app: &App) {
    let App {
        name: _,        // workload: every object's
        environment: _, // only the header of a file names it
        processes: _,   // below, with all that runs
        jobs,
        crons,
        services,
        ingress: _, // http_route, ingress, network_policy
        sidecars,
        inits,
        companions,
        k8s,
        compose: _,    // another target's
        cloudrun: _,   // another target's
        recipe: _,     // an image is built elsewhere
        platforms: _,  // likewise
        patches: _,    // patching
        provenance: _, // problems and notes
    } = app;
    let K8s {
        version: _,            // autoscaler, pod: which fields there are
        namespace: _,          // workload
        pull_policy: _,        // container
        network_policy: _,     // network_policy
        disruption_budget: _,  // disruption_budget
        jobs: _,               // job, hooks
        image_pull_secrets: _, // pod
        extra: _,              // extra
    } = k8s;
    for Job {
        process: _,  // below
        when: _,     // job, cron_job, hooks
        needs: _,    // hooks
        retries: _,  // job
        deadline: _, // job
        keep: _,     // job
    } in jobs
    {}
    for Cron {
        process: _,     // below
        schedule: _,    // cron_job
        timezone: _,    // cron_job
        concurrency: _, // cron_job
        retries: _,     // job
        deadline: _,    // job
        keep: _,        // cron_job
        suspend: _,     // cron_job
    } in crons
    {}
    for Backing {
        kind: _,        // backing, network_policy
        process: _,     // preview; cnpg: its resources and arguments
        version: _,     // cnpg; of a preview in its image
        database: _,    // cnpg, backing; of somebody else's the Secret tells it
        user: _,        // cnpg, backing; of somebody else's the Secret tells it
        driver: _,      // backing: the URL
        data: _,        // preview; the operator's own
        size: _,        // cnpg, preview
        shm: _,         // cnpg, preview
        health: _,      // in the probes of its process; the operator's own
        publish: _,     // a host's
        provision: _,   // backing, cnpg, preview
        secret: _,      // backing, cnpg
        secret_keys: _, // backing, cnpg
    } in services
    {}
    for Attached {
        process: _, // below
        with: _,    // containers
    } in sidecars.iter().chain(inits)
    {}
    // They stand on Compose alone: told.
    for Companion { process: _, only: _, needs: _, publish: _ } in companions {}
    for Process {
        at: _,          // notes
        name: _,        // workload
        image: _,       // container
        labels: _,      // workload
        annotations: _, // workload
        start: _,       // container
        port: _,        // service, container, network_policy
        port_env: _,    // env
        ports: _,       // service, container, network_policy
        service: _,     // service
        workers: _,     // the rule
        state: _,       // decided already: one replica, recreated
        user: _,        // security
        probes: _,      // probes
        resources: _,   // container
        autoscale: _,   // autoscaler
        shutdown: _,    // pod, container
        rollout: _,     // deployment; a StatefulSet replaces its pods one by one
        env: _,         // env
        env_from: _,    // env
        secrets: _,     // env, volumes
        inputs: _,      // env, config_map
        files: _,       // config_map, volumes
        volumes: _,     // claims, volumes, stateful_set
        security: _,    // security, pod, volumes, service_account
        network: _,     // network_policy
        k8s,
        cloudrun: _, // another target's
        compose: _,  // another target's
        dev: _,      // nobody develops in a cluster
        build: _,    // an image is built elsewhere
    } in app.containers()
    {
        let ProcessK8s {
            workers_per_pod: _, // the rule
            replicas: _,        // the rule
            node_selector: _,   // pod
            tolerations: _,     // pod
            priority_class: _,  // pod
            topology_spread: _, // pod
        } = k8s;
    }
}
