import Foundation
import NIOCore

/// One live connection, on its event loop.
///
/// `@unchecked Sendable`: everything happens on the connection's event loop.
final class DeepgramLive: @unchecked Sendable {
    private let server: DeepgramServer
    private let number: Int
    private let script: DeepgramScript
    private let fault: DeepgramFault?
    private let connection: PlainConnection
    private let bytesPerSecond: Double
    private let isMultilingual: Bool
    private let isMuLaw: Bool
    /// Silence after which what was said is final unasked (`endpointing`), seconds; nil: off.
    private let endpointing: Double?

    private var received = 0.0
    private var finalUpTo = 0.0
    private var interimUpTo = 0.0
    private var utterance = 0
    private var hasFaulted = false
    private var hasAudio = false
    private var alarm: Scheduled<Void>?
    private var hearing = DeepgramHearing()

    init(
        _ server: DeepgramServer,
        number: Int,
        query: [String: [String]],
        script: DeepgramScript,
        fault: DeepgramFault?,
        _ connection: PlainConnection
    ) {
        self.server = server
        self.number = number
        self.script = script
        self.fault = fault
        self.connection = connection
        let rate = Double(query["sample_rate"]?[0] ?? "") ?? 8000
        bytesPerSecond = rate * (query["encoding"] == ["linear16"] ? 2 : 1)
        isMultilingual = query["language"] == ["multi"]
        isMuLaw = query["encoding"] == ["mulaw"]
        endpointing = query["endpointing"].flatMap { Double($0[0]) }.map { $0 / 1000 }
    }

    func start() { rearm() }

    func receive(_ message: PlainMessage) {
        switch message {
        case .binary(let bytes): audio(bytes)
        case .text(let text): control(text)
        case .unmasked: server.record(number) { $0.violations.append("unmasked") }
        case .gone: alarm?.cancel()
        case .ping, .pong, .close: break
        }
    }

    private func audio(_ bytes: [UInt8]) {
        server.record(number) { record in
            record.audioMessages.append(bytes.count)
            if script.keepsAudio { record.audio += bytes }
            if bytes.isEmpty { record.violations.append("empty audio") }
        }
        guard !bytes.isEmpty else { return end() }
        hasAudio = true
        rearm()
        received += Double(bytes.count) / bytesPerSecond
        if case .spoken(let words, let each) = script.speech {
            hearing.hear(bytes, isMuLaw: isMuLaw, bytesPerSecond: bytesPerSecond, words, each: each)
        }
        // The client's own first message is shorter than this.
        if received > faultsAfter, !hasFaulted, fault != nil {
            hasFaulted = true
            fail()
        }
        if received - finalUpTo >= script.final {
            results(isFinal: true)
        } else if let endpointing, hearing.isOver(after: endpointing, since: finalUpTo) {
            results(isFinal: true, isEndpoint: true)
        } else if received - interimUpTo >= script.interim {
            interimUpTo = received
            results(isFinal: false)
        }
    }

    private func control(_ text: String) {
        let kind = (try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])?["type"] as? String
        server.record(number) { $0.controls.append(kind ?? "?") }
        // Alone it does not keep a connection that never got audio.
        if kind != "KeepAlive" || hasAudio { rearm() }
        switch kind {
        case "KeepAlive": break
        case "Finalize": if script.answersFinalize { results(isFinal: true, fromFinalize: true) }
        case "CloseStream": end()
        default:
            server.record(number) { $0.violations.append("unknown message") }
            say(#"{"type":"Error","variant":"SchemaError","description":"could not parse","message":"…"}"#)
        }
    }

    private func end() {
        if finalUpTo < received { results(isFinal: true) }
        say(
            #"{"type":"Metadata","transaction_key":"deprecated","request_id":"x","sha256":"0","created":"2026-01-01T00:00:00.000Z","#
                + #""duration":\#(received),"channels":1}"#
        )
        connection.after(script.delay) { [isSilent] in if !isSilent { $0.closeSocket(code: 1000) } }
    }

    // MARK: - Results

