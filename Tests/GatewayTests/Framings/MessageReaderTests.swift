import Gateway
import NIOCore
import NIOEmbedded
import NIOWebSocket
import TestSupport
import Testing

@Suite("WebSocket messages")
struct MessageReaderTests {
    private struct Message: Equatable {
        var kind: MessageReader.Kind
        var bytes: [UInt8]
    }

    private struct Outcome: Equatable {
        var messages: [Message] = []
        var fault: MessageReader.Fault?
    }

    private static let longest = 65_536

    /// - Parameter step: bytes given at once.
    private func read(_ bytes: [UInt8], step: Int = .max, longest: Int = longest) -> Outcome {
        var reader = MessageReader(longest: longest, mostParts: 16)
        var outcome = Outcome()
        var offset = 0
        while offset < bytes.count {
            let end = offset + min(step, bytes.count - offset)
            do throws(MessageReader.Fault) {
                try reader.read(bytes.span.extracting(offset..<end)) { kind, text in
                    outcome.messages.append(Message(kind: kind, bytes: text.indices.map { text[$0] }))
                }
            } catch { outcome.fault = error }
            offset = end
        }
        return outcome
    }

    private func frame(_ opcode: UInt8, _ bytes: [UInt8], fin: Bool = true) -> [UInt8] {
        TestSocket.frame(opcode: opcode, bytes, fin: fin)
    }

