import Codecs
import Foundation
import Parsers

/// What holds for every input of a parser. A broken one traps, which the fuzzer reports like a crash.
enum Invariants {
    /// What decodes is what the library decodes, and encodes to itself.
    static func base64(_ input: [UInt8]) {
        var output = [UInt8](repeating: 0, count: Base64.decodedCapacity(for: input.count) + 3)
        var target = output.mutableSpan
        guard let count = try? Base64.decode(input.span, into: &target) else { return }
        let decoded = Array(output.prefix(count))
        let reference = Data(base64Encoded: Data(input)).map(Array.init)
        precondition(reference == nil || reference == decoded, "differs from the library")
        var text = [UInt8](repeating: 0, count: Base64.encodedCount(for: count))
        var room = text.mutableSpan
        let written = try? Base64.encode(decoded.span, into: &room)
        precondition(written == text.count, "its own output does not fit")
        precondition(Data(base64Encoded: Data(text)).map(Array.init) == decoded, "does not round trip")
    }

    /// Written out again, a form reads as the same pairs.
    static func form(_ input: [UInt8]) {
        guard let form = try? FormParameters(parsing: input) else { return }
        precondition(form.pairs.count <= 256, "more pairs than the limit")
        let text = form.pairs.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
        guard let again = try? FormParameters(parsing: Array(text.utf8)) else {
            preconditionFailure("does not read again")
        }
        precondition(again == form, "does not round trip")
    }

    /// Positions stay inside the text, and what is skipped is a value a second scan skips alike.
    static func json(_ input: [UInt8]) {
        let text = input.span
        var at = 0
        let isValue = (try? JSONText.skip(text, &at)) != nil
        precondition(at >= 0 && at <= text.count, "left the text")
        guard isValue else { return }
        let part = Array(input[..<at])
        var again = 0
        precondition((try? JSONText.skip(part.span, &again)) != nil && again == at, "depends on what follows it")
    }

    static func twilioFrame(_ input: [UInt8]) {
        let text = input.span
        guard let frame = try? TwilioFrame.parse(text) else { return }
        for range in [frame.streamSid?.range, frame.payload?.range, frame.name?.range].compactMap(\.self) {
            precondition(range.lowerBound >= 0 && range.upperBound <= text.count, "a range outside the text")
        }
        guard let payload = frame.payload else { return }
        var audio = [UInt8](repeating: 0, count: input.count + 3)
        if let count = try? Base64Payload.decode(text, payload, into: &audio) {
            precondition(count <= input.count, "more audio than text")
        }
    }

    static func twilioStart(_ input: [UInt8]) {
        _ = try? JSONDecoder().decode(TwilioStart.self, from: Data(input))
    }

    /// Four lines: header, settings, URL, body. Nothing is accepted without the token, whatever it looks like.
    static func twilioSignature(_ input: [UInt8]) {
        let parts = input.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 4 else { return }
        let body = Array(parts[3].utf8)
        let form = (try? FormParameters(parsing: body)) ?? FormParameters()
        for isForm in [true, false] {
            let request = TwilioSignature.Request(
                url: parts[2],
                parameters: form,
                body: body,
                isForm: isForm,
                signature: parts[0],
                settings: parts[1].isEmpty ? nil : parts[1]
            )
            let guardian = TwilioSignature(
                tokens: ["a token no vector was signed with"],
                sharedKeys: ["k": "secret-of-k"]
            )
            precondition(!guardian.isValid(request), "accepted without knowing the token")
        }
    }

    static func wav(_ input: [UInt8]) {
        guard let file = try? WAVFile(parsing: input) else { return }
        precondition(file.channels.allSatisfy { $0.count == file.frameCount }, "channels of different lengths")
        precondition(file.channels.count <= 32, "more channels than the limit")
        guard file.frameCount < 4000 else { return }
        _ = try? file.mono(at: 8000)
    }

    static func ogg(_ input: [UInt8]) {
        guard let file = try? OggOpusFile(parsing: input, limits: .init(maximumSeconds: 10)) else { return }
        precondition(file.playedSamples >= 0, "plays less than nothing")
        _ = try? file.decode(at: 48_000)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.count == 1 ? "0" + hex : hex)
        }.joined()
    }
}
