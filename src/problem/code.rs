//! Every kind of problem: its name, its weight, and what it means.

use super::Severity;

macro_rules! codes {
    ($($(#[doc = $about:literal])+ $code:ident = $name:literal, $severity:ident;)+) => {
        /// A kind of problem. Each has a case `tests/problems/<name>.toml`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $about])+ $code,)+ }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$code,)+];

            /// The name that messages carry.
            pub fn name(self) -> &'static str {
                match self { $(Code::$code => $name,)+ }
            }

            /// What it means, in a sentence.
            pub fn about(self) -> &'static str {
                match self { $(Code::$code => concat!($($about),+).trim_ascii_start(),)+ }
            }

            pub fn severity(self) -> Severity {
                match self { $(Code::$code => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    // ── reading ──
    /// The profile, or a file that it names, cannot be read.
    CannotRead = "cannot-read", Error;
    /// The text is not UTF-8.
    NotUtf8 = "not-utf8", Error;
    /// A file is larger than any profile, or than what can be mounted.
    TooLarge = "too-large", Error;
    /// Tables or arrays are nested deeper than any profile needs.
    TooDeep = "too-deep", Error;
    /// The text is not TOML.
    Syntax = "syntax", Error;
    /// `extends` leads back to a file that is already part of the profile.
    ExtendsCycle = "extends-cycle", Error;
    /// `extends` names a file outside the repository.
    ExtendsOutside = "extends-outside", Error;
    /// `extends` names a preset that does not exist.
    UnknownPreset = "unknown-preset", Error;
    /// `--env` names an environment that the profile does not have.
    UnknownEnvironment = "unknown-environment", Error;
    /// An environment has a name, or a key, that an environment may not have.
    BadEnvironment = "bad-environment", Error;
    /// `unset` names something that no lower layer set.
    UnsetNothing = "unset-nothing", Warning;
    /// `--set` is not `key=value`.
    BadSet = "bad-set", Error;

    // ── schema ──
    /// A key that the language does not have.
    UnknownKey = "unknown-key", Error;
    /// A key that every profile needs.
    MissingKey = "missing-key", Error;
    /// A value of another type than its key takes.
    WrongType = "wrong-type", Error;
    /// A number outside its range, or a text or list that is too short or too long.
    OutOfRange = "out-of-range", Error;
    /// A text that is not written as its key needs it: a duration, a quantity, a name.
    BadFormat = "bad-format", Error;
    /// A value that is not one of the choices.
    BadChoice = "bad-choice", Error;

    // ── meaning: identity ──
    /// A name that Kubernetes cannot use, or that is too long with what is derived from it.
    BadName = "bad-name", Error;
    /// Not an image reference.
    BadImage = "bad-image", Error;
    /// An image without a tag or digest, or with `latest`.
    FloatingTag = "floating-tag", Error;
    /// A label or annotation that Kubernetes refuses, or that the renderer owns.
    BadLabel = "bad-label", Error;

    // ── meaning: the process ──
    /// A Secret that whoever deploys has to make first.
    NeedsSecret = "needs-secret", Note;
    /// Files that set a service up, where somebody else runs it.
    SetUpElsewhere = "set-up-elsewhere", Note;
    /// A service whose data belongs to one version, and no version written down.
    DefaultVersion = "default-version", Warning;
    /// Two keys that exclude each other.
    Conflict = "conflict", Error;
    /// One item of a list, written a second time.
    ListedTwice = "listed-twice", Error;
    /// A key that changes nothing, as another one stands.
    NoEffect = "no-effect", Warning;
    /// An argument of the server that the renderer writes itself.
    OwnedArgument = "owned-argument", Error;
    /// A key that this server has no setting for.
    ServerLacks = "server-lacks", Error;
    /// A reload flag outside development.
    ReloadOutsideDev = "reload-outside-dev", Error;
    /// A shell that hides the process behind it, or reads a variable that nothing sets.
    ShellCommand = "shell-command", Warning;
    /// A process beside the main one that does not say what it runs.
    BareProcess = "bare-process", Warning;
    /// A schedule that no cluster takes, or a time zone that does not exist.
    BadSchedule = "bad-schedule", Error;
    /// A job that starts together with what should wait for it, or what it should wait for.
    JobOrder = "job-order", Note;
    /// A job that is removed after its end, so that a tool which finds it missing runs it again.
    RunsAgain = "runs-again", Note;
    /// A schedule where nothing starts anything by one.
    NoScheduler = "no-scheduler", Note;
    /// A companion where it is not rendered: it stands on Compose alone.
    NoCompanion = "no-companion", Note;
    /// A command without a program to start.
    BadCommand = "bad-command", Error;
    /// More than one process where the process keeps state.
    StateNeedsOne = "state-needs-one", Error;
    /// Several workers of a process that cannot fork, behind one published port.
    CannotFork = "cannot-fork", Error;
    /// The workers-versus-replicas rule was overridden, as asked.
    RuleOverridden = "rule-overridden", Note;
    /// One replica: a single point of failure, without a disruption budget.
    SingleReplica = "single-replica", Note;
    /// A worker that recycles itself would end its container.
    RecyclesContainer = "recycles-container", Error;
    /// A server that ends its other workers as soon as the first has drained.
    DrainCut = "drain-cut", Warning;
    /// Two ports with one number, or a name that is not a port name.
    BadPort = "bad-port", Error;
    /// A port that only root may open.
    PrivilegedPort = "privileged-port", Warning;
    /// A port that the process does not declare.
    UnknownPort = "unknown-port", Error;

    // ── meaning: probes, resources, scaling, shutdown ──
    /// No `[probes]`: an open port is all that is checked.
    NoProbes = "no-probes", Warning;
    /// Readiness and liveness ask the same: a slow dependency restarts every replica.
    ProbesIdentical = "probes-identical", Warning;
    /// A Compose host cannot run this probe inside the container.
    NoComposeHealthcheck = "no-compose-healthcheck", Note;
    /// No memory given: the default is a guess.
    DefaultMemory = "default-memory", Warning;
    /// A request above its limit, or a limit that cannot work.
    BadResources = "bad-resources", Error;
    /// A CPU limit below what its workers can use.
    TightCpu = "tight-cpu", Warning;
    /// More workers than the CPU limit can run.
    CpuBelowWorkers = "cpu-below-workers", Error;
    /// Scratch space that is larger than the storage the container may use.
    ScratchTooLarge = "scratch-too-large", Error;
    /// An autoscaler whose bounds or target make no sense.
    BadAutoscale = "bad-autoscale", Error;
    /// An autoscaler that cannot scale, or scales by a bad signal.
    WeakAutoscale = "weak-autoscale", Warning;
    /// A rollout that cannot make progress.
    BadRollout = "bad-rollout", Error;

    // ── meaning: configuration ──
    /// Not the name of an environment variable.
    BadEnvName = "bad-env-name", Error;
    /// A variable that the renderer sets.
    ReservedEnv = "reserved-env", Error;
    /// A value in `[env]`, or a word of a command, that looks like a credential.
    SecretInEnv = "secret-in-env", Error;
    /// A line of a file in the profile that looks like a credential.
    SecretInFile = "secret-in-file", Warning;
    /// The app's secrets, given to a program of another image.
    SharedSecrets = "shared-secrets", Note;
    /// What is a reference elsewhere, in a file in which none is read.
    UnreadReference = "unread-reference", Warning;
    /// One variable, set in two tables.
    DuplicateEnv = "duplicate-env", Error;
    /// A key that belongs to the profile stands below the header of a table.
    KeyInWrongTable = "key-in-wrong-table", Error;
    /// A reference that names nothing, or is not written as one.
    BadReference = "bad-reference", Error;
    /// A path that is not absolute, or that something else is mounted on.
    BadPath = "bad-path", Error;
    /// A file to mount that is not in the repository, or says nothing, or that a target cannot hold.
    BadFile = "bad-file", Error;
    /// A volume that contradicts itself, or that a target cannot make.
    BadVolume = "bad-volume", Error;
    /// A volume that one node alone can mount, in more than one container that may be elsewhere.
    SharedVolume = "shared-volume", Error;
    /// State on a disk, and no volume that keeps it.
    StateNeedsVolume = "state-needs-volume", Error;
    /// A folder of the host, which nobody gives to the process.
    HostFolder = "host-folder", Note;
    /// An input that this target needs a value for.
    InputWithoutValue = "input-without-value", Error;

    // ── meaning: security and network ──
    /// Root outside development.
    RootUser = "root-user", Error;
    /// The image's own user: the cluster can only check it when it is a number.
    ImageUser = "image-user", Warning;
    /// A user or group that may exist on the host.
    LowUser = "low-user", Note;
    /// A capability that does not exist, or that `restricted` does not admit.
    BadCapability = "bad-capability", Error;
    /// A right to everything, or on everything.
    WideRights = "wide-rights", Error;
    /// A right that opens more than it says.
    StrongRights = "strong-rights", Warning;
    /// A NetworkPolicy, or a protocol, that stands in the way of what another key asks for.
    CutOff = "cut-off", Warning;
    /// An Ingress that serves whoever asks, or in the clear.
    OpenIngress = "open-ingress", Warning;
    /// Not something that traffic can come from, or go to.
    BadPeer = "bad-peer", Error;

    // ── meaning: targets ──
    /// A process that this target has nothing to run with.
    NotRendered = "not-rendered", Warning;
    /// What runs to its end before a process, where the platform has no such thing.
    NoInits = "no-inits", Error;
    /// A sidecar that its process cannot wait for.
    StartOrder = "start-order", Note;
    /// None of the processes is anything that this target can run.
    NothingToRender = "nothing-to-render", Error;
    /// A registry that the platform does not pull from.
    ForeignRegistry = "foreign-registry", Warning;
    /// A time that the platform cuts shorter than the profile says.
    CutShort = "cut-short", Warning;
    /// The platform gives more memory than is needed: it has nothing smaller.
    RaisedSize = "raised-size", Note;
    /// Readiness that is asked for once, and not again and again.
    ReadinessAtStart = "readiness-at-start", Note;
    /// State of one process, where two may run for a moment.
    StateMayOverlap = "state-may-overlap", Warning;
    /// A mount that hides what the image has around it.
    MountHides = "mount-hides", Warning;
    /// A process without a GPU, on the nodes that are chosen for one.
    GpuNodes = "gpu-nodes", Warning;
    /// A toleration of every taint, of nodes that are not ready as well.
    WideToleration = "wide-toleration", Warning;
    /// The development image needs a Dockerfile that is not rendered yet.
    NeedsDockerfile = "needs-dockerfile", Note;
    /// A Dockerfile is asked for, and the project has its own.
    OwnDockerfile = "own-dockerfile", Error;
    /// A Dockerfile is asked for, and nothing says what the image is made of.
    UnknownBuild = "unknown-build", Error;
    /// A build that installs what is newest on its day.
    UnlockedBuild = "unlocked-build", Warning;
    /// A base with another C library than most packages are built for.
    MuslBase = "musl-base", Note;
    /// A field that the cluster's version lacks; it is not emitted.
    TooNewForCluster = "too-new-for-cluster", Warning;
    /// A fact about a pod, where there are no pods.
    NoPod = "no-pod", Warning;
    /// A sidecar of what runs to its end, which nobody ends with it.
    SidecarStays = "sidecar-stays", Warning;
    /// Devices that containers of one process share, where in a cluster each has its own.
    SharedDevice = "shared-device", Warning;
    /// An image that an environment changes for one workload, and not for another that shares it.
    ImageLeftBehind = "image-left-behind", Warning;
    /// An address and port that Compose cannot publish.
    BadPublish = "bad-publish", Error;
    /// Scratch space that starts with what the image has there, which Compose hands on to the next container.
    SeedOutlives = "seed-outlives", Warning;
    /// Much scratch space, which Compose keeps in memory.
    ScratchInMemory = "scratch-in-memory", Warning;
    /// A mount that is not `source:target`, or leaves the project.
    BadMount = "bad-mount", Error;
    /// A patch that matches no document, or removes nothing.
    PatchMatchesNothing = "patch-matches-nothing", Error;
    /// A patch that is not written as one.
    BadPatch = "bad-patch", Error;
    /// A raw object that is not written as one, or that a cluster would refuse.
    BadExtra = "bad-extra", Error;
    /// A raw object with less protection than what is rendered, or that finds nothing here.
    WeakExtra = "weak-extra", Warning;
    /// A patched document that the target would refuse.
    PatchedInvalid = "patched-invalid", Error;
    /// A patch took away protection that is rendered otherwise.
    PatchedUnhardened = "patched-unhardened", Warning;
}
