import Engine
import Foundation
import NIOCore

/// One `stream-input` socket of the server, by the vendor's page: an opening message, texts, an ending, nothing else.
final class ElevenLabsStream: Sendable {
    private struct State {
        var socket = 0
        var isOpened = false
        var isEnded = false
        var isGone = false
        var buffered = ""
        /// Texts to be spoken one after another, and when each may begin.
        var queue: [(ElevenLabsSpeech, ContinuousClock.Instant)] = []
        var isSpeaking = false
        var latestText = 0
    }

    private struct Message: Decodable {
        var text: String
        var flush: Bool?
        var try_trigger_generation: Bool?
        var voice_settings: [String: ElevenLabsRequestReader.Setting]?
    }

    private let query: [String: String]
    private let format: (rate: Int, isMuLaw: Bool)
    private let log: VoiceServerLog
    private let latest: @Sendable () -> ElevenLabsServer.Settings
    private let state = Locked(State())

    init(
        query: [String: String],
        format: (rate: Int, isMuLaw: Bool),
        log: VoiceServerLog,
        latest: @escaping @Sendable () -> ElevenLabsServer.Settings
    ) {
        self.query = query
        self.format = format
        self.log = log
        self.latest = latest
    }

    func open(_ request: PlainRequest, _ connection: PlainConnection) {
        let socket = log.opened(request.target)
        state.withLock { $0.socket = socket }
        connection.upgrade(request, answersPings: latest().common.fault != .halfOpen) { message, connection in
            switch message {
            case .text(let text): self.received(text, connection)
            case .gone:
                self.state.withLock { $0.isGone = true }
                self.log.gone(socket: socket)
            case .binary: self.fail("a binary message", connection)
            case .unmasked: self.fail("an unmasked frame", connection)
            case .ping, .pong, .close: break
            }
        }
        watchInactivity(connection)
    }

    private func received(_ text: String, _ connection: PlainConnection) {
        let socket = state.withLock { $0.socket }
        log.received(text, socket: socket)
        guard let message = try? JSONDecoder().decode(Message.self, from: Data(text.utf8)) else {
            return fail("a message that is not the protocol's", connection)
        }
        let (isFirst, isEnded) = state.withLock { state in
            defer { state.isOpened = true }
            return (!state.isOpened, state.isEnded)
        }
        guard !isEnded else { return fail("text after the end", connection) }
        if isFirst {
            guard message.text == " " else { return fail("the first text is no single space", connection) }
            return watchInactivity(connection)
        }
        guard message.voice_settings == nil else { return fail("voice_settings after the opening", connection) }
        guard !message.text.isEmpty else {
            state.withLock { $0.isEnded = true }
            return speakBuffered(connection)
        }
        watchInactivity(connection)
        guard message.text != " " else { return }
        if !message.text.hasSuffix(" ") { log.violation("a text without a space at its end") }
        state.withLock { $0.buffered += message.text }
        if message.flush == true { speakBuffered(connection) }
    }

    private func fail(_ violation: String, _ connection: PlainConnection) {
        log.violation(violation)
        close("policy_violation", 1008, connection)
    }

    private func close(_ word: String, _ code: UInt16, _ connection: PlainConnection) {
        connection.send(text: #"{"message":"Something in prose","error":"\#(word)","code":\#(code)}"#)
        connection.closeSocket(code: code, reason: "Something in prose")
    }

    private func watchInactivity(_ connection: PlainConnection) {
        let mark = state.withLock { state in
            state.latestText += 1
            return state.latestText
        }
        let asked = query["inactivity_timeout"].flatMap(Int.init) ?? 20
        connection.after(latest().inactivityTimeout ?? .seconds(asked)) { connection in
            let isQuiet = self.state.withLock { !$0.isEnded && !$0.isGone && $0.latestText == mark }
            if isQuiet { self.close("input_timeout_exceeded", 1008, connection) }
        }
    }

    // MARK: - Speaking

    private func speakBuffered(_ connection: PlainConnection) {
        let settings = latest()
        let arrived = ContinuousClock.now
        let text = state.withLock { state in
            defer { state.buffered = "" }
            return state.buffered
        }
        if !text.isEmpty {
            log.change { $0.pieces.append(text.trimmingCharacters(in: .whitespaces)) }
            if let error = settings.error { return close(error.word, error.code, connection) }
            let common = settings.common.meeting(text)
            if fault(common, text, connection) { return state.withLock { $0.isGone = true } }
            let speech = ElevenLabsSpeech(text, reads: settings.reads, format: format)
            state.withLock { $0.queue.append((speech, arrived + settings.common.firstAudioDelay)) }
        }
        let isFree = state.withLock { state in
            defer { state.isSpeaking = true }
            return !state.isSpeaking && !state.isGone
        }
        if isFree { speakNext(connection) }
    }

    private func speakNext(_ connection: PlainConnection) {
        let (next, isOver) = state.withLock { state in
            let next = state.queue.isEmpty ? nil : state.queue.removeFirst()
            state.isSpeaking = next != nil
            return (next, next == nil && state.isEnded)
        }
        if let (speech, due) = next {
            let settings = latest()
            let count = settings.common.meeting(speech.text).fault == .empty ? 0 : speech.count(settings.common)
            let wait = ContinuousClock.now.duration(to: due)
            guard wait > .zero else { return send(0..<count, of: speech, settings, connection) }
            connection.after(wait) { self.send(0..<count, of: speech, settings, $0) }
        } else if isOver {
            connection.send(text: #"{"isFinal":true,"audio":null}"#)
            connection.closeSocket(code: 1000)
        }
    }

    /// One message after another: timers of the same moment would not keep their order.
    private func send(
        _ numbers: Range<Int>,
        of speech: ElevenLabsSpeech,
        _ settings: ElevenLabsServer.Settings,
        _ connection: PlainConnection
    ) {
        guard let number = numbers.first else { return speakNext(connection) }
        connection.send(text: speech.message(number, settings.common, settings.alignment))
        log.sent(socket: state.withLock { $0.socket })
        let rest = numbers.dropFirst()
        guard let pace = settings.common.pace else { return send(rest, of: speech, settings, connection) }
        connection.after(speech.chunkDuration(settings.common) / pace) { self.send(rest, of: speech, settings, $0) }
    }

    /// - Returns: true when the piece met its end.
    private func fault(_ settings: VoiceServerSettings, _ text: String, _ connection: PlainConnection) -> Bool {
        let speech = ElevenLabsSpeech("Some words of a piece", reads: [:], format: format)
        switch settings.fault {
        case nil, .empty, .unauthorized, .tooManyRequests, .serverError: return false
        case .halfOpen: break
        case .malformed: connection.send(text: settings.garbage)
        case .truncatedUTF8: connection.frame(.text, Array(#"{"message":"caf"#.utf8) + [0xC3])
        case .slowDrip: drip(speech.drop, settings.drip, connection)
        case .endless: pour(speech.message(0, settings, .none), connection)
        case .reset:
            if settings.speaksBeforeReset { connection.send(text: speech.message(0, settings, .none)) }
            connection.after(.milliseconds(20)) { [log] in
                log.reset(text)
                $0.reset()
            }
        }
        return true
    }

    private func drip(_ message: String, _ pause: Duration, _ connection: PlainConnection) {
        connection.send(text: message)
        connection.after(pause) { self.drip(message, pause, $0) }
    }

    private func pour(_ message: String, _ connection: PlainConnection) {
        for _ in 0..<10 { connection.send(text: message) }
        connection.after(.milliseconds(1)) { self.pour(message, $0) }
    }
}
