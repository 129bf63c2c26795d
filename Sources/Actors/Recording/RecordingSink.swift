/// What of a call is kept in a file.
public enum RecordingKind: String, Sendable, CaseIterable {
    /// Both sides as stereo WAV.
    case recording
    /// Everything the call's pipeline took, for `parley replay`.
    case capture
}

/// Where one file's bytes go. Called on the recorder's thread only; it may wait for the disk.
///
/// A call that throws has changed nothing that counts: the same bytes are handed over again later, or the file is given up.
public protocol RecordingSink: AnyObject {
    func append(_ bytes: [UInt8]) throws(RecordingFault)
    /// Overwrites the file's first bytes.
    func rewriteStart(_ bytes: [UInt8]) throws(RecordingFault)
    /// The file is whole: give it its name.
    func finish() throws(RecordingFault)
    /// Nothing more will come; what is there stays, under the name of an unfinished file.
    func abandon()
}

/// Makes sinks.
public protocol RecordingStorage: Sendable {
    func open(_ kind: RecordingKind, call: String) throws(RecordingFault) -> any RecordingSink
}

/// Why a file could not be opened, written or finished.
public enum RecordingFault: Error, Equatable, Sendable {
    /// No space, or over a quota.
    case full
    case denied
    /// The directory is gone.
    case missing
    /// A file of this name exists already.
    case taken
    /// A named limit is reached.
    case limit
    /// Any other error number of the system.
    case system(Int32)

    /// The label of a metric and of a log line: no path, no call.
    public var label: String {
        switch self {
        case .full: "full"
        case .denied: "denied"
        case .missing: "missing"
        case .taken: "taken"
        case .limit: "limit"
        case .system: "system"
        }
    }

    public static let labels = ["full", "denied", "missing", "taken", "limit", "system"]

    /// Trying again may help: space can be freed, a directory can come back.
    var isPassing: Bool {
        switch self {
        case .full, .denied, .missing, .system: true
        case .taken, .limit: false
        }
    }
}

/// How far a recorder goes before it gives a file up. Every limit is per file.
public struct RecordingLimits: Sendable, Equatable {
    /// The recorder looks at its rings this often: both hold 1.3 s at least.
    public var period: Duration = .milliseconds(100)
    /// A file that could not be written is tried again after this long.
    public var retryAfter: Duration = .seconds(1)
    /// Bytes that wait for the disk: 32 s of a recording, about 20 s of a capture in which both sides talk.
    public var pendingBytes = 512 << 10
    /// Tries after the call's end.
    public var lastTries = 5
    /// Largest file: 18 h of a recording, which is the most a WAV header of 4 GiB needs not worry about.
    public var fileBytes = 1 << 30
    /// A WAV header is brought up to date this often, so that a crash loses no more of it.
    public var headerPeriod: Duration = .seconds(1)

    public init() {}
}
