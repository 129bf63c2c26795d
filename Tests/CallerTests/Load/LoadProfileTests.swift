import Caller
import Foundation
import TestSupport
import Testing

@Suite("Load profiles and options")
struct LoadProfileTests {
    private func read(_ text: String) throws -> LoadProfile {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("load-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data([0xFF, 0x80]).write(to: folder.appendingPathComponent("a.ulaw"))
        let file = folder.appendingPathComponent("test.yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try LoadProfile.read(file.path)
    }

    private func faults(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch {
            return (error as? LoadProfileFaults)?.faults ?? ["\(error)"]
        }
    }

    @Test(arguments: ["typical", "always", "talkers"]) func theProfilesThatComeWithItAreGood(_ name: String) throws {
        let path = Fixtures.repository.appendingPathComponent("profiles/load/\(name).yaml").path
        let profile = try LoadProfile.read(path)
        #expect(profile.name == name)
        #expect(!profile.utterances.isEmpty)
        #expect((profile.echo != nil) == (name == "always"))
        #expect(profile.pause.upperBound < .seconds(7), "a tenant asks after 7 s of silence")
    }

    @Test func everyKeyIsRead() throws {
        let profile = try read(
            """
            utterances: [a.ulaw]
            pause: 1s
            patience: 2s
            barge_in_share: 0.5
            barge_in_after: 100ms to 2s
            echo_delay: 60ms
            echo_level: -12
            noise: -50
            call_length: 1m
            """
        )
        #expect(profile.utterances.count == 1)
        #expect(profile.pause == .seconds(1)...(.seconds(1)))
        #expect(profile.patience == .seconds(2))
        #expect(profile.bargeInShare == 0.5)
        #expect(profile.bargeInAfter == .milliseconds(100)...(.seconds(2)))
        #expect(profile.echo?.delay == .milliseconds(60) && profile.echo?.level == -12)
        #expect(profile.noise == -50)
        #expect(profile.callLength == .seconds(60))
    }

    @Test(arguments: [
        ("pause: soon", "pause"), ("pause: 3s to 1s", "pause"), ("pause: 1ms", "pause"), ("noise: 0", "noise"),
        ("barge_in_share: 2", "barge_in_share"), ("barge_in_after: [1, 2]", "barge_in_after"),
        ("echo_delay: 100ms", "echo_delay"), ("echo_level: -20", "echo_level"), ("pauze: 1s", "pauze"),
        ("call_length: 5h", "call_length"),
    ])
    func aFaultIsNamedWithFileLineAndKey(_ line: String, _ key: String) throws {
        let found = faults("utterances: [a.ulaw]\n\(line)\n")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains("test.yaml:2: \(key): ") == true, "\(found)")
    }

    @Test func everyFaultIsNamedAtOnce() {
        #expect(faults("utterances: [b.ulaw]\npause: soon\nnoise: loud\n").count == 3)
        #expect(faults("- a\n").count == 1)
        #expect(faults("").count == 1)
        #expect(faults("pause: 1s\n").first?.contains("utterances") == true)
        #expect(faults("a: [").count == 1)
    }

    // MARK: Options

    private func fault(_ url: String, calls: Int = 1, duration: Duration = .seconds(5), remote: Bool = false) -> String?
    {
        var load = LoadConfiguration(
            calls: calls,
            duration: duration,
            engineURL: url,
            profile: LoadProfile(name: "x", utterances: ["a"])
        )
        load.allowsRemote = remote
        do {
            try load.validate()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(
        arguments: [
            (0, nil, "needs --server-pid"), (-1, getpid(), "processors are 0 to"),
            (4096, getpid(), "processors are 0 to"), (0, getpid(), nil),
        ] as [(Int, pid_t?, String?)]
    )
    func aProcessorThatIsNotThereIsNamed(_ processor: Int, _ pid: pid_t?, _ fault: String?) {
        var load = LoadConfiguration(
            calls: 1,
            duration: .seconds(5),
            engineURL: "http://127.0.0.1:8080",
            profile: LoadProfile(name: "x", utterances: ["a"])
        )
        load.serverProcessor = processor
        load.serverPid = pid.map { Int($0) }
        var told: String?
        do { try load.validate() } catch { told = "\(error)" }
        #expect(fault == nil ? told == nil : told?.contains(fault ?? "") == true)
    }

    @Test(arguments: ["http://127.0.0.1:8080", "http://localhost:80/", "http://[::1]:8080", "http://127.8.8.8"])
    func thisMachineMayBeCalled(_ url: String) { #expect(fault(url) == nil) }

    @Test(arguments: [
        "http://voice.example.net", "http://10.0.0.1:8080", "http://127.0.0.1.example.net", "http://127.example.net",
        "http://localhost.example.net", "http://[::2]",
    ])
    func anotherMachineOnlyWhenAllowed(_ url: String) {
        #expect(fault(url)?.contains("--allow-remote") == true)
        #expect(fault(url, remote: true) == nil)
    }

    @Test func numbersOutOfRangeAreRefused() {
        #expect(fault("http://localhost", calls: 0)?.contains("--calls") == true)
        #expect(fault("http://localhost", duration: .zero)?.contains("--duration") == true)
        #expect(fault("localhost:8080")?.contains("--url") == true)
    }
}
