//! What becomes of every part of an app here. A new part does not compile until somebody has said it.

use crate::app::{App, Attached, Cloudrun, Companion, Cron, Job, Process, ProcessCloudrun};

/// Part by part, the file that writes it; what is not written here says why. What the profile sets and nobody writes is
/// told, in `app/checks/serverless`.
pub fn account(app: &App) {
    let App {
        name: _,        // part: every object's
        environment: _, // only the header of a file names it
        processes: _,   // below, with all that runs
        jobs,
        crons,
        sidecars,
        inits,
        companions,
        services: _, // env: by secrets of Secret Manager, or as the cluster has them
        ingress: _,  // a domain is mapped elsewhere: told
        k8s: _,      // the namespace, pull policy and pull secrets of Knative: metadata, container, template
        compose: _,  // another target's
        cloudrun,
        recipe: _,     // an image is built elsewhere
        platforms: _,  // likewise
        patches: _,    // patching
        provenance: _, // problems and notes
    } = app;
    // part, and whoever asks it.
    let Cloudrun { flavor: _ } = cloudrun;
    // What Knative has no jobs for, it tells.
    for Job {
        process: _,  // below
        when: _,     // job
        needs: _,    // nobody waits there but the pipeline: told
        retries: _,  // job
        deadline: _, // job
        keep: _,     // the platform keeps a thousand runs by itself: told
    } in jobs
    {}
    for Cron {
        process: _,     // below
        schedule: _,    // Cloud Scheduler has no YAML: told, with all that follows
        timezone: _,    // told
        concurrency: _, // told
        retries: _,     // job
        deadline: _,    // job
        keep: _,        // the platform keeps them by itself: told
        suspend: _,     // nothing starts it by itself
    } in crons
    {}
    for Attached {
        process: _, // below
        with: _,    // template, order; inits are refused
    } in sidecars.iter().chain(inits)
    {}
    // They stand on Compose alone: told.
    for Companion { process: _, only: _, needs: _, publish: _ } in companions {}
    for Process {
        at: _,          // notes
        name: _,        // part
        image: _,       // container
        labels: _,      // metadata
        annotations: _, // annotations
        start: _,       // container
        port: _,        // container
        port_env: _,    // env
        ports: _,       // only probes reach them: told
        service: _,     // part: whether there is a service at all, and what its requests come to
        workers: _,     // the rule
        state: _,       // one instance, as far as the platform goes: told
        user: _,        // security; on Cloud Run the image's: told
        probes: _,      // probes
        resources: _,   // sizes
        autoscale: _,   // its most; requests are the signal
        shutdown: _,    // the server's command line; the platform stops sending requests first
        rollout: _,     // the platform's: new instances first
        env: _,         // env
        env_from: _,    // env; on Cloud Run told
        secrets: _,     // env, volumes
        inputs: _,      // env
        files: _,       // refused
        volumes: _,     // volumes; what outlives instances is refused
        security: _,    // security, volumes, template
        network: _,     // no policies: told
        k8s: _,         // another target's: Knative admits no scheduling
        compose: _,     // another target's
        cloudrun,
        dev: _,   // nobody develops there
        build: _, // an image is built elsewhere
    } in app.containers()
    {
        let ProcessCloudrun {
            min: _,             // service
            max: _,             // service
            cpu: _,             // sizes
            concurrency: _,     // template
            timeout: _,         // template
            ingress: _,         // service
            service_account: _, // template
            cpu_boost: _,       // template
        } = cloudrun;
    }
}
