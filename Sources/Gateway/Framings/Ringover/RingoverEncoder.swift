import Codecs
import NIOCore

/// Writes messages to Ringover, each as a whole WebSocket text frame.
///
/// - Source: the README of github.com/ringover/ringover-streamer: `streamAudio` is told by its `type`, everything else by its
///   `event`. That raw audio is signed 16-bit little-endian PCM is inferred from FreeSWITCH's mod_audio_stream.
package struct RingoverEncoder: Sendable {
    private let audioHead: [UInt8]

    /// - Parameter sampleRate: 8000 or 16000 Hz.
    package init(sampleRate: Int) {
        audioHead = Array(
            #"{"type":"streamAudio","data":{"audioDataType":"raw","sampleRate":\#(sampleRate),"audioData":""#.utf8
        )
    }

    /// - Parameter pcm: signed 16-bit little-endian, mono.
    /// - Cost: no allocation where the buffer has room.
    package func writeAudio(_ pcm: Span<UInt8>, to buffer: inout ByteBuffer) {
        let text = Base64.encodedCount(for: pcm.count)
        TextFrame.write(payloadBytes: audioHead.count + text + 3, to: &buffer)
        buffer.writeBytes(audioHead)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: text) { space in
            var output = MutableSpan(_unsafeElements: space.bindMemory(to: UInt8.self))
            do {
                return try Base64.encode(pcm, into: &output)
            } catch {
                preconditionFailure("the buffer has room for encodedCount(for:) characters: \(error)")
            }
        }
        buffer.writeStaticString("\"}}")
    }

    /// Stops what is being played and drops what waits.
    package func writeBreak(to buffer: inout ByteBuffer) { Self.write(#"{"event":"break"}"#, to: &buffer) }

    /// - Parameter number: without a plus sign: the vendor wants a bare number.
    package func writeTransfer(_ number: Int64, to buffer: inout ByteBuffer) {
        Self.write(#"{"event":"transfer","data":\#(number)}"#, to: &buffer)
    }

    /// A JSON number as the vendor shows it; text where a number cannot say it (`*`, `#`, leading zeros), which the vendor
    /// does not document.
    package func writeDigits(_ digits: String, to buffer: inout ByteBuffer) {
        let isNumber = !digits.hasPrefix("0") && digits.utf8.allSatisfy { 0x30...0x39 ~= $0 } && digits.count <= 15
        Self.write(#"{"event":"digits","data":\#(isNumber ? digits : TwilioEncoder.quoted(digits))}"#, to: &buffer)
    }

    private static func write(_ text: String, to buffer: inout ByteBuffer) {
        TextFrame.write(payloadBytes: text.utf8.count, to: &buffer)
        buffer.writeString(text)
    }
}
