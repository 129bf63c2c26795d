import Foundation
import NIOPosix
import TestSupport
import Testing

/// The `parley` program itself: what it prints, and how it ends.
@Suite("End to end: commands", .serialized)
struct CommandTests {
    /// Beside the test bundle, where the build put it.
    private static let program: URL = {
        #if DEBUG
            let folder = "debug"
        #else
            let folder = "release"
        #endif
        return Fixtures.repository.appendingPathComponent(".build/\(folder)/parley")
    }()

    private struct Ended {
        var code: Int32
        var output: String
        var errors: String
    }

    private func start(_ arguments: [String], _ environment: [String: String] = [:]) throws -> (Process, Pipe, Pipe) {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.currentDirectoryURL = Fixtures.repository
        let home = ["PATH": "/usr/bin:/bin", "PARLEY_DATA_DIR": NSTemporaryDirectory() + "parley-" + UUID().uuidString]
        process.environment = home.merging(environment) { _, new in new }
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.start()
        return (process, output, errors)
    }

    private func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Ended {
        let (process, output, errors) = try start(arguments, environment)
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ended(
            code: process.terminationStatus,
            output: String(decoding: said, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self)
        )
    }

    @Test(arguments: [[], ["serve"], ["call"], ["load"], ["replay"], ["check"], ["token"]])
    func everyCommandHasHelpWithAnExample(
        command: [String]
    ) throws {
        let ended = try run(command + ["--help"])
        #expect(ended.code == 0)
        #expect(ended.output.contains("parley " + (command.first ?? "serve")))
    }

    @Test func aBadConfigurationEndsWithCode2AndALinePerFault() throws {
        let ended = try run(
            ["serve", "--port", "seventy"],
            ["PARLEY_MAX_CALLS": "-3", "ENVIRONMENT": "staging", "PARLEY_JWT_SECRET": "short"]
        )
        #expect(ended.code == 2)
        let lines = ended.errors.split(separator: "\n")
        #expect(lines.count == 4, "\(ended.errors)")
        for key in ["PARLEY_PORT", "PARLEY_MAX_CALLS", "ENVIRONMENT", "PARLEY_JWT_SECRET"] {
            #expect(lines.contains { $0.contains(key) }, "\(key)")
        }
        #expect(!ended.errors.contains("short'"))
    }

    @Test func aProfileWithAnUnknownKeyIsExplainedWithFileLineAndKey() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("profiles-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let good = Fixtures.repository.appendingPathComponent("profiles/tenants/oakfield-vets.yaml")
        let text = try String(contentsOf: good, encoding: .utf8) + "\ngreting: Hello\n"
        try text.write(to: folder.appendingPathComponent("vets.yaml"), atomically: true, encoding: .utf8)
        for command in ["check", "serve"] {
            let ended = try run([command, "--profiles", folder.path])
            #expect(ended.code == 2)
            #expect(ended.errors.contains("vets.yaml:"), "\(ended.errors)")
            #expect(ended.errors.contains("greting"))
            #expect(ended.errors.contains("greeting"))
        }
    }

    @Test func checkSaysWhatIsUsable() throws {
        let ended = try run(["check"])
        #expect(ended.code == 0, "\(ended.errors)")
        for text in ["oakfield-vets", "saffron-catering", "stt leg", "tts leg", "TWILIO_AUTH_TOKEN"] {
            #expect(ended.output.contains(text), "\(text)")
        }
    }

