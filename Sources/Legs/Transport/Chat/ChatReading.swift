import Actors
import NIOCore

/// One streamed answer, read as its reader asks for it: the reader's task does the work, so that its cancellation reaches the
/// connection and nothing is left behind.
package actor ChatReading<Decoder: ChatDecoder> {
    package typealias Question = @Sendable () async throws -> VendorResponse

    private enum State {
        case unasked(Question)
        case reading(VendorBody)
        /// The answer is whole, the body may not be.
        case trailing(VendorBody)
        case over
    }

    private var state: State
    private var decoder: Decoder
    private var events = ServerSentEvents(limit: 1 << 20)
    /// Decoded and not yet given, the next one last.
    private var ready: [ChatDelta] = []
    /// Given once what came before it was.
    private var failure: (any Error)?
    private var progress = ContinuousClock.now
    private let provider: String
    private let limits: ChatLimits

    private init(_ decoder: Decoder, provider: String, limits: ChatLimits, ask: @escaping Question) {
        self.decoder = decoder
        self.provider = provider
        self.limits = limits
        state = .unasked(ask)
    }

    /// - Parameter ask: sends the request; called when the reader wants the first piece.
    package static func answer(
        _ decoder: Decoder,
        provider: String,
        limits: ChatLimits,
        ask: @escaping Question
    ) -> AsyncThrowingStream<ChatDelta, any Error> {
        let reading = ChatReading(decoder, provider: provider, limits: limits, ask: ask)
        return AsyncThrowingStream { try await reading.next() }
    }

    /// Posts a request and reads the answer.
    ///
    /// - Parameters:
    ///   - decoder: takes what makes the ids unique that it makes up for calls without one.
    ///   - body: members are written in the order of their names: the same prompt is the same text, which vendors' prompt
    ///     caches go by.
    static func answer(
        to path: String,
        of http: VendorHTTP,
        limits: ChatLimits,
        decoder: (_ nonce: String) -> Decoder,
        body: @escaping @Sendable () -> JSON
    ) -> AsyncThrowingStream<ChatDelta, any Error> {
        let nonce = String(UInt32.random(in: .min ... .max), radix: 16)
        return answer(decoder(nonce), provider: http.failure.provider, limits: limits) {
            try await http.send(
                "POST",
                path,
                body: ByteBuffer(string: body().serialized),
                contentType: "application/json",
                headers: [("Accept", "text/event-stream")]
            )
        }
    }

    private func next() async throws -> ChatDelta? {
        do {
            while true {
                try Task.checkCancellation()
                if let delta = ready.popLast() { return delta }
                if let failure { throw failure }
                guard try await advance() else { return nil }
            }
        } catch {
            // Lets go of the body, which closes the request.
            state = .over
            ready = []
            failure = nil
            throw error
        }
    }

    /// - Returns: false at the end.
    private func advance() async throws -> Bool {
        // Whoever else reads meanwhile finds the end: an answer is for one reader.
        let current = state
        state = .over
        switch current {
        case .unasked(let ask):
            let response = try await ask()
            progress = .now
            if let type = response.headers.first(name: "Content-Type"), !type.contains("event-stream") {
                throw ChatFault.malformed("it is no event stream").legError(provider)
            }
            state = .reading(response.body)
        case .reading(let body):
            var pieces = body.makeAsyncIterator()
            let piece = try await pieces.next()
            decode(piece)
            state = decoder.isFinished ? .trailing(body) : .reading(body)
        case .trailing(let body):
            await Self.readToEnd(body, within: limits.trailer)
            return false
        case .over: return false
        }
        return true
    }

    /// Pieces that came before a fault are the caller's; what comes after it is not.
    private func decode(_ piece: ByteBuffer?) {
        let before = decoder.answerBytes
        var deltas: [ChatDelta] = []
        do {
            if let piece {
                for event in try events.push(piece.readableBytesView) where !decoder.isFinished {
                    deltas += try decoder.push(event: event.name, data: event.data)
                }
            } else {
                deltas += try decoder.end()
            }
        } catch let fault as ChatFault {
            failure = fault.legError(provider)
        } catch {
            failure = ChatFault.malformed("an event that is too long").legError(provider)
        }
        let now = ContinuousClock.now
        if decoder.answerBytes > before || decoder.isFinished {
            progress = now
            if deltas.isEmpty, !decoder.isFinished { deltas = [.working] }
        } else if failure == nil, now - progress > limits.silence {
            failure = ChatFault.silent(limits.silence).legError(provider)
        }
        ready = deltas.reversed()
    }

    /// A connection whose answer was read to its end is used again.
    private static func readToEnd(_ body: VendorBody, within limit: Duration) async {
        await withTaskGroup { group in
            group.addTask { do { for try await _ in body {} } catch {} }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
