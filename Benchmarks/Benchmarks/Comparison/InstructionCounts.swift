import Foundation

/// Instructions per repetition as `scripts/bench.sh` had them counted: lines of name, side and number, parted by tabs.
struct InstructionCounts {
    private var counts: [String: Double] = [:]

    init() {}

    init(_ path: String) throws {
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: "\t")
            guard fields.count == 3, let count = Double(fields[2]) else { continue }
            counts["\(fields[0]) \(fields[1])"] = count
        }
    }

    func count(_ name: String, _ side: String) -> Double? { counts["\(name) \(side)"] }
}
