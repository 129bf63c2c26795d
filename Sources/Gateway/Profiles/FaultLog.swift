import Yams

/// Collects the faults of one file while its parts are read; reading goes on after a fault.
final class FaultLog {
    let file: String
    private var faults: [ProfileFault] = []

    init(file: String) {
        self.file = file
    }

    var isEmpty: Bool { faults.isEmpty }

    func add(_ key: String, at mark: Mark?, _ problem: String, fix: String) {
        faults.append(
            ProfileFault(
                file: file,
                line: mark?.line ?? 0,
                column: mark?.column ?? 0,
                key: key,
                problem: problem,
                fix: fix
            )
        )
    }

    /// In the order of the file; faults of one place keep the order in which they were found.
    func sorted() -> [ProfileFault] {
        faults.enumerated()
            .sorted {
                ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
            }
            .map(\.element)
    }
}
