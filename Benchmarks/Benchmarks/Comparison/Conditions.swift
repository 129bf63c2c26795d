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

    /// - Parameter swift: the compiler's version line; a program cannot ask for it.
    static func current(swift: String) -> Conditions {
        let info = ProcessInfo.processInfo
        return Conditions(
            processor: field("model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown",
            cores: info.activeProcessorCount,
            system: field("PRETTY_NAME", in: "/etc/os-release", separator: "=") ?? info.operatingSystemVersionString,
            swift: swift,
            loadAverage: text("/proc/loadavg").split(separator: " ").first.map(String.init) ?? "unknown",
            date: Date().ISO8601Format()
        )
    }

    private static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    private static func field(_ name: String, in path: String, separator: Character) -> String? {
        let line = text(path).split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: separator, maxSplits: 1).last?.trimmingCharacters(
            in: .init(charactersIn: " \"\t")
        )
    }
}
