import AsyncHTTPClient
import Engine
import NIOCore

/// Carries one answer's body from the connection to its reader, watches that it keeps coming, and closes the request when
/// the reader goes away.
///
/// What the reader has not taken is held here: `VendorLimits.bodyBytes` bounds it.
final class BodyPump: Sendable {
    private struct State {
        var lastPiece = NIODeadline.now()
        var alarm: Scheduled<Void>?
        var reading: Task<Void, Never>?
        var isOver = false
    }

    private let state = Locked(State())
    private let limits: VendorLimits
    private let failure: VendorFailure
    private let eventLoop: any EventLoop
    private let wholeBy: NIODeadline
    private let reader: AsyncThrowingStream<ByteBuffer, any Error>.Continuation

    static func body(
        _ body: HTTPClientResponse.Body,
        limits: VendorLimits,
        failure: VendorFailure,
        eventLoop: any EventLoop
    ) -> VendorBody {
        let (pieces, reader) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        let pump = BodyPump(limits: limits, failure: failure, eventLoop: eventLoop, reader: reader)
        pump.start(body)
        return VendorBody(pieces: pieces, failure: failure)
    }

    private init(
        limits: VendorLimits,
        failure: VendorFailure,
        eventLoop: any EventLoop,
        reader: AsyncThrowingStream<ByteBuffer, any Error>.Continuation
    ) {
        self.limits = limits
        self.failure = failure
        self.eventLoop = eventLoop
        self.reader = reader
        wholeBy = .now() + TimeAmount(limits.whole)
    }

    private func start(_ body: HTTPClientResponse.Body) {
        reader.onTermination = { [self] _ in stop() }
        let reading = Task { await read(body) }
        let isOver = state.withLock { state in
            state.reading = reading
            return state.isOver
        }
        if isOver { reading.cancel() } else { watch() }
    }

    private func read(_ body: HTTPClientResponse.Body) async {
        var total = 0
        do {
            for try await piece in body {
                state.withLock { $0.lastPiece = .now() }
                total += piece.readableBytes
                guard total <= limits.bodyBytes else {
                    throw failure.protocol("the answer is longer than \(limits.bodyBytes) bytes")
                }
                reader.yield(piece)
            }
            // A body that ends because its request was cancelled is not the whole body.
            try Task.checkCancellation()
            reader.finish()
        } catch {
            reader.finish(throwing: failure.connection(error))
        }
    }

    /// One timer at a time, set to when the body will be late unless something arrives.
    private func watch() {
        let late = state.withLock { min($0.lastPiece + TimeAmount(limits.idle), wholeBy) }
        guard late > .now() else {
            let isWholeLate = wholeBy <= .now()
            return reader.finish(
                throwing: failure.timeout(isWholeLate ? "the answer does not end" : "the answer stopped coming")
            )
        }
        let alarm = eventLoop.scheduleTask(deadline: late) { [weak self] in _ = self?.watch() }
        let isOver = state.withLock { state in
            state.alarm = alarm
            return state.isOver
        }
        if isOver { alarm.cancel() }
    }

    private func stop() {
        let (alarm, reading) = state.withLock { state in
            state.isOver = true
            defer { (state.alarm, state.reading) = (nil, nil) }
            return (state.alarm, state.reading)
        }
        alarm?.cancel()
        reading?.cancel()
    }
}
