import Actors
import Engine
import Logging

extension ProfileDirectory {
    /// The sounds that a tenant's calls may play, found by the fingerprint that their captures keep.
    ///
    /// Blocks on the file system, as `load` does: every sound of every profile is read.
    /// - Parameter fingerprint: of `RecordingShelf`, not 0.
    /// - Returns: nil when no tenant without a fault in the profile has these sounds.
    public func shelf(fingerprint: Int64) async -> RecordingShelf? {
        let library = SoundLibrary(logger: Logger(label: "sounds", factory: { _ in SwiftLogNoOpLogHandler() }))
        await library.load(profiles)
        return profiles.lazy.compactMap { library.sounds(of: $0)?.shelf }.first { $0.fingerprint == fingerprint }
    }
}
