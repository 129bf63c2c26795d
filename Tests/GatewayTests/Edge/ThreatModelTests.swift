import Foundation
import Testing

/// `docs/threat-model.md` names a test for each defence: the tests exist.
@Suite("Threat model")
struct ThreatModelTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The rows of all tables whose last column is headed `proof`, as their cells.
    private func rows() throws -> [[String]] {
        let text = try String(contentsOf: Self.root.appendingPathComponent("docs/threat-model.md"), encoding: .utf8)
        var rows: [[String]] = []
        var isProof = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                isProof = false
                continue
            }
            let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.last == "proof" {
                isProof = true
            } else if isProof, cells.first?.hasPrefix("---") == false {
                rows.append(cells)
            }
        }
        return rows
    }

    private func names(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private func tests() throws -> Set<String> {
        let folder = Self.root.appendingPathComponent("Tests")
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        var names: Set<String> = []
        let pattern = /func ([A-Za-z0-9_]+)\(/
        for file in files where file.hasSuffix("Tests.swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            // A test's own attribute, or that of a table of arguments, stands before its name.
            for part in text.components(separatedBy: "@Test").dropFirst() {
                if let match = part.firstMatch(of: pattern) { names.insert(String(match.1)) }
            }
        }
        return names
    }

    @Test func everyDefenceNamesATestThatExists() throws {
        let tests = try tests()
        let rows = try rows()
        #expect(rows.count >= 30)
        for row in rows {
            let named = names(in: row.last ?? "")
            #expect(row.count == 3 && !named.isEmpty, "\(row)")
            for name in named { #expect(tests.contains(name), "\(name) is no test: \(row[0])") }
        }
    }
}
