/// What a timed leg streams: nothing for a fixed time, then everything.
///
/// All of it waits in the stream's own buffer, so that no code of this leg runs for each element that is read.
enum TimedStream {
    /// - Parameter elements: made when the time has passed.
    static func after<Element: Sendable>(
        _ delay: Duration,
        _ elements: @escaping @Sendable () -> [Element]
    ) -> AsyncThrowingStream<Element, any Error> {
        AsyncThrowingStream { output in
            let timer = Task {
                do { try await Task.sleep(for: delay) } catch { return output.finish(throwing: error) }
                for element in elements() { output.yield(element) }
                output.finish()
            }
            output.onTermination = { _ in timer.cancel() }
        }
    }
}
