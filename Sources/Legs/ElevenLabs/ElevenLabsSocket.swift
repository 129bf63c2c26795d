import Actors
import Foundation
import NIOCore

/// One `stream-input` socket: it speaks one piece. Opened ahead, with its opening message sent, so that the vendor has its
/// voice ready.
final class ElevenLabsSocket: VoiceConnection {
    /// What a socket was opened for.
    struct Key: Hashable, Sendable {
        var voice: String
        var format: ElevenLabsConfiguration.Format
        var language: String?
    }

    private let socket: VendorSocket
    private let errors: VoiceErrors

    init(_ socket: VendorSocket, errors: VoiceErrors) {
        self.socket = socket
        self.errors = errors
    }

    static func open(
        _ key: Key,
        _ configuration: ElevenLabsConfiguration,
        errors: VoiceErrors,
        group: any EventLoopGroup
    ) async throws -> ElevenLabsSocket {
        let socket = try await VendorSocket.connect(
            try url(key, configuration, errors: errors),
            headers: [("xi-api-key", configuration.key.value)],
            leg: .tts,
            provider: errors.provider,
            limits: configuration.network,
            group: group
        )
        socket.send(
            text: try ElevenLabsRequest.text(of: ElevenLabsRequest.Opening(voiceSettings: configuration.settings))
        )
        return ElevenLabsSocket(socket, errors: errors)
    }

    static func url(_ key: Key, _ configuration: ElevenLabsConfiguration, errors: VoiceErrors) throws -> String {
        guard VoiceChoice.isPlain(key.voice) else {
            throw errors.voice("the configured voice is no voice id: use the id from the vendor's voice page")
        }
        var query = [
            URLQueryItem(name: "model_id", value: configuration.model),
            URLQueryItem(name: "output_format", value: key.format.rawValue),
            URLQueryItem(
                name: "inactivity_timeout",
                value: String(max(1, min(180, configuration.inactivityTimeout.components.seconds)))
            ),
        ]
        if let language = key.language { query.append(URLQueryItem(name: "language_code", value: language)) }
        if let normalization = configuration.textNormalization {
            query.append(URLQueryItem(name: "apply_text_normalization", value: normalization))
        }
        return try VoiceAddress.socket(
            base: configuration.baseURL,
            path: "/v1/text-to-speech/\(key.voice)/stream-input",
            query: query,
            errors: errors
        )
    }

    var isUsable: Bool { socket.isOpen }

    func close() { socket.abort() }

    /// Speaks the piece; the socket is used up afterwards, whatever came of it.
    func speak(_ piece: SpeechPiece) async throws {
        defer { socket.abort() }
        piece.onStop { [socket] _ in socket.abort() }
        guard !piece.isSettled else { return }
        let text = piece.request.text
        guard
            socket.send(text: try ElevenLabsRequest.text(of: ElevenLabsRequest.Text(text: text + " "))),
            socket.send(text: try ElevenLabsRequest.text(of: ElevenLabsRequest.Ending()))
        else { throw errors.unavailable("the socket closed before the piece was sent") }

        var timing = ElevenLabsTiming(text: text, rate: piece.request.sampleRate)
        for try await message in socket.messages {
            switch message {
            case .text(let text):
                guard try take(text, piece, &timing) else {
                    piece.words(timing.finish(total: piece.position))
                    return
                }
            case .binary:
                throw errors.malformed("a binary message came where JSON text was expected")
            case .closed(let code, _):
                // A vendor that closes in order after the last text said all it had to say.
                if code == 1000, piece.hasBegun {
                    piece.words(timing.finish(total: piece.position))
                    return
                }
                throw errors.closed(code: code)
            }
        }
        guard piece.isSettled else { throw errors.unavailable("the socket closed before the end") }
    }

    /// - Returns: false after the last message.
    private func take(_ text: String, _ piece: SpeechPiece, _ timing: inout ElevenLabsTiming) throws -> Bool {
        let message: ElevenLabsMessage
        let audio: [UInt8]
        do {
            message = try ElevenLabsMessage(parsing: text)
        } catch {
            throw errors.malformed("a message is not the JSON of the protocol (\(text.utf8.count) bytes)")
        }
        if message.error != nil { throw ElevenLabsErrors(errors: errors).error(message) }
        do {
            audio = try message.audioBytes()
        } catch {
            throw errors.malformed("the audio of a message is not base64 (\(text.utf8.count) bytes)")
        }
        piece.words(timing.add(message, at: piece.position))
        if !audio.isEmpty { try piece.audio(audio) }
        return message.isFinal != true
    }
}