    private func noise(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) } }

    @Test(arguments: [0, 1, 7, 8, 9, 125, 126, 379, 1023, 1025, 65_535, 65_536])
    func aMessageOfAnyLengthIsRead(_ count: Int) {
        let text = noise(count)
        #expect(read(frame(1, text)) == Outcome(messages: [Message(kind: .text, bytes: text)]))
        #expect(read(frame(2, text) + frame(1, [65])).messages.map(\.kind) == [.binary, .text])
    }

    @Test(arguments: [1, 2, 3, 5, 8, 13, 100, 1000])
    func howTheBytesCameChangesNothing(_ step: Int) {
        let bytes =
            frame(1, noise(379)) + frame(1, noise(5), fin: false) + frame(9, [1, 2]) + frame(0, noise(700), fin: false)
            + frame(10, []) + frame(0, [], fin: true) + frame(2, noise(3000)) + frame(8, [3, 232])
        let whole = read(bytes)
        #expect(whole.fault == nil)
        #expect(whole.messages.map(\.kind) == [.text, .ping, .pong, .text, .binary, .close])
        #expect(whole.messages[3].bytes == noise(5) + noise(700))
        #expect(read(bytes, step: step) == whole)
    }

    @Test func anUnmaskedFrameIsAFault() {
        #expect(read(TestSocket.frame(opcode: 1, [65], masked: false)).fault == .broken)
    }

    @Test(arguments: [0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF] as [UInt8])
    func anOpcodeNobodyDefinedIsAFault(_ opcode: UInt8) {
        #expect(read(frame(opcode, [])).fault == .broken)
        #expect(read([0x80 | opcode]).fault == .broken, "seen in the first byte")
    }

    @Test(arguments: [0x10, 0x20, 0x40, 0x70] as [UInt8])
    func aReservedBitIsAFault(_ bit: UInt8) {
        var bytes = frame(1, [65])
        bytes[0] |= bit
        #expect(read(bytes).fault == .broken)
    }

    @Test func aControlFrameIsWholeAndShort() {
        #expect(read(frame(9, noise(125))).messages.count == 1)
        #expect(read(frame(9, noise(126))).fault == .broken)
        for opcode in [8, 9, 10] as [UInt8] { #expect(read(frame(opcode, [1], fin: false)).fault == .broken) }
    }

    @Test func partsComeInOrder() {
        #expect(read(frame(0, [65])).fault == .broken)
        #expect(read(frame(1, [65], fin: false) + frame(1, [66])).fault == .broken)
        #expect(read(frame(1, [65], fin: false) + frame(2, [66], fin: false)).fault == .broken)
    }

    @Test func theNumberOfPartsIsBounded() {
        let most = frame(1, [65], fin: false) + (0..<14).flatMap { _ in frame(0, [65], fin: false) }
        #expect(read(most + frame(0, [65])).messages.first?.bytes.count == 16)
        #expect(read(most + frame(0, [65], fin: false)).fault == .broken)
        let next = most + frame(0, [65]) + frame(1, [66], fin: false) + frame(0, [67])
        #expect(read(next).messages.last?.bytes == [66, 67], "counted anew")
    }

    @Test func theLengthIsBounded() {
        #expect(read(frame(1, noise(100)), longest: 100).fault == nil)
        #expect(read(frame(1, noise(101)), longest: 100).fault == .tooLarge)
        let parts = frame(1, noise(60), fin: false) + frame(0, noise(41))
        #expect(read(parts, longest: 100).fault == .tooLarge)
        #expect(read(parts, longest: 101).fault == nil)
        let pinged = frame(1, noise(60), fin: false) + frame(9, noise(100)) + frame(0, [65])
        #expect(read(pinged, longest: 100).fault == nil)
        for length in [[0xFF, 0xFF], [0x7F, 0xFF], [0, 1]] as [[UInt8]] {
            let head: [UInt8] = [0x81, 0xFF] + length + [0, 0, 0, 0, 0, 0]
            #expect(read(head + [1, 2, 3, 4]).fault == .tooLarge, "before anything of it has come")
        }
    }

    @Test func afterAFaultOrACloseNothingIsRead() {
        #expect(read(frame(3, []) + frame(1, [65]), step: 1).messages.isEmpty)
        #expect(read(frame(8, []) + frame(1, [65])).messages.map(\.kind) == [.close])
        #expect(read(frame(8, []) + frame(1, [65]), step: 1).messages.map(\.kind) == [.close])
    }

    /// What the library's decoder and aggregator make of frames in any order is what the reader makes of them in any pieces.
    @Test(arguments: 0..<200) func agreesWithTheLibrary(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var frames: [[UInt8]] = []
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let opcode: UInt8 = [0, 0, 1, 1, 2, 9, 10].randomElement(using: &random) ?? 1
            let most = opcode > 7 ? 130 : 400
            let count = Int.random(in: 0...most, using: &random)
            let isFinal = opcode > 7 ? Int.random(in: 0..<20, using: &random) > 0 : Bool.random(using: &random)
            frames.append(frame(opcode, noise(count), fin: isFinal))
        }
        let step = Int.random(in: 1...600, using: &random)
        let own = read(Array(frames.joined()), step: step, longest: 1000)
        #expect(own == (try readByTheLibrary(frames)))
    }

    /// - Parameter frames: given one at a time, because the aggregator reads on after a fault.
    private func readByTheLibrary(_ frames: [[UInt8]]) throws -> Outcome {
        let channel = EmbeddedChannel()
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: 1000)))
        try pipeline.addHandler(
            NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0,
                maxAccumulatedFrameCount: 16,
                maxAccumulatedFrameSize: 1000
            )
        )
        var outcome = Outcome()
        for frame in frames where outcome.fault == nil {
            do {
                try channel.writeInbound(ByteBuffer(bytes: frame))
            } catch NIOWebSocketError.invalidFrameLength {
                outcome.fault = .tooLarge
            } catch NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge {
                outcome.fault = .tooLarge
            } catch { outcome.fault = .broken }
            while let frame = try channel.readInbound(as: WebSocketFrame.self) {
                let kind: MessageReader.Kind? =
                    switch frame.opcode {
                    case .text: .text
                    case .binary: .binary
                    case .ping: .ping
                    case .pong: .pong
                    default: nil
                    }
                guard let kind else { continue }
                outcome.messages.append(Message(kind: kind, bytes: Array(frame.unmaskedData.readableBytesView)))
            }
        }
        _ = try? channel.finish()
        return outcome
    }
}
