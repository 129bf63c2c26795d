import Actors
import NIOCore

/// Deepgram's live transcription: one socket for each call, opened when the call is.
///
/// - Source: Deepgram's `/v1/listen` WebSocket interface.
public struct DeepgramTranscriber: Transcriber {
    public static let name = "deepgram"

    public let provider = DeepgramTranscriber.name
    private let configuration: DeepgramLiveConfiguration
    private let group: any EventLoopGroup

    /// - Parameter group: carries the sockets; owned by others.
    public init(_ configuration: DeepgramLiveConfiguration, group: any EventLoopGroup) {
        self.configuration = configuration
        self.group = group
    }

    public func open(
        _ request: TranscriptionRequest,
        events: @escaping @Sendable (TranscriptEvent) -> Void
    ) async throws -> any TranscriptionSession {
        let base =
            configuration.baseURL.hasSuffix("/") ? String(configuration.baseURL.dropLast()) : configuration.baseURL
        let query = DeepgramListenQuery.live(configuration, profile: request.profile, sampleRate: request.sampleRate)
        let socket = try await VendorSocket.connect(
            "\(base)/v1/listen?\(query)",
            headers: [("Authorization", "Token \(configuration.key)")],
            leg: .stt,
            provider: provider,
            limits: configuration.limits,
            group: group
        )
        let session = DeepgramSession(
            socket: socket,
            configuration: configuration,
            sampleRate: request.sampleRate,
            eventLoop: group.next(),
            events: events
        )
        session.start()
        return session
    }
}
