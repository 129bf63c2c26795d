import Actors
import Foundation

extension CallBook {
    /// One call as its provider's events and its media told it.
    public struct Entry: Sendable {
        public struct Transcription: Sendable, Equatable {
            public var recordingID: String?
            /// Personal data: for authorised readers only.
            public var text: String

            public init(recordingID: String? = nil, text: String) {
                self.recordingID = recordingID
                self.text = text
            }
        }

        public let call: ProviderCallKey
        public var tenant: String
        public var lifecycle = CallLifecycle()
        public var direction: ProviderEvent.Direction?
        /// E.164 where known. Personal data.
        public var from: String?
        public var to: String?
        /// The earliest time anything is known of the call.
        public var openedAt: Date
        public var answeredAt: Date?
        public var endedAt: Date?
        /// Of conversation. The longest told.
        public var durationSeconds: Int?
        public var recordings: [ProviderRecording] = []
        public var transcriptions: [Transcription] = []
        /// What became of the work on the call, in the order it was done; the oldest are forgotten first.
        public var completed: [AfterCallRecord] = []
        /// The engine's own call while its media is up, and afterwards its last.
        public var mediaCall: String?
        /// The call's media is up.
        public var isLive = false
        /// The provider itself has told of the call; without that its media alone is the news.
        public var isTold = false

        public init(call: ProviderCallKey, tenant: String, openedAt: Date) {
            self.call = call
            self.tenant = tenant
            self.openedAt = openedAt
        }

        /// What the API calls it: `provider:id`.
        public var id: String { "\(call.provider):\(call.id)" }

        /// Nothing more is expected of it.
        var isForgettable: Bool { !isLive && (lifecycle.phase?.isEnded ?? true) }

        /// Bytes of transcribed text kept per call; what outlives the book is not the book's to keep.
        static let transcriptionBytes = 8192
        static let numberCharacters = 64

        /// Times are the provider's own where it tells them, and otherwise those of arrival.
        mutating func apply(_ event: ProviderEvent, now: Date) -> CallLifecycle.Change? {
            isTold = true
            direction = direction ?? event.direction
            from = from ?? event.from.map { String($0.prefix(Self.numberCharacters)) }
            to = to ?? event.to.map { String($0.prefix(Self.numberCharacters)) }
            durationSeconds = [durationSeconds, event.durationSeconds].compactMap(\.self).max()
            let at = event.at ?? now
            openedAt = min(openedAt, at)
            switch event.kind {
            case .phase(let phase): return enter(phase, at: at)
            case .recording(let recording): add(recording)
            case .transcription(let id, let text): add(Transcription(recordingID: id, text: text))
            case .updated, .other: break
            }
            return nil
        }

        /// The media of a call that its provider may never have told of.
        mutating func mediaStarted(_ id: String, now: Date) {
            mediaCall = id
            isLive = true
            _ = enter(.inProgress, at: now)
        }

        /// The provider says when a call ends: after the media it may still be transferred or leave a message. Only a call
        /// that nobody but its media has told of ends with it.
        mutating func mediaEnded(_ duration: Duration, now: Date) {
            isLive = false
            guard !isTold else { return }
            _ = enter(.completed, at: now)
            durationSeconds = durationSeconds ?? Int(duration.components.seconds)
        }

        private mutating func enter(_ phase: CallLifecycle.Phase, at: Date) -> CallLifecycle.Change {
            if phase == .inProgress { answeredAt = [answeredAt, at].compactMap(\.self).min() }
            if phase.isEnded { endedAt = [endedAt, at].compactMap(\.self).min() }
            return lifecycle.enter(phase)
        }

        /// A recording is told of more than once: when it begins, and when it is there.
        private mutating func add(_ recording: ProviderRecording) {
            if lifecycle.recorded(recording.id) { return recordings.append(recording) }
            guard let index = recordings.firstIndex(where: { $0.id == recording.id }) else { return }
            recordings[index].url = recordings[index].url ?? recording.url
            recordings[index].durationSeconds = recordings[index].durationSeconds ?? recording.durationSeconds
            recordings[index].channels = recordings[index].channels ?? recording.channels
        }

        private mutating func add(_ transcription: Transcription) {
            let used = transcriptions.reduce(0) { $0 + $1.text.utf8.count }
            guard !transcriptions.contains(transcription), !transcription.text.isEmpty,
                used + transcription.text.utf8.count <= Self.transcriptionBytes
            else { return }
            transcriptions.append(transcription)
        }
    }
}
