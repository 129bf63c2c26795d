import Foundation

/// CPU nanoseconds of this process by thread name; threads that are no worker count together.
struct ThreadTimes {
    static let others = "others"
    private static let workers: Set = ["media", "legs", "phones"]
    private var nanoseconds: [String: Double] = [:]

    /// Reads Linux's `/proc/self/task`: a thread's name, and the first number of its `schedstat`.
    static func current() -> ThreadTimes {
        var times = ThreadTimes()
        let folder = "/proc/self/task"
        for task in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let name = try? String(contentsOfFile: "\(folder)/\(task)/comm", encoding: .utf8),
                let line = try? String(contentsOfFile: "\(folder)/\(task)/schedstat", encoding: .utf8),
                let used = line.split(separator: " ").first.flatMap({ Double($0) })
            else { continue }
            let trimmed = name.trimmingCharacters(in: .whitespacesAndNewlines)
            times.nanoseconds[workers.contains(trimmed) ? trimmed : others, default: 0] += used
        }
        return times
    }

    func since(_ earlier: ThreadTimes) -> [String: Double] {
        nanoseconds.merging(earlier.nanoseconds) { $0 - $1 }
    }
}
