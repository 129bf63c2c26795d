import Actors

/// Who works on a call when it is over, in the order they are asked.
public struct AfterCallLegs: Sendable {
    public var transcribers: [any RecordingTranscriber]
    public var summarisers: [any ChatModel]

    public init(transcribers: [any RecordingTranscriber] = [], summarisers: [any ChatModel] = []) {
        self.transcribers = transcribers
        self.summarisers = summarisers
    }
}
