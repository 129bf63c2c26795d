import Actors
import Logging
import ServiceLifecycle
import Synchronization

/// The tenants in force. Reads their folder again when its files change, or when it is asked to, and puts the new ones in
/// force as a whole or not at all: a bad edit is refused with its reasons, and a folder that is gone changes nothing.
///
/// A call keeps the profile it began with. As a service it watches the folder until it is shut down.
public final class ProfileStore: Service, CustomStringConvertible {
    /// Makes the legs ready for profiles that are new or changed, before they are in force; an error refuses the reload.
    public typealias Preparation = @Sendable ([TenantProfile]) async throws -> Void

    /// Constant: libraries log a service's description.
    public var description: String { "ProfileStore" }

    private let directory: Mutex<TenantDirectory>
    private let reloader: ProfileReloader?
    private let interval: Duration
    let meters: ProfileReloadMeters

    /// Tenants that stay as they are. The settings take precedence over the profiles.
    public init(_ profiles: [TenantProfile], settings: EngineSettings) {
        directory = Mutex(TenantDirectory(profiles.map { $0.applying(settings) }))
        reloader = nil
        interval = .zero
        meters = ProfileReloadMeters()
    }

    /// Tenants of a folder that is watched.
    ///
    /// - Parameters:
    ///   - folder: read, without a fault.
    ///   - interval: between two looks at the files. A change takes effect when two looks in a row see the same.
    public init(
        _ folder: ProfileDirectory,
        settings: EngineSettings,
        reader: ProfileReader = ProfileReader(),
        interval: Duration = .seconds(2),
        logger: Logger,
        prepare: @escaping Preparation
    ) {
        let meters = ProfileReloadMeters()
        directory = Mutex(TenantDirectory(folder.profiles.map { $0.applying(settings) }))
        reloader = ProfileReloader(
            folder: folder,
            settings: settings,
            reader: reader,
            meters: meters,
            logger: logger,
            prepare: prepare
        )
        self.interval = interval
        self.meters = meters
    }

    /// The tenants of this moment.
    public var tenants: TenantDirectory { directory.withLock { $0 } }

    /// Reads the folder now, changed or not. nil when the tenants have no folder.
    @discardableResult
    public func reload() async -> ProfileReload? { await reloader?.reload(into: self) }

    /// One look at the files; reads them when they have changed and are quiet again. nil when nothing was read.
    @discardableResult
    package func look() async -> ProfileReload? { await reloader?.look(for: self) }

    /// Looks at the files again and again, until shut down.
    /// - Throws: `CancellationError` when cancelled.
    public func run() async throws {
        guard reloader != nil else { return try await gracefulShutdown() }
        // A shutdown ends the pause with an error too, but is a good end.
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: self.interval)
                await self.look()
            }
        }
        try Task.checkCancellation()
    }

    func put(_ profiles: [TenantProfile]) { directory.withLock { $0 = $0.replaced(by: profiles) } }
}
