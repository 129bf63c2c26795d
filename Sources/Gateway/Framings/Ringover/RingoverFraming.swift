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
        /// Each binary message is an RTP packet.
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
        /// There is one, and it goes beyond its packet.
        case badRTP = "bad_rtp"
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
    /// Hertz of the caller's audio, and of ours from the next frame on.
    package private(set) var sampleRate: Int
    private var hasBegun = false
    private var decoder: WireDecoder?
    /// Half a sample that the last message left over.
    private var carried: UInt8?
    private var scratch: [UInt8]
    /// Where the caller's sound so far ends, in samples at 8 kHz: the stream's own time where it tells none.
    private var heardSamples: Int64 = 0
    private var timeline = RTPTimeline()

    private var encoder = RingoverEncoder(sampleRate: 8000)
    /// Hertz of what is held: the encoder's.
    private var heldRate = 8000
    private var upsampler: PooledResampler?
    private var wide = [Int16](repeating: 0, count: 2 * Frame.samples)
    /// The last sample that was held, before any resampling.
    private var last: Int16 = 0
    /// PCM on its way into the next message.
    private var held: [UInt8] = []
    private var heldFrames = 0
    private var queue = RingoverQueue()
    /// Something was sent since the last `break`.
    private var mayPlay = false

    package init(_ configuration: Configuration) {
        self.configuration = configuration
        scratch = [UInt8](repeating: 0, count: configuration.frameBytes)
        sampleRate = configuration.sampleRate
    }

    // MARK: In

    package mutating func read(
        text: Span<UInt8>,
        arrival: Int64,
        into packets: inout RingWriter<MediaPacket>?
    ) -> FramingAction {
        do throws(RingoverMetadata.Fault) {
            let metadata = try RingoverMetadata(parsing: text)
            guard hasBegun else { return open(metadata) }
            guard let rate = metadata.sampleRate, rate != sampleRate else {
                return .odd(Oddity.unknownEvent.rawValue)
            }
            return change(to: rate)
        } catch {
            guard error == .format, !hasBegun else { return .odd(error.rawValue) }
            return .refuse(.unacceptableData, counting: error.rawValue, odd: error.rawValue)
        }
    }

    private mutating func open(_ metadata: RingoverMetadata) -> FramingAction {
        sampleRate = metadata.sampleRate ?? configuration.sampleRate
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
        decoder = try? WireDecoder(format: Self.format(sampleRate))
        hold(at: sampleRate)
    }

    /// The caller's next message has another rate; ours follow with the next frame.
    private mutating func change(to rate: Int) -> FramingAction {
        do throws(WireError) {
            try decoder?.change(to: Self.format(rate))
        } catch {
            // No memory for the filter: the old rate goes on.
            return .odd(Oddity.format.rawValue)
        }
        sampleRate = rate
        // Half a sample of the old rate is none of the new one.
        carried = nil
        return .rateChanged
    }

    private static func format(_ rate: Int) -> WireFormat { rate == 16_000 ? .linear16k : .linear8k }

    package mutating func read(
        binary: Span<UInt8>,
        arrival: Int64,
        into packets: inout RingWriter<MediaPacket>?
    ) -> FramingAction {
        guard hasBegun else { return open(RingoverMetadata()) }
        guard !configuration.hasRTPHeaders else { return read(packet: binary, arrival, &packets) }
        return read(payload: binary, arrival, &packets)
    }

    private mutating func read(
        packet: Span<UInt8>,
        _ arrival: Int64,
        _ packets: inout RingWriter<MediaPacket>?
    ) -> FramingAction {
        let header: RTPHeader
        do throws(RTPHeader.Fault) { header = try RTPHeader(parsing: packet) } catch { return .odd(error.rawValue) }
        let place = timeline.place(header, rate: sampleRate, end: heardSamples)
        // The packet behind it may be lost: half a sample finds no other half there.
        let half = header.payload.count % 2
        decode(packet.extracting(header.payload.dropLast(half)), at: place, arrival, &packets)
        return half == 0 ? .none : .odd(Oddity.oddLength.rawValue)
    }

    private mutating func read(
        payload: Span<UInt8>,
        _ arrival: Int64,
        _ packets: inout RingWriter<MediaPacket>?
    ) -> FramingAction {
        guard payload.count % 2 == 1 else {
            // A half that no other half followed: the message before was cut.
            carried = nil
            decode(payload, arrival, &packets)
            return .none
        }
        if let half = carried {
            carried = nil
            let first: InlineArray<1, UInt8> = [half]
            decode(first.span, arrival, &packets)
            decode(payload, arrival, &packets)
        } else {
            carried = payload[payload.count - 1]
            decode(payload.extracting(0..<payload.count - 1), arrival, &packets)
        }
        return .odd(Oddity.oddLength.rawValue)
    }

    /// - Parameter place: as the provider tells it; nil where it tells none: the sound follows what came before.
    private mutating func decode(
        _ payload: Span<UInt8>,
        at place: RTPTimeline.Place? = nil,
        _ arrival: Int64,
        _ packets: inout RingWriter<MediaPacket>?
    ) {
        // Taken out, because the compiler sees one access to all of this value while the scratch is written.
        guard var decoder = decoder.take() else { return }
        var target = scratch.mutableSpan
        // The socket bounds a message by the size of the scratch, which holds more samples than its bytes can be.
        let count = (try? decoder.decode(payload, intoMuLaw: &target)) ?? 0
        self.decoder = consume decoder
        let place = place ?? RTPTimeline.Place(number: 0, samples: heardSamples)
        CallerAudio.push(
            scratch.span.extracting(0..<count),
            number: place.number,
            at: place.samples,
            arrival,
            &packets
        )
        // One that was overtaken ends before what overtook it.
        heardSamples = max(heardSamples, place.samples &+ Int64(count))
    }

    // MARK: Out

    package mutating func write(_ message: OutboundMessage, now: Int64, to buffer: inout ByteBuffer) {
        switch message.kind {
        case .audio:
            if heldRate != sampleRate {
                // Each message tells its rate: what is held goes out at its own.
                if heldFrames > 0 { sendHeld(now: now, to: &buffer) }
                hold(at: sampleRate)
            }
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

    /// What is held from now on has another rate. Without memory for the filter it stays at 8 kHz, and its messages say so.
    private mutating func hold(at rate: Int) {
        var next: PooledResampler?
        if rate == 16_000 {
            next = try? PooledResampler(configuration.resamplers, from: 8000, to: rate)
            guard let next else { return }
            // The filter's past is the last sample: it does not begin with a fall to zero.
            let past = FrameSamples(repeating: last)
            var ignored = wide.mutableSpan
            _ = next.process(past.span, into: &ignored)
        }
        upsampler = next
        encoder = RingoverEncoder(sampleRate: rate)
        heldRate = rate
        held.reserveCapacity(2 * rate / 1000 * Frame.milliseconds * Self.chunkFrames * 2)
    }

    private mutating func hold(_ bytes: FrameBytes) {
        var samples = FrameSamples(repeating: 0)
        MuLaw.decode(bytes.span, into: &samples)
        last = samples[Frame.samples - 1]
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
