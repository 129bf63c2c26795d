import Actors
import Foundation

/// A call as its provider names it.
public struct ProviderCallKey: Hashable, Sendable {
    /// `twilio`, `ringover`, `ringcentral`.
    public let provider: String
    public let id: String

    public init(provider: String, id: String) {
        self.provider = provider
        self.id = id
    }
}

/// What a provider's webhook said about a call, in every provider's terms.
public struct ProviderEvent: Sendable {
    public enum Kind: Sendable, Equatable {
        case phase(CallLifecycle.Phase)
        /// Hold, park, a transfer leg: the call goes on.
        case updated(String)
        case recording(ProviderRecording)
        case transcription(recordingID: String?, text: String)
        /// Anything else a provider tells of a call (tags, comments, a summary): kept by its name only.
        case other(String)
    }

    public var call: ProviderCallKey
    public var kind: Kind
    /// Names this event among all of its provider's: the same name again is the same event.
    public var id: String
    public var tenant: String
    public var direction: Direction?
    /// E.164 where known. Personal data: never in logs, labels or errors.
    public var from: String?
    public var to: String?
    /// The provider's own time.
    public var at: Date?
    /// Seconds of conversation, told at the end.
    public var durationSeconds: Int?

    public enum Direction: String, Sendable { case inbound, outbound }

    public init(call: ProviderCallKey, kind: Kind, id: String, tenant: String) {
        self.call = call
        self.kind = kind
        self.id = id
        self.tenant = tenant
    }
}

/// A recording a provider holds.
public struct ProviderRecording: Sendable, Equatable {
    public var id: String
    /// Where the provider says it is; fetched only through the guarded client.
    public var url: String?
    public var durationSeconds: Int?
    public var channels: Int?

    public init(id: String, url: String? = nil, durationSeconds: Int? = nil, channels: Int? = nil) {
        self.id = id
        self.url = url
        self.durationSeconds = durationSeconds
        self.channels = channels
    }
}
