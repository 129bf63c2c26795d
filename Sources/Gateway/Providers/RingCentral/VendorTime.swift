/// The time that long-running work with a vendor is told; tests drive it by hand.
package struct VendorTime: Sendable {
    package var now: @Sendable () -> ContinuousClock.Instant
    package var sleep: @Sendable (ContinuousClock.Instant) async throws -> Void

    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        sleep: @escaping @Sendable (ContinuousClock.Instant) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    package static let real = VendorTime(
        now: { .now },
        sleep: { try await Task.sleep(until: $0, clock: .continuous) }
    )
}
