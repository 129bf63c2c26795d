import Foundation
import Gateway
import ServiceLifecycle

/// SIGHUP reads the tenants' profiles again, whether their files look changed or not, and a certificate whose files did.
struct HangUpSignal: Service, CustomStringConvertible {
    let store: ProfileStore
    let engine: ParleyEngine
    var description: String { "HangUpSignal" }

    func run() async throws {
        // Of several signals while one reading is under way, one more reading is enough.
        let (signals, told) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: .global())
        source.setEventHandler { @Sendable in told.yield() }
        source.resume()
        defer { source.cancel() }
        for await _ in signals.cancelOnGracefulShutdown() {
            engine.reloadCertificate()
            await store.reload()
        }
    }
}
