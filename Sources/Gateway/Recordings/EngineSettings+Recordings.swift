import Actors

extension EngineSettings {
    /// Which files every call gets.
    var recordingKinds: Set<RecordingKind> {
        var kinds: Set<RecordingKind> = []
        if isRecording { kinds.insert(.recording) }
        if isCapturing { kinds.insert(.capture) }
        return kinds
    }
}