    @Test func checkSaysWhatEachTenantsCallersMeet() throws {
        let ended = try run(["check"], ["VOICE_AI_MAX_CONVERSATION_TURNS": "5"])
        #expect(ended.code == 0, "\(ended.errors)")
        let lines = ended.output.split(separator: "\n").map(String.init)
        for part in ["hours", "menu", "voicemail", "transfer", "consent", "limits"] {
            #expect(
                lines.count { $0.hasPrefix("  " + part.padding(toLength: 13, withPad: " ", startingAt: 0)) } == 2,
                "\(part)"
            )
        }
        #expect(lines.contains("  hours        open at all times"))
        #expect(!ended.output.contains("2025550"))
    }

    @Test func checkSaysWhichProvidersAreUsableAndWhyNot() throws {
        let bare = try run(["check"])
        #expect(bare.code == 0)
        for text in [
            "set TWILIO_AUTH_TOKEN; its webhooks answer 503", "set RINGOVER_WEBHOOK_SECRET; its webhooks answer 503",
            "set RINGOVER_STREAMING_TOKEN", "set RC_WEBHOOK_SECRET or RC_VERIFICATION_TOKEN",
            "RC_CLIENT_ID, RC_CLIENT_SECRET, RC_JWT_TOKEN", "RingEX offers no live audio",
        ] { #expect(bare.output.contains(text), "\(text)") }
        let secret = "a-secret-of-the-tests-that-is-never-printed"
        let full = try run(
            ["check"],
            [
                "TWILIO_AUTH_TOKEN": secret, "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
                "RINGOVER_WEBHOOK_SECRET": secret, "RINGOVER_STREAMING_TOKEN": secret, "RINGOVER_API_KEY": secret,
                "RC_WEBHOOK_SECRET": secret, "RC_CLIENT_ID": "id", "RC_CLIENT_SECRET": secret, "RC_JWT_TOKEN": secret,
            ]
        )
        #expect(full.code == 0, "\(full.errors)")
        #expect(!full.output.contains("not usable"), "\(full.output)")
        #expect(full.output.contains("RingEX offers no live audio"))
        #expect(!full.output.contains(secret))
    }

    /// The shipped profiles and their sounds, in a folder that a test may change.
    private func profilesToChange() throws -> URL {
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("profiles-" + UUID().uuidString)
        try FileManager.default.copyItem(at: Fixtures.repository.appendingPathComponent("profiles"), to: copy)
        return copy
    }

    @Test(.timeLimit(.minutes(5))) func aHangUpSignalReadsTheProfilesAgainAndARefusedEditChangesNothing() throws {
        let profiles = try profilesToChange()
        defer { try? FileManager.default.removeItem(at: profiles) }
        let tenant = profiles.appendingPathComponent("tenants/oakfield-vets.yaml")
        let good = try String(contentsOf: tenant, encoding: .utf8)
        let (process, _, errors) = try start([
            "serve", "--port", "0", "--profiles", profiles.appendingPathComponent("tenants").path,
        ])
        var log = ""
        func wait(for text: String) {
            while !log.contains(text), process.isRunning {
                log += String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            }
            #expect(log.contains(text), "\(log)")
        }
        wait(for: "\"listening\"")
        try (good + "\ngreting: Hello\n").write(to: tenant, atomically: true, encoding: .utf8)
        kill(process.processIdentifier, SIGHUP)
        wait(for: "profiles refused")
        wait(for: "greting")
        try good.replacingOccurrences(of: "after: 7s", with: "after: 9s").write(
            to: tenant,
            atomically: true,
            encoding: .utf8
        )
        kill(process.processIdentifier, SIGHUP)
        wait(for: "profiles reloaded")
        process.terminate()
        log += String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && process.terminationReason == .exit, "\(log)")
    }

    @Test func aBusyPortIsNamedWithTheWayOut() throws {
        let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).wait()
        defer { try? channel.close().wait() }
        let port = try #require(channel.localAddress?.port)
        let ended = try run(["serve", "--port", "\(port)"])
        #expect(ended.code == 1)
        #expect(ended.errors.contains("port \(port) on 127.0.0.1 is taken"), "\(ended.errors)")
    }

    @Test(.timeLimit(.minutes(5))) func aTerminatedEngineDrainsAndEndsWithCode0() throws {
        let (process, _, errors) = try start(["serve", "--port", "0"])
        var log = ""
        while !log.contains("\"listening\""), process.isRunning {
            log += String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
        }
        #expect(log.contains("\"listening\""), "\(log)")
        process.terminate()
        log += String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(log)")
        #expect(process.terminationReason == .exit)
        #expect(log.contains("engine stopped"))
        for line in log.split(separator: "\n") {
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil, "no JSON: \(line)")
        }
    }

    @Test func aTokenIsPrintedAndABadRoleRefused() throws {
        let secret = ["PARLEY_JWT_SECRET": "a secret for tests that is long enough"]
        let ended = try run(["token", "--tenant", "oakfield-vets", "--role", "operator", "--ttl", "60"], secret)
        #expect(ended.code == 0)
        #expect(ended.output.split(separator: ".").count == 3)
        #expect(try run(["token", "--tenant", "x", "--role", "king"], secret).code == 2)
    }

    @Test func aCallNeedsAnEngineAndARecordingThatCanBeRead() throws {
        let sample = "profiles/samples/4-bye.wav"
        let nobody = try run(["call", sample, "--url", "http://127.0.0.1:9"])
        #expect(nobody.code == 1)
        #expect(nobody.errors.contains("parley serve"), "\(nobody.errors)")
        let broken = try run(["call", "README.md", "--url", "http://127.0.0.1:9"])
        #expect(broken.code == 1)
        #expect(broken.errors.contains("README.md"), "\(broken.errors)")
        #expect(try run(["call", sample, "--provider", "pigeon"]).code == 2)
        #expect(try run(["call", sample, "--barge-in", "soon"]).code == 2)
        #expect(try run(["call", sample, "--no-such-option"]).code == 2)
    }
}
