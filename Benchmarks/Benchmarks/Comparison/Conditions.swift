import Foundation

/// What the figures were measured on.
struct Conditions: Codable {
    var processor: String
    var cores: Int
    var system: String
    var swift: String
    /// One minute, at the start.
    var loadAverage: String
    var date: String
    /// Cores that other programs kept busy on average during the run.
    var othersCores: Double?
    /// Versions of the libraries that both sides call.
    var libraries: String

    /// - Parameter swift: the compiler's version line; a program cannot ask for it.
    static func current(swift: String) -> Conditions {
        let info = ProcessInfo.processInfo
        return Conditions(
            processor: field("model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown",
            cores: info.activeProcessorCount,
            system: field("PRETTY_NAME", in: "/etc/os-release", separator: "=") ?? info.operatingSystemVersionString,
            swift: swift,
            loadAverage: text("/proc/loadavg").split(separator: " ").first.map(String.init) ?? "unknown",
            date: Date().ISO8601Format(),
            libraries: ["speexdsp", "opus"].map { "\($0) \(version(of: $0))" }.joined(separator: ", ")
        )
    }

    /// What pkg-config says.
    private static func version(of library: String) -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["pkg-config", "--modversion", library]
        process.standardOutput = output
        guard (try? process.run()) != nil, let data = try? output.fileHandleForReading.readToEnd() else {
            return "(unknown)"
        }
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    private static func field(_ name: String, in path: String, separator: Character) -> String? {
        let line = text(path).split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: separator, maxSplits: 1).last?.trimmingCharacters(
            in: .init(charactersIn: " \"\t")
        )
    }
}
