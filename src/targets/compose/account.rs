//! What becomes of every part of an app here. A new part does not compile until somebody has said it.

use crate::app::{App, Attached, Backing, Build, Companion, Compose, Cron, Dev, Job, Process, ProcessCompose};

/// Part by part, the file that writes it; what is not written here says why.
pub fn account(app: &App) {
    let App {
        name: _,        // document, service
        environment: _, // the file's name
        processes: _,   // below, with all that runs
        jobs,
        crons,
        services,
        ingress: _, // nobody routes on a host: `[compose] publish` offers the port
        k8s: _,     // another target's
        sidecars,
        inits,
        companions,
        compose,
        cloudrun: _,   // another target's
        recipe: _,     // dev: whose the Dockerfile is
        platforms: _,  // built for the machine that it runs on
        patches: _,    // document
        provenance: _, // problems and notes
    } = app;
    let Compose {
        project: _,  // document
        build: _,    // service, dev
        networks: _, // document, service
        home: _,     // files
    } = compose;
    for Job {
        process: _,  // below
        when: _,     // once, depends
        needs: _,    // depends
        retries: _,  // once
        deadline: _, // nobody ends what hangs: told
        keep: _,     // a container stays until `down`
    } in jobs
    {}
    for Cron {
        process: _,     // below
        schedule: _,    // nobody starts anything by a schedule: told, with all that follows
        timezone: _,    // told
        concurrency: _, // told
        retries: _,     // of runs that nobody here starts
        deadline: _,    // told
        keep: _,        // `docker compose run --rm` keeps none
        suspend: _,     // nothing is started anyway
    } in crons
    {}
    for Backing {
        kind: _,        // backing
        process: _,     // backing: what runs it
        version: _,     // in its image
        database: _,    // backing, spelling
        user: _,        // backing, spelling
        driver: _,      // spelling: the URL
        data: _,        // backing, document
        size: _,        // a volume of Docker has no bound
        shm: _,         // backing
        health: _,      // backing
        publish: _,     // backing
        provision: _,   // another target's: a host runs it itself
        secret: _,      // another target's
        secret_keys: _, // another target's
    } in services
    {}
    for Attached {
        process: _, // below
        with: _,    // attached
    } in sidecars.iter().chain(inits)
    {}
    for Companion {
        process: _, // below
        only: _,    // document
        needs: _,   // depends, attached: its networks
        publish: _, // service
    } in companions
    {}
    for Process {
        at: _,          // notes
        name: _,        // service
        image: _,       // service, dev
        labels: _,      // service
        annotations: _, // a cluster's tools read them
        start: _,       // service
        port: _,        // service
        port_env: _,    // env
        ports: _,       // reached by the service's name, published by none
        service: _,     // there is no Service
        workers: _,     // the rule
        state: _,       // decided already: one container
        user: _,        // service
        probes: _,      // health
        resources: _,   // service
        autoscale: _,   // nobody scales a host
        shutdown: _,    // service: no proxy has to learn anything
        rollout: _,     // containers are recreated
        env: _,         // env
        env_from: _,    // env_files
        secrets: _,     // env, mounts, document
        inputs: _,      // env, files
        files: _,       // files, document
        volumes: _,     // mounts, storage, document
        security: _,    // service, mounts
        network: _,     // there are no policies
        k8s: _,         // another target's
        cloudrun: _,    // another target's
        compose,
        dev,
        build,
    } in app.containers().chain(companions.iter().map(|one| &one.process))
    {
        own(compose, dev, build.as_ref());
    }
}

fn own(compose: &ProcessCompose, dev: &Dev, build: Option<&Build>) {
    let ProcessCompose {
        publish: _,     // service
        restart: _,     // service
        workers: _,     // the rule
        cpus: _,        // limits
        logging: _,     // service
        pids: _,        // service
        labels: _,      // service
        healthcheck: _, // health
    } = compose;
    let Dev {
        reload: _,     // the server's command line
        sync: _,       // mounts
        watch: _,      // dev
        command: _,    // service
        env: _,        // env
        debug_port: _, // service
        mounts: _,     // mounts
        user: _,       // dev
    } = dev;
    // dev: the override builds.
    if let Some(Build { context: _, dockerfile: _, target: _, args: _ }) = build {}
}
