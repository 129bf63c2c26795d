import Engine

/// The Prometheus text exposition format, version 0.0.4.
package struct PrometheusText {
    package private(set) var text = ""
    private var declared: Set<String> = []
    private let only: Set<String>

    package typealias Labels = [(name: String, value: String)]

    /// - Parameter only: metrics to write; empty writes all.
    package init(only: Set<String> = []) { self.only = only }

    private func isWanted(_ name: String) -> Bool { only.isEmpty || only.contains(name) }

    package mutating func gauge(_ name: String, _ help: String, _ value: Double, labels: Labels = []) {
        guard isWanted(name) else { return }
        declare(name, help, "gauge")
        line(name, labels, Self.number(value))
    }

    package mutating func counter(_ name: String, _ help: String, _ value: Int, labels: Labels = []) {
        guard isWanted(name) else { return }
        declare(name, help, "counter")
        line(name, labels, String(value))
    }

    /// - Parameter unit: what one nanosecond is in the metric's unit; 1e-9 for seconds.
    package mutating func histogram(
        _ name: String,
        _ help: String,
        _ histogram: LatencyHistogram.Snapshot,
        labels: Labels = []
    ) {
        guard isWanted(name) else { return }
        declare(name, help, "histogram")
        var total: Int64 = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            total += count
            line(name + "_bucket", labels + [("le", Self.number(Double(bound) / 1e9))], String(total))
        }
        line(name + "_bucket", labels + [("le", "+Inf")], String(histogram.count))
        line(name + "_sum", labels, Self.number(Double(histogram.sumNanoseconds) / 1e9))
        line(name + "_count", labels, String(histogram.count))
    }

    private mutating func declare(_ name: String, _ help: String, _ kind: String) {
        guard declared.insert(name).inserted else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    private mutating func line(_ name: String, _ labels: Labels, _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        // Hardly any value needs it, and a page has thousands.
        guard value.utf8.contains(where: { [0x5C, 0x22, 0x0A].contains($0) }) else { return value }
        var result = ""
        for character in value {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
