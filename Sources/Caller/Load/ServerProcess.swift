import Foundation

/// CPU time and memory of a process, from `/proc` (proc(5)).
package struct ServerProcess: Sendable {
    package struct Sample: Sendable, Equatable {
        /// User and system time since the process began.
        package var cpuSeconds: Double
        package var residentBytes: Int
    }

    let pid: Int

    /// This process.
    package static let own = ServerProcess(pid: Int(getpid()))

    /// - Returns: nil when there is no such process.
    package func sample() -> Sample? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        else { return nil }
        return Self.parse(stat: stat, status: status, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)))
    }

    package static func parse(stat: String, status: String, ticksPerSecond: Int) -> Sample? {
        // The second field is the program's name in brackets and may hold anything; utime and stime are 14 and 15.
        guard let bracket = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: bracket)...].split(separator: " ")
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else { return nil }
        let resident = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let kilobytes = resident.flatMap { Int($0.dropFirst(6).filter(\.isNumber)) } ?? 0
        return Sample(cpuSeconds: Double(user + system) / Double(ticksPerSecond), residentBytes: kilobytes * 1024)
    }
}
