import Foundation

/// A load test: how many calls, for how long, against what.
public struct LoadConfiguration: Sendable {
    public var calls: Int
    /// Over which the calls begin, one after another.
    public var ramp: Duration = .seconds(10)
    /// How long all calls are held and measured, after the ramp.
    public var duration: Duration
    /// The engine, without a path: `http://127.0.0.1:8080`.
    public var engineURL: String
    public var profile: LoadProfile
    public var to = "+15550100"
    public var authToken: String?
    public var accountSid: String?
    /// For `/metrics` of an engine that guards it.
    public var metricsToken: String?
    /// Process whose CPU time and memory are read; on this machine.
    public var serverPid: Int?
    /// The processor that process runs on, by the machine's own number: it is watched for times in which it ran nothing.
    public var serverProcessor: Int?
    /// An engine on another machine may be called.
    public var allowsRemote = false
    /// The same seed makes the same callers.
    public var seed: UInt64 = 1

    public init(calls: Int, duration: Duration, engineURL: String, profile: LoadProfile) {
        self.calls = calls
        self.duration = duration
        self.engineURL = engineURL.hasSuffix("/") ? String(engineURL.dropLast()) : engineURL
        self.profile = profile
    }

    /// What cannot work, in words for whoever typed it.
    public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
        public var description: String

        public init(description: String) { self.description = description }
    }

    /// - Throws: `Fault`.
    public func validate() throws {
        guard (1...20_000).contains(calls) else { throw Fault(description: "--calls must lie between 1 and 20000") }
        guard ramp >= .zero, ramp <= .seconds(3600) else {
            throw Fault(description: "--ramp must lie between 0 and 3600 seconds")
        }
        guard duration >= .seconds(1), duration <= .seconds(86_400) else {
            throw Fault(description: "--duration must lie between 1 and 86400 seconds")
        }
        guard let url = URL(string: engineURL), url.scheme == "http" || url.scheme == "https", let host = url.host
        else {
            throw Fault(description: "--url \(engineURL) is not an http:// or https:// address of an engine")
        }
        guard allowsRemote || Self.isThisMachine(host) else {
            throw Fault(
                description: "--url \(engineURL) is another machine: hundreds of calls there are an attack unless its "
                    + "owner agreed; if so, say --allow-remote"
            )
        }
        if let serverPid, ServerProcess(pid: serverPid).sample() == nil {
            throw Fault(description: "--server-pid \(serverPid): there is no such process here")
        }
        if let serverProcessor {
            guard serverPid != nil else { throw Fault(description: "--server-processor needs --server-pid") }
            guard (0..<ProcessInfo.processInfo.processorCount).contains(serverProcessor) else {
                throw Fault(
                    description: "--server-processor \(serverProcessor): this machine's processors are 0 to "
                        + "\(ProcessInfo.processInfo.processorCount - 1)"
                )
            }
        }
    }

    static func isThisMachine(_ host: String) -> Bool {
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased()
        if name == "localhost" || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
