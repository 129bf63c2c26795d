import Actors
import Legs
import TestSupport
import Testing
import VendorServers

/// What each fault of a vendor's service must look like from outside.
enum VoiceFaults {
    /// - Parameter overHTTP: a text that ends inside a character can only be an error's there.
    static func code(_ fault: VendorFault, overHTTP: Bool) -> String {
        switch fault {
        case .unauthorized: "refused"
        case .tooManyRequests: "busy"
        case .serverError, .reset: "unavailable"
        case .malformed, .endless: "protocol"
        case .halfOpen, .slowDrip: "timeout"
        case .truncatedUTF8: overHTTP ? "refused" : "protocol"
        case .empty: "voice"
        }
    }

    /// Faults that show only by time.
    static func isLate(_ fault: VendorFault) -> Bool { fault == .halfOpen || fault == .slowDrip }

    static func limits(_ fault: VendorFault) -> VoiceLimits {
        isLate(fault) ? VoiceBench.hasty() : VoiceBench.patient()
    }

    /// One clear error, in words that hold nothing of the text, the key or the vendor's prose.
    static func expect(_ error: LegError?, _ fault: VendorFault, provider: String, overHTTP: Bool) {
        let code = code(fault, overHTTP: overHTTP)
        #expect(error?.code == code, "\(fault): \(String(describing: error))")
        #expect(error?.leg == .tts)
        #expect(error?.provider == provider)
        #expect(error?.isRetryable == ["unavailable", "busy", "timeout", "voice"].contains(code))
        if fault == .tooManyRequests { #expect(error?.retryAfter == .seconds(1)) }
        for secret in ["spoken", "test-key", "prose", "oops", "caf"] {
            #expect(error?.cause.contains(secret) == false, "\(String(describing: error))")
        }
    }

    /// Pieces of one voice, some met by a fault and some given up by their reader, several at a time.
    ///
    /// - Parameters:
    ///   - set: makes the server do this fault from now on.
    /// - Returns: how many came to their end, failed, and were given up.
    static func storm(
        _ voice: any Synthesizer,
        pieces: Int,
        seed: UInt64,
        set: @escaping @Sendable (VendorFault?) -> Void
    ) async -> (whole: Int, failed: Int, given: Int) {
        enum Outcome { case whole, failed, given }
        var random = SeededGenerator(seed: seed)
        var counts = (whole: 0, failed: 0, given: 0)
        await withTaskGroup(of: Outcome.self) { group in
            func collect(_ outcome: Outcome) {
                switch outcome {
                case .whole: counts.whole += 1
                case .failed: counts.failed += 1
                case .given: counts.given += 1
                }
            }
            for number in 0..<pieces {
                if number >= 8, let outcome = await group.next() { collect(outcome) }
                set(Bool.random(using: &random) ? VendorFault.allCases.randomElement(using: &random) : nil)
                let deltas = Bool.random(using: &random) ? Int.random(in: 0...3, using: &random) : nil
                let gate = Bool.random(using: &random)
                group.addTask {
                    let reader = Task {
                        var left = deltas
                        for try await delta in voice.synthesize(VoiceBench.request("Piece number \(number) of many.")) {
                            if left == 0 { return false }
                            if case .audio = delta { left = left.map { $0 - 1 } }
                        }
                        return true
                    }
                    // Some go away before anything came.
                    if deltas != nil, gate { reader.cancel() }
                    do {
                        return try await reader.value ? (deltas != nil && gate ? .given : .whole) : .given
                    } catch {
                        if !(error is LegError) { Issue.record("no LegError: \(error)") }
                        return .failed
                    }
                }
            }
            for await outcome in group { collect(outcome) }
        }
        return counts
    }
}
