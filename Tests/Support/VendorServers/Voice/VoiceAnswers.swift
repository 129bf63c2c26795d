import NIOCore

/// What the voice servers have in common: refusals, and audio as the body of an answer, with every fault.
enum VoiceAnswers {
    /// A fault that a request or a handshake meets before anything is spoken.
    /// - Returns: true when it was answered.
    static func refuse(_ fault: VendorFault?, _ connection: PlainConnection, unauthorized: String, busy: String) -> Bool
    {
        let json = [("Content-Type", "application/json")]
        switch fault {
        case .unauthorized: connection.answer(401, headers: json, body: unauthorized.utf8)
        case .tooManyRequests: connection.answer(429, headers: json + [("Retry-After", "1")], body: busy.utf8)
        case .serverError: connection.answer(500, headers: [("Content-Type", "text/html")], body: "<h1>oops</h1>".utf8)
        default: return false
        }
        return true
    }

    /// Speaks in the body of an answer, in chunks of `settings.chunkBytes`.
    ///
    /// - Parameters:
    ///   - arrived: when the text did; the first audio's delay counts from then.
    ///   - bytesPerSecond: of the audio, for the pace.
    ///   - broke: the server breaks the connection now.
    ///   - ended: whether the answer was whole.
    static func speak(
        _ audio: [UInt8],
        arrived: ContinuousClock.Instant,
        bytesPerSecond: Int,
        mediaType: String,
        settings: VoiceServerSettings,
        _ connection: PlainConnection,
        broke: @escaping @Sendable () -> Void = {},
        ended: @escaping @Sendable () -> Void
    ) {
        let chunked = [("Content-Type", mediaType), ("Transfer-Encoding", "chunked")]
        switch settings.fault {
        case .halfOpen: return
        case .truncatedUTF8:
            // No text in audio: the text of an error is cut instead.
            let body = Array(#"{"detail":{"status":"bad_request","message":"caf"#.utf8) + [0xC3]
            connection.answer(400, headers: [("Content-Type", "application/json")], body: body)
            return ended()
        case .malformed:
            connection.answer(200, headers: [("Content-Type", mediaType)], body: "this is no audio at all".utf8)
            return ended()
        case .empty:
            connection.answer(200, headers: [("Content-Type", mediaType)], body: [])
            return ended()
        case .slowDrip:
            connection.begin(200, headers: chunked)
            return drip(audio, settings.drip, connection)
        case .endless:
            connection.begin(200, headers: chunked)
            return pour(audio, connection)
        case .reset:
            connection.begin(200, headers: chunked)
            if settings.speaksBeforeReset { connection.chunk(audio.prefix(audio.count / 2)) }
            return connection.after(.milliseconds(20)) {
                broke()
                $0.reset()
            }
        case nil, .unauthorized, .tooManyRequests, .serverError: break
        }
        connection.after(settings.firstAudioDelay - arrived.duration(to: .now)) { connection in
            connection.begin(200, headers: chunked)
            chunk(audio[...], bytesPerSecond, settings, connection, ended)
        }
    }

    private static func chunk(
        _ audio: ArraySlice<UInt8>,
        _ bytesPerSecond: Int,
        _ settings: VoiceServerSettings,
        _ connection: PlainConnection,
        _ ended: @escaping @Sendable () -> Void
    ) {
        guard !audio.isEmpty else {
            connection.endChunks()
            return ended()
        }
        let now = audio.prefix(settings.chunkBytes)
        let rest = audio.dropFirst(settings.chunkBytes)
        connection.chunk(now)
        guard let pace = settings.pace else { return chunk(rest, bytesPerSecond, settings, connection, ended) }
        connection.after(.seconds(Double(now.count) / Double(bytesPerSecond) / pace)) { connection in
            chunk(rest, bytesPerSecond, settings, connection, ended)
        }
    }

    private static func drip(_ audio: [UInt8], _ pause: Duration, _ connection: PlainConnection) {
        connection.chunk(audio.prefix(1))
        connection.after(pause) { drip(audio, pause, $0) }
    }

    private static func pour(_ audio: [UInt8], _ connection: PlainConnection) {
        connection.chunk(audio)
        connection.after(.milliseconds(1)) { pour(audio, $0) }
    }
}
