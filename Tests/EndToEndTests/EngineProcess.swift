import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import TestSupport

/// `parley serve` as a process of its own, on a free port of this machine.
final class EngineProcess: Sendable {
    let port: Int
    let authToken = "0123456789abcdef0123456789abcdef"
    let jwtSecret = "a secret for tests that is long enough"
    private let process: Process

    var url: String { "http://127.0.0.1:\(port)" }

    static let program: URL = {
        #if DEBUG
            let folder = "debug"
        #else
            let folder = "release"
        #endif
        return Fixtures.repository.appendingPathComponent(".build/\(folder)/parley")
    }()

    struct NotReady: Error {}

    /// - Parameter environment: on top of what makes it reachable from here only.
    init(_ environment: [String: String]) async throws {
        port = try await Self.freePort()
        let process = Process()
        process.executableURL = Self.program
        process.arguments = ["serve"]
        process.currentDirectoryURL = Fixtures.repository
        let own = [
            "PATH": "/usr/bin:/bin", "PARLEY_PORT": "\(port)", "TWILIO_AUTH_TOKEN": authToken, "LOG_LEVEL": "error",
            "PARLEY_JWT_SECRET": jwtSecret, "RINGOVER_STREAMING_PORT": "0", "PARLEY_DRAIN_SECONDS": "1",
            "PARLEY_DATA_DIR": NSTemporaryDirectory() + "parley-" + UUID().uuidString,
            "PARLEY_PUBLIC_URL": "http://127.0.0.1:\(port)",
        ]
        process.environment = own.merging(environment) { _, new in new }
        self.process = process
        try process.run()
        for _ in 0..<600 {
            if await status("/health/ready") == 200 { return }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        process.terminate()
        throw NotReady()
    }

    /// - Throws: `Patience.Exhausted` when the engine did not end; it is killed then.
    func stop() async throws {
        process.terminate()
        let process = process
        do {
            // A thread of its own: the wait blocks.
            try await Patience.wait(for: "an engine that was told to stop") {
                await withCheckedContinuation { ended in
                    Thread.detachNewThread {
                        process.waitUntilExit()
                        ended.resume()
                    }
                }
            }
        } catch {
            process.endHanging()
            throw error
        }
    }

    func metrics() async throws -> String {
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: url + "/metrics"),
            timeout: .seconds(10)
        )
        return String(buffer: try await response.body.collect(upTo: 1 << 20))
    }

    private func status(_ path: String) async -> UInt? {
        try? await HTTPClient.shared.execute(HTTPClientRequest(url: url + path), timeout: .seconds(2)).status.code
    }

    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }
}
