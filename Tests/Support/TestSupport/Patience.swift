import Foundation

/// How long a test waits for what ends within seconds. Whatever takes longer hangs: its test fails and says what it waited for,
/// instead of keeping all others waiting.
public enum Patience {
    public static let limit = Duration.seconds(120)

    public struct Exhausted: Error, CustomStringConvertible {
        public let description: String
    }

    /// Waits for `work`, which goes on by itself when it takes longer.
    ///
    /// - Throws: `Exhausted`; what `work` throws; `CancellationError` when the test's own time is up.
    public static func wait<Value: Sendable>(
        for what: String,
        atMost limit: Duration = limit,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // The first of the two counts.
        let (outcomes, told) = AsyncStream.makeStream(
            of: Result<Value, any Error>.self,
            bufferingPolicy: .bufferingOldest(1)
        )
        Task {
            do { told.yield(.success(try await work())) } catch { told.yield(.failure(error)) }
        }
        let timer = Task {
            try await Task.sleep(for: limit)
            told.yield(.failure(Exhausted(description: "\(what) did not come to an end within \(limit)")))
        }
        defer { timer.cancel() }
        for await outcome in outcomes { return try outcome.get() }
        throw CancellationError()
    }
}
