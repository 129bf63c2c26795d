import Foundation
import TestSupport

extension Process {
    /// Starts the program and ends it when it hangs: whoever reads its output would wait for ever.
    func start(atMost limit: Duration = Patience.limit) throws {
        try run()
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Int(limit.components.seconds))) { [weak self] in
            self?.endHanging()
        }
    }

    /// Nothing when the program has ended.
    func endHanging() {
        guard isRunning else { return }
        let words = (arguments ?? []).joined(separator: " ")
        FileHandle.standardError.write(Data("parley \(words) hangs and is killed\n".utf8))
        kill(processIdentifier, SIGKILL)
    }
}
