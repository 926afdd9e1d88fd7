//! What becomes of every part of an app here. A new part does not compile until somebody has said it.

use crate::app::{App, Build, Dev, Process, Recipe};

/// Part by part, the file that writes it; what is not written here says why.
pub fn account(app: &App) {
    let App {
        name: _,        // the first lines, labels
        environment: _, // only the header of a file names it
        processes: _,   // the main one below; the others start otherwise, in the same image
        jobs: _,        // likewise
        crons: _,       // likewise
        sidecars: _,    // likewise
        inits: _,       // likewise
        services: _,    // other images
        companions: _,  // likewise
        ingress: _,     // of what runs
        k8s: _,         // another target's
        compose: _,     // another target's
        cloudrun: _,    // another target's
        recipe,
        platforms: _,  // bake
        patches: _,    // there is no document to patch: no patch has this target
        provenance: _, // problems and notes
    } = app;
    if let Some(Recipe {
        python: _,           // install, production
        base: _,             // install, production
        uv: _,               // install
        lock: _,             // install
        code: _,             // production, install
        workspace: _,        // install
        build_packages: _,   // install
        runtime_packages: _, // install
        copy: _,             // production
        index_secret: _,     // install, bake
        digests: _,          // install, production
        labels: _,           // running
        syntax: _,           // the first line
    }) = recipe
    {}
    let Process {
        at: _,          // notes
        name: _,        // nobody sees it
        image: _,       // running: the version in its labels; bake
        labels: _,      // of what runs
        annotations: _, // of what runs
        start: _,       // running
        port: _,        // running
        port_env: _,    // told by whoever runs it
        ports: _,       // running
        service: _,     // of what runs
        workers: _,     // never in an image: told by whoever runs it
        state: _,       // of what runs
        user: _,        // running
        probes: _,      // running
        resources: _,   // of what runs
        autoscale: _,   // of what runs
        shutdown: _,    // running: the server's command line
        rollout: _,     // of what runs
        env: _,         // told by whoever runs it: an image is the same everywhere
        env_from: _,    // likewise
        secrets: _,     // never in an image
        inputs: _,      // told by whoever runs it
        files: _,       // mounted by whoever runs it
        volumes: _,     // likewise
        security: _,    // of what runs
        network: _,     // of what runs
        k8s: _,         // another target's
        compose: _,     // another target's
        cloudrun: _,    // another target's
        dev,
        build,
    } = &app.processes[0];
    let Dev {
        reload: _,     // running: the server's command line
        sync: _,       // running: the folders that it watches
        watch: _,      // Compose copies
        command: _,    // running
        env: _,        // told by Compose
        debug_port: _, // running
        mounts: _,     // Compose mounts
        user: _,       // Compose says who runs it
    } = dev;
    if let Some(Build {
        context: _,    // where the files belong
        dockerfile: _, // bake: nothing is rendered over it
        target: _,     // bake
        args: _,       // install, bake
    }) = build
    {}
}
