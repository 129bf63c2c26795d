import AsyncHTTPClient
import Caller
import Foundation
import NIOCore
import NIOPosix
import VendorServers

/// `parley serve` as a process of its own on a free loopback port, on one processor where that is wished.
final class EngineUnderTest: Sendable {
    struct NotReady: Error, CustomStringConvertible {
        let log: String
        var description: String { "the engine did not become ready; its last words: \(log)" }
    }

    let pid: Int
    let port: Int
    private let secret = UUID().uuidString
    private let process: Process
    private let log: URL

    var url: String { "http://127.0.0.1:\(port)" }
    var token: String { OperatorToken.mint(secret: secret, now: Date()) }

    /// - Parameters:
    ///   - core: the processor it is held to; nil: any.
    ///   - folder: for its profiles, data and log; the caller removes it.
    init(
        program: String,
        core: Int?,
        folder: URL,
        tenants: [VendorTenant],
        environment: [String: String]
    ) async throws {
        port = try await Self.freePort()
        log = folder.appendingPathComponent("engine.log")
        try Data().write(to: log)
        let process = Process()
        let pinned = core.map { ["/usr/bin/taskset", "-c", "\($0)"] } ?? []
        let words = pinned + [program, "serve"]
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: log)
        let own = [
            "PATH": "/usr/bin:/bin", "ENVIRONMENT": "development", "PARLEY_PORT": "\(port)", "LOG_LEVEL": "warning",
            "PARLEY_JWT_SECRET": secret, "RINGOVER_STREAMING_PORT": "0", "PARLEY_DRAIN_SECONDS": "1",
            "PARLEY_DATA_DIR": folder.appendingPathComponent("data").path, "PARLEY_MAX_CALLS": "200",
            // Summaries of calls that are over ask the same models, and would be taken for turns.
            "PARLEY_AFTERCALL": "off",
            "PARLEY_PROFILES": try VendorTenant.write(tenants, under: folder),
        ]
        process.environment = own.merging(environment) { _, new in new }
        self.process = process
        try process.run()
        pid = Int(process.processIdentifier)
        for _ in 0..<300 {
            if (try? await text("/health/ready")) != nil { return }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        process.terminate()
        throw NotReady(log: lastWords)
    }

    /// The end of what it logged.
    var lastWords: String { (try? String(contentsOf: log, encoding: .utf8)).map { String($0.suffix(800)) } ?? "" }

    var isRunning: Bool { process.isRunning }

    func stop() async {
        process.terminate()
        let process = process
        await Task.detached { process.waitUntilExit() }.value
    }

    func metrics() async throws -> MetricsReading { MetricsReading(try await text("/metrics")) }

    private func text(_ path: String) async throws -> String {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url + path), timeout: .seconds(10))
        guard response.status == .ok else { throw NotReady(log: "\(path): \(response.status)") }
        return String(buffer: try await response.body.collect(upTo: 4 << 20))
    }

    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }
}
