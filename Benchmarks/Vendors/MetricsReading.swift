/// One reading of `/metrics` (Prometheus text format 0.0.4).
struct MetricsReading: Sendable {
    private var values: [String: Double] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else {
                continue
            }
            values[String(line[..<space])] = value
        }
    }

    /// A series by its whole name, labels included.
    func value(_ name: String) -> Double? { values[name] }

    /// Every series of this name whose labels hold all of these: `leg="stt"`.
    func sum(_ name: String, _ labels: String...) -> Double {
        values.reduce(0) { sum, pair in
            let isIt = pair.key == name || pair.key.hasPrefix(name + "{")
            return isIt && labels.allSatisfy(pair.key.contains) ? sum + pair.value : sum
        }
    }

    /// Every series of a name with one label, by the label's value.
    func series(_ name: String) -> [(label: String, value: Double)] {
        values.compactMap { pair in
            guard pair.key.hasPrefix(name + "{") else { return nil }
            let parts = pair.key.split(separator: "\"")
            return parts.count > 1 ? (String(parts[1]), pair.value) : nil
        }
    }
}