    private func results(isFinal: Bool, fromFinalize: Bool = false, isEndpoint: Bool = false) {
        let (start, end) = (finalUpTo, received)
        var words = fault == .vendor(.empty) ? [] : words(from: start, to: end, isFinal: isFinal)
        if case .utterances(_, let least) = script.speech, end - start < least { words = [] }
        if isFinal {
            finalUpTo = end
            interimUpTo = end
        }
        let text = words.map(\.text).joined(separator: " ")
        let language = isMultilingual ? #","languages":["\#(script.language)"]"# : ""
        let list = words.map {
            #"{"word":"\#($0.text.lowercased())","start":\#($0.start),"end":\#($0.end),"confidence":\#(script.confidence),"#
                + #""punctuated_word":"\#($0.text)"}"#
        }.joined(separator: ",")
        say(
            #"{"type":"Results","channel_index":[0,1],"duration":\#(end - start),"start":\#(start),"is_final":\#(isFinal),"#
                + #""speech_final":\#(isEndpoint),"from_finalize":\#(fromFinalize),"channel":{"alternatives":[{"transcript":"\#(text)","#
                + #""confidence":\#(script.confidence),"words":[\#(list)]\#(language)}]},"metadata":{"request_id":"x"}}"#
        )
    }

    private func words(from start: Double, to end: Double, isFinal: Bool) -> [(
        text: String, start: Double, end: Double
    )] {
        switch script.speech {
        case .spoken: return hearing.words(from: start, to: end)
        case .words(let all, let each, let repeats):
            let first = Int((start / each).rounded(.down)), last = Int((end / each).rounded(.down))
            return (first..<max(first, last)).compactMap { index in
                guard !all.isEmpty, repeats || index < all.count else { return nil }
                return (all[index % all.count], Double(index) * each, Double(index + 1) * each)
            }
        case .utterances(let all, let least):
            guard end - start >= least, utterance < all.count else { return [] }
            let words = all[utterance].split(separator: " ").map(String.init)
            if isFinal { utterance += 1 }
            let each = (end - start) / Double(words.count)
            let heard = isFinal ? words : Array(words.prefix((words.count + 1) / 2))
            return heard.enumerated().map { ($1, start + Double($0) * each, start + Double($0 + 1) * each) }
        }
    }

    /// Nothing is said: never, or because a frame is under way that does not end.
    private var isSilent: Bool { fault == .vendor(.halfOpen) || hasFaulted && fault == .vendor(.slowDrip) }

    private func say(_ text: String) {
        guard !isSilent else { return }
        if script.delay == .zero { return connection.send(text: text) }
        connection.after(script.delay) { $0.send(text: text) }
    }

    private func rearm() {
        alarm?.cancel()
        alarm = connection.channel.eventLoop.scheduleTask(in: TimeAmount(script.timeout)) { [weak self] in
            guard let self, !self.isSilent else { return }
            self.connection.closeSocket(
                code: 1011,
                reason: "Deepgram did not receive audio data or a text message within the timeout window. "
                    + "See https://dpgr.am/net0001"
            )
        }
    }

    // MARK: - Faults

    private var faultsAfter: Double {
        if case .resets(let after) = fault { after } else { 0.1 }
    }

    private func fail() {
        server.record(number) { $0.brokeAt = .now }
        switch fault {
        case .resets: connection.reset()
        case .closes(let code, let reason): connection.closeSocket(code: code, reason: reason)
        case .vendor(.malformed): connection.send(text: #"{"type":"Results","start":"#)
        case .vendor(.reset):
            connection.frame(.text, fin: false, Array(#"{"type":"Resu"#.utf8))
            connection.reset()
        case .vendor(.truncatedUTF8): connection.frame(.text, Array(#"{"type":"Results","x":""#.utf8) + [0xE2, 0x82])
        case .vendor(.slowDrip): drip(Array(repeating: UInt8(ascii: " "), count: 100))
        case .vendor(.endless): pour()
        default: break
        }
    }

    /// A frame of 100 bytes that comes a byte at a time.
    private func drip(_ rest: [UInt8]) {
        connection.raw([0x81, 100])
        dripOn(rest[...])
    }

    private func dripOn(_ rest: ArraySlice<UInt8>) {
        guard let byte = rest.first else { return }
        connection.raw([byte])
        connection.after(.milliseconds(100)) { [self] _ in dripOn(rest.dropFirst()) }
    }

    private func pour() {
        let words = String(repeating: "and so on ", count: 20)
        connection.send(
            text: #"{"type":"Results","start":0,"duration":\#(received),"is_final":true,"channel":{"alternatives":[{"#
                + #""transcript":"\#(words)","confidence":1,"words":[]}]}}"#
        )
        connection.after(.milliseconds(2)) { [self] _ in pour() }
    }
}
