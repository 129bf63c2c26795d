import Foundation

/// What a process holds, counted from outside: `/proc` (proc(5)).
struct ProcessCensus: Sendable, Codable, Equatable {
    var descriptors = 0
    var sockets = 0
    /// TCP connections of the process's own port, which callers opened.
    var fromCallers = 0
    /// TCP connections to the vendors' ports.
    var toVendors = 0
    var threads = 0
    var residentMiB = 0.0
    /// User and system time since the process began.
    var cpuSeconds = 0.0

    /// A file whose size is not known beforehand, read to its end.
    private static func whole(_ path: String) -> String {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    /// - Parameter port: the process's own.
    init(pid: Int, port: Int) {
        let folder = "/proc/\(pid)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/fd")) ?? []
        var inodes: Set<Substring> = []
        for name in names {
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/fd/\(name)")
            if let target, target.hasPrefix("socket:[") { inodes.insert(target.dropFirst(8).dropLast()) }
        }
        descriptors = names.count
        sockets = inodes.count
        for table in ["tcp", "tcp6"] {
            let text = Self.whole("\(folder)/net/\(table)")
            for line in text.split(separator: "\n").dropFirst() {
                // Local and remote address, state (0A: listening), and the inode are fields 1, 2, 3 and 9.
                let fields = line.split(separator: " ")
                guard fields.count > 9, inodes.contains(fields[9]), fields[3] != "0A" else { continue }
                let local = fields[1].split(separator: ":").last.flatMap { Int($0, radix: 16) }
                if local == port { fromCallers += 1 } else { toVendors += 1 }
            }
        }
        for line in ((try? String(contentsOfFile: folder + "/status", encoding: .utf8)) ?? "").split(separator: "\n") {
            let number = Double(line.filter(\.isNumber)) ?? 0
            if line.hasPrefix("Threads:") { threads = Int(number) }
            if line.hasPrefix("VmRSS:") { residentMiB = number / 1024 }
        }
        let stat = (try? String(contentsOfFile: folder + "/stat", encoding: .utf8)) ?? ""
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        if fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) {
            cpuSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }
}
