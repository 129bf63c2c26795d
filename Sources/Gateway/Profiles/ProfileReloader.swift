import Actors
import Logging
import NIOPosix

/// Reads the folder again, one reading after the other, on a thread that may block.
actor ProfileReloader {
    /// So many faults of one reading are logged; `parley check` lists all of them.
    private static let faultsLogged = 20

    private let path: String
    private let settings: EngineSettings
    private let reader: ProfileReader
    private let meters: ProfileReloadMeters
    private let logger: Logger
    private let prepare: ProfileStore.Preparation
    private var watch: ProfileWatchMachine
    private var last: Task<ProfileReload, Never>?

    init(
        folder: ProfileDirectory,
        settings: EngineSettings,
        reader: ProfileReader,
        meters: ProfileReloadMeters,
        logger: Logger,
        prepare: @escaping ProfileStore.Preparation
    ) {
        path = folder.path
        watch = ProfileWatchMachine(settled: folder.footprint)
        self.settings = settings
        self.reader = reader
        self.meters = meters
        self.logger = logger
        self.prepare = prepare
    }

    func look(for store: ProfileStore) async -> ProfileReload? {
        let (path, recordings) = (path, watch.settled.recordings)
        let seen = await onThread { ProfileFootprint.of(folder: path, recordings: recordings) }
        // Another reading may have settled meanwhile; then this look is compared with that.
        guard watch.handle(seen) else { return nil }
        return await reload(into: store)
    }

    func reload(into store: ProfileStore) async -> ProfileReload {
        let before = last
        let task = Task {
            _ = await before?.value
            return await self.read(into: store)
        }
        last = task
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func read(into store: ProfileStore) async -> ProfileReload {
        let (path, reader) = (path, reader)
        let folder = await onThread { ProfileDirectory.load(path: path, reader: reader) }
        watch.settle(folder.footprint)
        let result = await apply(folder, to: store)
        meters.count(result.outcome)
        return result
    }

    private func apply(_ folder: ProfileDirectory, to store: ProfileStore) async -> ProfileReload {
        guard folder.faults.isEmpty else {
            report(folder.faults)
            return .refused(folder.faults)
        }
        let present = Dictionary(uniqueKeysWithValues: store.tenants.profiles.map { ($0.id, $0) })
        let profiles = folder.profiles.map { $0.applying(settings) }
        let changed = profiles.filter { present[$0.id] != $0 }
        do {
            try await prepare(changed)
            try Task.checkCancellation()
        } catch {
            logger.warning(
                "profiles refused: the legs cannot be made ready for them",
                metadata: ["profiles.folder": "\(path)", "error.cause": "\(error)"]
            )
            return .unprepared(reason: "\(error)")
        }
        store.put(profiles)
        logger.info(
            "profiles reloaded",
            metadata: [
                "profiles.count": "\(profiles.count)",
                "profiles.changed": "\(changed.map(\.id).joined(separator: ","))",
                "profiles.removed":
                    "\(present.keys.filter { id in !profiles.contains { $0.id == id } }.sorted().joined(separator: ","))",
            ]
        )
        return .applied
    }

    private func report(_ faults: [ProfileFault]) {
        for fault in faults.prefix(Self.faultsLogged) {
            logger.warning(
                "profiles refused: those in force stay",
                metadata: [
                    "profile.file": "\(fault.file)", "profile.line": "\(fault.line)", "profile.key": "\(fault.key)",
                    "profile.problem": "\(fault.problem)", "profile.fix": "\(fault.fix)",
                    "profiles.faults": "\(faults.count)",
                ]
            )
        }
    }

    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        // It throws when the task was cancelled: the engine ends, and the result is thrown away.
        (try? await NIOThreadPool.singleton.runIfActive(body)) ?? body()
    }
}
