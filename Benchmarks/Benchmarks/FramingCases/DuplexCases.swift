import CFloor
import Cases
import Codecs
import Engine
import NIOCore

/// The whole pipeline of so many calls between the texts of their sockets, with the recogniser's copy at 16 kHz, beside the
/// same chain in C. The transport's own work (TLS, WebSocket frames, system calls) is in neither; both unmask with the same
/// eight bytes at a time.
public enum DuplexCases {
    public static func crowd(_ calls: Int) -> Crowd {
        let shared = TalkingCall.Shared()
        let encoder = TwilioEncoder(streamSid: FramingCases.streamSid)
        let duplex = Conversation.starts(calls).map { DuplexCall(start: $0, shared: shared, encoder: encoder) }
        let floor = FloorCalls(calls)
        let library = LibraryCalls(calls)
        let resamplers = (0..<calls).map { _ in FloorResampler() }
        return Crowd(
            "Gateway:Call:frame",
            calls: calls,
            floorWork: "unmask, scan, base64 both ways, the chain, 8 to 16 kHz",
            engine: { passes in
                for _ in 0..<passes { for call in duplex { call.frame() } }
            },
            floor: { floor.run($0) },
            library: { passes in
                for _ in 0..<passes {
                    library.run(1)
                    for resampler in resamplers { resampler.run() }
                }
            },
            difference: {
                floor.run(8)
                guard floor.isGood else { return "the floor cannot read the messages" }
                return TalkingCall.difference(duplex.map(\.call)) { duplex[$0].frame() }
            }
        )
    }

    /// The conversation's packets as masked messages; written here only.
    nonisolated(unsafe) private static let texts: UnsafeMutablePointer<floor_text> = {
        let texts = UnsafeMutablePointer<floor_text>.allocate(capacity: Conversation.frameCount)
        let payload = UnsafeMutablePointer<CChar>.allocate(capacity: 216)
        defer { payload.deallocate() }
        for frame in 0..<Conversation.frameCount {
            withUnsafeBytes(of: Conversation.shared.packets[frame].bytes) { bytes in
                floor_base64_encode(bytes.assumingMemoryBound(to: UInt8.self).baseAddress, 0, 1, payload)
            }
            let encoded = String(decoding: (0..<216).map { UInt8(bitPattern: payload[$0]) }, as: UTF8.self)
            let fields =
                #""track":"inbound","chunk":"\#(frame + 1)","timestamp":"\#(frame * 20)","payload":"\#(encoded)""#
            let sid = FramingCases.streamSid
            let message =
                #"{"event":"media","sequenceNumber":"\#(frame + 2)","media":{\#(fields)},"streamSid":"\#(sid)"}"#
            var text = floor_text()
            text.length = Int32(message.utf8.count)
            text.key = (0x5A, UInt8(frame & 0xFF), 0xC3, 0x17)
            withUnsafeMutableBytes(of: &text.bytes) { bytes in
                precondition(message.utf8.count <= bytes.count, "a message fits its slot")
                bytes.copyBytes(from: message.utf8)
            }
            unmask(&text)
            (texts + frame).initialize(to: text)
        }
        return texts
    }()

    private static func unmask(_ text: inout floor_text) {
        var key = text.key
        let length = Int(text.length)
        withUnsafeMutableBytes(of: &text.bytes) { bytes in
            withUnsafeBytes(of: &key) { key in
                floor_unmask(
                    bytes.assumingMemoryBound(to: UInt8.self).baseAddress,
                    length,
                    key.assumingMemoryBound(to: UInt8.self).baseAddress
                )
            }
        }
    }

    private final class FloorResampler {
        private let state = floor_resampler_make(8000, 16000, 3)
        private let output = UnsafeMutablePointer<Int16>.allocate(capacity: 320)
        deinit {
            floor_resampler_free(state)
            output.deallocate()
        }
        func run() { floor_resampler_run(state, Conversation.shared.near, Conversation.mask, 1, output) }
    }

    /// With the statements of `TwilioMediaHandler`.
    private final class DuplexCall {
        let call: TalkingCall
        private let encoder: TwilioEncoder
        private var resampler: Resampler = must { try Resampler(from: 8000, to: 16_000) }
        private let received = UnsafeMutablePointer<UInt8>.allocate(capacity: 512)
        private let wide = UnsafeMutablePointer<Int16>.allocate(capacity: 320)
        private var scratch = [UInt8](repeating: 0, count: 65_536)
        private var buffer = ByteBuffer()

        init(start: Int, shared: TalkingCall.Shared, encoder: TwilioEncoder) {
            call = TalkingCall(start: start, shared: shared)
            self.encoder = encoder
        }

        deinit {
            received.deallocate()
            wide.deallocate()
        }

        func frame() {
            call.frame(
                receive: { receive($0) },
                send: { message in
                    buffer.clear()
                    encoder.writeMedia(message.bytes, to: &buffer)
                    buffer.withUnsafeReadableBytes { floor_keep($0.baseAddress) }
                },
                hear: { frame in
                    var output = MutableSpan(_unsafeStart: wide, count: 320)
                    _ = must { try resampler.process(frame.samples.span, into: &output) }
                    floor_keep(wide)
                }
            )
        }

        private func receive(_ frame: Int) -> MediaPacket {
            let text = DuplexCases.texts + frame
            let length = Int(text.pointee.length)
            withUnsafeBytes(of: &text.pointee.bytes) { bytes in
                UnsafeMutableRawPointer(received).copyMemory(from: bytes.baseAddress!, byteCount: length)
            }
            withUnsafeBytes(of: &text.pointee.key) { key in
                floor_unmask(received, length, key.assumingMemoryBound(to: UInt8.self).baseAddress)
            }
            let span = Span(_unsafeStart: UnsafePointer(received), count: length)
            let fields = must { try TwilioFrame.parse(span) }
            guard let payload = fields.payload else { preconditionFailure("a media message has a payload") }
            let count = must { try Base64Payload.decode(span, payload, into: &scratch) }
            let timestamp = fields.timestamp.map { $0 &* 8 } ?? -1
            var packet = MediaPacket(kind: .audio, count: UInt8(count), timestampSamples: timestamp)
            for index in 0..<count { packet.bytes[index] = scratch[index] }
            return packet
        }
    }

    private final class FloorCalls {
        private let duplexes: [OpaquePointer?]
        private let starts: [Int]
        private let head: [CChar]
        private(set) var isGood = true

        init(_ calls: Int) {
            duplexes = (0..<calls).map { _ in floor_duplex_make() }
            starts = Conversation.starts(calls)
            head = FramingCases.mediaHead
        }

        deinit { for duplex in duplexes { floor_duplex_free(duplex) } }

        func run(_ passes: Int) {
            let good = floor_duplexes_run(
                duplexes,
                duplexes.count,
                DuplexCases.texts,
                Conversation.shared.floorChunks,
                head,
                head.count - 1,
                Conversation.mask,
                starts,
                passes
            )
            isGood = isGood && good
        }
    }
}
