import Engine
import Foundation
import NIOCore

/// One Speak socket of the server, by the vendor's page: text is buffered until `Flush`, audio is binary, `Clear` drops both.
final class DeepgramSpeakStream: Sendable {
    private struct State {
        var socket = 0
        var buffered = ""
        var sequence = 0
        /// A `Clear` makes audio of older turns void.
        var turn = 0
        var flushes: [ContinuousClock.Instant] = []
        var latest = 0
    }

    private struct Message: Decodable {
        var type: String
        var text: String?
    }

    private let format: (rate: Int, isMuLaw: Bool)
    private let log: VoiceServerLog
    private let latest: @Sendable () -> DeepgramSpeakServer.Settings
    private let state = Locked(State())

    init(
        format: (rate: Int, isMuLaw: Bool),
        log: VoiceServerLog,
        latest: @escaping @Sendable () -> DeepgramSpeakServer.Settings
    ) {
        self.format = format
        self.log = log
        self.latest = latest
    }

    func open(_ request: PlainRequest, _ connection: PlainConnection) {
        let socket = log.opened(request.target)
        state.withLock { $0.socket = socket }
        connection.upgrade(
            request,
            headers: [("dg-request-id", "uuid")],
            answersPings: latest().common.fault != .halfOpen
        ) { message, connection in
            switch message {
            case .text(let text): self.received(text, connection)
            case .gone:
                self.state.withLock { $0.turn += 1 }
                self.log.gone(socket: socket)
            case .binary: self.fail("a binary message", connection)
            case .unmasked: self.fail("an unmasked frame", connection)
            case .ping, .pong, .close: break
            }
        }
        connection.send(
            text: #"{"type":"Metadata","request_id":"uuid","model_name":"m","model_version":"1","model_uuid":"uuid","#
                + #""additional_model_uuids":[]}"#
        )
        watchIdle(connection)
    }

    private func received(_ text: String, _ connection: PlainConnection) {
        log.received(text, socket: state.withLock { $0.socket })
        watchIdle(connection)
        guard let message = try? JSONDecoder().decode(Message.self, from: Data(text.utf8)) else {
            return fail("a message that is not the protocol's", connection)
        }
        switch message.type {
        case "Speak":
            guard let text = message.text, !text.isEmpty, text.count <= 2000 else {
                return fail("a Speak without text, or with too much", connection)
            }
            state.withLock { $0.buffered += text }
        case "Flush": flush(connection)
        case "Clear": clear(connection)
        case "Close": connection.closeSocket(code: 1000)
        default: fail("type \(message.type)", connection)
        }
    }

