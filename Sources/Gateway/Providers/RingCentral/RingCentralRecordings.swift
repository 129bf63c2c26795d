import Foundation
import HTTPTypes

/// A recording's sound as RingCentral holds it.
package struct RingCentralRecording: Equatable, Sendable {
    package enum Format: String, Equatable, Sendable { case mp3, wav }

    package var session: String
    package var id: String
    package var format: Format
    package var bytes: [UInt8]

    package init(session: String, id: String, format: Format, bytes: [UInt8]) {
        self.session = session
        self.id = id
        self.format = format
        self.bytes = bytes
    }
}

/// Fetches recordings (permission ReadCallRecording, Heavy group).
package struct RingCentralRecordings: Sendable {
    /// An hour of MPEG audio at 64 kbit/s is 29 MB.
    static let bodyLimit = 64 << 20

    private let client: RingCentralClient
    private let base: String

    package init(client: RingCentralClient, baseURL: String) {
        self.client = client
        base = Self.mediaBase(baseURL)
    }

    /// `https://platform.…` serves the API, `https://media.…` the sound. Built from the configuration: an address in an
    /// event or a call log is never followed.
    package static func mediaBase(_ base: String) -> String {
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        guard let range = base.range(of: "://platform.") else { return base }
        return base.replacingCharacters(in: range, with: "://media.")
    }

    package func fetch(_ id: String, of session: String) async throws(RingCentralError) -> RingCentralRecording {
        var call = RingCentralClient.Call(
            .get,
            "/restapi/v1.0/account/~/recording/\(PathText.escaped(id))/content",
            group: .heavy
        )
        call.base = base
        call.bodyLimit = Self.bodyLimit
        call.deadline = .seconds(60)
        let response = try await client.send(call)
        guard let format = Self.format(response.headers[.contentType]), !response.body.isEmpty else { throw .badAnswer }
        return RingCentralRecording(session: session, id: id, format: format, bytes: response.body)
    }

    static func format(_ type: String?) -> RingCentralRecording.Format? {
        switch type?.lowercased().split(separator: ";").first.map({ $0.trimmingCharacters(in: .whitespaces) }) {
        case "audio/mpeg", "audio/mp3": .mp3
        case "audio/wav", "audio/x-wav", "audio/wave": .wav
        default: nil
        }
    }
}
