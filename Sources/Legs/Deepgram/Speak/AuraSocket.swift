import Actors
import Engine
import Foundation
import NIOCore

/// One Speak socket: pieces one after another, each ended by its `Flushed`, or by `Cleared` when it was given up.
final class AuraSocket: VoiceConnection {
    /// What a socket was opened for.
    struct Key: Hashable, Sendable {
        var voice: String
        var format: DeepgramSpeakConfiguration.Format
    }

    private struct State {
        /// When each flush of the last minute was sent.
        var flushes: [ContinuousClock.Instant] = []
        /// A warning was received: the socket is not trusted with another piece.
        var isTired = false
    }

    private let socket: VendorSocket
    private let errors: VoiceErrors
    private let flushesPerMinute: Int
    private let clearLimit: Duration
    private let state = Locked(State())

    init(_ socket: VendorSocket, _ configuration: DeepgramSpeakConfiguration, errors: VoiceErrors) {
        self.socket = socket
        self.errors = errors
        flushesPerMinute = configuration.flushesPerMinute
        clearLimit = configuration.clearLimit
    }

    static func open(
        _ key: Key,
        _ configuration: DeepgramSpeakConfiguration,
        errors: VoiceErrors,
        group: any EventLoopGroup
    ) async throws -> AuraSocket {
        let address = try VoiceAddress.socket(
            base: configuration.baseURL,
            path: "/v1/speak",
            query: query(key, configuration),
            errors: errors
        )
        let socket = try await VendorSocket.connect(
            address,
            headers: [("Authorization", "Token \(configuration.key.value)")],
            leg: .tts,
            provider: errors.provider,
            limits: configuration.network,
            group: group
        )
        return AuraSocket(socket, configuration, errors: errors)
    }

    static func query(_ key: Key, _ configuration: DeepgramSpeakConfiguration) -> [URLQueryItem] {
        var query = [
            URLQueryItem(name: "model", value: key.voice),
            URLQueryItem(name: "encoding", value: key.format.name),
            URLQueryItem(name: "sample_rate", value: String(key.format.encoding.rate)),
        ]
        if let speed = configuration.speed { query.append(URLQueryItem(name: "speed", value: String(speed))) }
        return query
    }

    var isUsable: Bool { socket.isOpen && isRested(now: .now) }

    func close() { socket.abort() }

    private func isRested(now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            state.flushes.removeAll { $0.duration(to: now) >= .seconds(60) }
            return !state.isTired && state.flushes.count < flushesPerMinute
        }
    }

    /// Speaks the piece.
    ///
    /// - Returns: true when the socket is clean and can speak another.
    func speak(_ piece: SpeechPiece) async throws -> Bool {
        let run = AuraRun(socket: socket, clearLimit: clearLimit)
        defer { run.end() }
        piece.onStop { run.stop($0) }
        switch run.begin(text: piece.request.text) {
        case .notWanted: return isUsable
        case .closed: throw errors.unavailable("the socket closed before the piece was sent")
        case .begun: state.withLock { $0.flushes.append(.now) }
        }
        for try await message in socket.messages {
            switch message {
            case .binary(let audio):
                switch run.handle(.audio) {
                case .play: try piece.audio([UInt8](buffer: audio))
                case .none: break
                case .sendClear, .finished, .unexpected: throw errors.malformed("audio came after the end of its piece")
                }
            case .text(let text):
                if try take(text, run) { return isUsable }
            case .closed(let code, _):
                throw errors.closed(code: code)
            }
        }
        throw errors.unavailable("the socket closed before the end")
    }

    /// - Returns: true at the end of the piece.
    private func take(_ text: String, _ run: AuraRun) throws -> Bool {
        let event: AuraEvent
        do {
            event = try AuraEvent(parsing: text)
        } catch {
            throw errors.malformed("a message is not the JSON of the protocol (\(text.utf8.count) bytes)")
        }
        switch event.kind {
        case .flushed: return run.handle(.flushed) == .finished
        case .cleared:
            switch run.handle(.cleared) {
            case .finished: return true
            case .none, .play, .sendClear, .unexpected: throw errors.malformed("Cleared came without a Clear")
            }
        case .warning:
            state.withLock { $0.isTired = true }
            return false
        case .error:
            throw errors.unavailable("the vendor reports \(event.word ?? "an error")")
        case .metadata, nil:
            return false
        }
    }
}
