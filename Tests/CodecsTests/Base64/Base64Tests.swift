import Codecs
import Foundation
import Testing

private func decode(_ text: [UInt8]) throws(Base64Error) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Base64.decodedCapacity(for: text.count))
    var span = output.mutableSpan
    let count = try Base64.decode(text.span, into: &span)
    return Array(output[..<count])
}

private func encode(_ bytes: [UInt8]) throws(Base64Error) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Base64.encodedCount(for: bytes.count))
    var span = output.mutableSpan
    let count = try Base64.encode(bytes.span, into: &span)
    return Array(output[..<count])
}

@Suite("Base64")
struct Base64Tests {
    /// RFC 4648 section 10.
    static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test(arguments: vectors) func vectorsOfTheRFC(plain: String, text: String) throws {
        #expect(try encode(Array(plain.utf8)) == Array(text.utf8))
        #expect(try decode(Array(text.utf8)) == Array(plain.utf8))
    }

    @Test func everyLengthAgreesWithFoundation() throws {
        var random = SeededGenerator(seed: 64)
        for count in 0...200 {
            let bytes = random.bytes(count)
            let text = try encode(bytes)
            #expect(text == Array(Data(bytes).base64EncodedString().utf8))
            #expect(try decode(text) == bytes)
        }
    }

    static let faults: [(String, Base64Error)] = [
        ("Zg=", .badLength(3)),
        ("Zg", .badLength(2)),
        ("Zm9v\n", .badLength(5)),
        ("Zm9*", .badCharacter(byte: 0x2A, offset: 3)),
        ("Zm9vZ-8=", .badCharacter(byte: 0x2D, offset: 5)),
        ("Zg==Zm9v", .badCharacter(byte: 0x3D, offset: 2)),
        ("====", .badCharacter(byte: 0x3D, offset: 0)),
        ("Z===", .badCharacter(byte: 0x3D, offset: 1)),
        ("Zm=v", .badCharacter(byte: 0x3D, offset: 2)),
        ("Zh==", .badPadding(offset: 1)),
        ("Zm9=", .badPadding(offset: 2)),
        (#"Zm9v\/8="#, .badCharacter(byte: 0x5C, offset: 4)),
    ]

    @Test(arguments: faults) func faultsAreNamedWithTheirPlace(text: String, error: Base64Error) {
        #expect(throws: error) { try decode(Array(text.utf8)) }
    }

    @Test func everyByteOutsideTheAlphabetIsRefusedInEveryPlace() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for byte in UInt8.min ... .max where !alphabet.contains(byte) {
            for place in 0..<8 where !(byte == UInt8(ascii: "=") && place == 7) {
                var text = Array("Zm9vYmFy".utf8)
                text[place] = byte
                #expect(throws: Base64Error.badCharacter(byte: byte, offset: place)) { try decode(text) }
            }
        }
    }

    @Test func aShortOutputIsRefusedAndNothingIsWritten() {
        var output: [UInt8] = [7, 7]
        var span = output.mutableSpan
        let text = Array("Zm9v".utf8)
        let bytes: [UInt8] = [1]
        #expect(throws: Base64Error.outputTooSmall(needed: 3, capacity: 2)) {
            try Base64.decode(text.span, into: &span)
        }
        #expect(throws: Base64Error.outputTooSmall(needed: 4, capacity: 2)) {
            try Base64.encode(bytes.span, into: &span)
        }
        #expect(output == [7, 7])
    }

    @Test func theExactOutputSizeSufficesBesidePadding() throws {
        var output = [UInt8](repeating: 0, count: 1)
        var span = output.mutableSpan
        let text = Array("Zg==".utf8)
        #expect(try Base64.decode(text.span, into: &span) == 1)
        #expect(output == [UInt8(ascii: "f")])
    }

    /// Whatever is accepted has exactly one spelling, and agrees with an independent decoder.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func mutatedTextIsRefusedOrDecodesToWhatEncodesBack(seed: UInt64) throws
    {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0...24, using: &random)
            var text = try encode(random.bytes(count))
            switch Int.random(in: 0...3, using: &random) {
            case 0: text = Array(text.prefix(Int.random(in: 0...text.count, using: &random)))
            case 1 where !text.isEmpty:
                text[Int.random(in: text.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            case 2: text.insert(UInt8(ascii: "="), at: Int.random(in: 0...text.count, using: &random))
            default: text += random.bytes(Int.random(in: 0...4, using: &random))
            }
            guard let bytes = try? decode(text) else { continue }
            #expect(try encode(bytes) == text, "seed \(seed)")
            #expect(Data(base64Encoded: Data(text)).map(Array.init) == bytes, "seed \(seed)")
        }
    }

    @Test func everyTruncationOfAFrameIsRefusedOrIsItsPrefix() throws {
        var random = SeededGenerator(seed: 160)
        let frame = random.bytes(160)
        let text = try encode(frame)
        for length in 0..<text.count {
            if length % 4 != 0 {
                #expect(throws: Base64Error.badLength(length)) { try decode(Array(text[..<length])) }
            } else {
                #expect(try decode(Array(text[..<length])) == Array(frame[..<(length / 4 * 3)]))
            }
        }
    }
}
