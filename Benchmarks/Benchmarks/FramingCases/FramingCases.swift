import CFloor
import Cases
import Codecs
import Engine
import NIOCore

/// Twilio's media message, in and out.
public enum FramingCases {
    public static func all() -> [Case] { [parse(), receive(), write(), DuplexCases.crowd(1).asCase] }

    static let streamSid = "MZ00112233445566778899aabbccddeeff"
    /// A media message as the vendor documents it, 379 bytes.
    static let message: [UInt8] = {
        let payload = String(decoding: (0..<216).map { Recording.shared.text(40)[$0] }, as: UTF8.self)
        let media = #"{"track":"inbound","chunk":"122","timestamp":"2440","payload":"\#(payload)"}"#
        let text = #"{"event":"media","sequenceNumber":"123","media":\#(media),"streamSid":"\#(streamSid)"}"#
        precondition(text.utf8.count == 379, "the message has \(text.utf8.count) bytes")
        return Array(text.utf8)
    }()

    /// What a media message to the provider begins with: the WebSocket frame's header, then the text up to the payload.
    static let mediaHead: [CChar] = {
        let text = #"{"event":"media","streamSid":"\#(streamSid)","media":{"payload":""#
        let header = TextFrame.header(payloadBytes: text.utf8.count + 216 + 3).map(CChar.init(bitPattern:))
        return header + Array(text.utf8CString)
    }()

    /// The message in memory that lives as long as the process.
    private static func text() -> UnsafeMutablePointer<UInt8> {
        let pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: message.count)
        pointer.initialize(from: message, count: message.count)
        return pointer
    }

    private static func parse() -> Case {
        let text = text()
        let length = message.count
        let characters = UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self)
        let output = UnsafeMutablePointer<TwilioFrame>.allocate(capacity: 1)
        let scan = UnsafeMutablePointer<floor_scan>.allocate(capacity: 1)
        output.initialize(to: TwilioFrame())
        scan.initialize(to: floor_scan())
        return Case(
            "Gateway:TwilioFrame:parse:379",
            floorWork: "one pass over the text into pointers and lengths",
            engine: { count in
                for _ in 0..<count {
                    output.pointee = must { try TwilioFrame.parse(Span(_unsafeStart: text, count: length)) }
                    floor_keep(output)
                }
            },
            floor: { floor_scan_messages(characters, length, $0, scan) },
            difference: {
                let frame = must { try TwilioFrame.parse(Span(_unsafeStart: text, count: length)) }
                guard floor_scan_message(characters, length, scan) else { return "the floor refuses the message" }
                let found = scan.pointee
                let same =
                    frame.event == .media && found.event == 1 && frame.isInbound == found.inbound
                    && frame.sequence == found.sequence && frame.timestamp == found.timestamp
                    && frame.payload?.range.lowerBound == found.payload - characters
                    && frame.payload?.range.count == found.payload_length
                    && frame.streamSid?.range.lowerBound == found.sid - characters
                    && frame.streamSid?.range.count == found.sid_length
                return same ? nil : "the fields found"
            }
        )
    }

    private final class Receiver {
        // As in the socket's handler: one buffer for as long as the socket lives.
        var scratch = [UInt8](repeating: 0, count: 65_536)
        var writer: RingWriter<MediaPacket>
        var reader: RingReader<MediaPacket>

        init() {
            var ends = RingEnds(capacity: RingCapacity.inbound, initial: MediaPacket(kind: .audio))
            writer = ends.takeWriter()
            reader = ends.takeReader()
        }

        func receive(_ text: Span<UInt8>) {
            let frame = must { try TwilioFrame.parse(text) }
            guard let payload = frame.payload else { return }
            let count = must { try Base64Payload.decode(text, payload, into: &scratch) }
            let timestamp = frame.timestamp.map { $0 &* 8 } ?? -1
            var packet = MediaPacket(kind: .audio, count: UInt8(count), timestampSamples: timestamp)
            for index in 0..<count { packet.bytes[index] = scratch[index] }
            writer.push(packet)
        }
    }

    /// What one inbound message costs from its text to the call's ring, with the statements of `TwilioMediaHandler`.
    private static func receive() -> Case {
        let text = text()
        let length = message.count
        let characters = UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self)
        let receiver = Receiver()
        let output = UnsafeMutablePointer<MediaPacket>.allocate(capacity: 1)
        let floorOutput = UnsafeMutablePointer<floor_packet>.allocate(capacity: 1)
        output.initialize(to: MediaPacket(kind: .mark))
        floorOutput.initialize(to: floor_packet())
        return Case(
            "Gateway:TwilioFrame:receive:379",
            floorWork: "scan, table base64, memcpy into a ring and out",
            engine: { count in
                for _ in 0..<count {
                    receiver.receive(Span(_unsafeStart: text, count: length))
                    if let packet = receiver.reader.pop() { output.pointee = packet }
                    floor_keep(output)
                }
            },
            floor: { _ = floor_receive_messages(characters, length, $0, floorOutput) },
            difference: {
                receiver.receive(Span(_unsafeStart: text, count: length))
                guard let packet = receiver.reader.pop(), floor_receive_messages(characters, length, 1, floorOutput)
                else { return "no packet" }
                let frame = Recording.shared.frame(40)
                let same = (0..<160).allSatisfy { packet.bytes[$0] == frame[$0] }
                let floorSame = withUnsafeBytes(of: floorOutput.pointee.bytes) { bytes in
                    (0..<160).allSatisfy { bytes[$0] == packet.bytes[$0] }
                }
                return same && floorSame && packet.timestampSamples == floorOutput.pointee.timestamp
                    ? nil : "the packet"
            }
        )
    }

    private final class Sender {
        let encoder = TwilioEncoder(streamSid: FramingCases.streamSid)
        var buffer = ByteBuffer()
        let frames: [FrameBytes] = (0..<Recording.frameCount).map { index in
            var bytes = FrameBytes(repeating: 0)
            for sample in 0..<160 { bytes[sample] = Recording.shared.frame(index)[sample] }
            return bytes
        }
    }

    private static func write() -> Case {
        let sender = Sender()
        let head = mediaHead
        let headLength = head.count - 1
        let output = UnsafeMutablePointer<CChar>.allocate(capacity: 512)
        let bytes = Recording.shared.bytes
        return Case(
            "Gateway:TwilioEncoder:writeMedia:160",
            floorWork: "memcpy, table base64, memcpy",
            engine: { count in
                for index in 0..<count {
                    sender.buffer.clear()
                    sender.encoder.writeMedia(sender.frames[index & Recording.mask], to: &sender.buffer)
                    sender.buffer.withUnsafeReadableBytes { floor_keep($0.baseAddress) }
                }
            },
            floor: { _ = floor_build_messages(head, headLength, bytes, Recording.mask, $0, false, output) },
            difference: {
                for index in 0..<Recording.frameCount {
                    sender.buffer.clear()
                    sender.encoder.writeMedia(sender.frames[index], to: &sender.buffer)
                    let length = floor_build_messages(head, headLength, bytes + index * 160, 0, 1, false, output)
                    let same = sender.buffer.withUnsafeReadableBytes { text in
                        text.count == length && (0..<length).allSatisfy { CChar(bitPattern: text[$0]) == output[$0] }
                    }
                    if !same { return "message \(index)" }
                }
                return nil
            }
        )
    }
}
