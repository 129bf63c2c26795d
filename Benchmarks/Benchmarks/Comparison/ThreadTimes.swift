import Foundation

/// CPU nanoseconds of this process by thread name, and how long its threads waited for a processor; threads that are no
/// worker count together.
struct ThreadTimes {
    static let others = "others"
    private static let workers: Set = ["media", "legs", "phones"]
    /// Workers of the real-time runs: one name each, because an overloaded one may outlive its run.
    static let realTime = "calls-"
    private(set) var used: [String: Double] = [:]
    private(set) var waited: [String: Double] = [:]

    /// Reads Linux's `/proc/self/task`: a thread's name, and the first two numbers of its `schedstat`.
    static func current() -> ThreadTimes {
        var times = ThreadTimes()
        let folder = "/proc/self/task"
        for task in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let name = try? String(contentsOfFile: "\(folder)/\(task)/comm", encoding: .utf8),
                let line = try? String(contentsOfFile: "\(folder)/\(task)/schedstat", encoding: .utf8)
            else { continue }
            let numbers = line.split(separator: " ").compactMap { Double($0) }
            guard numbers.count >= 2 else { continue }
            let trimmed = name.trimmingCharacters(in: .whitespacesAndNewlines)
            let thread = workers.contains(trimmed) || trimmed.hasPrefix(realTime) ? trimmed : others
            times.used[thread, default: 0] += numbers[0]
            times.waited[thread, default: 0] += numbers[1]
        }
        return times
    }

    func since(_ earlier: ThreadTimes) -> ThreadTimes {
        var times = ThreadTimes()
        times.used = used.merging(earlier.used) { $0 - $1 }
        times.waited = waited.merging(earlier.waited) { $0 - $1 }
        return times
    }
}
