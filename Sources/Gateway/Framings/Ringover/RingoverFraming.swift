import Actors
import Codecs
import Engine
import Foundation
import NIOCore
import NIOWebSocket

/// Ringover's streaming: one text of metadata, then binary PCM in; JSON text out.
///
/// No keys, no acknowledgements and no message for the end come from this provider: keys are heard as tones, heard positions
/// are modelled (`RingoverQueue`), and the end is the socket's.
package struct RingoverFraming: MediaFraming, ~Copyable {
    package struct Configuration: Sendable {
        /// Of the caller's audio, and so of ours, where the metadata names none: 8000 or 16000 Hz.
        package var sampleRate = 8000
        /// Each binary message begins with an RTP header of 12 bytes.
        package var hasRTPHeaders = false
        /// The longest message in bytes.
        package var frameBytes = 65_536
        package var resamplers: ResamplerPool

        package init(resamplers: ResamplerPool) { self.resamplers = resamplers }
    }

    /// Names in `parley_frames_rejected_total`.
    package enum Oddity: String, CaseIterable {
        case json = "bad_json"
        case unknownEvent = "unknown_event"
        case format = "wrong_format"
        /// A byte too many for 16-bit samples.
        case oddLength = "odd_length"
        /// RTP headers were promised, and there is none.
        case noRTP = "no_rtp"
        case tooLarge = "too_large"
    }

    package static let provider = "ringover"
    package static let needsTones = true
    package static let hasVerbs = false
    package static let marksAreModelled = true
    package static let endsWithClose = true
    package static let handsOverItself = true

    /// Audio goes out in messages of this much, up to twice as much when more is there.
    private static let chunkFrames = 5
    /// A shorter message goes out before the provider runs dry: so much is enough for one late wake-up.
    private static let reserve = 2 * Frame.nanoseconds
    /// What the engine sends ahead, so that whole messages can be made of it; a `break` drops it at once.
    private static let leadMilliseconds = 200

    private let configuration: Configuration
    private var metadata: RingoverMetadata?
    private var hasBegun = false
    private var decoder: WireDecoder?
    /// Half a sample that the last message left over.
    private var carried: UInt8?
    private var scratch: [UInt8]
    /// Samples of the caller so far: the stream's own time.
    private var heardSamples: Int64 = 0

    private var encoder: RingoverEncoder
    private var upsampler: PooledResampler?
    private var wide: [Int16] = []
    /// PCM on its way into the next message.
    private var held: [UInt8] = []
    private var heldFrames = 0
    private var queue = RingoverQueue()
    /// Something was sent since the last `break`.
    private var mayPlay = false

    package init(_ configuration: Configuration) {
        self.configuration = configuration
        scratch = [UInt8](repeating: 0, count: configuration.frameBytes)
        encoder = RingoverEncoder(sampleRate: configuration.sampleRate)
    }

    package var sampleRate: Int { metadata?.sampleRate ?? configuration.sampleRate }

    // MARK: In

    package mutating func read(
        text: Span<UInt8>,
        arrival: Int64,
        into packets: inout RingWriter<MediaPacket>?
    ) -> FramingAction {
        do throws(RingoverMetadata.Fault) {
            let metadata = try RingoverMetadata(parsing: text)
            guard !hasBegun else { return .odd(Oddity.unknownEvent.rawValue) }
            return open(metadata)
        } catch {
            guard error == .format, !hasBegun else { return .odd(error.rawValue) }
            return .refuse(.unacceptableData, counting: error.rawValue, odd: error.rawValue)
        }
    }

    private mutating func open(_ metadata: RingoverMetadata) -> FramingAction {
        self.metadata = metadata
        return .begin(
            StreamOpening(
                // A stream that names no call is one all the same.
                callID: metadata.callID ?? "stream-\(UUID().uuidString.lowercased())",
                tenant: metadata.tenant,
                ownNumber: metadata.ownNumber
            )
        )
    }

    package mutating func begin(_ profile: inout TenantProfile) {
        hasBegun = true
        profile.turnTaking.leadMilliseconds = max(profile.turnTaking.leadMilliseconds, Self.leadMilliseconds)
        encoder = RingoverEncoder(sampleRate: sampleRate)
        decoder = try? WireDecoder(format: sampleRate == 16_000 ? .linear16k : .linear8k)
        let bytes = 2 * sampleRate / 1000 * Frame.milliseconds * Self.chunkFrames * 2
        held.reserveCapacity(bytes)
        if sampleRate == 16_000 {
            upsampler = try? PooledResampler(configuration.resamplers, from: 8000, to: 16_000)
            wide = [Int16](repeating: 0, count: 2 * Frame.samples)
        }
    }

    package mutating func read(
        binary: Span<UInt8>,
        arrival: Int64,
        into packets: inout RingWriter<MediaPacket>?
    ) -> FramingAction {
        guard hasBegun else { return open(RingoverMetadata()) }
        var action = FramingAction.none
        var start = 0
        if configuration.hasRTPHeaders {
            // RFC 3550 section 5.1: version 2.
            guard binary.count >= 12, binary[0] >> 6 == 2 else { return .odd(Oddity.noRTP.rawValue) }
            start = 12
        }
        let payload = binary.extracting(start..<binary.count)
        guard payload.count % 2 == 1 else {
            // A half that no other half followed: the message before was cut.
            carried = nil
            decode(payload, arrival, &packets)
            return action
        }
        action = .odd(Oddity.oddLength.rawValue)
        if let half = carried {
            carried = nil
            let first: InlineArray<1, UInt8> = [half]
            decode(first.span, arrival, &packets)
            decode(payload, arrival, &packets)
        } else {
            carried = payload[payload.count - 1]
            decode(payload.extracting(0..<payload.count - 1), arrival, &packets)
        }
        return action
    }

    private mutating func decode(
        _ payload: Span<UInt8>,
        _ arrival: Int64,
        _ packets: inout RingWriter<MediaPacket>?
    ) {
        // Taken out, because the compiler sees one access to all of this value while the scratch is written.
        guard var decoder = decoder.take() else { return }
        var target = scratch.mutableSpan
        // The socket bounds a message by the size of the scratch, which holds more samples than its bytes can be.
        let count = (try? decoder.decode(payload, intoMuLaw: &target)) ?? 0
        self.decoder = consume decoder
        CallerAudio.push(scratch.span.extracting(0..<count), at: heardSamples, arrival, &packets)
        heardSamples &+= Int64(count)
    }

    // MARK: Out

    package mutating func write(_ message: OutboundMessage, now: Int64, to buffer: inout ByteBuffer) {
        switch message.kind {
        case .audio:
            hold(message.bytes)
            if heldFrames == 2 * Self.chunkFrames { sendHeld(now: now, to: &buffer) }
        case .mark: queue.mark(message.value, held: Int64(heldFrames) * Frame.nanoseconds, now: now)
        case .clear:
            held.removeAll(keepingCapacity: true)
            heldFrames = 0
            queue.emptied(now: now)
            guard mayPlay else { return }
            mayPlay = false
            encoder.writeBreak(to: &buffer)
        case .close: break
        }
    }

    private mutating func hold(_ bytes: FrameBytes) {
        var samples = FrameSamples(repeating: 0)
        MuLaw.decode(bytes.span, into: &samples)
        heldFrames += 1
        guard let upsampler else {
            for index in 0..<Frame.samples { append(samples[index]) }
            return
        }
        var space = wide.mutableSpan
        let count = upsampler.process(samples.span, into: &space)
        for index in 0..<count { append(wide[index]) }
    }

    private mutating func append(_ sample: Int16) {
        held.append(UInt8(truncatingIfNeeded: sample))
        held.append(UInt8(truncatingIfNeeded: sample >> 8))
    }

    private mutating func sendHeld(now: Int64, to buffer: inout ByteBuffer) {
        encoder.writeAudio(held.span, to: &buffer)
        queue.sent(Int64(heldFrames) * Frame.nanoseconds, now: now)
        held.removeAll(keepingCapacity: true)
        heldFrames = 0
        mayPlay = true
    }

    package mutating func flush(now: Int64, isEnd: Bool, to buffer: inout ByteBuffer) {
        guard heldFrames > 0 else { return }
        if heldFrames >= Self.chunkFrames || isEnd || queue.ahead(at: now) <= Self.reserve {
            sendHeld(now: now, to: &buffer)
        }
    }

    package var deadline: Int64? {
        let send = heldFrames > 0 ? queue.playsUntil - Self.reserve : nil
        switch (send, queue.nextMark) {
        case (let send?, let mark?): return min(send, mark)
        case (let send, let mark): return send ?? mark
        }
    }

    package mutating func wake(
        now: Int64,
        to buffer: inout ByteBuffer,
        into packets: inout RingWriter<MediaPacket>?
    ) {
        flush(now: now, isEnd: false, to: &buffer)
        while let number = queue.passed(now: now) {
            packets?.push(MediaPacket(kind: .mark, value: number, arrival: now))
        }
    }

    package mutating func write(_ order: SocketOrder, to buffer: inout ByteBuffer) -> Bool {
        switch order {
        case .transfer(let number), .move(let number):
            guard let bare = RingoverNumber.bare(number) else { return false }
            encoder.writeTransfer(bare, to: &buffer)
        case .digits(let digits):
            encoder.writeDigits(digits, to: &buffer)
        }
        return true
    }
}

/// A resampler that goes back to its pool when its call is over.
private final class PooledResampler {
    private let pool: ResamplerPool
    private var resampler: Resampler?

    init(_ pool: ResamplerPool, from: Int, to: Int) throws(ResamplerError) {
        self.pool = pool
        resampler = try pool.take(from: from, to: to)
    }

    deinit {
        if let resampler = resampler.take() { pool.give(resampler) }
    }

    func process(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) -> Int {
        do {
            return try resampler?.process(input, into: &output) ?? 0
        } catch {
            preconditionFailure("the output holds outputCapacity(for:) samples: \(error)")
        }
    }
}
