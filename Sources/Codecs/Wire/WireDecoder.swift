/// Turns a provider's payloads, of any size and format, into 8 kHz telephone audio.
///
/// A sample split between two payloads is put together; the format may change between payloads. Runs on the socket's thread.
///
/// - Cost: no allocation, except when 16 kHz audio comes for the first time.
public struct WireDecoder: ~Copyable, Sendable {
    public struct Statistics: Equatable, Sendable {
        public var formatChanges = 0
        /// Halves of samples that a format change left without their other half.
        public var droppedBytes = 0

        public init(formatChanges: Int = 0, droppedBytes: Int = 0) {
            self.formatChanges = formatChanges
            self.droppedBytes = droppedBytes
        }
    }

    public private(set) var format: WireFormat
    public private(set) var statistics = Statistics()

    /// First half of a sample whose second half has not come.
    private var carried: UInt8?
    private var resampler: Resampler?
    /// The last sample that was given out.
    private var last: Int16 = 0

    private typealias Chunk = InlineArray<160, Int16>

    public init(format: WireFormat) throws(WireError) {
        self.format = format
        if format == .linear16k { resampler = try Self.makeResampler() }
    }

    /// What follows comes in another format. The same format changes nothing.
    ///
    /// - Throws: `WireError.resampler` if there was no memory; the old format stays.
    public mutating func change(to format: WireFormat) throws(WireError) {
        guard format != self.format else { return }
        if format == .linear16k {
            if resampler == nil { resampler = try Self.makeResampler() }
            resampler?.reset()
            settle()
        }
        if carried != nil { statistics.droppedBytes += 1 }
        carried = nil
        self.format = format
        statistics.formatChanges += 1
    }

    /// Samples that a payload can become at most.
    public func outputCapacity(for payloadBytes: Int) -> Int {
        // A carried half sample makes an odd payload even.
        let samples = format.bytesPerSample == 1 ? payloadBytes : (payloadBytes + 1) / 2
        return format == .linear16k ? (samples + 1) / 2 : samples
    }

    /// Decodes one payload to linear samples at 8 kHz.
    ///
    /// - Shape: any number of bytes; `output` holds at least `outputCapacity(for: payload.count)` samples.
    /// - Returns: samples written.
    public mutating func decode(
        _ payload: Span<UInt8>,
        into output: inout MutableSpan<Int16>
    ) throws(WireError) -> Int {
        try checkRoom(payload.count, output.count)
        var chunk = Chunk(repeating: 0)
        var (place, written) = (0, 0)
        while let count = next(of: payload, at: &place, into: &chunk) {
            for index in 0..<count { output[written + index] = chunk[index] }
            written += count
        }
        return written
    }

    /// Decodes one payload to mu-law at 8 kHz; mu-law payloads pass as they are.
    ///
    /// - Shape: any number of bytes; `output` holds at least `outputCapacity(for: payload.count)` bytes.
    /// - Returns: bytes written, one per sample.
    public mutating func decode(
        _ payload: Span<UInt8>,
        intoMuLaw output: inout MutableSpan<UInt8>
    ) throws(WireError) -> Int {
        try checkRoom(payload.count, output.count)
        if format == .muLaw {
            for index in payload.indices { output[index] = payload[index] }
            if payload.count > 0 { last = MuLaw.linear(payload[payload.count - 1]) }
            return payload.count
        }
        var chunk = Chunk(repeating: 0)
        var (place, written) = (0, 0)
        while let count = next(of: payload, at: &place, into: &chunk) {
            for index in 0..<count { output[written + index] = MuLaw.byte(chunk[index]) }
            written += count
        }
        return written
    }

    private func checkRoom(_ payloadBytes: Int, _ capacity: Int) throws(WireError) {
        let needed = outputCapacity(for: payloadBytes)
        guard capacity >= needed else { throw .outputTooSmall(needed: needed, capacity: capacity) }
    }

    /// The next samples of a payload, at most a chunk; `nil` at its end.
    private mutating func next(of payload: Span<UInt8>, at place: inout Int, into chunk: inout Chunk) -> Int? {
        guard place < payload.count else { return nil }
        var count: Int
        switch format {
        case .muLaw, .aLaw:
            count = min(chunk.count, payload.count - place)
            let isMuLaw = format == .muLaw
            for index in 0..<count {
                let byte = payload[place + index]
                chunk[index] = isMuLaw ? MuLaw.linear(byte) : ALaw.linear(byte)
            }
            place += count
        case .linear8k:
            count = words(of: payload, at: &place, into: &chunk)
        case .linear16k:
            var wide = Chunk(repeating: 0)
            let read = words(of: payload, at: &place, into: &wide)
            count = resample(wide, count: read, into: &chunk)
        }
        if count > 0 { last = chunk[count - 1] }
        return count
    }

    private mutating func words(of payload: Span<UInt8>, at place: inout Int, into chunk: inout Chunk) -> Int {
        var count = 0
        while count < chunk.count, place < payload.count {
            let byte = payload[place]
            place += 1
            guard let low = carried else {
                carried = byte
                continue
            }
            carried = nil
            chunk[count] = Int16(bitPattern: UInt16(low) | UInt16(byte) &<< 8)
            count += 1
        }
        return count
    }

    private mutating func resample(_ wide: borrowing Chunk, count: Int, into chunk: inout Chunk) -> Int {
        var room = chunk.mutableSpan
        do throws(ResamplerError) {
            return try resampler?.process(wide.span.extracting(0..<count), into: &room) ?? 0
        } catch {
            preconditionFailure("half as many samples fit where these came from: \(error)")
        }
    }

    /// Fills the resampler's past with the last sample, so that its start-up is no fall to zero: the change then jumps no
    /// further than the two streams are apart.
    private mutating func settle() {
        let wide = Chunk(repeating: last)
        var ignored = Chunk(repeating: 0)
        _ = resample(wide, count: wide.count, into: &ignored)
    }

    private static func makeResampler() throws(WireError) -> Resampler {
        do throws(ResamplerError) {
            return try Resampler(from: 16_000, to: 8_000, quality: 3)
        } catch {
            throw .resampler(error)
        }
    }
}
