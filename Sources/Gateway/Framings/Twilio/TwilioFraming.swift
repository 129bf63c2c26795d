import Actors
import Codecs
import Engine
import Foundation
import NIOCore
import NIOWebSocket

/// Twilio's Media Streams: JSON text in both directions, mu-law in base64, marks that come back.
struct TwilioFraming: MediaFraming {
    static let provider = "twilio"
    static let needsTones = false
    static let hasVerbs = true
    static let marksAreModelled = false
    static let endsWithClose = false
    /// After our socket closed, Twilio asks the voice webhook what comes next.
    static let handsOverItself = false

    private var machine = TwilioStreamMachine()
    private var streamSid: [UInt8] = []
    private var encoder: TwilioEncoder?
    private var scratch: [UInt8]

    /// - Parameter frameBytes: the longest message.
    init(frameBytes: Int) { scratch = [UInt8](repeating: 0, count: frameBytes) }

    // MARK: In

    mutating func read(binary: Span<UInt8>, arrival: Int64, into packets: inout RingWriter<MediaPacket>?)
        -> FramingAction
    { .odd(TwilioStreamMachine.Oddity.binary.rawValue) }

    mutating func read(text: Span<UInt8>, arrival: Int64, into packets: inout RingWriter<MediaPacket>?) -> FramingAction
    {
        let frame: TwilioFrame
        do throws(TwilioFrame.Fault) {
            frame = try TwilioFrame.parse(text)
        } catch {
            return .odd(TwilioStreamMachine.Oddity(error).rawValue)
        }
        switch machine.handle(frame, isOurStream: isOurs(frame.streamSid, text)) {
        case .none: return .none
        case .reject(let oddity): return .odd(oddity.rawValue)
        case .readStart: return start(text)
        case .media: return hear(frame, text, arrival, &packets)
        case .mark:
            if let name = frame.name, let number = MarkName.number(text, in: name.range) {
                packets?.push(MediaPacket(kind: .mark, value: number, arrival: arrival))
            }
        case .digit:
            packets?.push(MediaPacket(kind: .digit, value: Int64(frame.digit ?? 0)))
        case .stop:
            return .end(.providerStopped)
        }
        return .none
    }

    private func isOurs(_ sid: JSONText.Text?, _ text: Span<UInt8>) -> Bool {
        guard let range = sid?.range else { return true }
        guard range.count == streamSid.count else { return false }
        for index in 0..<range.count where text[range.lowerBound + index] != streamSid[index] { return false }
        return true
    }

    /// Splits a payload of any length into packets of at most a frame.
    private mutating func hear(
        _ frame: TwilioFrame,
        _ text: Span<UInt8>,
        _ arrival: Int64,
        _ packets: inout RingWriter<MediaPacket>?
    ) -> FramingAction {
        guard let payload = frame.payload else { return .none }
        let count: Int
        do {
            count = try Base64Payload.decode(text, payload, into: &scratch)
        } catch {
            return .odd(TwilioStreamMachine.Oddity.base64.rawValue)
        }
        CallerAudio.push(scratch.span.extracting(0..<count), at: frame.timestamp.map { $0 &* 8 }, arrival, &packets)
        return .none
    }

    private mutating func start(_ text: Span<UInt8>) -> FramingAction {
        let data = text.withUnsafeBytes { Data($0) }
        let oddity = TwilioStreamMachine.Oddity.badStart.rawValue
        guard let start = try? JSONDecoder().decode(TwilioStart.self, from: data) else { return .odd(oddity) }
        guard start.format == .muLaw else {
            return .refuse(.unacceptableData, counting: "wrong_format", odd: oddity)
        }
        streamSid = Array(start.streamSid.utf8)
        encoder = TwilioEncoder(streamSid: start.streamSid)
        return .begin(StreamOpening(callID: start.callSid, tenant: start.customParameters["tenant"]))
    }

    mutating func begin(_ profile: inout TenantProfile) { machine.started() }

    // MARK: Out

    mutating func write(_ message: OutboundMessage, now: Int64, to buffer: inout ByteBuffer) {
        guard let encoder else { return }
        switch message.kind {
        case .audio: encoder.writeMedia(message.bytes, to: &buffer)
        case .mark: encoder.writeMark(message.value, to: &buffer)
        case .clear: encoder.writeClear(to: &buffer)
        case .close: break
        }
    }
}

typealias TwilioMediaHandler = MediaSocketHandler<TwilioFraming>

extension MediaSocketHandler where Framing == TwilioFraming {
    convenience init(
        reception: Reception,
        flusher: SocketFlusher,
        limits: SocketLimits,
        book: CallBook? = nil,
        handOverTime: Duration = .zero
    ) {
        self.init(
            host: MediaHost(
                reception: reception,
                flusher: flusher,
                limits: limits,
                book: book,
                handOverTime: handOverTime
            ),
            framing: TwilioFraming(frameBytes: limits.frameBytes)
        )
    }
}

extension TwilioStreamMachine.Oddity {
    init(_ fault: TwilioFrame.Fault) {
        switch fault {
        case .json: self = .json
        case .noEvent: self = .noEvent
        case .missing: self = .missingField
        }
    }
}
