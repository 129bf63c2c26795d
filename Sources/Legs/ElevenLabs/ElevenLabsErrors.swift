import Actors

/// What the vendor's error words mean.
struct ElevenLabsErrors: Sendable {
    let errors: VoiceErrors

    /// An error message on the socket.
    func error(_ message: ElevenLabsMessage) -> LegError {
        let word = VendorErrorWord.checked(message.error)
        let cause = "the vendor reports \(word ?? "an error") (close code \(message.code.map(String.init) ?? "none"))"
        switch word {
        case "quota_exceeded", "invalid_api_key", "detected_unusual_activity", "max_character_limit_exceeded":
            return errors.refused(cause)
        case "voice_not_found":
            return errors.voice(cause)
        case "too_many_concurrent_requests", "system_busy", "max_active_conversations", "rate_limited":
            return errors.busy(cause)
        case "input_timeout_exceeded":
            return errors.unavailable(cause)
        default:
            return errors.closed(code: message.code.flatMap(UInt16.init(exactly:)), cause: cause)
        }
    }
}