    private func fail(_ violation: String, _ connection: PlainConnection) {
        log.violation(violation)
        connection.send(text: #"{"type":"Error","description":"Something in prose","code":"MESSAGE-0000"}"#)
        connection.closeSocket(code: 1003, reason: "MESSAGE-0000")
    }

    private func watchIdle(_ connection: PlainConnection) {
        guard let limit = latest().idleTimeout else { return }
        let mark = state.withLock { state in
            state.latest += 1
            return state.latest
        }
        connection.after(limit) { connection in
            if self.state.withLock({ $0.latest == mark }) { connection.closeSocket(code: 1011, reason: "NET-0001") }
        }
    }

    // MARK: - Speaking

    private func flush(_ connection: PlainConnection) {
        let arrived = ContinuousClock.now
        let settings = latest()
        let (text, sequence, turn, flushes) = state.withLock { state in
            defer {
                state.buffered = ""
                state.sequence += 1
            }
            state.flushes = state.flushes.filter { $0.duration(to: .now) < .seconds(60) } + [.now]
            return (state.buffered, state.sequence, state.turn, state.flushes.count)
        }
        guard flushes <= settings.flushesPerMinute else {
            log.violation("more flushes than are taken")
            return connection.send(text: #"{"type":"Warning","description":"Too many","code":"FLUSH_LIMIT"}"#)
        }
        log.change { $0.pieces.append(text) }
        if settings.warns {
            connection.send(text: #"{"type":"Warning","description":"Something in prose","code":"WARN"}"#)
        }
        if let code = settings.closeCode { return connection.closeSocket(code: code, reason: "Something in prose") }
        let common = settings.common.meeting(text)
        guard !fault(common, text, connection) else { return }
        let audio = VoiceTone.bytes(text, rate: format.rate, isMuLaw: format.isMuLaw)
        let whole = common.fault == .empty ? [] : audio[...]
        connection.after(settings.common.firstAudioDelay - arrived.duration(to: .now)) { connection in
            self.speak(whole, sequence: sequence, turn: turn, settings.common, connection)
        }
    }

    private func speak(
        _ audio: ArraySlice<UInt8>,
        sequence: Int,
        turn: Int,
        _ settings: VoiceServerSettings,
        _ connection: PlainConnection
    ) {
        guard state.withLock({ $0.turn == turn }) else { return }
        guard !audio.isEmpty else {
            return connection.send(text: #"{"type":"Flushed","sequence_id":\#(sequence)}"#)
        }
        let now = audio.prefix(settings.chunkBytes)
        let rest = audio.dropFirst(settings.chunkBytes)
        send(now, connection)
        guard let pace = settings.pace else {
            return speak(rest, sequence: sequence, turn: turn, settings, connection)
        }
        let bytesPerSecond = Double(format.rate * (format.isMuLaw ? 1 : 2))
        connection.after(.seconds(Double(now.count) / bytesPerSecond / pace)) { connection in
            self.speak(rest, sequence: sequence, turn: turn, settings, connection)
        }
    }

    private func send(_ audio: some Collection<UInt8>, _ connection: PlainConnection) {
        connection.send(binary: audio)
        log.sent(socket: state.withLock { $0.socket })
    }

    private func clear(_ connection: PlainConnection) {
        log.change { $0.clears.append(.now) }
        let settings = latest()
        let sequence = state.withLock { state in
            state.turn += 1
            state.buffered = ""
            return state.sequence
        }
        // What was on its way already.
        let stray = VoiceTone.bytes("stray", rate: format.rate, isMuLaw: format.isMuLaw).prefix(
            settings.common.chunkBytes
        )
        for _ in 0..<settings.audioAfterClear { send(stray, connection) }
        guard settings.common.fault != .halfOpen, let delay = settings.clearDelay else { return }
        connection.after(delay) { $0.send(text: #"{"type":"Cleared","sequence_id":\#(sequence)}"#) }
    }

    /// - Returns: true when the piece met its end.
    private func fault(_ settings: VoiceServerSettings, _ text: String, _ connection: PlainConnection) -> Bool {
        let audio = VoiceTone.bytes("Some words of a piece", rate: format.rate, isMuLaw: format.isMuLaw)
        switch settings.fault {
        case nil, .empty, .unauthorized, .tooManyRequests, .serverError: return false
        case .halfOpen: break
        case .malformed: connection.send(text: settings.garbage)
        case .truncatedUTF8: connection.frame(.text, Array(#"{"type":"Warning","description":"caf"#.utf8) + [0xC3])
        case .slowDrip: drip(audio, settings.drip, connection)
        case .endless: pour(audio, connection)
        case .reset:
            if settings.speaksBeforeReset { send(audio.prefix(settings.chunkBytes), connection) }
            connection.after(.milliseconds(20)) { [log] in
                log.reset(text)
                $0.reset()
            }
        }
        return true
    }

    private func drip(_ audio: [UInt8], _ pause: Duration, _ connection: PlainConnection) {
        send(audio.prefix(1), connection)
        connection.after(pause) { self.drip(audio, pause, $0) }
    }

    private func pour(_ audio: [UInt8], _ connection: PlainConnection) {
        send(audio, connection)
        connection.after(.milliseconds(1)) { self.pour(audio, $0) }
    }
}
