import Codecs
import Foundation
import Parsers

/// What holds for every input of the providers' parsers.
extension Invariants {
    /// Nothing is unbounded, whatever an account sends.
    static func ringCentralEvent(_ input: [UInt8]) {
        guard let event = try? RingCentralNotification(parsing: input) else { return }
        guard case .parties(let parties) = event.kind else { return }
        precondition(parties.count <= RingCentralNotification.maximumParties, "more parties than the limit")
    }

    static func ringoverMetadata(_ input: [UInt8]) {
        guard let metadata = try? RingoverMetadata(parsing: input.span) else { return }
        precondition(metadata.callID?.utf8.count ?? 0 <= 128, "an id longer than the limit")
        precondition([nil, 8000, 16_000].contains(metadata.sampleRate), "a rate nobody can play")
        if let number = metadata.ownNumber {
            precondition(number.first == "+" && number.dropFirst().allSatisfy(\.isNumber), "no E.164 number")
        }
    }

    /// Sound lies behind the header and within the packet.
    static func rtp(_ input: [UInt8]) {
        guard let header = try? RTPHeader(parsing: input.span) else { return }
        precondition(header.payload.lowerBound >= 12, "a header that is heard")
        precondition(header.payload.upperBound <= input.count, "sound beyond the packet")
    }

    /// However the bytes come, the messages are the same, and so is the fault that ends them.
    static func webSocket(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        let whole = messages(bytes, step: max(bytes.count, 1))
        precondition(messages(bytes, step: Int(first) + 1) == whole, "depends on how the bytes came")
        precondition(whole.messages.allSatisfy { $0.count <= 1000 }, "a message longer than the limit")
        precondition(whole.messages.joined().count <= bytes.count, "more was read than came")
    }

    private struct Messages: Equatable {
        var kinds: [MessageReader.Kind] = []
        var messages: [[UInt8]] = []
        var fault: MessageReader.Fault?
    }

    private static func messages(_ bytes: [UInt8], step: Int) -> Messages {
        var reader = MessageReader(longest: 1000, mostParts: 4)
        var read = Messages()
        for start in stride(from: 0, to: bytes.count, by: step) {
            let part = bytes.span.extracting(start..<min(start + step, bytes.count))
            do throws(MessageReader.Fault) {
                try reader.read(part) { kind, message in
                    read.kinds.append(kind)
                    read.messages.append(message.indices.map { message[$0] })
                }
            } catch { read.fault = error }
        }
        return read
    }

    /// A document is equal to itself, and reads the same a second time.
    static func ringoverWebhook(_ input: [UInt8]) {
        guard let value = try? JSONValue(parsing: input) else { return }
        precondition((try? JSONValue(parsing: input)) == value, "reads differently the second time")
    }

    /// No text is a token without the key.
    static func ringoverToken(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        let claims = RingoverToken.claims(of: RingoverToken.withoutBearer(text), key: Array("no vector's key".utf8))
        precondition(claims == nil, "accepted without knowing the key")
    }

    /// However a stream is cut into payloads, the samples are the same.
    static func wire(_ input: [UInt8]) {
        guard let first = input.first, input.count > 1 else { return }
        let formats: [WireFormat] = [.muLaw, .aLaw, .linear8k, .linear16k]
        let format = formats[Int(first & 3)]
        let step = Int(first >> 2) + 1
        let bytes = Array(input.dropFirst())
        guard let whole = decode([bytes], format) else { preconditionFailure("a payload was refused") }
        let parts = stride(from: 0, to: bytes.count, by: step).map { Array(bytes[$0..<min($0 + step, bytes.count)]) }
        guard let cut = decode(parts, format) else { preconditionFailure("a part was refused") }
        precondition(cut == whole, "depends on how the stream was cut")
    }

    private static func decode(_ payloads: [[UInt8]], _ format: WireFormat) -> [Int16]? {
        guard var decoder = try? WireDecoder(format: format) else { return nil }
        var samples: [Int16] = []
        for payload in payloads {
            var room = [Int16](repeating: 0, count: decoder.outputCapacity(for: payload.count))
            var target = room.mutableSpan
            guard let count = try? decoder.decode(payload.span, into: &target) else { return nil }
            samples += room.prefix(count)
        }
        return samples
    }
}
