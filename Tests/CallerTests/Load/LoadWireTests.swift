import Caller
import Codecs
import NIOCore
import TestSupport
import Testing

@Suite("Load generator: bytes on the wire")
struct LoadWireTests {
    // MARK: Messages of the engine

    private func scan(_ text: String) -> (kind: LoadMessage.Kind, text: String) {
        let bytes = Array(text.utf8)
        let message = LoadMessage(scanning: bytes.span)
        return (message.kind, String(decoding: bytes[message.text], as: UTF8.self))
    }

    @Test(arguments: [
        (#"{"event":"media","streamSid":"MZ1","media":{"payload":"//8="}}"#, LoadMessage.Kind.media, "//8="),
        (#"{"media":{"payload":"AAAA","track":"x"},"streamSid":"MZ1","event":"media"}"#, .media, "AAAA"),
        (#"{ "event" : "media" , "media" : { "payload" : "AAAA" } }"#, .media, "AAAA"),
        (#"{"event":"media","media":{"payload":"\/\/8="}}"#, .media, #"\/\/8="#),
        (#"{"event":"mark","streamSid":"MZ1","mark":{"name":"p12"}}"#, .mark, "p12"),
        (#"{"event":"mark","mark":{"name":"a \"quoted\" {name}"}}"#, .mark, #"a \"quoted\" {name}"#),
        (#"{"event":"clear","streamSid":"MZ1"}"#, .clear, ""),
        (#"{"event":"hello","payload":"x"}"#, .other, ""),
        (#"{"payload":"event","event":"clear","x":[1,{"event":"media"}]}"#, .clear, ""),
        (#"{"event":"media"}"#, .broken, ""), (#"{"event":"mark","name":"x"}"#, .broken, ""), ("", .broken, ""),
        (#"{"event":"clear""#, .broken, ""), ("{}}", .broken, ""), (#"{"event":"cle"#, .broken, ""),
    ])
    func messagesAreToldApart(_ text: String, _ kind: LoadMessage.Kind, _ inside: String) {
        let found = scan(text)
        #expect(found.kind == kind)
        #expect(found.text == inside)
    }

    @Test func noCutMessageIsTakenForAWholeOne() {
        let whole = Array(#"{"event":"media","streamSid":"MZ\"1","media":{"payload":"AAAA"}}"#.utf8)
        for end in 0..<whole.count {
            let kind = scan(String(decoding: whole[..<end], as: UTF8.self)).kind
            #expect(kind == .broken, "\(end)")
        }
    }

    // MARK: Frames to the engine

    /// Undoes the client's framing as RFC 6455 section 5.3 says.
    private func unmask(_ buffer: inout ByteBuffer) -> (opcode: UInt8, text: [UInt8], key: [UInt8])? {
        guard let first = buffer.readInteger(as: UInt8.self), let second = buffer.readInteger(as: UInt8.self),
            second & 0x80 != 0
        else { return nil }
        var length = Int(second & 0x7F)
        if length == 126 { length = Int(buffer.readInteger(as: UInt16.self) ?? 0) }
        if length == 127 { length = Int(buffer.readInteger(as: UInt64.self) ?? 0) }
        guard let key = buffer.readBytes(length: 4), let bytes = buffer.readBytes(length: length) else { return nil }
        return (first, bytes.enumerated().map { $0.element ^ key[$0.offset % 4] }, key)
    }

    @Test func mediaIsAMaskedTextFrameWithItsNumbers() throws {
        var frames = LoadFrames(seed: 1)
        var buffer = ByteBuffer()
        let audio = [UInt8](0..<160)
        let text = LineCodecVector.base64(audio) + LineCodecVector.base64(audio.reversed())
        let tail = Array(#""},"streamSid":"MZ1"}"#.utf8)
        for (sequence, start) in [(2, 0), (1_000_000, 216)] {
            frames.writeMedia(
                sequence: sequence,
                chunk: sequence - 1,
                timestamp: (sequence - 2) * 20,
                text: text,
                start: start,
                tail: tail,
                into: &buffer
            )
        }
        let first = try #require(unmask(&buffer))
        let second = try #require(unmask(&buffer))
        #expect(buffer.readableBytes == 0)
        #expect(first.opcode == 0x81 && first.key != second.key)
        let payload = String(decoding: text[..<216], as: UTF8.self)
        let wanted =
            #"{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"0","#
            + #""payload":"\#(payload)"},"streamSid":"MZ1"}"#
        #expect(String(decoding: first.text, as: UTF8.self) == wanted)
        #expect(String(decoding: second.text, as: UTF8.self).contains(#""timestamp":"19999960""#))
    }

    @Test(arguments: [0, 1, 125, 126, 65_535, 65_536]) func framesOfEverySizeAreFramed(_ size: Int) throws {
        var frames = LoadFrames(seed: 2)
        var buffer = ByteBuffer()
        let bytes = (0..<size).map { UInt8($0 & 0xFF) }
        frames.write(.text, bytes, into: &buffer)
        #expect(try #require(unmask(&buffer)).text == bytes)
    }

    @Test func aMarkGoesBackUnderItsOwnName() throws {
        var frames = LoadFrames(seed: 3)
        var buffer = ByteBuffer()
        let name = Array(#"a\"b"#.utf8)
        frames.writeMark(sequence: 7, name: name[...], streamSid: Array("MZ1".utf8), into: &buffer)
        let text = String(decoding: try #require(unmask(&buffer)).text, as: UTF8.self)
        #expect(text == #"{"event":"mark","sequenceNumber":"7","streamSid":"MZ1","mark":{"name":"a\"b"}}"#)
    }

    // MARK: Frames of the engine

    private func next(_ bytes: [UInt8], _ position: Int) -> LoadFrameReader.Step {
        LoadFrameReader.next(bytes.span, at: position)
    }

    @Test func framesAreFoundWhereverTheyAreCut() {
        let stream: [UInt8] = [0x81, 2, 0x61, 0x62, 0x89, 0, 0x81, 126, 0, 3, 1, 2, 3]
        for end in 0..<stream.count {
            var position = 0
            var found = 0
            while case .frame(_, _, let payload) = next(Array(stream[..<end]), position) {
                position = payload.upperBound
                found += 1
            }
            #expect(found == (end >= 6 ? 2 : end >= 4 ? 1 : 0))
        }
        #expect(next(stream, 6) == .frame(.text, isFinal: true, payload: 10..<13))
    }

    @Test(
        arguments: [
            [0x81, 0x82, 0, 0, 0, 0, 1, 2], [0xC1, 0], [0x83, 0], [0x89, 126, 0, 200], [0x09, 0],
            [0x81, 127, 0xFF, 0, 0, 0, 0, 0, 0, 0], [0x81, 127, 0, 0, 0, 0, 0, 0x20, 0, 0],
        ] as [[UInt8]]
    )
    func whatBreaksTheProtocolIsBroken(_ bytes: [UInt8]) {
        #expect(next(bytes, 0) == .broken)
    }

    /// The example of RFC 6455 section 1.3.
    @Test func theServersProofIsTheStandards() {
        #expect(LoadHandshake.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    // MARK: Audible or not

    private func isAudible(_ samples: [Int16]) -> Bool {
        let text = LineCodecVector.base64(samples.map { MuLaw.byte($0) })
        return LoadLoudness.isAudible(text.span)
    }

    @Test func speechIsAudibleAndLineNoiseIsNot() {
        var random = SeededGenerator(seed: 4)
        for level in [1, 2, 8, 24] as [Int16] {
            #expect(!isAudible((0..<160).map { _ in Int16.random(in: -level...level, using: &random) }), "\(level)")
        }
        for level in [800, 4000, 20_000] as [Int16] {
            #expect(isAudible((0..<160).map { _ in Int16.random(in: -level...level, using: &random) }), "\(level)")
        }
        #expect(isAudible((0..<8).map { _ in 4000 }))
        #expect(!isAudible([]))
        let nonsense = [UInt8](repeating: UInt8(ascii: "?"), count: 216)
        let isNonsenseAudible = LoadLoudness.isAudible(nonsense.span)
        #expect(!isNonsenseAudible)
    }

    @Test(arguments: [0, 1, 2, 3, 159, 160, 161]) func bytesAreCountedWithoutDecoding(_ count: Int) {
        let text = LineCodecVector.base64([UInt8](repeating: 7, count: count))
        let counted = LoadLoudness.audioBytes(text.span)
        #expect(counted == count)
    }
}

/// Base64 as Foundation's own would write it, from the tested codec.
private enum LineCodecVector {
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: Base64.encodedCount(for: bytes.count))
        var output = text.mutableSpan
        _ = try? Base64.encode(bytes.span, into: &output)
        return text
    }
}
