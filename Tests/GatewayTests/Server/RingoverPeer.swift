import Codecs
import Foundation
import Gateway
import NIOCore
import NIOPosix

/// Ringover's side of a socket and of its webhooks.
extension TestSocket {
    static func ringover(
        port: Int,
        path: String = "/ringover/ws",
        headers: [(String, String)] = []
    ) async throws -> TestSocket {
        try await open(port: port, path: path, headers: headers)
    }

    /// Sends mu-law as PCM in messages of 20 ms, faster than real time.
    func speakPCM(_ audio: [UInt8], rate: Int = 8000) async throws {
        let samples = audio.map { MuLaw.linear($0) }
        let pcm = rate == 8000 ? samples : try Resampler.convert(samples, from: 8000, to: rate)
        let bytes = pcm.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        var raw: [UInt8] = []
        let size = rate / 25
        for start in stride(from: 0, to: bytes.count, by: size) {
            raw += Self.frame(opcode: 2, Array(bytes[start..<min(bytes.count, start + size)]))
        }
        try await send(raw: raw)
    }

    /// As a phone does, a message every 20 ms.
    func speakPCMInTime(_ audio: [UInt8], rate: Int = 8000) async throws {
        let start = ContinuousClock.now
        for (number, offset) in stride(from: 0, to: audio.count, by: 160).enumerated() {
            try await Task.sleep(until: start + .milliseconds(20 * number), clock: .continuous)
            try await speakPCM(Array(audio[offset..<min(audio.count, offset + 160)]), rate: rate)
        }
    }

    /// The next message of the engine, as values; nil when it closes instead.
    func order() async throws -> JSONValue? {
        while let event = try await next() {
            switch event {
            case .text(let text): return try JSONValue(parsing: Array(text.utf8))
            case .close: return nil
            default: continue
            }
        }
        return nil
    }

    /// Reads on to a message that is no audio.
    func event(_ name: String) async throws -> JSONValue? {
        while let order = try await order() { if order["event"]?.word == name { return order } }
        return nil
    }

    /// Reads audio until this many samples have come.
    /// - Returns: the samples of each message.
    func hear(samples wanted: Int) async throws -> [[Int16]] {
        var messages: [[Int16]] = []
        while messages.reduce(0, { $0 + $1.count }) < wanted, let order = try await order() {
            guard order["type"]?.word == "streamAudio" else { continue }
            messages.append(RingoverBench.pcm(order))
        }
        return messages
    }

    /// Ends the call as the provider does.
    func hangUp() async throws {
        try await send(opcode: 8, [0x03, 0xE8])
        while try await next() != nil {}
    }
}

extension EngineRig {
    static let ringoverKey = "ringover-webhook-key-0001"
    static let streamingToken = "s0me-streaming-token"

    /// Production with every secret of Ringover.
    static var ringover: EngineSettings {
        var settings = production
        settings.ringover.webhookSecrets = [ringoverKey]
        settings.ringover.streamingTokens = [streamingToken, "the-next-token"]
        settings.ringover.streamingPort = 0
        return settings
    }

    /// A port nobody listens on just now.
    static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    func ringoverHook(
        _ body: [UInt8],
        path: String = "/api/v1/webhooks/ringover/event",
        key: String? = ringoverKey,
        type: String = "application/json"
    ) async throws -> Answer {
        var headers = [("Content-Type", type)]
        if let key {
            let code = MessageAuthentication.code(.sha256, key: Array(key.utf8), message: body)
            headers.append(("X-Ringover-Signature", Hexadecimal.text(code)))
        }
        return try await request(.POST, path, headers: headers, body: body)
    }

    /// Until a streaming port takes connections: the engine opens it beside its main one.
    func waitForListener(_ port: Int) async throws -> TestSocket {
        while true {
            try Task.checkCancellation()
            if let socket = try? await TestSocket.connect(port: port) { return socket }
        }
    }
}
