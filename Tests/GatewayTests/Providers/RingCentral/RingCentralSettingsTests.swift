import Foundation
import Gateway
import Testing

@Suite("RingCentral settings")
struct RingCentralSettingsTests {
    /// A file of its own, so that none in the working folder is read.
    private func read(_ environment: [String: String]) async throws -> RingCentralSettings {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("parley-\(UUID().uuidString).yaml")
        try "{}".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        var environment = environment
        environment["PARLEY_CONFIG"] = file.path
        return try await EngineSettings.read(options: [:], environment: environment).ringCentral
    }

    @Test func everyKeyIsRead() async throws {
        let settings = try await read([
            "RC_CLIENT_ID": "client", "RC_CLIENT_SECRET": "secret", "RC_JWT_TOKEN": "jwt",
            "RC_BASE_URL": "https://platform.devtest.ringcentral.com", "RC_WEBHOOK_SECRET": "new,old",
            "RC_WEBHOOK_URL": "https://voice.example.net/x", "RC_VERIFICATION_TOKEN": "one, two",
            "RC_AUTO_ANSWER": "on",
            "RC_AI_MODE": "full_auto", "RC_DEVICE_ID": "801", "RC_AI_NUMBER": "+33184800000",
            "RC_EXTENSION_IDS": "101, 102", "RC_TRIAGE_RINGS": "0",
        ])
        var wanted = RingCentralSettings()
        wanted.clientID = "client"
        wanted.clientSecret = "secret"
        wanted.jwtToken = "jwt"
        wanted.baseURL = "https://platform.devtest.ringcentral.com"
        wanted.webhookSecrets = ["new", "old"]
        wanted.webhookURL = "https://voice.example.net/x"
        wanted.verificationTokens = ["one", "two"]
        wanted.answersAutomatically = true
        wanted.mode = .fullAuto
        wanted.deviceID = "801"
        wanted.agentNumber = "+33184800000"
        wanted.extensionIDs = ["101", "102"]
        wanted.triageRings = 0
        #expect(settings == wanted && settings.hasAccount)
        #expect(try await read([:]) == RingCentralSettings() && !RingCentralSettings().hasAccount)
    }

    @Test(arguments: [
        ("RC_AI_NUMBER", "0184800000"), ("RC_AI_NUMBER", "+1"), ("RC_AI_MODE", "robot"), ("RC_TRIAGE_RINGS", "21"),
        ("RC_AUTO_ANSWER", "perhaps"), ("RC_WEBHOOK_URL", "voice.example.net"),
    ])
    func aBadValueIsNamed(_ key: String, _ value: String) async throws {
        let error = await #expect(throws: SettingsFaults.self) { try await read([key: value]) }
        #expect(error?.faults.map(\.key) == [key] && error?.faults.first?.source == "environment")
    }
}
