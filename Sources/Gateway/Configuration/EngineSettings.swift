import Engine

/// Everything an engine is told at start, validated. Read from options, environment and `parley.yaml`, in this order.
public struct EngineSettings: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    public enum Environment: String, Sendable, CaseIterable {
        case production
        /// The only way to accept unsigned webhooks.
        case development
    }

    /// When calls run their echo canceller.
    public enum Echo: String, Sendable, CaseIterable {
        /// Where an echo was measured, while something that can echo was played.
        case auto
        /// On every frame: for measuring what it costs.
        case always
        /// Never; the agent is then guarded from its own echo by level alone.
        case off
    }

    public var environment = Environment.production
    public var logLevel = "info"
    public var host = "127.0.0.1"
    public var port = 8080
    /// What providers call; derived from host and port when not given, which only fits this machine.
    public var publicURL: String?
    public var profilesFolder = "profiles/tenants"
    public var dataFolder = "var"
    public var jwtSecret: String?
    public var maximumCalls = 200
    public var twilioAuthTokens: [String] = []
    public var twilio = TwilioSettings()
    public var ringover = RingoverSettings()
    public var ringCentral = RingCentralSettings()
    public var edge = EdgeSettings()
    public var isVoiceEnabled = true
    public var greeting: String?
    public var voice: String?
    public var maximumTurns: Int?
    public var legs = LegSettings()
    public var afterCall = AfterCallSettings()
    public var ezyVet = EzyVetSettings()
    /// Declared tools may ask this machine itself, also without TLS.
    public var toolsReachLoopback = false
    /// How long the legs for load tests wait: after a turn's end, before a reply's first word, before a piece's first audio.
    public var timedSttMilliseconds = 150
    public var timedLlmMilliseconds = 250
    public var timedTtsMilliseconds = 120
    /// Threads that run calls; 0 takes one per core and leaves one core to the sockets and legs.
    public var mediaWorkers = 0
    public var legWorkers = 2
    /// Threads that serve sockets; 0 takes one for two cores: a socket costs a quarter of what its call's media does, and a
    /// thread that serves more sockets serves more of them with each wake-up.
    public var socketThreads = 0
    /// From so many media sockets on one of those threads, they are read together, once a media slot.
    public var manySockets = 64
    /// No call is admitted while every media worker is busy for more than this share of its time.
    public var overloadPercent = 90
    /// A media worker that is so late, or a socket thread that it has woken, is under pressure: audio then goes out further ahead.
    /// 0: it never is.
    public var pressureMilliseconds = 10
    /// Media workers ask for real-time priority; without the privilege they run as ordinary threads.
    public var wantsRealtime = true
    /// Media worker `n` stays on the `n`th processor it may use.
    public var pinsWorkers = false
    public var echo = Echo.auto
    public var metricsToken: String?
    public var drainSeconds = 30
    public var bodyBytes = 65_536
    public var frameBytes = 65_536
    public var startTimeoutSeconds = 10
    public var requestTimeoutSeconds = 30
    /// How long a caller may be kept with the tenant's hold music while the provider moves the call to a person; 0: the
    /// provider's own verb moves it, with the provider's ringing.
    public var handOverSeconds = 60
    /// A media socket is pinged this often; three pings without any frame in between, and its peer counts as gone.
    public var pingSeconds = 20
    /// A quiet event stream gets a comment line this often, so that proxies keep it open.
    public var eventKeepaliveSeconds = 30
    /// Recognisers loaded before the first call.
    public var warmRecognisers = 1
    /// Threads that decode for the embedded recogniser; 0: as many as there are processors, and at least two.
    public var recogniserThreads = 0

    /// Calls are kept as stereo WAV in `recordings` under the data folder.
    public var isRecording = false
    /// Everything the calls' pipelines take is kept in `captures` under the data folder, for `parley replay`.
    public var isCapturing = false

    public init() {}

    /// Never the secrets: a description ends up in logs.
    public var description: String { "EngineSettings(environment: \(environment.rawValue), port: \(port))" }
    public var customMirror: Mirror { Mirror(self, children: ["environment": environment.rawValue, "port": port]) }

    public var effectiveSocketThreads: Int {
        socketThreads > 0 ? socketThreads : max(1, ProcessProcessors.count / 2)
    }

    public var effectivePublicURL: String {
        publicURL
            ?? "\(edge.tlsCertificate == nil ? "http" : "https")://\(host == "0.0.0.0" || host == "::" ? "127.0.0.1" : host):\(port)"
    }
}

/// One thing wrong with the configuration: which key, what, and what to do.
public struct SettingsFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where it came from: `environment`, `parley.yaml`, an option.
    public var source: String
    public var key: String
    public var message: String

    public init(source: String, key: String, message: String) {
        self.source = source
        self.key = key
        self.message = message
    }

    public var description: String { "\(source): \(key): \(message)" }
}

/// All faults of a configuration at once.
public struct SettingsFaults: Error, Sendable, CustomStringConvertible {
    public var faults: [SettingsFault]

    package init(faults: [SettingsFault]) { self.faults = faults }

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}

extension EngineSettings.Echo {
    var mode: EchoConfiguration.Mode {
        switch self {
        case .auto: .auto
        case .always: .always
        case .off: .off
        }
    }
}
