import Foundation

/// On what a measurement was made.
struct Conditions: Codable, Sendable {
    var processor: String
    var cores: Int
    var engineCore: Int?
    var date: String

    static func now(engineCore: Int?) -> Conditions {
        let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let model = info.split(separator: "\n").first { $0.hasPrefix("model name") }
        let online = info.split(separator: "\n").count { $0.hasPrefix("processor") }
        return Conditions(
            processor: model?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown",
            cores: online,
            engineCore: engineCore,
            date: String(Date().ISO8601Format().prefix(10))
        )
    }
}
