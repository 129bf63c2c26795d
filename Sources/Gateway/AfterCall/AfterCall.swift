import ServiceLifecycle

/// The work on calls that are over, as a service: at the engine's end it takes nothing more, and what is left has its time.
package struct AfterCall: Service {
    let worker: AfterCallWorker
    let steps: AfterCallSteps
    /// What is left has this long.
    let drain: Duration

    package init(worker: AfterCallWorker, steps: AfterCallSteps, drain: Duration) {
        self.worker = worker
        self.steps = steps
        self.drain = drain
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            await worker.run(steps)
        } onGracefulShutdown: {
            worker.close(within: drain)
        }
    }
}
