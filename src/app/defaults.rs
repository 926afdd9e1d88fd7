//! Every default, named, with its reason. Applied in `resolve`, after all layers.

use super::{Bytes, MilliCpu, Seconds};
/// The main process. It has to be known while the layers are merged.
pub use crate::layers::MAIN;

/// What Python servers listen on by habit.
pub const PORT: u16 = 8000;

/// Two, so that a known server survives the loss of one.
pub const SERVER_WORKERS: u32 = 2;

/// One, because nothing is known about running a plain command twice.
pub const COMMAND_WORKERS: u32 = 1;

/// Above 10000, as every scanner asks, so that it is nobody's number on the host.
pub const UID: u32 = 10001;

/// Users below it may exist on the host (Checkov CKV_K8S_40 and others draw the line at 10000).
pub const LOWEST_UID: u32 = 10000;

pub const SERVICE_PORT: u16 = 80;

/// What a URL of plain HTTP means without a port (RFC 9110, section 4.2.1).
pub const HTTP_PORT: u16 = 80;

/// The same of HTTP over TLS (RFC 9110, section 4.2.2).
pub const HTTPS_PORT: u16 = 443;

/// What is set aside for one worker.
pub const CPU_REQUEST: MilliCpu = MilliCpu(250);

/// One CPython process can use one core: the limit never throttles it, and bounds a runaway.
pub const PYTHON_CPU_LIMIT: MilliCpu = MilliCpu(1000);

/// A small Python web app; nobody can know better, so using it is a warning.
pub const MEMORY: Bytes = Bytes::mebi(256);

/// Logs and scratch space; bounds what one pod can fill of a node's disk.
pub const EPHEMERAL_STORAGE: Bytes = Bytes::mebi(256);

/// Logs, beside scratch space that would fill all of it.
pub const LOGS: Bytes = Bytes::mebi(128);

/// What nearly every cluster with GPUs calls them.
pub const GPU: &str = "nvidia.com/gpu";

/// A scratch directory.
pub const SCRATCH: Bytes = Bytes::mebi(64);

/// The one directory that nearly every process writes to.
pub const WRITABLE: &str = "/tmp";

pub const PROBE_EVERY: Seconds = Seconds(10);
pub const PROBE_TIMEOUT: Seconds = Seconds(3);
pub const PROBE_FAILURES: u32 = 3;

/// The longest start that is still healthy.
pub const STARTUP_WITHIN: Seconds = Seconds(60);

/// Requests in flight when a process is told to stop.
pub const DRAIN: Seconds = Seconds(20);

/// In development nobody waits for a drain.
pub const DEV_DRAIN: Seconds = Seconds(2);

/// Time until every proxy has learned that a pod goes.
pub const PRE_STOP: Seconds = Seconds(5);

/// The same for load balancers outside the cluster, which learn it slowly.
pub const PRE_STOP_LOAD_BALANCER: Seconds = Seconds(15);

/// What a server does after its last request: closing pools, the lifespan's end. It has no limit of its own.
pub const LIFESPAN: Seconds = Seconds(4);

/// So that the kill never races the last step.
pub const GRACE_MARGIN: Seconds = Seconds(1);

/// Runs after one that failed: a database that was not there yet is there by then, and a mistake is no better the fourth
/// time.
pub const RETRIES: u32 = 2;

/// Everything behind a job waits for it: one that hangs has to fail.
pub const JOB_DEADLINE: Seconds = Seconds(15 * 60);

/// A run that hangs would keep all others from starting.
pub const CRON_DEADLINE: Seconds = Seconds(60 * 60);

/// Enough to see what a failing run had otherwise than the last that did not fail.
pub const RUNS_KEPT: u32 = 3;

/// Time for the answer to a request, as long as Cloud Run and Knative give it.
pub const REQUEST_TIMEOUT: Seconds = Seconds(300);

/// Requests that an instance takes at once, as many as Cloud Run gives it.
pub const CONCURRENCY: u32 = 80;

/// The target of an autoscaler, in per cent of the CPU request.
pub const AUTOSCALE_CPU: u32 = 70;

/// Processes and threads of one container: far above what a server needs, far below a fork bomb.
pub const PIDS: u32 = 256;

/// The mode of mounted secrets: the process' group reads them, nobody writes.
pub const SECRET_MODE: u32 = 0o440;

/// What the supervisor of forking servers costs beside its workers, measured as resident memory and rounded up: a
/// parent and a resource tracker where workers are spawned, a master where they are forked.
pub const SPAWNING_SUPERVISOR: Bytes = Bytes::mebi(48);
pub const FORKING_SUPERVISOR: Bytes = Bytes::mebi(32);

/// Where images keep the app's code.
pub const WORKDIR: &str = "/app";

/// The network of a host on which backing services are, without a way out.
pub const BACKEND: &str = "backend";

/// The Python that images are built with: a year old, so that every package has wheels for it.
pub const PYTHON: &str = "3.13";

/// The uv that the builds of our tests were run with.
pub const UV: &str = "0.13.8";

/// Debian's stable release, by name and number. Images of Python without it move to the next one unasked.
pub const DEBIAN: &str = "trixie";
pub const DEBIAN_NUMBER: u32 = 13;

/// The Python that Debian's stable release has.
pub const DEBIAN_PYTHON: &str = "3.13";

/// The release of Alpine that images of Python are built on.
pub const ALPINE: &str = "3.23";

/// The Dockerfile frontend: whatever the builder, it knows the mounts that are used.
pub const SYNTAX: &str = "docker/dockerfile:1";

pub const REQUIREMENTS: &str = "requirements.txt";

/// Where code lies that is no package.
pub const SOURCE: &str = "src";
