import Gateway
import TestSupport
import Testing

@Suite("RTP header")
struct RTPHeaderTests {
    private func read(_ bytes: [UInt8]) -> Result<RTPHeader, RTPHeader.Fault> {
        do throws(RTPHeader.Fault) { return .success(try RTPHeader(parsing: bytes.span)) } catch {
            return .failure(error)
        }
    }

    /// 4 bytes of sound behind whatever the header holds.
    private static let plain: [UInt8] = [0x80, 0, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9]
    /// Two contributing sources, an extension of one word, three bytes of padding.
    private static let full: [UInt8] =
        [0xB2, 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 0, 7] + [0, 0, 0, 1, 0, 0, 0, 2]
        + [0xBE, 0xDE, 0, 1, 0x10, 0, 0, 0] + [1, 0, 2, 0] + [0, 0, 3]

    @Test func theFixedPartIsRead() throws {
        let header = try read(Self.plain).get()
        #expect(header.sequence == 0x1234 && header.timestamp == 0x0102_0304 && header.source == 0x0506_0708)
        #expect(header.payload == 12..<16)
    }

    @Test func sourcesAndExtensionAreSkippedAndPaddingIsRemoved() throws {
        let header = try read(Self.full).get()
        #expect(header.sequence == 65_535 && header.timestamp == 0xFFFF_FFFE && header.source == 7)
        #expect(header.payload == 28..<32)
    }

    @Test func aPacketMayHoldNothing() throws {
        #expect(try read(Array(Self.plain.prefix(12))).get().payload == 12..<12)
        let padded: [UInt8] = [0xA0] + Self.plain[1..<12]
        #expect(try read(padded + [0, 0, 0, 4]).get().payload == 12..<12)
        #expect(try read([0x81] + Self.plain[1...]).get().payload == 16..<16)
    }

    @Test(arguments: 0..<35) func aHeaderThatIsCutIsAFaultOrEndsWhereItIsCut(_ count: Int) throws {
        switch read(Array(Self.full.prefix(count))) {
        case .success(let header): #expect(header.payload.lowerBound == 28 && header.payload.upperBound <= count)
        case .failure(let fault): #expect(fault == (count < 12 ? .missing : .broken))
        }
    }

    @Test func whatIsNoRTPIsNotTakenForIt() {
        for first in [0x00, 0x40, 0xC0] as [UInt8] { #expect(read([first] + Self.plain[1...]) == .failure(.missing)) }
        // RTCP: a sender's and a receiver's report.
        for type in [200, 201] as [UInt8] { #expect(read([0x80, type] + Self.plain[2...]) == .failure(.missing)) }
        // Marked payload types of sound: L16 in one channel, dynamic ones.
        for type in [0x8B, 0xE0, 0xFF] as [UInt8] {
            #expect((try? read([0x80, type] + Self.plain[2...]).get()) != nil)
        }
    }

    @Test func whatGoesBeyondThePacketIsAFault() {
        #expect(read([0x8F] + Self.plain[1...]) == .failure(.broken), "fifteen sources")
        let head: [UInt8] = [0x90] + Self.plain[1..<12]
        #expect(read(head + [0, 0, 0]) == .failure(.broken), "an extension without its length")
        #expect(read(head + [0, 0, 0xFF, 0xFF]) == .failure(.broken))
        #expect(read(head + [0, 0, 0, 1, 0, 0, 0]) == .failure(.broken))
        let padded: [UInt8] = [0xA0] + Self.plain[1..<12]
        for padding in [[], [0], [2], [0, 0, 4], [1, 0, 255]] as [[UInt8]] {
            #expect(read(padded + padding) == .failure(.broken), "\(padding)")
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func whateverComesNothingBreaks(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var taken = 0
        for _ in 0..<5000 {
            var packet = Self.full
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                packet[Int.random(in: 0..<packet.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            packet.removeLast(Int.random(in: 0...packet.count, using: &random))
            guard let header = try? read(packet).get() else { continue }
            taken += 1
            #expect(header.payload.lowerBound >= 12 && header.payload.upperBound <= packet.count)
        }
        #expect(taken > 0)
    }
}
