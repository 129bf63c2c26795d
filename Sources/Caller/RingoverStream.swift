import Codecs
import Foundation
import NIOCore
import NIOWebSocket

/// Ringover's streaming: one text of metadata, then binary PCM; the engine answers in JSON text.
///
/// - Source: the README of github.com/ringover/ringover-streamer for what the engine sends; what it receives is inferred from
///   FreeSWITCH's mod_audio_stream: signed 16-bit little-endian PCM, mono, 20 ms a message.
package final class RingoverStream: StreamFraming {
    private let metadata: String
    private let sampleRate: Int
    private var upsampler: Resampler?
    private var downsampler: Resampler?
    private(set) var audioCount = 0

    package init(configuration: RingoverCallConfiguration) throws(ResamplerError) {
        let fields = [
            ("call_id", configuration.callID), ("direction", "inbound"),
            ("from", String(configuration.from.drop { $0 == "+" })),
            ("to", String(configuration.to.drop { $0 == "+" })),
        ].map { "\"\($0.0)\":\"\(ProviderMessages.escape($0.1))\"" }
        metadata = "{" + fields.joined(separator: ",") + ",\"sampleRate\":\(configuration.sampleRate)}"
        sampleRate = configuration.sampleRate
        if sampleRate != 8000 { upsampler = try Resampler(from: 8000, to: sampleRate) }
    }

    package func opening() -> [String] { [metadata] }

    package func audio(_ payload: ArraySlice<UInt8>, timestamp: Int, into buffer: inout ByteBuffer) -> WebSocketOpcode {
        audioCount += 1
        for sample in convert(payload.map { MuLaw.linear($0) }, with: &upsampler) {
            buffer.writeInteger(sample, endianness: .little)
        }
        return .binary
    }

    package func mark(_ name: String) -> String? { nil }
    package func closing() -> String? { nil }

    package func read(_ text: [UInt8]) -> (message: EngineMessage?, fault: ProtocolFault?) {
        guard let message = try? JSONDecoder().decode(Message.self, from: Data(text)) else {
            return (nil, .undecodable)
        }
        if message.type == "streamAudio" { return audio(message.data) }
        switch (message.event, message.data) {
        case ("break", _): return (.clear, nil)
        case ("transfer", .number(let number)): return (.transfer("+\(number)"), nil)
        case ("digits", .number(let number)): return (.digits("\(number)"), nil)
        case ("digits", .text(let text)): return (.digits(text), nil)
        case ("play", _): return (nil, nil)
        case ("transfer", _), ("digits", _): return (nil, .missingField)
        case (nil, _): return (nil, .missingField)
        default: return (nil, .unknownEvent)
        }
    }

    private func audio(_ data: Message.Content?) -> (message: EngineMessage?, fault: ProtocolFault?) {
        guard case .audio(let audio)? = data else { return (nil, .missingField) }
        guard audio.audioDataType == "raw", let bytes = Data(base64Encoded: audio.audioData), !bytes.isEmpty,
            bytes.count % 2 == 0, [8000, 16_000, 24_000].contains(audio.sampleRate)
        else { return (nil, .badPayload) }
        if audio.sampleRate != 8000, downsampler == nil {
            downsampler = try? Resampler(from: audio.sampleRate, to: 8000)
        }
        let samples = stride(from: 0, to: bytes.count, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
        let line = audio.sampleRate == 8000 ? samples : convert(samples, with: &downsampler)
        return (.media(line.map { MuLaw.byte($0) }), bytes.starts(with: Array("RIFF".utf8)) ? .fileHeader : nil)
    }

    /// Without a resampler the rates are equal.
    private func convert(_ samples: [Int16], with resampler: inout Resampler?) -> [Int16] {
        guard let capacity = resampler?.outputCapacity(for: samples.count) else { return samples }
        var output = [Int16](repeating: 0, count: capacity)
        var space = output.mutableSpan
        let count = (try? resampler?.process(samples.span, into: &space)) ?? 0
        output.removeLast(capacity - count)
        return output
    }

    private struct Message: Decodable {
        struct Audio: Decodable {
            var audioDataType: String
            var sampleRate: Int
            var audioData: String
        }
        enum Content: Decodable {
            case audio(Audio), number(Int64), text(String)

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                if let number = try? value.decode(Int64.self) {
                    self = .number(number)
                } else if let text = try? value.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .audio(try value.decode(Audio.self))
                }
            }
        }
        var type: String?
        var event: String?
        var data: Content?
    }
}
