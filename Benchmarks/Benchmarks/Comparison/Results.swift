import Foundation

/// One line of the table: the engine beside its floor.
struct Row: Codable {
    var name: String
    var floorWork: String
    var engine: Timing
    var floor: Timing
    /// Engine over floor.
    var ratio: Double
    /// Heap allocations of the engine's side per repetition; nil where several threads work.
    var allocations: Double?
    var engineInstructions: Double?
    var floorInstructions: Double?
    var isHot: Bool
}

/// A figure without a floor.
struct Fact: Codable {
    var name: String
    var value: Double
    var unit: String
    /// The figure must not be above this.
    var limit: Double?
    var note: String
    /// Judged only while other programs leave the machine alone.
    var isTime = false
}

struct Results: Codable {
    var conditions: Conditions
    var rows: [Row] = []
    var densities: [Density] = []
    var realTimes: [RealTime] = []
    var facts: [Fact] = []
    var checks: [Check] = []

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try encoder.encode(self).write(to: url)
    }
}
