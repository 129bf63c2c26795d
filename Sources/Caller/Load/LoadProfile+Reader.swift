import Foundation
import Yams

extension LoadProfile {
    /// Reads a profile file. Recordings are named relative to it.
    ///
    /// - Throws: `LoadProfileFaults`.
    public static func read(_ path: String) throws -> LoadProfile {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            let missing = !FileManager.default.fileExists(atPath: path)
            throw LoadProfileFaults(faults: ["\(path): \(missing ? "there is no such file" : "it cannot be read")"])
        }
        return try read(text, path: path)
    }

    static func read(_ text: String, path: String) throws -> LoadProfile {
        var reader = LoadProfileReader(path: path)
        let profile = reader.profile(text)
        guard reader.faults.isEmpty else { throw LoadProfileFaults(faults: reader.faults) }
        return profile
    }
}

private struct LoadProfileReader {
    let path: String
    var faults: [String] = []
    private var entries: [(key: String, node: Node)] = []

    private static let keys = [
        "utterances", "pause", "patience", "barge_in_share", "barge_in_after", "echo_delay", "echo_level", "noise",
        "call_length",
    ]

    init(path: String) { self.path = path }

    mutating func profile(_ text: String) -> LoadProfile {
        let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        var profile = LoadProfile(name: name, utterances: [])
        do {
            guard let node = try Yams.compose(yaml: text), case .mapping(let mapping) = node else {
                fault(nil, "(file)", "holds no keys: begin with `utterances:`")
                return profile
            }
            entries = mapping.map { ($0.key.string ?? "", $0.value) }
        } catch {
            fault(nil, "(file)", "is not YAML: \(error)")
            return profile
        }
        for (key, node) in entries where !Self.keys.contains(key) {
            fault(node.mark, key, "is no key of a load profile; known: \(Self.keys.joined(separator: ", "))")
        }
        profile.utterances = utterances()
        profile.pause = durations("pause", atMost: 600) ?? profile.pause
        profile.patience = durations("patience", atMost: 600)?.lowerBound ?? profile.patience
        profile.bargeInShare = number("barge_in_share", 0...1) ?? profile.bargeInShare
        profile.bargeInAfter = durations("barge_in_after", atMost: 600) ?? profile.bargeInAfter
        profile.noise = number("noise", -90 ... -20)
        profile.callLength = durations("call_length", atMost: 14_400)?.lowerBound
        let delay = durations("echo_delay", atMost: 2)?.lowerBound
        let level = number("echo_level", -60 ... -1)
        switch (delay, level) {
        case (let delay?, let level?): profile.echo = LoadProfile.Echo(delay: delay, level: level)
        case (nil, nil): break
        case (_?, nil): fault(node("echo_delay")?.mark, "echo_delay", "needs echo_level beside it, for example -20")
        case (nil, _?): fault(node("echo_level")?.mark, "echo_level", "needs echo_delay beside it, for example 120ms")
        }
        return profile
    }

    private func node(_ key: String) -> Node? { entries.first { $0.key == key }?.node }

    private mutating func fault(_ mark: Mark?, _ key: String, _ message: String) {
        faults.append("\(path)\(mark.map { ":\($0.line)" } ?? ""): \(key): \(message)")
    }

    private mutating func utterances() -> [String] {
        guard let node = node("utterances") else {
            fault(nil, "utterances", "is missing: list the recordings to be said, relative to this file")
            return []
        }
        let names = node.sequence.map { $0.compactMap(\.string) } ?? node.string.map { [$0] } ?? []
        guard !names.isEmpty else {
            fault(node.mark, "utterances", "is no list of recordings")
            return []
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        return names.map { name in
            let file = name.hasPrefix("/") ? name : folder.appendingPathComponent(name).standardizedFileURL.path
            if !FileManager.default.fileExists(atPath: file) {
                fault(node.mark, "utterances", "there is no file \(file)")
            }
            return file
        }
    }

    /// `3s`, or `2s to 4s`.
    private mutating func durations(_ key: String, atMost seconds: Int) -> ClosedRange<Duration>? {
        guard let node = node(key) else { return nil }
        let parts = (node.string ?? "").components(separatedBy: " to ").map { $0.trimmingCharacters(in: .whitespaces) }
        let values = parts.compactMap { Duration(written: $0) }
        let longest = Duration.seconds(seconds)
        guard values.count == parts.count, let low = values.first, let high = values.last, values.count <= 2,
            low <= high, high <= longest, low >= .milliseconds(20)
        else {
            fault(node.mark, key, "is no duration like 3s or 2s to 4s, from 20ms to \(seconds)s")
            return nil
        }
        return low...high
    }

    private mutating func number(_ key: String, _ range: ClosedRange<Double>) -> Double? {
        guard let node = node(key) else { return nil }
        guard let value = node.float, range.contains(value) else {
            fault(node.mark, key, "is no number between \(range.lowerBound) and \(range.upperBound)")
            return nil
        }
        return value
    }
}
