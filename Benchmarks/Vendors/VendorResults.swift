import Foundation

/// Every part's figures, as they are kept beside the report.
struct VendorResults: Codable, Sendable {
    var conditions: Conditions?
    var turns: TurnsPart?
    var failover: FailoverPart?
    var bargeIn: BargeInPart?
    var soak: SoakPart?

    init() {}

    /// - Returns: nil when there is no such file, or it is of another shape.
    init?(file: String) {
        guard let data = FileManager.default.contents(atPath: file),
            let kept = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = kept
    }

    func write(to file: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(fileURLWithPath: file))
    }
}
